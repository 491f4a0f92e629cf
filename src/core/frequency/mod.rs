//! Frequency: may this visitor be asked now?
//!
//! A pure function over what the device remembers; its answer names every rule, so that a developer can
//! always find out why.

mod memory;

pub use memory::{CLOCKS, Fact, Memory};

use crate::core::decision::{Decision, NEVER};
use crate::core::survey::{Placement, Survey};
use crate::core::time::{DAY, Millis};
use crate::core::value::Value;

/// How long a survey stays away after something happened with it, unless the config says otherwise: the [`CLOCKS`], in order.
pub const OWN: [Millis; 4] = [180 * DAY, 90 * DAY, 7 * DAY, 0];
/// After a prompt came up by itself, none does for so long, unless the config says otherwise.
pub const QUIET: Millis = 30 * DAY;

/// Adds the verdict of each rule that goes by what the device remembers, in the visitor's session number `session`. `rules` is
/// the config's `frequency`; what is wrong in it counts as not written.
///
/// An inline prompt interrupts nobody: quiet time and the session's count are not held against it. Nor does a tab, which waits
/// to be opened: of the pauses only those count that the survey itself asks for.
pub fn judge(to: &mut Decision, rules: &Value, survey: &Survey, memory: &Memory, session: u32, now: Millis) {
    let share = survey.audience.get("sample");
    if let Some(sample) = share.number() {
        let place = memory.place(&survey.id);
        // A place is a ten-thousandth: a share of 1 takes all, a share of 0 none.
        let holds = place.unwrap_or_default() < sample * f64::from(PLACES);
        let found = place.map(|place| place / f64::from(PLACES));
        to.rule("sample", share, found.into(), holds, (!holds).then_some(NEVER));
    }
    let refused = memory.refused();
    to.rule("refused", &Value::Null, Value::Null, !refused, refused.then_some(NEVER));
    let mut since = |rule: &str, clock: Option<Millis>, wait: Millis| {
        if wait > 0 {
            let next = clock.map(|at| at.min(now) + wait).filter(|next| *next > now);
            to.rule(rule, &wait.into(), clock.into(), next.is_none(), next);
        }
    };
    let offers = survey.placement == Placement::Tab;
    for (clock, otherwise) in CLOCKS.into_iter().zip(OWN) {
        let common = if offers { 0 } else { rules.get(clock).duration().unwrap_or(otherwise) };
        since(clock, memory.clock(&survey.id, clock), survey.frequency.get(clock).duration().unwrap_or(common));
    }
    if offers {
        return;
    }
    for (rule, clock) in ["answered_across", "declined_across", "later_across"].into_iter().zip(CLOCKS) {
        since(rule, memory.any(clock), rules.get("across").get(clock).duration().unwrap_or_default());
    }
    if survey.placement.covers() {
        since("quiet", memory.shown(), rules.get("quiet").duration().unwrap_or(QUIET));
        let most = rules.get("per_session").number().filter(|n| *n >= 1.0).unwrap_or(1.0);
        let shown = f64::from(memory.shown_in(session));
        to.rule("per_session", &most.into(), shown.into(), shown < most, None);
    }
}

/// How many different places there are in a sample.
pub const PLACES: u16 = 10_000;

/// Draws a visitor's place in a sample from two random bytes.
pub fn draw(random: [u8; 2]) -> u16 {
    // Each of the 65,536 values has its place; the places differ by at most one value in seven.
    ((u32::from(u16::from_be_bytes(random)) * u32::from(PLACES)) >> 16) as u16
}

/// Until when the survey is settled for this visitor: no signal can make it be asked before. `None` if it is not.
///
/// While a survey is settled nothing about it counts. So its signals need not be looked at, and a page on which every
/// survey is settled need not fetch the widget.
pub fn settled(rules: &Value, survey: &Survey, memory: &Memory, now: Millis) -> Option<Millis> {
    let mut decision = Decision::default();
    judge(&mut decision, rules, survey, memory, 0, now);
    decision.next
}
