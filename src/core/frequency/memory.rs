//! What the device remembers of having asked.

use crate::core::time::Millis;
use crate::core::value::{Value, map};

/// When things last happened with one survey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clocks {
    /// It was shown.
    pub shown: Option<Millis>,
    /// It was closed unanswered.
    pub declined: Option<Millis>,
    /// It was answered.
    pub answered: Option<Millis>,
}

/// Something to remember.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fact {
    /// A prompt was shown; `true` if it came up by itself.
    Shown(bool),
    /// The visitor closed it unanswered.
    Declined,
    /// The visitor gave at least one answer.
    Answered,
}

/// What the device remembers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// When a prompt last came up by itself.
    pub shown: Option<Millis>,
    /// In which session that was, and how many came up in it.
    session: (u32, u32),
    surveys: Vec<(String, Clocks)>,
}

impl Clocks {
    /// The clocks with their names in storage.
    fn named(&mut self) -> [(&'static str, &mut Option<Millis>); 3] {
        [("shown", &mut self.shown), ("declined", &mut self.declined), ("answered", &mut self.answered)]
    }
}

impl Memory {
    /// The clocks of one survey.
    pub fn clocks(&self, survey: &str) -> Clocks {
        self.surveys.iter().find(|(id, _)| id == survey).map(|(_, clocks)| clocks.clone()).unwrap_or_default()
    }

    /// How many prompts came up by themselves in `session`.
    pub fn shown_in(&self, session: u32) -> u32 {
        if self.session.0 == session { self.session.1 } else { 0 }
    }

    /// Remembers what happened with `survey` in the visitor's session number `session`.
    pub fn note(&mut self, fact: Fact, survey: &str, session: u32, now: Millis) {
        let index = self.surveys.iter().position(|(id, _)| id == survey).unwrap_or_else(|| {
            self.surveys.push((survey.into(), Clocks::default()));
            self.surveys.len() - 1
        });
        let clocks = &mut self.surveys[index].1;
        match fact {
            Fact::Shown(by_itself) => {
                clocks.shown = Some(now);
                if by_itself {
                    self.shown = Some(now);
                    self.session = (session, self.shown_in(session) + 1);
                }
            }
            Fact::Declined => clocks.declined = Some(now),
            Fact::Answered => clocks.answered = Some(now),
        }
    }

    /// Brings back to `now` what lies ahead of it. A clock was set back: the wait begins anew, so it is never
    /// shortened and never lasts for ever.
    pub fn rebase(&mut self, now: Millis) {
        let rebase = |clock: &mut Option<Millis>| *clock = clock.map(|at| at.min(now));
        rebase(&mut self.shown);
        for (_, clocks) in &mut self.surveys {
            clocks.named().into_iter().for_each(|(_, clock)| rebase(clock));
        }
    }

    /// As it is stored.
    pub fn row(&self) -> Value {
        let survey = |(id, clocks): &(String, Clocks)| {
            let mut clocks = clocks.clone();
            let [shown, declined, answered] = clocks.named().map(|(name, clock)| (name, (*clock).into()));
            map([("id", id.as_str().into()), shown, declined, answered])
        };
        map([
            ("shown", self.shown.into()),
            ("session", i64::from(self.session.0).into()),
            ("in_session", i64::from(self.session.1).into()),
            ("surveys", Value::List(self.surveys.iter().map(survey).collect())),
        ])
    }

    /// From what is stored; what is not understood counts as not there.
    pub fn from_row(row: &Value) -> Self {
        let whole = |value: &Value| value.number().map(|number| number as i64);
        let count = |key| row.get(key).number().unwrap_or_default() as u32;
        let mut surveys = Vec::new();
        for row in row.get("surveys").list() {
            let mut clocks = Clocks::default();
            for (name, clock) in clocks.named() {
                *clock = whole(row.get(name));
            }
            surveys.push((row.get("id").text().unwrap_or_default().into(), clocks));
        }
        Memory { shown: whole(row.get("shown")), session: (count("session"), count("in_session")), surveys }
    }
}
