//! One prompt that is open, from the agent's side.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Agent, Step, fresh_id};
use crate::core::delivery::{Context, Response, Status, event, mask};
use crate::core::frequency::{Fact, Memory};
use crate::core::outbox::{DRAFT, Event, LEASE, Record};
use crate::core::survey::{Answer, Kind, Placement, Question, Survey};
use crate::core::text::{Wording, is_rtl, nearest};
use crate::core::time::{Millis, SECOND};
use crate::core::touchpoint::document;
use crate::core::value::{Value, map};
use crate::ports::{Saving, State, Task};

/// How long a closed prompt can be brought back, in milliseconds; longer while the visitor is at it.
const UNDO: Millis = 8 * SECOND;

/// A prompt that is open.
pub(super) struct Showing {
    pub(super) response: Response,
    questions: Rc<[Question]>,
    /// Whether it is on the page; until then it is about to be.
    drawn: bool,
    /// When its answers were last handed to the outbox.
    saved_at: Option<Millis>,
    /// Whether a request with its last state has been sent.
    pub(super) sent: bool,
    /// Whether nothing of it is stored or sent.
    preview: bool,
    /// Whether it waits behind a tab.
    waits: bool,
    /// Whether it has come up, and may yet count as dismissed.
    shown: bool,
    /// How the visitor closed it, while that can be taken back.
    folded: Option<Rc<Fold>>,
}

/// A prompt was closed by the visitor.
struct Fold {
    /// How: `close`, `escape`, `later` or `never`.
    reason: &'static str,
    /// Whether that was taken back.
    undone: Cell<bool>,
    /// What was noted, once it is, when, and what was remembered before.
    noted: RefCell<Option<(Fact, Millis, Memory)>>,
}

impl Showing {
    /// Whether it stands over the page.
    pub(super) fn covers(&self) -> bool {
        let placement = Placement::named(self.response.context.placement);
        placement.covers() || placement == Placement::Tab && !self.waits
    }

    pub(super) fn survey(&self) -> &str {
        &self.response.context.survey
    }

    /// Its last state as an event for the outbox.
    fn submission(&self, due: Option<Millis>) -> Event {
        Event::Submit {
            id: self.response.id.clone(),
            revision: self.response.revision,
            document: self.response.document(&self.questions),
            due,
        }
    }
}

impl Agent {
    /// Lets a survey count as open; returns its response's id. `moment`: see `ask`.
    pub(super) fn new_showing(&self, survey: &Survey, moment: &Value, placement: Placement) -> String {
        let language = self.language(survey);
        let config = self.config.borrow();
        let visitor = self.visitor.borrow();
        let url = self.ports.url();
        let page = match config.privacy.get("page").text() {
            Some("none") => None,
            Some("full") => Some(url),
            _ => url.split(['?', '#']).next().map(String::from),
        };
        let allowed = config.privacy.get("attributes").list();
        let named = visitor.attributes.iter().filter(|(name, _)| allowed.contains(&name.as_str().into())).cloned();
        let attributes: Vec<_> = named.collect();
        let attributes = if attributes.is_empty() { Value::Null } else { Value::Map(attributes) };
        let anonymous = config.privacy.get("signals").text() != Some("ignore") && self.ports.opts_out();
        let who = map([("id", visitor.id.as_deref().into()), ("attributes", attributes)]);
        let now = self.ports.now();
        let context = Context {
            survey: survey.id.clone(),
            touchpoint: match moment.get("touchpoint").millis() {
                Some(index) => document(&survey.touchpoints[index as usize]),
                None => map([("on", "call".into())]),
            },
            turnaround: moment.get("turnaround").millis(),
            shown_at: now,
            page,
            rtl: is_rtl(&language),
            locale: language,
            placement: placement.name(),
            device: self.ports.facts().device,
            visitor: if anonymous || who.entries().is_empty() { Value::Null } else { who },
        };
        let response = Response {
            id: fresh_id(&*self.ports),
            revision: 0,
            status: Status::Partial,
            context,
            answers: Vec::new(),
            answered_at: now,
        };
        let id = response.id.clone();
        self.showings.borrow_mut().push(Showing {
            response,
            questions: survey.questions.clone(),
            drawn: false,
            saved_at: None,
            sent: false,
            preview: *moment == true.into(),
            waits: placement == Placement::Tab,
            shown: false,
            folded: None,
        });
        id
    }

    /// The language of a showing, by its response's id; `None` if it has gone.
    pub(super) fn language_of(&self, response: &str) -> Option<String> {
        let showings = self.showings.borrow();
        let showing = showings.iter().find(|showing| showing.response.id == response);
        showing.map(|showing| showing.response.context.locale.clone())
    }

    /// The built-in texts for a showing. Where they cannot be had it is asked in English, as far as the words are not the
    /// owner's.
    pub(super) async fn wording(&self, response: &str) -> Rc<Wording> {
        let tag = self.language_of(response).map_or("en", |language| nearest(&language));
        if tag == "en" {
            return Rc::default();
        }
        if let Some((_, known)) = self.wordings.borrow().iter().find(|(known, _)| *known == tag) {
            return known.clone();
        }
        let texts = self.ports.wording(tag).await;
        if !texts.is_null() {
            let wording = Rc::new(Wording(texts));
            self.wordings.borrow_mut().push((tag, wording.clone()));
            return wording;
        }
        for showing in self.showings.borrow_mut().iter_mut().filter(|showing| showing.response.id == response) {
            if showing.questions.iter().any(|question| question.built_in().is_some()) {
                showing.response.context.locale = "en".into();
                showing.response.context.rtl = false;
            }
        }
        Rc::default()
    }

    /// Whether a survey's prompt waits behind its tab.
    pub(super) fn waits(&self, survey: &str) -> bool {
        self.showings.borrow().iter().any(|showing| showing.drawn && showing.waits && showing.survey() == survey)
    }

    /// The visitor opened what waited behind a tab.
    pub fn opened(self: Rc<Self>, survey: String) -> Task<'static, ()> {
        let mut first = false;
        if let Some(showing) = self.showings.borrow_mut().iter_mut().find(|showing| showing.survey() == survey) {
            // Answers are there already if it was opened before.
            first = showing.waits && !showing.preview && showing.response.revision == 0;
            showing.waits = false;
            if first {
                showing.response.context.shown_at = self.ports.now();
            }
        }
        Box::pin(async move {
            if first {
                self.remember(Box::new(|state, now| state.memory.note(Fact::Shown(false), &survey, 0, now))).await;
                self.ports.emit("shown", self.shown_detail(&survey));
                self.count_shown(&survey);
            }
        })
    }

    pub(super) fn forget_showing(&self, survey: &str) -> Option<Showing> {
        let mut showings = self.showings.borrow_mut();
        let index = showings.iter().position(|showing| showing.response.context.survey == survey)?;
        Some(showings.remove(index))
    }

    /// `{ survey, id, placement, touchpoint }`.
    pub(super) fn shown_detail(&self, survey: &str) -> Value {
        let showings = self.showings.borrow();
        let Some(showing) = showings.iter().find(|showing| showing.response.context.survey == survey) else {
            return Value::Null;
        };
        map([
            ("survey", survey.into()),
            ("id", showing.response.id.as_str().into()),
            ("placement", showing.response.context.placement.into()),
            ("touchpoint", showing.response.context.touchpoint.clone()),
        ])
    }

    /// The visitor answered, or passed over a question. `answers` are all so far.
    pub fn answered(self: Rc<Self>, survey: String, answers: Vec<Answer>, complete: bool) -> Task<'static, ()> {
        // At once: the prompt may be closed in the same breath.
        let now = self.ports.now();
        let taken = self.take_answers(&survey, answers, complete, now);
        Box::pin(async move {
            let Some((event, first, detail)) = taken else { return };
            self.ports.tell(&survey, Saving::Saving);
            let mut commands = Vec::new();
            let step: Step = Box::new(|state, noted| {
                if first {
                    state.memory.note(Fact::Answered, &survey, 0, noted);
                }
                commands = state.outbox.step(event, now, 0.0);
            });
            let durable = self.remember(step).await;
            self.ports.tell(&survey, if durable { Saving::Saved } else { Saving::Unsaved });
            if let Some(detail) = detail {
                self.ports.emit("answered", detail);
            }
            self.obey(commands);
            if complete {
                self.ports.emit("completed", map([("survey", survey.as_str().into())]));
                self.drain().await;
            }
        })
    }

    /// Adds what was answered to the survey's response: the event for the outbox, whether it is the response's first, and
    /// what to say of the new answer, if there is one.
    fn take_answers(
        &self,
        survey: &str,
        mut answers: Vec<Answer>,
        complete: bool,
        now: Millis,
    ) -> Option<(Event, bool, Option<Value>)> {
        let mut showings = self.showings.borrow_mut();
        let showing = showings.iter_mut().find(|showing| showing.response.context.survey == survey)?;
        if showing.preview {
            return None;
        }
        let response = &mut showing.response;
        let masks = self.config.borrow().privacy.get("mask").clone();
        for answer in &mut answers {
            let asked = showing.questions.iter().find(|question| question.id() == answer.question);
            let free = asked.is_some_and(|question| question.kind() == Kind::Text);
            for written in [free.then_some(&mut answer.value), Some(&mut answer.other)].into_iter().flatten() {
                if let Value::Text(text) = written {
                    *text = mask(text, &masks, self.ports.platform());
                }
            }
        }
        // Where everything was passed over there is nothing to send.
        if answers.is_empty() && showing.saved_at.is_none() {
            return None;
        }
        let fresh = answers.iter().find(|answer| !response.answers.contains(answer)).cloned();
        if fresh.is_some() {
            response.answered_at = now;
        }
        if complete {
            response.status = Status::Complete;
        }
        response.answers = answers;
        response.revision += 1;
        showing.sent = false;
        let detail = fresh.map(|fresh| {
            map([
                ("survey", survey.into()),
                ("id", response.id.as_str().into()),
                ("question", fresh.question.into()),
                ("value", fresh.value),
            ])
        });
        let first = showing.saved_at.replace(now).is_none();
        Some((showing.submission(complete.then_some(now)), first, detail))
    }

    /// The prompt was closed. `reason`: `close`, `escape`, `later`, `never` or `done` (the visitor's act), `call` or `gone`
    /// (the page's). What the visitor did can be taken back for a few seconds.
    pub fn closed(self: Rc<Self>, survey: String, reason: &'static str) -> Task<'static, ()> {
        let mut final_act = matches!(reason, "call" | "gone" | "done");
        let (mut waits, mut folded, mut fact) = (false, false, None);
        let fold = Rc::new(Fold { reason, undone: Cell::default(), noted: RefCell::default() });
        if let Some(showing) = self.showings.borrow_mut().iter_mut().find(|showing| showing.survey() == survey) {
            let tab = showing.response.context.placement == Placement::Tab.name();
            if tab && !matches!(reason, "gone" | "done") && showing.response.status != Status::Complete {
                // Back behind its tab: what was answered stays, and goes out when the page does.
                showing.waits = true;
                waits = true;
            }
            folded = showing.folded.is_some();
            final_act |= waits || folded || showing.preview || showing.response.status == Status::Complete;
            if !final_act {
                showing.folded = Some(fold.clone());
                fact = match reason {
                    "later" => Some(Fact::Later),
                    "never" => Some(Fact::Refused),
                    _ => showing.response.answers.is_empty().then_some(Fact::Declined),
                };
            }
        }
        if waits {
            self.ports.fold(&survey, "tab");
            self.dismissed(&survey, reason);
            self.attend();
            return Box::pin(async {});
        }
        if final_act {
            // A folded one has said already why it was closed.
            return self.finish(survey, (!folded).then_some(reason));
        }
        self.ports.fold(&survey, reason);
        Box::pin(async move {
            let step: Step = Box::new(|state, now| {
                // It may have been taken back in the same breath. If it has gone for good meanwhile, it counts.
                if let Some(fact) = fact.filter(|_| !fold.undone.get()) {
                    fold.noted.replace(Some((fact, now, state.memory.clone())));
                    state.memory.note(fact, &survey, 0, now);
                }
            });
            self.remember(step).await;
            if !fold.undone.get() {
                self.dismissed(&survey, reason);
            }
            self.ports.sleep(UNDO).await;
            while self.ports.is_held(&survey) {
                self.ports.sleep(SECOND).await;
            }
            let over = |showing: &Showing| showing.folded.as_ref().is_some_and(|other| Rc::ptr_eq(other, &fold));
            if self.showings.borrow().iter().any(over) {
                self.finish(survey, None).await;
            }
        })
    }

    /// The visitor takes it back that they closed the prompt.
    pub fn undo(self: Rc<Self>, survey: String) -> Task<'static, ()> {
        let fold = self
            .showings
            .borrow_mut()
            .iter_mut()
            .find(|showing| showing.survey() == survey)
            .and_then(|showing| showing.folded.take());
        if let Some(fold) = &fold {
            fold.undone.set(true);
            // At once: it may be closed anew in the same breath.
            self.ports.unfold(&survey);
        }
        Box::pin(async move {
            let Some(fold) = fold else { return };
            if let Some((fact, at, before)) = fold.noted.take() {
                self.remember(Box::new(|state, _| state.memory.undo(fact, &survey, at, &before))).await;
            }
            self.ports.emit("shown", self.shown_detail(&survey));
        })
    }

    /// Ends what can still be taken back: something else wants its place.
    pub(super) fn finish_folded(self: &Rc<Self>) {
        let folded = |showing: &&Showing| showing.folded.is_some();
        let all: Vec<String> = self.showings.borrow().iter().filter(folded).map(|one| one.survey().into()).collect();
        for survey in all {
            self.ports.spawn(self.clone().finish(survey, None));
        }
    }

    /// Takes a prompt away for good. What was answered goes out as it is.
    fn finish(self: Rc<Self>, survey: String, reason: Option<&'static str>) -> Task<'static, ()> {
        if let Some(reason) = reason {
            self.dismissed(&survey, reason);
        }
        self.ports.close(&survey);
        let mut showing = self.forget_showing(&survey);
        if let Some(event) = showing.as_mut().and_then(|showing| self.dismissal(showing, reason)) {
            self.ports.spawn(self.clone().after(event));
        }
        self.leave_floor();
        Box::pin(async move {
            let Some(showing) = showing else { return };
            if showing.response.status != Status::Complete && showing.saved_at.is_some() {
                let mut commands = Vec::new();
                let now = self.ports.now();
                let step = |state: &mut State| commands = state.outbox.step(showing.submission(Some(now)), now, 0.0);
                self.ports.transact(Box::new(step)).await;
                self.obey(commands);
            }
            self.attend();
            self.drain().await;
        })
    }

    /// Says that a prompt was closed before it was complete.
    fn dismissed(&self, survey: &str, reason: &'static str) {
        let open = |showing: &&Showing| {
            showing.survey() == survey && !showing.preview && showing.response.status != Status::Complete
        };
        let id = self.showings.borrow().iter().find(open).map(|showing| showing.response.id.clone());
        if let Some(id) = id {
            self.ports
                .emit("dismissed", map([("survey", survey.into()), ("id", id.into()), ("reason", reason.into())]));
        }
    }

    /// What happened as an event for the outbox, where the config has it counted.
    fn counted(&self, what: &'static str, context: &Context, reason: Option<&str>) -> Option<Event> {
        let config = self.config.borrow();
        if !config.delivery.as_ref()?.get("events").list().contains(&what.into()) {
            return None;
        }
        let (mut random, now) = ([0; 10], self.ports.now());
        self.ports.fill(&mut random);
        let document = event(what, context, reason, now, random);
        let id = document.get("id").text().unwrap_or_default().into();
        Some(Event::Submit { id, revision: 1, document, due: Some(now) })
    }

    /// Has it counted that a prompt came up, once.
    pub(super) fn count_shown(self: &Rc<Self>, survey: &str) {
        let mut showings = self.showings.borrow_mut();
        let fresh = showings.iter_mut().find(|showing| showing.survey() == survey && !showing.shown);
        let event = fresh.and_then(|showing| {
            showing.shown = true;
            self.counted("shown", &showing.response.context, None)
        });
        if let Some(event) = event {
            self.ports.spawn(self.clone().after(event));
        }
    }

    /// That a prompt was closed for good before it was complete, to be counted once. A folded one has its reason.
    fn dismissal(&self, showing: &mut Showing, reason: Option<&'static str>) -> Option<Event> {
        let shown = std::mem::take(&mut showing.shown) && showing.response.status != Status::Complete;
        let reason = showing.folded.as_ref().map(|fold| fold.reason).or(reason);
        shown.then(|| self.counted("dismissed", &showing.response.context, reason))?
    }

    pub(super) fn drawn(&self, survey: &str) {
        for showing in self.showings.borrow_mut().iter_mut() {
            showing.drawn |= showing.response.context.survey == survey;
        }
    }

    /// Ends the prompts that the page has thrown away, with the slots they stood in.
    pub(super) fn sweep(self: &Rc<Self>) {
        let gone = |showing: &&Showing| showing.drawn && !self.ports.is_up(&showing.response.context.survey);
        let gone: Vec<String> =
            self.showings.borrow().iter().filter(gone).map(|showing| showing.survey().into()).collect();
        for survey in gone {
            self.ports.spawn(self.clone().closed(survey, "gone"));
        }
    }

    /// Closes whatever prompt stands over the page.
    pub fn close(self: Rc<Self>) -> Task<'static, ()> {
        let covering = self.showings.borrow().iter().find(|showing| showing.covers()).map(|one| one.survey().into());
        match covering {
            Some(survey) => self.closed(survey, "call"),
            None => Box::pin(async {}),
        }
    }

    /// The page goes away: what was answered and not sent goes out now, in a request that outlives the page.
    ///
    /// The record stays on the device under a lease. If nobody is there to hear that it arrived, it is sent
    /// once more later, and the endpoint drops the repeat by its id. That a folded prompt was closed is sent as well, and not kept.
    pub fn leave(self: &Rc<Self>) {
        let now = self.ports.now();
        // Another tab may have the floor: this page may be put aside for long.
        self.floor.take();
        let Some(delivery) = self.config.borrow().delivery.clone() else { return };
        let send = |document: Value| {
            let (agent, delivery) = (self.clone(), delivery.clone());
            self.ports.spawn(Box::pin(async move {
                agent.deliver(&delivery, &[&document], 1).await;
            }));
        };
        for showing in self.showings.borrow_mut().iter_mut() {
            if showing.folded.is_some()
                && let Some(Event::Submit { document, .. }) = self.dismissal(showing, None)
            {
                send(document);
            }
            let Some(saved_at) = showing.saved_at.filter(|_| !showing.sent) else { continue };
            showing.sent = true;
            let Event::Submit { id, revision, document, .. } = showing.submission(None) else { continue };
            // An older draft may have been sent and struck off by another tab.
            if now - saved_at < DRAFT {
                self.ports.dash(&Record {
                    id,
                    revision,
                    document: document.clone(),
                    at: saved_at,
                    due: now + LEASE,
                    attempts: 1,
                    owner: Some(self.owner.clone()),
                    ..Record::default()
                });
            }
            send(document);
        }
    }
}
