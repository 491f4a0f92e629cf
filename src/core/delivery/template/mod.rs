//! The body template: a value in whose texts `{{path|filter}}` stands for something of a response, and in which objects with a key
//! like `#each` stand for what their operator makes. docs/deliver.md is its reference.
//!
//! What is filled in is never looked at again, so nothing that a visitor wrote is read as a template.

#[cfg(not(target_arch = "wasm32"))]
mod check;
mod filter;

#[cfg(not(target_arch = "wasm32"))]
pub use check::{address, check, places};
pub use filter::FILTERS;
pub(in crate::core::delivery) use filter::hex;

use std::borrow::Cow;
use std::cell::Cell;

use crate::core::config::problem::element;
use crate::core::platform::Codec;
use crate::core::text::find;
use crate::core::value::Value;

/// A template nested deeper than this is refused.
const DEPTH: u32 = 32;
/// A template that makes more values than this is refused.
const NODES: u32 = 20_000;

/// The operators; each is a key of an object that stands for what it makes.
pub const OPERATORS: &[&str] = &["#each", "#map", "#if", "#switch", "#json", "#merge"];

/// Why a template could not be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where: keys and indices from the template's root.
    pub path: String,
    /// What is wrong, as a sentence that goes on from the path.
    pub message: Cow<'static, str>,
}

impl Fault {
    pub(super) fn new(message: &'static str) -> Self {
        Fault { path: String::new(), message: message.into() }
    }

    /// The same fault, seen from one step further out.
    pub(super) fn within(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = [step, dot, &self.path].concat();
        self
    }
}

type Filled<T> = Result<T, Fault>;

/// What names stand for, innermost first.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    name: &'a str,
    value: &'a Value,
    outer: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// All members of `value`.
    pub(super) fn open(value: &'a Value, outer: Option<&'a Scope<'a>>) -> Self {
        Scope { name: "", value, outer }
    }

    fn get(&self, name: &str) -> &'a Value {
        let found = match self.name {
            "" => self.value.get(name),
            own if own == name => self.value,
            _ => const { &Value::Null },
        };
        match self.outer {
            Some(outer) if found.is_null() => outer.get(name),
            _ => found,
        }
    }
}

/// The value at a dotted path below `value`; the value itself for an empty path. In a list a number is an index, and any other word
/// finds the element whose `question` it is.
pub fn dig<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|step| !step.is_empty()).fold(value, |value, step| match value {
        Value::List(list) => {
            let index = step.bytes().try_fold(0, |n: usize, byte| {
                byte.is_ascii_digit().then(|| n.saturating_mul(10).saturating_add(usize::from(byte - b'0')))
            });
            let found = match index {
                Some(index) => list.get(index),
                None => list.iter().find(|item| item.get("question").text() == Some(step)),
            };
            found.unwrap_or(const { &Value::Null })
        }
        value => value.get(step),
    })
}

/// Where a text is going to, which decides what may stand in it and how.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Into {
    Body,
    Url,
    Header,
}

/// Fills templates in.
pub(super) struct Filler<'a> {
    pub(super) codec: &'a dyn Codec,
    left: Cell<u32>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(codec: &'a dyn Codec) -> Self {
        Filler { codec, left: Cell::new(NODES) }
    }

    /// What a template stands for; `Null` for what is absent.
    pub(super) fn fill(&self, template: &Value, scope: &Scope, depth: u32) -> Filled<Value> {
        let left = self.left.get();
        if left == 0 || depth > DEPTH {
            return Err(Fault::new("makes too much"));
        }
        self.left.set(left - 1);
        match template {
            Value::Text(text) => self.text(text, scope, Into::Body),
            Value::List(items) => {
                let mut filled = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let item = self.fill(item, scope, depth + 1).map_err(|fault| fault.within(&element("", index)))?;
                    if !item.is_null() {
                        filled.push(item);
                    }
                }
                Ok(Value::List(filled))
            }
            Value::Map(members) => {
                let is_operator = |key: &&(String, Value)| OPERATORS.contains(&key.0.as_str());
                if let Some((name, subject)) = members.iter().find(is_operator) {
                    return self.operate(name, subject, template, scope, depth + 1);
                }
                let mut filled = Value::Map(Vec::new());
                for (key, value) in members {
                    let value = self.fill(value, scope, depth + 1).map_err(|fault| fault.within(key))?;
                    if !value.is_null() {
                        *filled.at(key.strip_prefix('#').unwrap_or(key)) = value;
                    }
                }
                Ok(filled)
            }
            plain => Ok(plain.clone()),
        }
    }

    fn operate(&self, name: &str, subject: &Value, template: &Value, scope: &Scope, depth: u32) -> Filled<Value> {
        let part = |key: &str| self.fill(template.get(key), scope, depth).map_err(|fault| fault.within(key));
        let subject = self.fill(subject, scope, depth).map_err(|fault| fault.within(name))?;
        match name {
            "#json" => Ok(self.codec.json(&subject).into()),
            "#merge" => Ok(merge(subject)),
            "#if" => {
                let holds = match template.get("eq") {
                    Value::Null => !subject.is_null() && subject != false.into(),
                    _ => part("eq")? == subject,
                };
                part(if holds { "then" } else { "else" })
            }
            "#switch" => {
                let word = self.say(&subject);
                let chosen = template.get("case").get(&word);
                if chosen.is_null() {
                    return part("else");
                }
                self.fill(chosen, scope, depth).map_err(|fault| fault.within(&word).within("case"))
            }
            // `#each` and `#map`: once for each element.
            _ => {
                let name = template.get("as").text().unwrap_or("it");
                let (mut list, mut map) = (Vec::new(), Value::Map(Vec::new()));
                for value in subject.list() {
                    let scope = Scope { name, value, outer: Some(scope) };
                    let part =
                        |key: &str| self.fill(template.get(key), &scope, depth).map_err(|fault| fault.within(key));
                    let made = part("do")?;
                    if !made.is_null() {
                        list.push(made);
                    }
                    let (key, value) = (part("key")?, part("value")?);
                    if !key.is_null() && !value.is_null() {
                        *map.at(&self.say(&key)) = value;
                    }
                }
                Ok(if template.get("do").is_null() { map } else { Value::List(list) })
            }
        }
    }

    /// What a text stands for: what its one placeholder does, type kept; or a text with all of them filled in.
    pub(super) fn text(&self, template: &str, scope: &Scope, into: Into) -> Filled<Value> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some(start) = find(rest, "{{") {
            let Some(end) = find(&rest[start..], "}}") else {
                return Err(Fault::new("has a {{ without its }}"));
            };
            let place = &rest[start + 2..start + end];
            filled.push_str(&rest[..start]);
            rest = &rest[start + end + 2..];
            let value = self.place(place.trim(), scope, into)?;
            // Nothing but this one.
            if into == Into::Body && place.len() + 4 == template.len() {
                return Ok(value);
            }
            let said = self.say(&value);
            let own = place.trim().starts_with("config.");
            match into {
                Into::Url if value.is_null() => return Err(Fault::new("has nothing for a part of the address")),
                Into::Url if !own && !has_origin(&filled) => return Err(Fault::new("lets an answer reach the origin")),
                Into::Url if !own => filled.push_str(&percent(&said)),
                _ => filled.push_str(&said),
            }
        }
        filled.push_str(rest);
        if into == Into::Url && leaves_its_place(&filled) {
            return Err(Fault::new("would leave its place in the address"));
        }
        Ok(filled.into())
    }

    /// What stands between the braces: `path|filter|filter!`.
    fn place(&self, place: &str, scope: &Scope, into: Into) -> Filled<Value> {
        let (place, required) = place.strip_suffix('!').map_or((place, false), |place| (place, true));
        let mut parts = place.split('|').map(str::trim);
        let path = parts.next().unwrap_or_default();
        let (first, below) = path.split_once('.').unwrap_or((path, ""));
        if into == Into::Header && !IN_HEADERS.contains(&first) {
            return Err(Fault::new("lets an answer reach a header"));
        }
        let mut value = dig(scope.get(first), below).clone();
        for part in parts {
            value = filter::apply(self, value, part).ok_or(Fault::new("has a filter that does not exist"))?;
        }
        if required && value.is_null() {
            return Err(Fault::new("has nothing where something is required"));
        }
        Ok(value)
    }

    /// A value as text: as it is, nothing for what is absent, else as JSON.
    pub(super) fn say(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Null => String::new(),
            other => self.codec.json(other),
        }
    }
}

/// What may stand in a header: what the owner wrote, ids and times.
pub const IN_HEADERS: &[&str] =
    &["config", "id", "revision", "survey", "batch", "sent_at", "attempt", "shown_at", "answered_at"];

/// Whether an address has come so far that what follows cannot change where it leads: to a path.
fn has_origin(url: &str) -> bool {
    let rest = find(url, "://").map_or(url, |at| &url[at + 3..]);
    rest.contains(['/', '?', '#'])
}

/// Whether a path has a segment that stands for another one: `.` or `..`.
fn leaves_its_place(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.split('/').any(|segment| [".", ".."].contains(&segment))
}

/// Objects merged, later members first; lists joined.
fn merge(parts: Value) -> Value {
    let mut all = Value::Null;
    let Value::List(parts) = parts else { return parts };
    for part in parts {
        match part {
            Value::List(mut items) => all.elements().append(&mut items),
            part => {
                for (key, value) in part.entries() {
                    *all.at(key) = value.clone();
                }
            }
        }
    }
    all
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => {
                encoded.push('%');
                encoded.push_str(&hex([byte]).to_ascii_uppercase());
            }
        }
    }
    encoded
}
