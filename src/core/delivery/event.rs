//! What a prompt has gone through without an answer, as a document of its own: so that a response rate can be told.
//!
//! It is counted, not traced. There is no visitor in it, no page and no response; its time is the hour, and so is the time in its id,
//! which is there for one thing: that a repeat can be dropped.

use super::response::{Context, TOUCHPOINT};
use super::uuid7;
use crate::core::config::shape::{Kind, Shape, check, doc, key};
use crate::core::config::{DEVICES, PLACEMENTS, Problem};
use crate::core::time::{HOUR, Millis, iso};
use crate::core::value::{Value, map};

/// What can be counted: the values of the config's `delivery.events`.
pub const EVENTS: &[&str] = &["shown", "dismissed"];

/// The document of an event at the time `now`. `reason`: why a prompt was dismissed. `random` makes the id.
pub fn event(event: &str, context: &Context, reason: Option<&str>, now: Millis, random: [u8; 10]) -> Value {
    let hour = now - now.rem_euclid(HOUR);
    map([
        ("id", uuid7(hour, random).into()),
        ("event", event.into()),
        ("survey", context.survey.as_str().into()),
        ("touchpoint", context.touchpoint.clone()),
        ("reason", reason.into()),
        ("at", iso(hour).into()),
        ("locale", context.locale.as_str().into()),
        ("placement", context.placement.into()),
        ("device", context.device.into()),
        ("asklet", env!("CARGO_PKG_VERSION").into()),
    ])
}

/// What an event's document looks like. Members that it does not name are welcome.
pub static EVENT: Shape = Shape {
    name: doc("Event"),
    doc: "A prompt came up, or was closed before it was complete.",
    open: true,
    keys: &[
        key("id", Kind::Uuid, "UUID made on the device; the key by which a repeat is dropped.").required(),
        key("event", Kind::OneOf(EVENTS), "What happened.").required(),
        key("survey", Kind::Id, "The survey's id.").required(),
        key("touchpoint", Kind::Object(&TOUCHPOINT), "What asked."),
        key("reason", Kind::Text, "Why it was closed: close, escape, later, never, done, call or gone."),
        key("at", Kind::Moment, "The hour in which it happened.").required(),
        key("locale", Kind::Text, "The language it was asked in."),
        key("placement", Kind::OneOf(PLACEMENTS), "Where on the page."),
        key("device", Kind::OneOf(DEVICES), "What it was shown on."),
        key("asklet", Kind::Text, "The widget's version."),
    ],
};

/// Whether a document is an event's and no response.
pub fn is_event(document: &Value) -> bool {
    !document.get("event").is_null()
}

/// Every problem of an event's document, as a receiver sees it.
pub(super) fn check_event(document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    check(document, &EVENT, "", &mut problems);
    problems
}
