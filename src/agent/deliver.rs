//! Emptying the outbox.

use std::rc::Rc;

use super::Agent;
use crate::core::delivery::{Outcome, outcome};
use crate::core::outbox::{Command, Event, Record};
use crate::core::time::SECOND;
use crate::core::value::{Value, map};
use crate::ports::{Saving, State, Task};

impl Agent {
    /// Sends what is due, one record after the other, and sets the alarm for the rest.
    pub fn drain(self: &Rc<Self>) -> Task<'static, ()> {
        let agent = self.clone();
        Box::pin(async move {
            agent.drain_again.set(true);
            if agent.draining.replace(true) {
                return;
            }
            match agent.ports.lock("asklet.drain").await {
                Some(_lock) => {
                    // What is asked for meanwhile is done under the same lock: it is not free again at once.
                    while agent.drain_again.take() {
                        while agent.send_one().await {}
                    }
                }
                // Another tab is at it; whatever it leaves is looked at soon.
                None => agent.ports.alarm(5 * SECOND),
            }
            agent.draining.set(false);
        })
    }

    /// Tries now, without waiting out our own pauses. Resolves when all that could be sent was tried.
    pub fn flush(self: Rc<Self>) -> Task<'static, ()> {
        Box::pin(async move {
            self.step(Event::Hurry).await;
            self.drain().await;
        })
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

    async fn send_one(&self) -> bool {
        // Read for each record: a new configuration may have another endpoint, or none.
        let Some(endpoint) = self.config.borrow().endpoint.clone() else { return false };
        let (commands, _) = self.step(Event::Claim { owner: self.owner.clone() }).await;
        let Some(record) = self.obey(commands) else { return false };
        self.mark_sent(&record);
        let reply = self.ports.post(&endpoint, &record.document).await;
        let status = reply.as_ref().map(|reply| reply.status);
        let outcome = outcome(status);
        let done = Event::Done {
            owner: self.owner.clone(),
            id: record.id.clone(),
            revision: record.revision,
            attempt: record.attempts,
            outcome,
            status: status.unwrap_or_default(),
            retry_after: reply.and_then(|reply| reply.retry_after),
        };
        let (commands, durable) = self.step(done).await;
        // Nothing to tell the page: it still waits, or another tab has struck it off already.
        if commands.is_empty() {
            let saving = match (outcome, durable) {
                (Outcome::Delivered, _) => Saving::Sent,
                (_, true) => Saving::Kept,
                (_, false) => Saving::Unsaved,
            };
            self.tell_about(&record, saving);
        }
        self.obey(commands);
        true
    }

    fn mark_sent(&self, record: &Record) {
        for showing in self.showings.borrow_mut().iter_mut() {
            let response = &showing.response;
            showing.sent |= response.id == record.id && response.revision == record.revision;
        }
    }

    /// Carries out commands; returns the record that is to be sent.
    pub(super) fn obey(&self, commands: Vec<Command>) -> Option<Record> {
        let mut to_send = None;
        for command in commands {
            match command {
                Command::Send(record) => to_send = Some(record),
                Command::Wake(at) => self.ports.alarm((at - self.ports.now()).max(0)),
                Command::Tell(event, record) => {
                    let detail = map([
                        ("id", record.id.as_str().into()),
                        ("survey", record.document.get("survey").clone()),
                        ("revision", i64::from(record.revision).into()),
                        ("status", record.document.get("status").clone()),
                    ]);
                    self.ports.emit(event, detail);
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
