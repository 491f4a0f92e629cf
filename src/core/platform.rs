//! What the core asks of the platform that it runs on: what every browser has already, and would be large to bring along.

use crate::core::time::Millis;
use crate::core::value::Value;

/// Regular expressions and time zones.
pub trait Platform {
    /// Whether the regular expression `pattern` finds something in `text`; false if it is none.
    fn is_match(&self, pattern: &str, text: &str) -> bool;

    /// `text` with everything that the regular expression `pattern` finds, by Unicode's classes, replaced by `by`.
    fn replace(&self, pattern: &str, text: &str, by: &str) -> String;

    /// What clock and calendar on the wall of `zone` show at `at`: `2026-11-22 13:05:07`. An empty zone is the visitor's own.
    /// `None` for a zone that is not known.
    fn wall(&self, zone: &str, at: Millis) -> Option<String>;
}

/// JSON text, which every platform can print and read.
pub trait Codec {
    /// A value as JSON.
    fn json(&self, value: &Value) -> String;

    /// What `text` says as JSON; `Null` if it is none.
    fn parse(&self, text: &str) -> Value;
}

/// A platform without regular expressions, and with one zone: UTC.
pub struct Bare;

impl Platform for Bare {
    fn is_match(&self, _: &str, _: &str) -> bool {
        false
    }

    fn replace(&self, _: &str, text: &str, _: &str) -> String {
        text.into()
    }

    fn wall(&self, zone: &str, at: Millis) -> Option<String> {
        let moment = crate::core::time::iso(at);
        ["", "UTC"].contains(&zone).then(|| [&moment[..10], " ", &moment[11..19]].concat())
    }
}
