//! One prompt that is open, from the agent's side.

use std::rc::Rc;

use super::{Agent, fresh_id};
use crate::core::config::PageDetail;
use crate::core::delivery::{Context, Response, Status};
use crate::core::frequency::Fact;
use crate::core::outbox::{DRAFT, Event, LEASE, Record};
use crate::core::survey::{Answer, Placement, Question, Survey};
use crate::core::text::is_rtl;
use crate::core::time::Millis;
use crate::core::value::{Value, map};
use crate::ports::{Saving, State, Task};

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
}

impl Showing {
    /// Whether it stands over the page.
    pub(super) fn covers(&self) -> bool {
        self.response.context.placement == Placement::Popover.name()
    }

    fn survey(&self) -> String {
        self.response.context.survey.clone()
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
    pub(super) fn new_showing(&self, survey: &Survey, touchpoint: Option<usize>, language: &str) -> Showing {
        let config = self.config.borrow();
        let visitor = self.visitor.borrow();
        let url = self.ports.url();
        let page = match config.privacy.page {
            PageDetail::None => None,
            PageDetail::Path => url.split(['?', '#']).next().map(String::from),
            PageDetail::Full => Some(url),
        };
        let named = visitor.attributes.iter().filter(|(name, _)| config.privacy.attributes.contains(name)).cloned();
        let attributes: Vec<_> = named.collect();
        let attributes = if attributes.is_empty() { Value::Null } else { Value::Map(attributes) };
        let who = map([("id", visitor.id.as_deref().into()), ("attributes", attributes)]);
        let now = self.ports.now();
        let context = Context {
            survey: survey.id.clone(),
            touchpoint: touchpoint
                .map_or_else(|| map([("on", "call".into())]), |index| survey.touchpoints[index].document()),
            shown_at: now,
            page,
            rtl: is_rtl(language),
            locale: language.into(),
            placement: survey.placement.name(),
            device: self.ports.device(),
            visitor: if who.entries().is_empty() { Value::Null } else { who },
        };
        let response = Response {
            id: fresh_id(&*self.ports),
            revision: 0,
            status: Status::Partial,
            context,
            answers: Vec::new(),
            answered_at: now,
        };
        Showing { response, questions: survey.questions.clone(), drawn: false, saved_at: None, sent: false }
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
            let step = |state: &mut State| {
                if first {
                    state.memory.note(Fact::Answered, &survey, self.session.get(), now);
                }
                commands = state.outbox.step(event, now, 0.0);
            };
            let durable = self.ports.transact(Box::new(step)).await;
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
        answers: Vec<Answer>,
        complete: bool,
        now: Millis,
    ) -> Option<(Event, bool, Option<Value>)> {
        let mut showings = self.showings.borrow_mut();
        let showing = showings.iter_mut().find(|showing| showing.response.context.survey == survey)?;
        let response = &mut showing.response;
        // Where everything was passed over there is nothing to send.
        let last = answers.last()?.clone();
        let fresh = answers.len() > response.answers.len();
        if fresh {
            response.answered_at = now;
        }
        if complete {
            response.status = Status::Complete;
        }
        response.answers = answers;
        response.revision += 1;
        showing.sent = false;
        let detail = fresh.then(|| {
            map([
                ("survey", survey.into()),
                ("id", response.id.as_str().into()),
                ("question", last.question.into()),
                ("value", last.value),
            ])
        });
        let first = showing.saved_at.replace(now).is_none();
        Some((showing.submission(complete.then_some(now)), first, detail))
    }

    /// The prompt was closed. `reason`: `close`, `escape` or `done` (the visitor's act), `call` or `gone` (the page's).
    pub fn closed(self: Rc<Self>, survey: String, reason: &'static str) -> Task<'static, ()> {
        self.ports.close(&survey);
        let showing = self.forget_showing(&survey);
        Box::pin(async move {
            let Some(showing) = showing else { return };
            if showing.response.status != Status::Complete {
                self.given_up(&survey, showing, reason).await;
            }
            self.next_waiting();
            self.drain().await;
        })
    }

    pub(super) fn drawn(&self, survey: &str) {
        for showing in self.showings.borrow_mut().iter_mut() {
            showing.drawn |= showing.response.context.survey == survey;
        }
    }

    /// Ends the prompts that the page has thrown away, with the slots they stood in.
    pub(super) fn sweep(self: &Rc<Self>) {
        let gone = |showing: &&Showing| showing.drawn && !self.ports.is_up(&showing.response.context.survey);
        let gone: Vec<String> = self.showings.borrow().iter().filter(gone).map(Showing::survey).collect();
        for survey in gone {
            self.ports.spawn(self.clone().closed(survey, "gone"));
        }
    }

    /// What was answered goes out as it is; nothing answered means no, if the visitor closed it.
    async fn given_up(&self, survey: &str, showing: Showing, reason: &'static str) {
        let now = self.ports.now();
        let declined = showing.response.answers.is_empty();
        let id = showing.response.id.as_str().into();
        self.ports.emit("dismissed", map([("survey", survey.into()), ("id", id), ("reason", reason.into())]));
        let mut commands = Vec::new();
        let step = |state: &mut State| {
            if !declined {
                commands = state.outbox.step(showing.submission(Some(now)), now, 0.0);
            } else if matches!(reason, "close" | "escape") {
                state.memory.note(Fact::Declined, survey, self.session.get(), now);
            }
        };
        self.ports.transact(Box::new(step)).await;
        self.obey(commands);
    }

    /// Closes whatever prompt stands over the page.
    pub fn close(self: Rc<Self>) -> Task<'static, ()> {
        let covering = self.showings.borrow().iter().find(|showing| showing.covers()).map(Showing::survey);
        match covering {
            Some(survey) => self.closed(survey, "call"),
            None => Box::pin(async {}),
        }
    }

    /// The page goes away: what was answered and not sent goes out now, in a request that outlives the page.
    ///
    /// The record stays on the device under a lease. If nobody is there to hear that it arrived, it is sent
    /// once more later, and the endpoint drops the repeat by its id.
    pub fn leave(self: &Rc<Self>) {
        let now = self.ports.now();
        let Some(endpoint) = self.config.borrow().endpoint.clone() else { return };
        for showing in self.showings.borrow_mut().iter_mut() {
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
            let (agent, endpoint) = (self.clone(), endpoint.clone());
            self.ports.spawn(Box::pin(async move {
                agent.ports.post(&endpoint, &document).await;
            }));
        }
    }
}
