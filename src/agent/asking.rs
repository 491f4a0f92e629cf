//! From what is seen on the page to a prompt: signals become moments, and moments are asked when nothing speaks against it.

use std::rc::Rc;

use super::{Agent, Step};
use crate::core::decision::{Decision, decide};
use crate::core::frequency::{Fact, settled};
use crate::core::survey::{Placement, Survey};
use crate::core::text::Wording;
use crate::core::time::{Millis, SECOND};
use crate::core::touchpoint::{is_event, matches};
use crate::core::value::{Value, map};
use crate::ports::{Ask, Saving, Task};

impl Agent {
    /// Looks at a signal, and asks what is to be asked.
    pub fn signal(self: &Rc<Self>, signal: Value) {
        self.count(&signal);
        self.signals.borrow_mut().push_back(signal);
        self.attend();
    }

    /// Sees what waits in storage, and asks what is due. To be called at the start, and when the page can be seen again.
    pub fn look(self: &Rc<Self>) -> Task<'static, ()> {
        let agent = self.clone();
        Box::pin(async move {
            if agent.is_covered() {
                agent.take_floor().await;
            }
            agent.remember(Box::new(|_, _| ())).await;
            agent.attend();
            agent.drain().await;
        })
    }

    /// Goes through what was seen and what is due, one after the other.
    pub(super) fn attend(self: &Rc<Self>) {
        if self.attending.replace(true) {
            return;
        }
        let agent = self.clone();
        self.ports.spawn(Box::pin(async move {
            // Whether no other tab has a prompt over its page, as far as is known.
            let mut alone = true;
            loop {
                agent.sweep();
                let next = agent.signals.borrow_mut().pop_front();
                if let Some(signal) = next {
                    agent.take_in(signal).await;
                } else if let Some((survey, moment)) = agent.due(alone) {
                    alone = !survey.placement.covers() || agent.take_floor().await;
                    if alone {
                        agent.clone().ask(survey, moment).await;
                    }
                } else {
                    break;
                }
            }
            agent.leave_floor();
            agent.attending.set(false);
        }));
    }

    async fn take_in(self: &Rc<Self>, signal: Value) {
        let platform = self.ports.platform();
        let surveys = self.config.borrow().surveys.clone();
        let met = |survey: &Survey| {
            let mut touchpoints = survey.touchpoints.iter().enumerate();
            touchpoints.position(|(index, touchpoint)| matches(touchpoint, &signal, survey, index, platform))
        };
        let named = |touchpoint: &Value| {
            is_event(&signal, touchpoint.get("after").get("event"))
                || touchpoint.get("cancel_on").list().iter().any(|name| is_event(&signal, name))
        };
        let concerns = |survey: &&Rc<Survey>| met(survey).is_some() || survey.touchpoints.iter().any(named);
        let concerned: Vec<_> = surveys.iter().filter(concerns).collect();
        if concerned.is_empty() {
            return;
        }
        let mut results = Vec::new();
        let step: Step = Box::new(|state, now| {
            // When it was seen: the widget may have been fetched meanwhile.
            let at = signal.get("at").millis().map_or(now, |at| (at + self.skew.get()).min(now));
            let memory = &mut state.memory;
            for survey in &concerned {
                let cancelled = memory.cancel(survey, &signal);
                let settled = settled(&self.config.borrow().frequency, survey, memory, now).is_some();
                // What happens while it is asked is nothing to it.
                let (seen, ignored) = match (self.is_open(&survey.id), settled) {
                    (true, _) => (None, None),
                    (_, true) => (None, met(survey)),
                    _ => (memory.see(survey, &signal, platform, at), None),
                };
                results.push((seen, cancelled, ignored));
            }
        });
        self.remember(step).await;
        for (survey, (seen, cancelled, ignored)) in concerned.into_iter().zip(results) {
            if let Some(index) = seen {
                let delay = survey.touchpoints[index].get("delay").duration().unwrap_or_default();
                self.ports.emit("eligible", map([("survey", survey.id.as_str().into()), ("delay", delay.into())]));
            }
            if cancelled.or(ignored).is_some() {
                self.suppressed(survey, cancelled.or(ignored), cancelled.is_some());
            }
        }
    }

    /// What is to be asked next: of all that is due and that nothing speaks against the survey with the highest priority,
    /// and its moment. If there is none it is looked at again in time. `alone`: no other tab has a prompt over its page.
    fn due(self: &Rc<Self>, alone: bool) -> Option<(Rc<Survey>, Value)> {
        let (now, busy, covered) = (self.now(), self.ports.busy(), self.is_covered());
        let mut best: Option<(Rc<Survey>, Value)> = None;
        let mut next = Millis::MAX;
        for moment in self.memory.borrow().moments() {
            let Some(survey) = self.survey(moment.get("survey").text().unwrap_or_default()) else { continue };
            let due = moment.get("due").millis().unwrap_or_default();
            let free = if survey.placement.covers() {
                alone && busy.is_empty() && !covered
            } else {
                !busy.contains(&"quiet_mark") && !self.is_open(&survey.id)
            };
            if due > now {
                next = next.min(due);
            } else if !free {
                next = next.min(now + SECOND);
            } else if best.as_ref().is_none_or(|(other, _)| survey.priority > other.priority) {
                best = Some((survey, moment.clone()));
            }
        }
        if best.is_none() {
            self.look_again(next);
        }
        best
    }

    /// Sees to it that no other tab has a prompt over its page, if none has.
    pub(super) async fn take_floor(&self) -> bool {
        if self.floor.borrow().is_none()
            && let Some(floor) = self.ports.lock("asklet.prompt").await
        {
            *self.floor.borrow_mut() = Some(floor);
        }
        let taken = self.floor.borrow().is_some();
        self.elsewhere.set(!taken);
        taken
    }

    /// Gives other tabs their turn, unless a prompt stands over this page.
    pub(super) fn leave_floor(&self) {
        if !self.is_covered() {
            self.floor.take();
        }
    }

    fn look_again(self: &Rc<Self>, at: Millis) {
        // One that has passed was set before the clock was: its timer may have long to go.
        if (self.now()..=at).contains(&self.look_at.get()) {
            return;
        }
        self.look_at.set(at);
        let agent = self.clone();
        self.ports.spawn(Box::pin(async move {
            agent.ports.sleep(at - agent.now()).await;
            // An earlier look may have come between.
            if agent.look_at.get() == at {
                agent.look_at.set(Millis::MAX);
                agent.attend();
            }
        }));
    }

    /// Asks a survey because the visitor asked to be asked: no rule counts then. `preview`: because a developer wants to see
    /// it; then nothing is stored and nothing is sent.
    pub fn show(self: Rc<Self>, survey: &str, preview: bool) -> Task<'static, ()> {
        self.finish_folded();
        if self.waits(survey) {
            self.ports.unfold(survey);
            return Box::pin(async {});
        }
        match self.survey(survey) {
            Some(known) => self.ask(known, preview.into()),
            None => {
                let message = ["show(): there is no survey with the id ", survey].concat();
                self.ports.warn(&message);
                self.ports.emit("error", map([("message", message.into())]));
                Box::pin(async {})
            }
        }
    }

    pub(super) fn is_open(&self, survey: &str) -> bool {
        self.showings.borrow().iter().any(|showing| showing.survey() == survey)
    }

    /// Whether a prompt stands over the page.
    pub(super) fn is_covered(&self) -> bool {
        self.showings.borrow().iter().any(|showing| showing.covers())
    }

    /// Asks, if it may be. `moment`: the one that has come; or, where somebody called for it, whether only as a preview.
    fn ask(self: Rc<Self>, survey: Rc<Survey>, moment: Value) -> Task<'static, ()> {
        Box::pin(async move {
            let id = &survey.id;
            if self.is_open(id) {
                return;
            }
            let (preview, by_itself) = (moment == true.into(), moment.bool().is_none());
            let touchpoint = moment.get("touchpoint").millis().map(|index| index as usize);
            let placement = place_of(&survey, by_itself, touchpoint);
            let over = placement.covers();
            let possible = (preview || self.config.borrow().delivery.is_some())
                && (!over || !self.is_covered())
                && (placement != Placement::Inline || self.ports.has_slot(id));
            // From here on it counts as open, so that nothing else comes up meanwhile.
            let response = self.new_showing(&survey, &moment, placement);
            let (mut mine, mut granted) = (true, possible);
            if over && !by_itself {
                // It comes up in any case. But no other tab's comes up by itself meanwhile.
                self.take_floor().await;
            }
            let wording = self.wording(&response).await;
            if over && by_itself && !self.ports.busy().is_empty() {
                // Since then: it stays due.
                self.forget_showing(id);
                return self.leave_floor();
            }
            if !preview {
                let facts = self.facts();
                let step: Step = Box::new(|state, now| {
                    let memory = &mut state.memory;
                    if let Some(index) = touchpoint {
                        // Otherwise another tab has taken it, or an event has cancelled it; a later one may wait.
                        let due = memory.moment(id, index).and_then(|moment| moment.get("due").millis());
                        mine = due.is_some_and(|due| due <= now) && memory.take(id, index);
                        let mut decision = Decision::default();
                        let rules = &self.config.borrow().frequency;
                        decide(&mut decision, rules, &survey, memory, &facts, self.ports.platform(), now);
                        granted &= mine && decision.asks;
                    }
                    // What waits behind a tab is shown when it is opened.
                    if granted && placement != Placement::Tab {
                        memory.note(Fact::Shown(by_itself && over), id, facts.session, now);
                    }
                });
                self.remember(step).await;
            }
            // Meanwhile it may have been closed, or another configuration may have begun.
            let Some(language) = self.language_of(&response) else { return self.leave_floor() };
            if granted && self.draw(&survey, placement, language, wording, by_itself) {
                return if preview { self.ports.tell(id, Saving::Preview) } else { self.say_shown(id, placement) };
            }
            self.forget_showing(id);
            self.leave_floor();
            if mine {
                self.suppressed(&survey, touchpoint, false);
            }
        })
    }

    fn draw(
        &self,
        survey: &Rc<Survey>,
        placement: Placement,
        language: String,
        wording: Rc<Wording>,
        by_itself: bool,
    ) -> bool {
        let mut seed = [0; 8];
        self.ports.fill(&mut seed);
        let (theme, shortcut) = (self.config.borrow().theme.clone(), self.config.borrow().shortcut.clone());
        let ask = Ask {
            survey: survey.clone(),
            placement,
            language,
            wording,
            attributes: Value::Map(self.visitor.borrow().attributes.clone()),
            theme,
            shortcut,
            seed: u64::from_le_bytes(seed),
            invited: !by_itself,
            refusable: by_itself && placement.covers(),
        };
        let up = self.ports.open(ask);
        if up {
            self.drawn(&survey.id);
            if placement == Placement::Tab && !by_itself {
                self.ports.unfold(&survey.id);
            }
        }
        up
    }

    fn say_shown(self: &Rc<Self>, survey: &str, placement: Placement) {
        // What waits behind a tab is shown when it is opened.
        if placement != Placement::Tab {
            self.ports.emit("shown", self.shown_detail(survey));
            self.count_shown(survey);
        }
    }

    fn suppressed(&self, survey: &Survey, touchpoint: Option<usize>, cancelled: bool) {
        self.ports.emit("suppressed", self.explanation(survey, touchpoint, cancelled));
    }
}

/// Where a survey is drawn: a modal that neither the visitor asked for nor its owner insists on is a popover.
fn place_of(survey: &Survey, by_itself: bool, touchpoint: Option<usize>) -> Placement {
    let clicked = touchpoint.is_some_and(|index| survey.touchpoints[index].get("on").text() == Some("click"));
    let insists = survey.value.get("interrupt").bool() == Some(true);
    match survey.placement {
        Placement::Modal if by_itself && !clicked && !insists => Placement::Popover,
        placement => placement,
    }
}
