//! Moments: touchpoints that were met and wait to be asked; and what has to be counted to tell when one is met.

use super::{is_event, matches};
use crate::core::frequency::Memory;
use crate::core::platform::Platform;
use crate::core::survey::Survey;
use crate::core::time::{MINUTE, Millis};
use crate::core::value::{Value, map};

/// How long a moment that cannot be asked waits at least: as long as a session's longest pause.
const PATIENCE: Millis = 30 * MINUTE;

impl Memory {
    /// What waits: `{ survey, touchpoint, at, due, until, turnaround? }`. It was met `at`, is to be asked when it is `due`,
    /// after its delay, and lapses after `until`: when it has waited for half an hour, or as long again as its delay. All
    /// in milliseconds, as is `turnaround`, the time since the event that it was measured from.
    pub fn moments(&self) -> &[Value] {
        self.0.get("moments").list()
    }

    /// The moment of a survey's touchpoint, if one waits.
    pub fn moment(&self, survey: &str, touchpoint: usize) -> Option<&Value> {
        self.moments().iter().find(|moment| is_of(moment, survey, Some(touchpoint)))
    }

    /// Takes a moment, so that nobody else does. False if it is not there any more.
    pub fn take(&mut self, survey: &str, touchpoint: usize) -> bool {
        let moments = self.0.at("moments").elements();
        let before = moments.len();
        moments.retain(|moment| !is_of(moment, survey, Some(touchpoint)));
        moments.len() < before
    }

    /// What is counted for a touchpoint: `{ seen?, after? }`, how many signals have met it, and when the event that must
    /// come first was last seen, unless that sighting is used up.
    pub fn count(&self, survey: &str, touchpoint: usize) -> &Value {
        self.0.get("counts").get(survey).get(&whole(touchpoint))
    }

    /// Drops the moment of a survey that a signal cancels; the touchpoint that it was of. That counts whether or not the
    /// survey is settled: it may not be any more when the moment is due.
    pub fn cancel(&mut self, survey: &Survey, signal: &Value) -> Option<usize> {
        let cancels = |point: &Value| point.get("cancel_on").list().iter().any(|name| is_event(signal, name));
        let mut touchpoints = survey.touchpoints.iter().enumerate();
        touchpoints.find(|(index, point)| cancels(point) && self.take(&survey.id, *index)).map(|(index, _)| index)
    }

    /// Holds a signal, seen at the time `at`, against the touchpoints of a survey. The first that is met makes a moment,
    /// unless one of the survey's waits already; the others count. Returns the one whose moment was made.
    pub fn see(&mut self, survey: &Survey, signal: &Value, platform: &dyn Platform, at: Millis) -> Option<usize> {
        let mut met = None;
        for (index, touchpoint) in survey.touchpoints.iter().enumerate() {
            if matches(touchpoint, signal, survey, index, platform)
                && let Some(turnaround) = self.meet(&survey.id, index, touchpoint, at)
                && !self.moments().iter().any(|moment| is_of(moment, &survey.id, None))
            {
                let delay = touchpoint.get("delay").duration().unwrap_or_default();
                self.0.at("moments").elements().push(map([
                    ("survey", survey.id.as_str().into()),
                    ("touchpoint", (index as i64).into()),
                    ("at", at.into()),
                    ("due", (at + delay).into()),
                    ("until", (at + delay + delay.max(PATIENCE)).into()),
                    ("turnaround", turnaround),
                ]));
                met = Some(index);
            }
            if is_event(signal, touchpoint.get("after").get("event")) {
                *self.counting(&survey.id, index).at("after") = at.into();
            }
        }
        met
    }

    fn counting(&mut self, survey: &str, touchpoint: usize) -> &mut Value {
        self.0.at("counts").at(survey).at(&whole(touchpoint))
    }

    /// Counts a signal that a touchpoint waits for. `Some` if that makes it this touchpoint's moment; in it the time since
    /// the event before, where that is measured.
    fn meet(&mut self, survey: &str, index: usize, touchpoint: &Value, at: Millis) -> Option<Value> {
        let after = touchpoint.get("after");
        let mut turnaround = Value::Null;
        if !after.is_null() {
            let ago = (at - self.count(survey, index).get("after").millis()?).max(0);
            if after.get("within").duration().is_some_and(|within| ago > within) {
                return None;
            }
            *self.counting(survey, index).at("after") = Value::Null;
            if after.get("measure").bool() == Some(true) {
                turnaround = ago.into();
            }
        }
        let (nth, every) = (touchpoint.get("nth").millis(), touchpoint.get("every").millis());
        if nth.is_none() && every.is_none() {
            return Some(turnaround);
        }
        let count = self.counting(survey, index).at("seen");
        let seen = count.millis().unwrap_or_default() + 1;
        *count = seen.into();
        (nth.is_none_or(|nth| seen == nth) && every.is_none_or(|every| seen % every == 0)).then_some(turnaround)
    }

    /// Brings back to `now` what lies ahead of it (a clock was set back), forgets what a wrong clock has dated, and drops
    /// what has waited too long.
    pub(in crate::core) fn rebase_moments(&mut self, now: Millis, right: impl Fn(Millis) -> bool) {
        let time = |moment: &Value, key: &str| moment.get(key).millis().unwrap_or_default();
        let moments = self.0.at("moments").elements();
        for moment in moments.iter_mut() {
            let ahead = time(moment, "at") - now;
            if ahead > 0 {
                for key in ["at", "due", "until"] {
                    *moment.at(key) = (time(moment, key) - ahead).into();
                }
            }
        }
        moments.retain(|moment| now <= time(moment, "until"));
        if let Value::Map(surveys) = self.0.at("counts") {
            for (_, touchpoints) in surveys {
                if let Value::Map(touchpoints) = touchpoints {
                    for (_, count) in touchpoints {
                        if let Some(at) = count.get("after").millis() {
                            *count.at("after") = if right(at) { at.min(now).into() } else { Value::Null };
                        }
                    }
                }
            }
        }
    }
}

fn is_of(moment: &Value, survey: &str, touchpoint: Option<usize>) -> bool {
    moment.get("survey").text() == Some(survey)
        && touchpoint.is_none_or(|index| moment.get("touchpoint").millis() == Some(index as i64))
}

fn whole(index: usize) -> String {
    crate::core::config::problem::whole(index as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::time::{DAY, RELEASED};

    #[test]
    fn a_sighting_ahead_of_the_clock_was_just_now() {
        let mut memory = Memory::default();
        let now = RELEASED + 100 * DAY;
        *memory.counting("a", 0).at("after") = (now + 365 * DAY).into();
        *memory.counting("b", 0).at("after") = (RELEASED - DAY).into();
        memory.rebase(now);
        assert_eq!(memory.count("a", 0).get("after").millis(), Some(now));
        assert!(memory.count("b", 0).get("after").is_null(), "nobody knows when a wrong clock saw it");
    }
}
