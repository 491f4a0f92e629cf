//! Frequency: may this visitor be asked now?
//!
//! A pure function over what the device remembers; its answer names every rule, so that a developer can
//! always find out why.

mod memory;

pub use memory::{Clocks, Fact, Memory};

use crate::core::survey::{Placement, Survey};
use crate::core::time::{DAY, Millis};
use crate::core::value::{Value, map};

/// How often a visitor may be asked. Spans are milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// After a prompt came up by itself, none does for so long.
    pub quiet: Millis,
    /// How many prompts come up by themselves in one session.
    pub per_session: u32,
    /// A survey that was closed unanswered stays away for so long.
    pub declined: Millis,
    /// A survey that was answered stays away for so long.
    pub answered: Millis,
}

impl Default for Rules {
    fn default() -> Self {
        Rules { quiet: 30 * DAY, per_session: 1, declined: 90 * DAY, answered: 180 * DAY }
    }
}

/// One rule's verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The rule: `quiet`, `per_session`, `declined` or `answered`.
    pub rule: &'static str,
    /// Whether it lets the survey be asked.
    pub holds: bool,
    /// When it next would, where time alone decides.
    pub next: Option<Millis>,
}

/// Whether to ask, with every rule's verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// All rules that apply, in the order in which they are looked at.
    pub verdicts: Vec<Verdict>,
}

impl Decision {
    /// Whether every rule holds.
    pub fn ask(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.holds)
    }

    /// `[{ rule, holds, next? }]`, with `next` in milliseconds since 1970.
    pub fn document(&self) -> Value {
        let verdict = |verdict: &Verdict| {
            map([("rule", verdict.rule.into()), ("holds", verdict.holds.into()), ("next", verdict.next.into())])
        };
        Value::List(self.verdicts.iter().map(verdict).collect())
    }
}

/// May `survey` be asked now, in the visitor's session number `session`?
///
/// An inline prompt interrupts nobody: quiet time and the session's count are not held against it.
pub fn decide(rules: &Rules, survey: &Survey, memory: &Memory, session: u32, now: Millis) -> Decision {
    let since = |rule, clock: Option<Millis>, wait: Millis| {
        let next = clock.map(|at| at.min(now) + wait).filter(|next| *next > now);
        Verdict { rule, holds: next.is_none(), next }
    };
    let clocks = memory.clocks(&survey.id);
    let mut verdicts =
        vec![since("answered", clocks.answered, survey.answered), since("declined", clocks.declined, survey.declined)];
    if survey.placement == Placement::Popover {
        verdicts.push(since("quiet", memory.shown, rules.quiet));
        let holds = memory.shown_in(session) < rules.per_session;
        verdicts.push(Verdict { rule: "per_session", holds, next: None });
    }
    Decision { verdicts }
}
