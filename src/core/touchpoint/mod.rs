//! Touchpoints: the moments at which a survey may be asked, and the signals that are held against them.
//!
//! A touchpoint is the checked object of the config, and is read as it is asked: a table, not a type for each kind. A signal is
//! what the loader hands over: `{ type, at, url, ... }` with `name` and `properties` (event), `survey` where only that one is
//! meant (page), `selector` (click), or `survey` and `touchpoint` (what is watched for on the page: visible, scroll, dwell, idle,
//! exit_intent).

mod condition;
mod glob;
mod moments;

pub use condition::{Condition, Operator};
pub use glob::allow;

use crate::core::platform::Platform;
use crate::core::survey::{Placement, Survey};
use crate::core::value::{Value, map};

/// Whether a signal is the event `name`.
pub fn is_event(signal: &Value, name: &Value) -> bool {
    !name.is_null() && signal.get("type").text() == Some("event") && signal.get("name") == name
}

/// Whether `signal` is what the touchpoint, the one at `index` of `survey`, waits for; what came before is not looked at.
pub fn matches(touchpoint: &Value, signal: &Value, survey: &Survey, index: usize, platform: &dyn Platform) -> bool {
    let kind = touchpoint.get("on");
    let same = |key: &str| touchpoint.get(key) == signal.get(key);
    let this = signal.get("survey").text();
    let meets = *kind == *signal.get("type")
        && match kind.text().unwrap_or_default() {
            "event" => {
                let properties = signal.get("properties");
                let holds = |value: &Value| {
                    let condition = Condition::read(value, "property");
                    condition.is_some_and(|one| one.holds_on(properties.get(&one.subject), platform))
                };
                same("name") && touchpoint.get("where").list().iter().all(holds)
            }
            // For an inline survey its slot has to be there too: the loader says when it is.
            "page" => this.map_or(survey.placement != Placement::Inline, |this| this == survey.id),
            "click" => same("selector"),
            _ => this == Some(&survey.id) && signal.get("touchpoint").millis() == Some(index as i64),
        };
    meets && allow(touchpoint.get("pages"), signal.get("url").text().unwrap_or_default(), platform)
}

/// What the response says of a touchpoint: `{ on, name?, stage? }`.
pub fn document(touchpoint: &Value) -> Value {
    map(["on", "name", "stage"].map(|key| (key, touchpoint.get(key).clone())))
}
