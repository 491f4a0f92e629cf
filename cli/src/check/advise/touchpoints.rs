//! Touchpoints that are never met, and some that are met where nobody sees it.

use asklet::core::config::Problem;
use asklet::core::config::problem::element;
use asklet::core::survey::Placement;
use asklet::core::time::DAY;
use asklet::core::touchpoint::Condition;

use super::conditions::{self, Domain};
use super::{Case, pages, span};

pub fn advise(case: &Case, warnings: &mut Vec<Problem>) {
    for (index, touchpoint) in case.written.get("touchpoints").list().iter().enumerate() {
        let path = element(&case.at("touchpoints"), index);
        let at = |key: &str| format!("{path}.{key}");
        let then = "this touchpoint never asks";
        pages::advise(touchpoint.get("pages"), &at("pages"), then, warnings);
        let listed = touchpoint.get("where").list().iter();
        let conditions: Vec<_> = listed.filter_map(|value| Condition::read(value, "property")).collect();
        conditions::advise(&conditions, &at("where"), then, &|_| Domain::Any, warnings);
        let after = touchpoint.get("after");
        if after.get("within").duration() == Some(0) {
            let event = after.get("event").text().unwrap_or_default();
            let message = format!("is over at once, so {then}; write how long ago `{event}` may be, as in \"30m\"");
            warnings.push(Problem::new("after-never", &at("after.within"), &message));
        }
        let wait = touchpoint.get("for").duration().unwrap_or_default();
        if wait > DAY {
            let message =
                format!("is longer than anybody stays on one page ({}), so {then}; write a shorter time", span(wait));
            warnings.push(Problem::new("for-too-long", &at("for"), &message));
        }
        if touchpoint.get("on").text() == Some("exit_intent") && case.is(Placement::Inline) {
            let message = "asks in the page, which who is about to leave does not look at; make it a popover, or take another touchpoint";
            warnings.push(Problem::new("inline-exit", &at("on"), message));
        }
    }
    modal(case, warnings);
}

/// The touchpoints that follow an act of the visitor's: only those bring up a modal, unless it may interrupt.
pub fn asked_for(on: &str) -> bool {
    ["click", "call"].contains(&on)
}

fn modal(case: &Case, warnings: &mut Vec<Problem>) {
    let mut on = case.written.get("touchpoints").list().iter().filter_map(|touchpoint| touchpoint.get("on").text());
    // Who has written `interrupt` knows of it.
    if case.is(Placement::Modal) && case.written.get("interrupt").is_null() && !on.any(asked_for) {
        let message = "comes up as a popover: a modal is for what the visitor asked for, by a click or by show(); write popover, or \
                       `\"interrupt\": true` if the page is to wait all the same";
        warnings.push(Problem::new("modal-unasked", &case.at("placement"), message));
    }
}
