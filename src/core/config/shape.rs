//! Shapes: what a document may look like, as data.
//!
//! A [`Shape`] lists the keys of an object with their kinds. The tables are read by [`check`], which finds
//! every problem of a document at once, and by [`schema`](super::schema), which prints them as JSON
//! Schema: one definition, so the two cannot disagree.

use super::problem::{Problem, element, member, nearest, whole};
use crate::core::time::parse_duration;
use crate::core::value::Value;

/// The keys an object may have.
pub struct Shape {
    /// Its name in the schema.
    pub name: &'static str,
    /// What the object is for, one sentence.
    pub doc: &'static str,
    /// The keys.
    pub keys: &'static [Key],
    /// Whether keys that are not listed are welcome.
    pub open: bool,
}

/// One key of an object.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Whether it must be there (where it is allowed).
    pub required: bool,
    /// Allowed only where the named sibling has one of these values.
    pub only: Option<Sibling>,
    /// Required only where the named sibling has one of these values.
    pub needed: Option<Sibling>,
    /// What it means, one sentence. The wasm does without.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// A sibling's name and some of the values that it can have.
pub type Sibling = (&'static str, &'static [&'static str]);

/// What a value may be.
pub enum Kind {
    /// Anything.
    Any,
    /// A text of at least one character.
    Text,
    /// A name by which something is referred to: 1 to 64 of `a-z A-Z 0-9 _ -`.
    Id,
    /// A text, or a map from language tag to text.
    Localized,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A whole number within these bounds, both included.
    Whole(i32, i32),
    /// A duration such as `"30d"`.
    Duration,
    /// An http(s) URL, or a path on the page's own site. Plain http only to this machine.
    Endpoint,
    /// A link that a visitor may follow: http, https, mailto or tel.
    Link,
    /// A colour such as `#3557d6`.
    Colour,
    /// A UUID in its usual form.
    Uuid,
    /// A moment as ISO 8601 in UTC: `2026-11-22T13:00:07.412Z`.
    Moment,
    /// A text, number, or truth value.
    Scalar,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// One of these whole numbers.
    OneOfWhole(&'static [i32]),
    /// An object.
    Object(&'static Shape),
    /// A list of at least one.
    List(&'static Kind),
    /// A list that may be empty.
    Some(&'static Kind),
    /// A map from any name to such values.
    MapOf(&'static Kind),
}

/// A doc string, which the wasm does without.
pub const fn doc(text: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { text }
}

/// An optional key.
pub const fn key(name: &'static str, kind: Kind, text: &'static str) -> Key {
    #[cfg(target_arch = "wasm32")]
    let _ = text;
    Key {
        name,
        kind,
        required: false,
        only: None,
        needed: None,
        #[cfg(not(target_arch = "wasm32"))]
        doc: text,
    }
}

impl Key {
    /// The same key, required.
    pub const fn required(self) -> Key {
        Key { required: true, ..self }
    }

    /// The same key, allowed only where `sibling` is one of `values`.
    pub const fn only(self, sibling: &'static str, values: &'static [&'static str]) -> Key {
        Key { only: Some((sibling, values)), ..self }
    }

    /// The same key, required where `sibling` is one of `values`.
    pub const fn needed(self, sibling: &'static str, values: &'static [&'static str]) -> Key {
        Key { required: true, needed: Some((sibling, values)), ..self }
    }

    fn allowed_in(&self, object: &Value) -> bool {
        meets(self.only, object)
    }
}

fn meets(sibling: Option<Sibling>, object: &Value) -> bool {
    sibling.is_none_or(|(sibling, values)| object.get(sibling).text().is_some_and(|text| values.contains(&text)))
}

/// Checks `value` against `shape` and adds what is wrong to `problems`.
pub fn check(value: &Value, shape: &Shape, path: &str, problems: &mut Vec<Problem>) {
    let Value::Map(entries) = value else {
        return problems.push(wrong(path, "an object", value));
    };
    for (index, (name, inner)) in entries.iter().enumerate() {
        let at = member(path, name);
        if entries[..index].iter().any(|(earlier, _)| earlier == name) {
            problems.push(problem(&at, "is written twice; the last one counts"));
        }
        match shape.keys.iter().find(|key| key.name == name) {
            Some(key) if key.allowed_in(value) => check_kind(inner, &key.kind, &at, problems),
            Some(Key { only: Some((sibling, values)), .. }) => {
                problems.push(problem(&at, &["belongs only where `", sibling, "` is ", &either(values)].concat()));
            }
            _ if shape.open => {}
            _ => {
                let known = shape.keys.iter().filter(|key| key.allowed_in(value)).map(|key| key.name);
                let hint = nearest(name, known).map_or(String::new(), |name| ["; did you mean `", name, "`?"].concat());
                problems.push(problem(&at, &["is not a known key", &hint].concat()));
            }
        }
    }
    for key in shape.keys {
        let required = key.required && key.allowed_in(value) && meets(key.needed, value);
        if required && value.get(key.name).is_null() {
            problems.push(problem(&member(path, key.name), "is missing"));
        }
    }
}

fn check_kind(value: &Value, kind: &Kind, path: &str, problems: &mut Vec<Problem>) {
    let text = value.text();
    let fine = match kind {
        Kind::Object(shape) => return check(value, shape, path, problems),
        Kind::List(inner) | Kind::Some(inner) => {
            for (index, item) in value.list().iter().enumerate() {
                check_kind(item, inner, &element(path, index), problems);
            }
            matches!(value, Value::List(list) if matches!(kind, Kind::Some(_)) || !list.is_empty())
        }
        Kind::MapOf(inner) => {
            for (name, item) in value.entries() {
                check_kind(item, inner, &member(path, name), problems);
            }
            matches!(value, Value::Map(_))
        }
        Kind::Localized => match value {
            Value::Map(entries) => {
                for (tag, item) in entries {
                    check_kind(item, &Kind::Text, &member(path, tag), problems);
                }
                !entries.is_empty()
            }
            _ => text.is_some_and(|text| !text.is_empty()),
        },
        Kind::Any => true,
        Kind::Text => text.is_some_and(|text| !text.is_empty()),
        Kind::Id => text.is_some_and(is_id),
        Kind::Bool => value.bool().is_some(),
        Kind::Number => value.number().is_some(),
        Kind::Whole(low, high) => {
            value.number().is_some_and(|n| n == n.trunc() && f64::from(*low) <= n && n <= f64::from(*high))
        }
        Kind::Duration => text.is_some_and(|text| parse_duration(text).is_some()),
        Kind::Endpoint => text.is_some_and(is_endpoint),
        Kind::Link => text.is_some_and(is_link),
        Kind::Colour => text.is_some_and(is_colour),
        Kind::Uuid => text.is_some_and(|text| is_like(text, UUID)),
        Kind::Moment => text.is_some_and(|text| is_like(text, MOMENT)),
        Kind::Scalar => matches!(value, Value::Bool(_) | Value::Number(_) | Value::Text(_)),
        Kind::OneOf(words) if text.is_some_and(|text| words.contains(&text)) => true,
        Kind::OneOf(words) => {
            let word = text.unwrap_or_default();
            let hint = nearest(word, words.iter().copied())
                .map_or(String::new(), |word| ["; did you mean \"", word, "\"?"].concat());
            let found = if text.is_some() { ["\"", word, "\""].concat() } else { value.kind().into() };
            return problems.push(problem(path, &["must be ", &either(words), ", not ", &found, &hint].concat()));
        }
        Kind::OneOfWhole(numbers) => value.number().is_some_and(|n| numbers.iter().any(|known| f64::from(*known) == n)),
    };
    if !fine {
        problems.push(wrong(path, expected(kind), value));
    }
}

/// What a kind expects, in words.
fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Id => "a name of letters, digits, _ and -",
        Kind::Localized => "a text, or texts by language",
        Kind::Bool => "true or false",
        Kind::Number => "a number",
        Kind::Whole(..) => "a whole number in range",
        Kind::Duration => "a duration like \"30d\" (s, m, h or d)",
        Kind::Endpoint => "an https URL (http only for localhost) or a path",
        Kind::Link => "a link that starts with https:, http:, mailto: or tel:",
        Kind::Colour => "a colour like #3557d6",
        Kind::Uuid => "a UUID",
        Kind::Moment => "a moment like \"2026-11-22T13:00:07.412Z\"",
        Kind::Scalar | Kind::OneOf(_) => "a text, a number, true or false",
        Kind::List(_) => "a list of at least one",
        Kind::Some(_) => "a list",
        Kind::OneOfWhole(_) => "a number that this kind allows",
        Kind::Any | Kind::Object(_) | Kind::MapOf(_) => "an object",
    }
}

fn wrong(path: &str, expected: &str, value: &Value) -> Problem {
    let found = match value {
        Value::Text(text) if text.chars().count() <= 40 => ["\"", text, "\""].concat(),
        Value::Number(number) if number.trunc() == *number && number.abs() < 1e15 => whole(*number as i64),
        other => other.kind().into(),
    };
    problem(path, &["must be ", expected, ", not ", &found].concat())
}

/// A problem at `path`.
pub fn problem(path: &str, message: &str) -> Problem {
    Problem { path: path.into(), message: message.into() }
}

/// `a, b or c`.
pub fn either(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).into(),
        [first @ .., last] => [&first.join(", "), " or ", last].concat(),
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Whether answers may be posted there: over https, to the page's own site, or to this very machine.
fn is_endpoint(text: &str) -> bool {
    // An `@` would make what looks like the host a user name.
    if text.bytes().any(|b| b <= b' ' || b == b'\\' || b == b'@') {
        return false;
    }
    if let Some(rest) = text.strip_prefix("http://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(""),
            None => authority.split(':').next().unwrap_or(""),
        };
        return matches!(host, "localhost" | "127.0.0.1" | "::1") || host.ends_with(".localhost");
    }
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        || (text.starts_with('/') && !text.starts_with("//"))
}

fn is_link(text: &str) -> bool {
    ["https:", "http:", "mailto:", "tel:"].iter().any(|scheme| text.starts_with(scheme) && text.len() > scheme.len())
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| [3, 6].contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

const UUID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
const MOMENT: &str = "0000-00-00T00:00:00.000Z";

/// Whether `text` follows `pattern`, in which `x` is a hexadecimal digit, `0` a decimal one.
fn is_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, like)| match like {
            b'x' => byte.is_ascii_hexdigit(),
            b'0' => byte.is_ascii_digit(),
            _ => byte == like,
        })
}
