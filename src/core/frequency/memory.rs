//! What the device remembers of having asked.

use crate::core::time::{Millis, was_wrong};
use crate::core::value::{Value, map};

/// Something to remember.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// A prompt was shown; `true` if it came up by itself.
    Shown(bool),
    /// The visitor closed it unanswered.
    Declined,
    /// The visitor put it off.
    Later,
    /// The visitor does not want to be asked again, by no survey.
    Refused,
    /// The visitor gave at least one answer.
    Answered,
}

/// When something last happened with a survey: the names of the clocks.
pub const CLOCKS: [&str; 4] = ["answered", "declined", "later", "shown"];

/// What the device remembers, as it is stored: when a prompt last came up by itself (`shown`), in which session that was and
/// how many came up in it (`session`, `in_session`), whether the visitor has refused (`refused`), for each survey its
/// [`CLOCKS`] and its `draw` (`surveys`), and what waits and is counted (`moments`, `counts`). Moments are milliseconds
/// since 1970. What is not understood counts as not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory(pub Value);

impl Memory {
    /// One of the [`CLOCKS`] of a survey.
    pub fn clock(&self, survey: &str, clock: &str) -> Option<Millis> {
        self.0.get("surveys").get(survey).get(clock).millis()
    }

    /// When something last happened with any survey.
    pub fn any(&self, clock: &str) -> Option<Millis> {
        self.0.get("surveys").entries().iter().filter_map(|(_, survey)| survey.get(clock).millis()).max()
    }

    /// When a prompt last came up by itself.
    pub fn shown(&self) -> Option<Millis> {
        self.0.get("shown").millis()
    }

    /// Whether the visitor does not want to be asked again.
    pub fn refused(&self) -> bool {
        self.0.get("refused").bool() == Some(true)
    }

    /// How many prompts came up by themselves in `session`.
    pub fn shown_in(&self, session: u32) -> u32 {
        let count = |key| self.0.get(key).number().unwrap_or_default() as u32;
        if count("session") == session { count("in_session") } else { 0 }
    }

    /// The visitor's place in the sample of a survey, from 0 to 9999, once drawn.
    pub fn place(&self, survey: &str) -> Option<f64> {
        self.0.get("surveys").get(survey).get("draw").number()
    }

    /// Draws the visitor's place in the sample of a survey, the first time.
    pub fn draw(&mut self, survey: &str, place: u16) {
        if self.place(survey).is_none() {
            *self.0.at("surveys").at(survey).at("draw") = f64::from(place).into();
        }
    }

    /// Remembers what happened with `survey` in the visitor's session number `session`.
    pub fn note(&mut self, fact: Fact, survey: &str, session: u32, now: Millis) {
        let clock = match fact {
            Fact::Shown(by_itself) => {
                if by_itself {
                    let count = self.shown_in(session) + 1;
                    for (key, value) in [("in_session", count), ("session", session)] {
                        *self.0.at(key) = f64::from(value).into();
                    }
                    *self.0.at("shown") = now.into();
                }
                "shown"
            }
            Fact::Declined => "declined",
            Fact::Later => "later",
            Fact::Answered => "answered",
            Fact::Refused => {
                *self.0.at("refused") = true.into();
                return;
            }
        };
        *self.0.at("surveys").at(survey).at(clock) = now.into();
    }

    /// Takes back that a survey was closed, which was noted as `fact` at the time `at`: what was so before is so again, unless
    /// it was noted anew meanwhile. `before` is this memory as it was then.
    pub fn undo(&mut self, fact: Fact, survey: &str, at: Millis, before: &Memory) {
        let clock = match fact {
            Fact::Declined => "declined",
            Fact::Later => "later",
            _ => return *self.0.at("refused") = before.refused().into(),
        };
        if self.clock(survey, clock) == Some(at) {
            *self.0.at("surveys").at(survey).at(clock) = before.clock(survey, clock).into();
        }
    }

    /// Brings back to `now` what lies ahead of it, and what was dated by a clock that was years behind. The wait begins
    /// anew, so it is never shortened and never lasts for ever.
    pub fn rebase(&mut self, now: Millis) {
        let rebase = |clock: &mut Value| {
            if let Some(at) = clock.millis() {
                *clock = if was_wrong(at, now) { now } else { at.min(now) }.into();
            }
        };
        rebase(self.0.at("shown"));
        if let Value::Map(surveys) = self.0.at("surveys") {
            for (_, survey) in surveys {
                CLOCKS.into_iter().for_each(|clock| rebase(survey.at(clock)));
            }
        }
        self.rebase_moments(now, |at| !was_wrong(at, now));
    }

    /// As it is stored: itself, without what is empty.
    pub fn row(&self) -> Value {
        let keys = ["shown", "refused", "session", "in_session", "surveys", "moments", "counts"];
        map(keys.map(|key| (key, self.0.get(key).clone())))
    }
}
