//! [`Value`]: the JSON-shaped data that crosses the core's borders.
//!
//! The widget never parses or prints JSON itself: the browser does, and `Value` is copied from and to its
//! objects. That keeps number parsing and printing out of the wasm. Natively `serde_json` reads and
//! writes it through the serde implementations below.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::core::time::{Millis, parse_duration};

/// A JSON value. Maps keep the order in which their keys were written; of a repeated key the last counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, and what is absent.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number, as JavaScript has it.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The member `key` of a map; `Null` when there is none or this is no map.
    pub fn get(&self, key: &str) -> &Value {
        const NULL: Value = Value::Null;
        self.entries().iter().rev().find(|(name, _)| name == key).map_or(&NULL, |(_, value)| value)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The elements; none if it is no list.
    pub fn list(&self) -> &[Value] {
        match self {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The members; none if it is no map.
    pub fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The number as a moment or a span of milliseconds, if it is one.
    pub fn millis(&self) -> Option<Millis> {
        self.number().map(|number| number as Millis)
    }

    /// The duration that the text writes, if it is one: `"30d"`.
    pub fn duration(&self) -> Option<Millis> {
        self.text().and_then(parse_duration)
    }

    /// The member `key`, to be changed; made as `Null` where there is none. What is no map becomes one.
    pub fn at(&mut self, key: &str) -> &mut Value {
        if !matches!(self, Value::Map(_)) {
            *self = Value::Map(Vec::new());
        }
        let Value::Map(entries) = self else { unreachable!("it is a map now") };
        let index = entries.iter().rposition(|(name, _)| name == key).unwrap_or_else(|| {
            entries.push((key.into(), Value::Null));
            entries.len() - 1
        });
        &mut entries[index].1
    }

    /// The elements, to be changed. What is no list becomes one.
    pub fn elements(&mut self) -> &mut Vec<Value> {
        if !matches!(self, Value::List(_)) {
            *self = Value::List(Vec::new());
        }
        let Value::List(list) = self else { unreachable!("it is a list now") };
        list
    }

    /// Whether it is `Null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// About how many bytes it takes as JSON.
    pub fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len() + 2,
            Value::List(list) => list.iter().map(|item| item.size() + 1).sum::<usize>() + 2,
            Value::Map(entries) => entries.iter().map(|(key, value)| key.len() + value.size() + 4).sum::<usize>() + 2,
            _ => 8,
        }
    }

    /// What a person calls it, for messages: "a number", "an object" ...
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number as f64)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A map of `(key, value)` pairs, without members that are `Null`.
pub fn map<const N: usize>(mut entries: [(&str, Value); N]) -> Value {
    collect(&mut entries)
}

/// [`map`] for any number of pairs, so that it is in the wasm once.
#[inline(never)]
fn collect(entries: &mut [(&str, Value)]) -> Value {
    let mut members = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if !value.is_null() {
            members.push(((*key).into(), std::mem::take(value)));
        }
    }
    Value::Map(members)
}

/// The largest whole number that an `f64`, and so JavaScript, holds exactly.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => to.serialize_unit(),
            Value::Bool(truth) => to.serialize_bool(*truth),
            // As JavaScript prints it: 9, not 9.0.
            Value::Number(number) if number.trunc() == *number && number.abs() <= LARGEST_WHOLE => {
                to.serialize_i64(*number as i64)
            }
            Value::Number(number) => to.serialize_f64(*number),
            Value::Text(text) => to.serialize_str(text),
            Value::List(list) => {
                let mut seq = to.serialize_seq(Some(list.len()))?;
                for value in list {
                    seq.serialize_element(value)?;
                }
                seq.end()
            }
            Value::Map(entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;
            fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
                to.write_str("a JSON value")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
                Ok(Value::Bool(truth))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Number(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = seq.next_element()? {
                    list.push(value);
                }
                Ok(Value::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Value::Map(entries))
            }
        }
        from.deserialize_any(Any)
    }
}
