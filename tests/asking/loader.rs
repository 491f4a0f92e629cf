//! The loader's part: it counts visits, heeds the widget's note, wakes the widget, and passes on what is seen.

use asklet::core::time::{MINUTE, Millis};
use asklet::core::value::Value;

use crate::model::Seen;
use crate::setting::On;
use crate::world::World;

/// The visit's counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visit {
    first: Millis,
    pub session: u32,
    pub pages: u32,
    last: Millis,
}

impl Visit {
    /// As the widget is told.
    pub fn members(&self) -> Vec<(String, Value)> {
        vec![
            ("first".into(), self.first.into()),
            ("session".into(), f64::from(self.session).into()),
            ("pages".into(), f64::from(self.pages).into()),
        ]
    }
}

impl World {
    /// Counts a page view.
    pub fn count_view(&self, tab: usize) {
        let now = self.device();
        let visit = match self.visit.get() {
            None => Visit { first: now, session: 1, pages: 1, last: now },
            Some(seen) => Visit {
                first: seen.first.min(now),
                session: seen.session + u32::from(now - seen.last > 30 * MINUTE),
                pages: seen.pages + 1,
                last: now,
            },
        };
        self.visit.set(Some(visit));
        self.tabs.borrow_mut()[tab].visit = visit;
    }

    /// Until when the note says that a survey is settled, if it is to be heeded.
    fn is_settled(&self, survey: usize) -> bool {
        let note = self.note.borrow();
        let number = |value: &Value| value.number().map(|number| number as Millis);
        note.get("tag").text() == Some("tag")
            && number(note.get("at")).is_some_and(|at| at <= self.device())
            && number(note.get("until").get(self.setting.surveys[survey].id)).is_some_and(|until| until > self.device())
    }

    fn due(&self) -> Option<Millis> {
        self.note.borrow().get("due").number().map(|due| due as Millis)
    }

    /// Whether something that was seen may matter.
    fn may_matter(&self, tab: usize, seen: Seen) -> bool {
        let it = &self.tabs.borrow()[tab];
        let mut surveys = self.setting.surveys.iter().enumerate();
        surveys.any(|(index, survey)| {
            survey.touchpoints.iter().enumerate().any(|(place, touchpoint)| {
                let meets = match (touchpoint.on, seen) {
                    (On::Event { name, .. }, Seen::Event { name: seen, .. }) => name == seen,
                    (On::Page, Seen::Page) => !survey.inline,
                    (On::Page, Seen::Slot(of)) => of == index,
                    (On::Click(selector), Seen::Click(seen)) => selector == seen,
                    (On::Watched(_), Seen::Watched { survey, touchpoint }) => (survey, touchpoint) == (index, place),
                    _ => false,
                };
                let is_event = |name| matches!(seen, Seen::Event { name: seen, .. } if name == seen);
                let comes_before = touchpoint.after.is_some_and(|(name, _)| is_event(name));
                let cancels = touchpoint.cancel_on.is_some_and(is_event);
                (meets && touchpoint.allows(it.path) || comes_before) && !self.is_settled(index)
                    || cancels && (it.agent.is_some() || self.due().is_some())
            })
        })
    }

    /// Hands something that was seen to the widget, if it may matter.
    pub fn pass_on(&self, tab: usize, seen: Seen) {
        let known = match seen {
            Seen::Click(selector) => {
                let mut touchpoints = self.setting.surveys.iter().flat_map(|survey| &survey.touchpoints);
                touchpoints.any(|touchpoint| touchpoint.on == On::Click(selector))
            }
            Seen::Slot(survey) => self.setting.surveys[survey].touchpoints.iter().any(|it| it.on == On::Page),
            _ => true,
        };
        // Page views are told to a widget that is there: it goes by the visit's counts.
        let counted = seen == Seen::Page && self.tabs.borrow()[tab].agent.is_some();
        if !known || self.kind.gated && !counted && !self.may_matter(tab, seen) {
            return;
        }
        self.wake(tab);
        let (agent, members) = {
            let it = &self.tabs.borrow()[tab];
            let mut members = it.visit.members();
            members.push(("at".into(), self.device().into()));
            members.push(("url".into(), ["https://shop.example", it.path].concat().into()));
            (it.agent.clone(), members)
        };
        let mut members = members;
        let mut add = |key: &str, value: Value| members.push((key.into(), value));
        match seen {
            Seen::Event { name, total } => {
                add("type", "event".into());
                add("name", name.into());
                add("properties", Value::Map(vec![("total".into(), total.into())]));
            }
            Seen::Page => add("type", "page".into()),
            Seen::Slot(survey) => {
                add("type", "page".into());
                add("survey", self.setting.surveys[survey].id.into());
            }
            Seen::Click(selector) => {
                add("type", "click".into());
                add("selector", selector.into());
            }
            Seen::Watched { survey, touchpoint } => {
                let On::Watched(kind) = self.setting.surveys[survey].touchpoints[touchpoint].on else { return };
                add("type", kind.into());
                add("survey", self.setting.surveys[survey].id.into());
                add("touchpoint", (touchpoint as i64).into());
            }
        }
        if let Some(agent) = agent {
            agent.signal(Value::Map(members));
        }
    }

    /// Sets the timer for what waits, or wakes the widget if it is due.
    pub fn remind(&self, tab: usize) {
        let wait = self.due().map(|due| due - self.device());
        let later = wait.filter(|wait| *wait > 0);
        self.tabs.borrow_mut()[tab].remind_at = later.map(|wait| self.now.get() + wait.min(2_000_000_000));
        if wait.is_some_and(|wait| wait <= 0) {
            self.wake(tab);
        }
    }

    /// The timers that are due.
    pub fn remind_all(&self) {
        let open = self.open.borrow().clone();
        for tab in open {
            let at = self.tabs.borrow()[tab].remind_at;
            if at.is_some_and(|at| at <= self.now.get()) {
                self.remind(tab);
            }
        }
    }

    /// A tab that has left a note is heard by the others.
    pub fn hear_notes(&self) {
        for from in self.noted.take() {
            let open = self.open.borrow().clone();
            for tab in open {
                if tab != from && !self.tabs.borrow()[tab].stopped {
                    self.remind(tab);
                }
            }
        }
    }

    /// Answers that wait to be sent wake the widget at a page view.
    pub fn wake_for_answers(&self, tab: usize) {
        if !self.store.borrow().outbox.records.is_empty() {
            self.wake(tab);
        }
    }
}
