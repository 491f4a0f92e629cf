//! Shapes: what a document may look like, as data.
//!
//! A [`Shape`] lists the keys of an object with their kinds. The tables are read by [`check`], which finds
//! every problem of a document at once, and by [`schema`](super::schema), which prints them as JSON
//! Schema: one definition, so the two cannot disagree.

use super::problem::{Problem, element, member, problem};
#[cfg(not(target_arch = "wasm32"))]
use super::words;
use crate::core::text::find;
use crate::core::time::{day, parse_duration};
use crate::core::value::Value;

/// The keys an object may have.
pub struct Shape {
    /// Its name in the schema. Empty in the wasm.
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
    pub only: Option<&'static Sibling>,
    /// Required only where the named sibling has one of these values.
    pub needed: Option<&'static Sibling>,
    /// What it means, one sentence. The wasm does without.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// A sibling's name and some of the values that it can have; [`ABSENT`] among them if it need not be there.
pub type Sibling = (&'static str, &'static [&'static str]);

/// In a [`Sibling`]'s values: or it is not written, and has its default.
pub const ABSENT: &str = "";

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
    /// A number from 0 to 1, both included.
    Fraction,
    /// A whole number within these bounds, both included.
    Whole(i32, i32),
    /// A duration such as `"30d"`.
    Duration,
    /// An http(s) URL, or a path on the page's own site. Plain http only to this machine. A template, but for where it leads.
    Endpoint,
    /// A link that a visitor may follow: http, https, mailto or tel.
    Link,
    /// A colour such as `#3557d6`.
    Colour,
    /// A CSS length such as `"4px"` or `".5em"`; 0 has no unit.
    Length,
    /// A day such as `"2026-11-22"`.
    Day,
    /// A time of day such as `"09:30"`.
    Time,
    /// A regular expression, as JavaScript has them. Only the platform can tell whether it is one.
    Regex,
    /// A time zone of the IANA database, such as `"Europe/Vienna"`. Only the platform knows them all.
    Zone,
    /// A glob, or an object of this shape instead of one.
    Glob(&'static Shape),
    /// A UUID in its usual form.
    Uuid,
    /// A moment as ISO 8601 in UTC: `2026-11-22T13:00:07.412Z`.
    Moment,
    /// A text, number, or truth value.
    Scalar,
    /// What was answered: a text, number, truth value, or a list of names.
    Answer,
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

    /// The same key, allowed only where a sibling has one of some values.
    pub const fn only(self, sibling: &'static Sibling) -> Key {
        Key { only: Some(sibling), ..self }
    }

    /// The same key, required where a sibling has one of some values.
    pub const fn needed(self, sibling: &'static Sibling) -> Key {
        Key { required: true, needed: Some(sibling), ..self }
    }

    pub(super) fn allowed_in(&self, object: &Value) -> bool {
        meets(self.only, object)
    }
}

fn meets(sibling: Option<&Sibling>, object: &Value) -> bool {
    sibling.is_none_or(|(sibling, values)| values.contains(&object.get(sibling).text().unwrap_or(ABSENT)))
}

/// Checks `value` against `shape` and adds what is wrong to `problems`.
pub fn check(value: &Value, shape: &Shape, path: &str, problems: &mut Vec<Problem>) {
    let Value::Map(entries) = value else {
        return problems.push(problem!("wrong-value", path, words::wrong_value("an object", value)));
    };
    for (index, (name, inner)) in entries.iter().enumerate() {
        let at = member(path, name);
        if entries[..index].iter().any(|(earlier, _)| earlier == name) {
            problems.push(problem!("repeated-key", &at, "is written twice; the last one counts"));
        }
        match shape.keys.iter().find(|key| key.name == name) {
            Some(key) if key.allowed_in(value) => check_kind(inner, &key.kind, &at, problems),
            Some(_key) => problems.push(problem!("misplaced-key", &at, words::misplaced_key(_key))),
            _ if shape.open => {}
            _ => problems.push(problem!("unknown-key", &at, words::unknown_key(name, shape, value))),
        }
    }
    for key in shape.keys {
        let required = key.required && key.allowed_in(value) && meets(key.needed, value);
        if required && !entries.iter().any(|(name, _)| name == key.name) {
            problems.push(problem!("missing-key", &member(path, key.name), "is missing"));
        }
    }
}

fn check_kind(value: &Value, kind: &Kind, path: &str, problems: &mut Vec<Problem>) {
    let text = value.text();
    let fine = match kind {
        Kind::Object(shape) => return check(value, shape, path, problems),
        Kind::Glob(shape) if matches!(value, Value::Map(_)) => return check(value, shape, path, problems),
        Kind::List(inner) | Kind::Some(inner) => {
            for (index, item) in value.list().iter().enumerate() {
                check_kind(item, inner, &element(path, index), problems);
            }
            matches!(value, Value::List(list) if matches!(kind, Kind::Some(_)) || !list.is_empty())
        }
        #[cfg(not(target_arch = "wasm32"))]
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
        #[cfg(not(target_arch = "wasm32"))]
        Kind::Any => true,
        Kind::Text | Kind::Regex | Kind::Zone | Kind::Glob(_) => text.is_some_and(|text| !text.is_empty()),
        Kind::Id => text.is_some_and(is_id),
        Kind::Bool => value.bool().is_some(),
        Kind::Number => value.number().is_some(),
        Kind::Fraction => value.number().is_some_and(|n| (0.0..=1.0).contains(&n)),
        Kind::Whole(low, high) => {
            value.number().is_some_and(|n| n == n.trunc() && f64::from(*low) <= n && n <= f64::from(*high))
        }
        Kind::Duration => text.is_some_and(|text| parse_duration(text).is_some()),
        Kind::Endpoint => text.is_some_and(is_endpoint_template),
        Kind::Link => text.is_some_and(is_link),
        Kind::Colour => text.is_some_and(is_colour),
        Kind::Length => text.is_some_and(is_length),
        #[cfg(not(target_arch = "wasm32"))]
        Kind::Uuid => text.is_some_and(|text| is_like(text, UUID)),
        #[cfg(not(target_arch = "wasm32"))]
        Kind::Moment => text.is_some_and(|text| is_like(text, MOMENT)),
        Kind::Day => text.is_some_and(|text| day(text).is_some()),
        Kind::Time => text.is_some_and(is_time),
        Kind::Scalar => matches!(value, Value::Bool(_) | Value::Number(_) | Value::Text(_)),
        #[cfg(not(target_arch = "wasm32"))]
        Kind::Answer => {
            return check_kind(
                value,
                if text.is_none() && !value.list().is_empty() { &IDS } else { &Kind::Scalar },
                path,
                problems,
            );
        }
        Kind::OneOf(words) => {
            if !text.is_some_and(|text| words.contains(&text)) {
                problems.push(problem!("unknown-word", path, words::unknown_word(words, value)));
            }
            true
        }
        // The rest is in responses, which only endpoints check, or is looked at when it is used.
        #[cfg(target_arch = "wasm32")]
        Kind::MapOf(_) | Kind::Any | Kind::Uuid | Kind::Moment | Kind::Answer => true,
        Kind::OneOfWhole(numbers) => value.number().is_some_and(|n| numbers.iter().any(|known| f64::from(*known) == n)),
    };
    if !fine {
        problems.push(problem!("wrong-value", path, words::wrong_value(&words::expected(kind), value)));
    }
}

#[cfg(not(target_arch = "wasm32"))]
/// A list of names.
pub static IDS: Kind = Kind::List(&Kind::Id);

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The same for a template: up to where something is filled in.
fn is_endpoint_template(text: &str) -> bool {
    match find(text, "{{") {
        // What the owner wrote himself may be the whole address.
        Some(0) => text.starts_with("{{config."),
        Some(at) => is_endpoint(&[&text[..at], "x"].concat()),
        None => is_endpoint(text),
    }
}

/// Whether answers may be posted there: over https, to the page's own site, or to this very machine.
pub(crate) fn is_endpoint(text: &str) -> bool {
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

/// `0`, or a number with a unit. Decimals have a digit after the point.
fn is_length(text: &str) -> bool {
    let number = ["px", "rem", "em"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or_default();
    let (whole, decimals) = number.split_once('.').unwrap_or(("", number));
    text == "0" || (!decimals.is_empty() && [whole, decimals].concat().bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_time(text: &str) -> bool {
    is_like(text, "00:00") && text < "24" && &text[3..] < "60"
}

#[cfg(not(target_arch = "wasm32"))]
const UUID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
#[cfg(not(target_arch = "wasm32"))]
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
