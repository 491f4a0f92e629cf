//! JSON, for the core.

use asklet::core::Value;
use asklet::core::platform::Codec;

/// JSON as serde has it.
pub struct Json;

impl Codec for Json {
    fn json(&self, value: &Value) -> String {
        // A tree of texts, numbers and lists: nothing in it cannot be printed.
        serde_json::to_string(value).unwrap_or_default()
    }

    fn parse(&self, text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// A value as people read it, with a line break after it.
pub fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
