//! Emptying the outbox.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use super::Agent;
use crate::core::config::decode;
use crate::core::delivery::template::Fault;
use crate::core::delivery::{Outcome, Reply, most};
use crate::core::outbox::{Command, End, Event, Record};
use crate::core::time::SECOND;
use crate::core::value::{Value, map};
use crate::ports::{Saving, Sent, State, Task};

/// How much of a refusal is kept, in characters.
const PROBLEM: usize = 300;

impl Agent {
    /// Sends what is due, request after request, and sets the alarm for the rest. Resolves when all that can be sent now was tried.
    pub fn drain(self: &Rc<Self>) -> Task<'static, ()> {
        let agent = self.clone();
        Box::pin(async move {
            agent.drain_again.set(true);
            if agent.draining.replace(true) {
                // What is under way takes this along.
                return poll_fn(|context| {
                    agent.waiting.borrow_mut().push(context.waker().clone());
                    if agent.draining.get() { Poll::Pending } else { Poll::Ready(()) }
                })
                .await;
            }
            let lock = agent.ports.lock("asklet.drain").await;
            // A tab that is frozen keeps the lock. But its lease runs out.
            if lock.is_some() || agent.has_lapsed().await {
                // What is asked for meanwhile is done under the same lock: it is not free again at once.
                while agent.drain_again.take() {
                    while agent.send_some().await {}
                }
            } else {
                // Another tab is at it; whatever it leaves is looked at soon.
                agent.ports.alarm(5 * SECOND);
            }
            drop(lock);
            agent.draining.set(false);
            agent.waiting.take().into_iter().for_each(Waker::wake);
        })
    }

    /// Whether somebody's lease on a record has run out.
    async fn has_lapsed(&self) -> bool {
        let (mut lapsed, now) = (false, self.ports.now());
        let look =
            |state: &mut State| lapsed = state.outbox.records.iter().any(|it| it.owner.is_some() && it.due <= now);
        self.ports.transact(Box::new(look)).await;
        lapsed
    }

    /// Tries now, without waiting out our own pauses. Resolves when all that could be sent was tried.
    pub fn flush(self: Rc<Self>) -> Task<'static, ()> {
        self.after(Event::Hurry)
    }

    /// Puts what is parked back, and tries now.
    pub fn retry(self: Rc<Self>) -> Task<'static, ()> {
        self.after(Event::PutBack)
    }

    /// Takes one step of the outbox, and sends what is due then.
    pub(super) fn after(self: Rc<Self>, event: Event) -> Task<'static, ()> {
        Box::pin(async move {
            let (commands, _) = self.step(event).await;
            self.obey(commands);
            self.drain().await;
        })
    }

    /// Sends what waits by the `delivery` of this config, in a place without a page, such as a service worker. What is left afterwards is
    /// as in [`Agent::outbox`].
    pub async fn drain_only(self: Rc<Self>, document: &Value) -> Value {
        let (config, problems) = decode(document);
        // Surveys are of no account here.
        self.report(&problems.into_iter().filter(|problem| problem.path.starts_with("delivery")).collect::<Vec<_>>());
        *self.config.borrow_mut() = config;
        self.clone().flush().await;
        self.outbox().await
    }

    /// What waits and what is parked: `{ waiting, parked, books, durable }`.
    pub async fn outbox(self: Rc<Self>) -> Value {
        let mut summary = Value::Null;
        let durable = self.ports.transact(Box::new(|state| summary = state.outbox.summary())).await;
        let mut members = summary.entries().to_vec();
        members.push(("durable".into(), durable.into()));
        Value::Map(members)
    }

    /// Takes one step of the outbox as one transaction; true beside its commands if it is on the device.
    fn step(&self, event: Event) -> Task<'_, (Vec<Command>, bool)> {
        let mut random = [0];
        self.ports.fill(&mut random);
        let (now, random) = (self.ports.now(), f64::from(random[0]) / 256.0);
        Box::pin(async move {
            let mut commands = Vec::new();
            let step = |state: &mut State| commands = state.outbox.step(event, now, random);
            let durable = self.ports.transact(Box::new(step)).await;
            (commands, durable)
        })
    }

    async fn send_some(&self) -> bool {
        // Read for each request: a new configuration may have another endpoint, or none.
        let Some(delivery) = self.config.borrow().delivery.clone() else { return false };
        let (commands, _) = self.step(Event::Claim { owner: self.owner.clone(), most: most(&delivery) }).await;
        let records = self.obey(commands);
        let Some(first) = records.first() else { return false };
        records.iter().for_each(|record| self.mark_sent(record));
        let documents: Vec<&Value> = records.iter().map(|record| &record.document).collect();
        let (outcomes, reply) = self.deliver(&delivery, &documents, first.attempts).await;
        let Reply { status, retry_after, text } = reply.unwrap_or_default();
        let end = |(record, outcome): (&Record, &Outcome)| End {
            id: record.id.clone(),
            revision: record.revision,
            attempt: record.attempts,
            outcome: *outcome,
        };
        let done = Event::Done {
            owner: self.owner.clone(),
            ends: records.iter().zip(&outcomes).map(end).collect(),
            status,
            problem: text.chars().take(PROBLEM).collect(),
            retry_after,
        };
        let (commands, durable) = self.step(done).await;
        for (record, outcome) in records.iter().zip(outcomes) {
            // What a command tells of is told by it. Else it still waits, or another tab has struck it off already.
            if !commands.iter().any(|command| matches!(command, Command::Tell(_, told) if told.id == record.id)) {
                let saving = match (outcome, durable) {
                    (Outcome::Delivered, _) => Saving::Sent,
                    (_, true) => Saving::Kept,
                    (_, false) => Saving::Unsaved,
                };
                self.tell_about(record, saving);
            }
        }
        self.obey(commands);
        true
    }

    /// Sends documents in one request; what came of each, and the reply.
    pub(super) async fn deliver(&self, delivery: &Value, documents: &[&Value], attempt: u32) -> Sent {
        match self.ports.deliver(delivery, documents, attempt).await {
            Ok(sent) => sent,
            Err(Fault { path, message }) => {
                let message = ["delivery.", &path, " ", &message, "; what waits is kept"].concat();
                self.ports.warn(&message);
                self.ports.emit("error", map([("message", message.into())]));
                (vec![Outcome::Unsent; documents.len()], None)
            }
        }
    }

    fn mark_sent(&self, record: &Record) {
        for showing in self.showings.borrow_mut().iter_mut() {
            let response = &showing.response;
            showing.sent |= response.id == record.id && response.revision == record.revision;
        }
    }

    /// Carries out commands; returns the records that are to be sent.
    pub(super) fn obey(&self, commands: Vec<Command>) -> Vec<Record> {
        let mut to_send = Vec::new();
        for command in commands {
            match command {
                Command::Send(records) => to_send = records,
                Command::Wake(at) => self.ports.alarm((at - self.ports.now()).max(0)),
                Command::Tell(event, record) => {
                    self.ports.emit(event, record.detail());
                    if event == "delivered" {
                        self.tell_about(&record, Saving::Sent);
                    }
                }
            }
        }
        to_send
    }

    /// Tells the record's prompt, if it is still open, what happened to its answers.
    fn tell_about(&self, record: &Record, saving: Saving) {
        let open =
            |showing: &super::Showing| showing.response.id == record.id && showing.response.revision == record.revision;
        if self.showings.borrow().iter().any(open)
            && let Some(survey) = record.document.get("survey").text()
        {
            self.ports.tell(survey, saving);
        }
    }
}
