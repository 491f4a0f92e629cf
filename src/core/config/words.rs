//! Sentences about problems. The wasm does without them: there a problem has its code and its path, and `asklet check` has the
//! sentence.

use super::problem::{nearest, whole};
use super::shape::{ABSENT, Key, Kind, Shape};
use crate::core::survey::Question;
use crate::core::value::Value;

/// Where a key may stand.
pub fn misplaced_key(key: &Key) -> String {
    let (sibling, values) = key.only.copied().unwrap_or_default();
    let values: Vec<&str> = values.iter().copied().filter(|value| *value != ABSENT).collect();
    ["belongs only where `", sibling, "` is ", &either(&values)].concat()
}

/// That there is no such key, and which one was probably meant.
pub fn unknown_key(name: &str, shape: &Shape, object: &Value) -> String {
    let known = shape.keys.iter().filter(|key| key.allowed_in(object)).map(|key| key.name);
    let hint = nearest(name, known).map_or(String::new(), |name| ["; did you mean `", name, "`?"].concat());
    ["is not a known key", &hint].concat()
}

/// Which words there are, and which one was probably meant.
pub fn unknown_word(words: &[&'static str], value: &Value) -> String {
    let word = value.text().unwrap_or_default();
    let hint =
        nearest(word, words.iter().copied()).map_or(String::new(), |word| ["; did you mean \"", word, "\"?"].concat());
    [&wrong_value(&either(words), value), hint.as_str()].concat()
}

/// What a kind expects, in words.
pub fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Whole(low, high) => {
            return ["a whole number from ", &whole((*low).into()), " to ", &whole((*high).into())].concat();
        }
        Kind::OneOfWhole(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(|number| whole((*number).into())).collect();
            return either(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Kind::Text => "a text",
        Kind::Id => "a name of letters, digits, _ and -",
        Kind::Localized => "a text, or texts by language",
        Kind::Bool => "true or false",
        Kind::Number => "a number",
        Kind::Fraction => "a number from 0 to 1",
        Kind::Duration => "a duration like \"30d\" (s, m, h or d)",
        Kind::Endpoint => "an https URL (http only for localhost) or a path",
        Kind::Link => "a link that starts with https:, http:, mailto: or tel:",
        Kind::Colour => "a colour like #3557d6",
        Kind::Length => "a length like \"4px\" (px, em or rem)",
        Kind::Answer => "a text, a number, true, false, or a list of names",
        Kind::Uuid => "a UUID",
        Kind::Moment => "a moment like \"2026-11-22T13:00:07.412Z\"",
        Kind::Day => "a day like \"2026-11-22\"",
        Kind::Time => "a time like \"09:30\"",
        Kind::Regex => "a regular expression",
        Kind::Zone => "a time zone like \"Europe/Vienna\"",
        Kind::Glob(_) => "a glob, or { \"regex\": ... }",
        Kind::Scalar | Kind::OneOf(_) => "a text, a number, true or false",
        Kind::List(_) => "a list of at least one",
        Kind::Some(_) => "a list",
        _ => "an object",
    }
    .into()
}

/// What a value must be, and what it is.
pub fn wrong_value(expected: &str, value: &Value) -> String {
    let found = match value {
        Value::Text(text) => match text.char_indices().nth(40) {
            Some((end, _)) => ["\"", &text[..end], "…\""].concat(),
            None => ["\"", text, "\""].concat(),
        },
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::List(list) if list.is_empty() => "an empty list".into(),
        other => other.kind().into(),
    };
    ["must be ", expected, ", not ", &found].concat()
}

/// `a, b or c`.
pub fn either(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).into(),
        [first @ .., last] => [&first.join(", "), " or ", last].concat(),
    }
}

/// Which questions a condition can ask about.
pub fn unknown_question(earlier: &[Question]) -> String {
    let known = either(&earlier.iter().map(|question| question.id()).collect::<Vec<_>>());
    let hint = if known.is_empty() { String::new() } else { ["; those are ", &known].concat() };
    ["names no earlier question", &hint].concat()
}
