//! Audience: is this visitor one of those whom the survey is for?
//!
//! The rules are read from the checked document as they are asked: a table, not a type for each.

mod window;

pub use window::Window;

use crate::core::decision::Decision;
use crate::core::platform::Platform;
use crate::core::time::Millis;
use crate::core::touchpoint::{Condition, Operator, allow};
use crate::core::value::Value;

/// What is known of the visitor and the visit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// `desktop`, `tablet` or `mobile`.
    pub device: &'static str,
    /// The visitor's first language, a BCP 47 tag.
    pub language: String,
    /// What the page said of the visitor: a map.
    pub attributes: Value,
    /// The number of this session on this device, from 1.
    pub session: u32,
    /// How many pages were seen on this device, this one included.
    pub pages: u32,
    /// When this device was first seen.
    pub first: Millis,
    /// The address that the visitor came from; empty for none.
    pub referrer: String,
    /// The page's query parameters: a map of texts.
    pub query: Value,
}

/// Adds the verdict of each rule of `audience`, the `audience` object of a config without problems. The sample is not among
/// them: it is drawn once, see [`frequency`](crate::core::frequency).
pub fn judge(to: &mut Decision, audience: &Value, facts: &Facts, platform: &dyn Platform, now: Millis) {
    for (rule, wants) in audience.entries() {
        let mut next = None;
        let (found, holds): (Value, bool) = match rule.as_str() {
            "devices" => (facts.device.into(), wants.list().contains(&facts.device.into())),
            "languages" => (facts.language.as_str().into(), speaks(wants, &facts.language)),
            "attributes" => all(wants, "attribute", &facts.attributes, platform),
            "sessions" | "pages_seen" => {
                let count = f64::from(if rule == "sessions" { facts.session } else { facts.pages });
                (count.into(), within(wants, Value::number, count))
            }
            "first_seen" => {
                let ago = (now - facts.first).max(0);
                // Only "so long ago" comes with time.
                next = wants.get("gte").duration().filter(|gte| ago < *gte).map(|gte| facts.first.min(now) + gte);
                (facts.first.into(), within(wants, |span| span.duration().map(|span| span as f64), ago as f64))
            }
            "referrer" => {
                let holds = !facts.referrer.is_empty() && allow(wants, &facts.referrer, platform);
                (facts.referrer.as_str().into(), holds)
            }
            "query" => all(wants, "parameter", &facts.query, platform),
            "window" => {
                let (found, open, opens) = Window(wants).judge(platform, now);
                next = opens;
                (found, open)
            }
            _ => continue,
        };
        to.rule(rule, wants, found, holds, next);
    }
}

/// Whether all conditions hold, and what they found.
fn all(conditions: &Value, subject: &str, of: &Value, platform: &dyn Platform) -> (Value, bool) {
    let mut found = Value::Map(Vec::new());
    let mut holds = true;
    for condition in conditions.list().iter().filter_map(|value| Condition::read(value, subject)) {
        let value = of.get(&condition.subject);
        holds &= condition.holds_on(value, platform);
        *found.at(&condition.subject) = value.clone();
    }
    (found, holds)
}

/// Whether `found` is within all the bounds.
fn within(bounds: &Value, read: fn(&Value) -> Option<f64>, found: f64) -> bool {
    bounds.entries().iter().all(|(name, operand)| {
        let (Some(operator), Some(operand)) = (Operator::named(name), read(operand)) else { return true };
        Condition { subject: String::new(), operator, operand: operand.into() }.holds(&found.into())
    })
}

/// Whether a language is one of those listed, or a variety of one: `de-AT` is `de`.
fn speaks(wants: &Value, language: &str) -> bool {
    let begins = |tag: &str| {
        language.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
            && matches!(language.as_bytes().get(tag.len()), None | Some(b'-'))
    };
    wants.list().iter().filter_map(Value::text).any(begins)
}
