//! A platform for native tests: regular expressions as JavaScript has them, the world's time zones, and JSON.

use asklet::core::platform::{Codec, Platform};
use asklet::core::time::Millis;
use asklet::core::value::Value;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// As a browser has it, for a visitor in UTC.
pub struct World;

impl Platform for World {
    fn is_match(&self, pattern: &str, text: &str) -> bool {
        regress::Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_some())
    }

    fn replace(&self, pattern: &str, text: &str, by: &str) -> String {
        let regex = regress::Regex::with_flags(pattern, "gu").expect("our own patterns are right");
        regex.replace_all(text, by)
    }

    fn wall(&self, zone: &str, at: Millis) -> Option<String> {
        let zone = TimeZone::get(if zone.is_empty() { "UTC" } else { zone }).ok()?;
        let shown = Timestamp::from_millisecond(at).ok()?.to_zoned(zone);
        Some(shown.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

impl Codec for World {
    fn json(&self, value: &Value) -> String {
        serde_json::to_string(value).expect("a tree can be printed")
    }

    fn parse(&self, text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_default()
    }
}
