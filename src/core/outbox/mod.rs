//! The outbox: responses that wait until the endpoint has them.
//!
//! A pure state machine. [`Outbox::step`] takes one [`Event`] and returns [`Command`]s; whoever keeps the
//! outbox applies a step inside one storage transaction, so that a step has either happened or not.
//!
//! ```text
//!            submit            claim             done: delivered
//!   (prompt) ------> waiting ---------> leased ------------------> gone
//!                       ^                 | done: retry, hold; or the lease ran out
//!                       '-----------------+--------------------------------> waiting again
//!                                         | done: reject; or too old
//!                                         '--------------------------------> parked
//! ```
//!
//! The books balance after every step: `enqueued = delivered + waiting + parked + evicted`.

mod backoff;
mod rows;
#[cfg(test)]
mod tests;

pub use backoff::{backoff, hold};

use crate::core::delivery::Outcome;
use crate::core::time::{DAY, MINUTE, Millis, SECOND};
use crate::core::value::Value;

/// How long a claim lasts. After that another tab may take the record.
pub const LEASE: Millis = 30 * SECOND;
/// How long a response whose prompt is still open is kept back, in case its page never says goodbye.
pub const DRAFT: Millis = 30 * MINUTE;
/// Older records are parked.
pub const MAX_AGE: Millis = 30 * DAY;
/// More waiting records than these push out others, partial ones first.
pub const MAX_WAITING: usize = 500;
/// More parked records than these push out the oldest.
pub const MAX_PARKED: usize = 50;
/// So many failures park a record, provided that others got through meanwhile.
pub const MAX_FAILURES: u32 = 8;

/// A response that waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The response's id.
    pub id: String,
    /// The response's revision.
    pub revision: u32,
    /// What is sent.
    pub document: Value,
    /// Counts submissions; breaks ties of `due`.
    pub seq: i64,
    /// When it was first submitted.
    pub at: Millis,
    /// When it may be sent; while it is leased, when the lease ends.
    pub due: Millis,
    /// How often it was claimed.
    pub attempts: u32,
    /// Who has claimed it.
    pub owner: Option<String>,
    /// Whether its prompt is still open.
    pub draft: bool,
    /// When it first failed.
    pub failed_at: Option<Millis>,
}

/// A response that is not tried any more, kept so that it can be looked at and put back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parked {
    /// The record as it was.
    pub record: Record,
    /// `rejected`, `failing` or `too_old`.
    pub reason: String,
    /// The endpoint's last status; 0 if it never answered.
    pub status: u16,
    /// When it was parked.
    pub at: Millis,
}

/// Everything that waits, and the books.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    /// What waits, in no particular order.
    pub records: Vec<Record>,
    /// What is not tried any more, in no particular order.
    pub parked: Vec<Parked>,
    /// Gates and counters.
    pub meta: Meta,
}

/// What is kept beside the records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// Nothing is sent before: the endpoint asked for it, or is at fault. All tabs see it.
    pub gate: Millis,
    /// Nothing is sent before, unless the connection comes back: our own backoff.
    pub pause: Millis,
    /// Failures in a row.
    pub failures: i64,
    /// When something was last delivered.
    pub delivered_at: Millis,
    /// The last submission's number.
    pub seq: i64,
    /// Responses that were ever submitted.
    pub enqueued: i64,
    /// Responses that the endpoint has.
    pub delivered: i64,
    /// Responses that were pushed out.
    pub evicted: i64,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A response is handed in, or a later revision of it.
    Submit {
        /// Its id.
        id: String,
        /// Its revision; an older one than is waiting changes nothing.
        revision: u32,
        /// What to send.
        document: Value,
        /// When it may be sent. `None`: its prompt is still open, keep it back.
        due: Option<Millis>,
    },
    /// Someone is ready to send.
    Claim {
        /// Who.
        owner: String,
    },
    /// The endpoint answered, or did not.
    Done {
        /// Who had claimed it.
        owner: String,
        /// Which record.
        id: String,
        /// Which revision of it was sent.
        revision: u32,
        /// The attempt's number.
        attempt: u32,
        /// What the answer means.
        outcome: Outcome,
        /// The status; 0 without an answer.
        status: u16,
        /// How long the endpoint asked us to wait.
        retry_after: Option<Millis>,
    },
    /// The connection is back, or somebody asked to try now. Does not pass a gate.
    Hurry,
}

/// Something to do after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Send this record now; its owner has it until its lease ends.
    Send(Record),
    /// Look again at this time: nothing can be sent before.
    Wake(Millis),
    /// Tell the page: `queued`, `delivered`, `parked` or `evicted`.
    Tell(&'static str, Record),
}

impl Outbox {
    /// Takes one step at the time `now`. `random` is drawn from [0, 1) and spreads retries.
    pub fn step(&mut self, event: Event, now: Millis, random: f64) -> Vec<Command> {
        let mut commands = Vec::new();
        match event {
            Event::Submit { id, revision, document, due } => {
                self.submit(id, revision, document, due, now, &mut commands)
            }
            Event::Claim { owner } => self.claim(owner, now, &mut commands),
            Event::Done { owner, id, revision, attempt, outcome, status, retry_after } => {
                let failure = Failure { owner, attempt, outcome, status, retry_after };
                self.done(&id, revision, failure, now, random, &mut commands);
            }
            Event::Hurry => {
                self.meta.pause = 0;
                for record in self.records.iter_mut().filter(|record| record.owner.is_none() && !record.draft) {
                    record.due = record.due.min(now);
                }
            }
        }
        commands
    }

    fn submit(
        &mut self,
        id: String,
        revision: u32,
        document: Value,
        due: Option<Millis>,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        let (draft, due) = (due.is_none(), due.unwrap_or(now + DRAFT));
        let known = self.records.iter().position(|record| record.id == id);
        if known.is_some_and(|index| self.records[index].revision > revision) {
            return;
        }
        let known = known.map(|index| self.records.remove(index));
        let fresh = known.as_ref().is_none_or(|known| known.revision < revision);
        self.meta.enqueued += i64::from(known.is_none());
        self.meta.seq += 1;
        let record = match known {
            // The same state once more: the prompt was closed, or its page goes away.
            Some(known) if !fresh => {
                Record { draft, due: if known.owner.is_some() { known.due } else { due }, ..known }
            }
            known => Record {
                id,
                revision,
                document,
                due,
                draft,
                seq: self.meta.seq,
                at: known.map_or(now, |known| known.at),
                ..Record::default()
            },
        };
        if fresh {
            commands.push(Command::Tell("queued", record.clone()));
        }
        self.records.push(record);
        if self.records.len() > MAX_WAITING {
            self.evict(commands);
        }
    }

    /// Pushes out the oldest partial response, or the oldest of all; never the newest.
    fn evict(&mut self, commands: &mut Vec<Command>) {
        let newest = self.records.len() - 1;
        let rank = |record: &Record| (record.document.get("status").text() != Some("partial"), record.seq);
        if let Some(index) = (0..newest).min_by_key(|index| rank(&self.records[*index])) {
            self.meta.evicted += 1;
            commands.push(Command::Tell("evicted", self.records.remove(index)));
        }
    }

    fn claim(&mut self, owner: String, now: Millis, commands: &mut Vec<Command>) {
        self.distrust_clock(now);
        while let Some(index) = self.records.iter().position(|r| r.owner.is_none() && now - r.at > MAX_AGE) {
            let record = self.records.remove(index);
            self.park(record, "too_old", 0, now, commands);
        }
        let open = self.meta.gate.max(self.meta.pause);
        let Some(record) = self.records.iter_mut().min_by_key(|record| (record.due, record.seq)) else {
            return;
        };
        if open > now || record.due > now {
            return commands.push(Command::Wake(open.max(record.due)));
        }
        record.owner = Some(owner);
        record.attempts += 1;
        record.due = now + LEASE;
        commands.push(Command::Send(record.clone()));
    }

    /// Ends leases that are over, and waits that lie further ahead than any wait can: a clock was set back.
    fn distrust_clock(&mut self, now: Millis) {
        for record in &mut self.records {
            let longest = if record.owner.is_some() { LEASE } else { DRAFT };
            if record.due > now + longest {
                record.due = now;
            }
            if record.due <= now {
                record.owner = None;
                record.draft = false;
            }
        }
        if self.meta.gate > now + DAY {
            self.meta.gate = now;
        }
        if self.meta.pause > now + backoff::LONGEST {
            self.meta.pause = now;
        }
    }

    fn done(
        &mut self,
        id: &str,
        revision: u32,
        failure: Failure,
        now: Millis,
        random: f64,
        commands: &mut Vec<Command>,
    ) {
        let Failure { owner, attempt, outcome, status, retry_after } = failure;
        if outcome == Outcome::Delivered {
            self.meta.failures = 0;
            self.meta.pause = 0;
            self.meta.delivered_at = now;
            // Whoever sent it, and whatever was thought of it meanwhile: the endpoint has it.
            let waiting = self.records.iter().position(|r| r.id == id && r.revision == revision);
            let parked = self.parked.iter().position(|p| p.record.id == id && p.record.revision == revision);
            let record = match (waiting, parked) {
                (Some(index), _) => self.records.remove(index),
                (None, Some(index)) => self.parked.remove(index).record,
                (None, None) => return,
            };
            self.meta.delivered += 1;
            return commands.push(Command::Tell("delivered", record));
        }
        // A failure counts only for the claim it belongs to: the lease may have passed on.
        let Some(index) = self.records.iter().position(|record| {
            record.id == id
                && record.revision == revision
                && record.owner.as_deref() == Some(&owner)
                && record.attempts == attempt
        }) else {
            return;
        };
        let record = &mut self.records[index];
        record.owner = None;
        let failing = record.attempts >= MAX_FAILURES && record.failed_at.is_some_and(|at| at < self.meta.delivered_at);
        if outcome == Outcome::Reject || failing {
            let reason = if failing { "failing" } else { "rejected" };
            let record = self.records.remove(index);
            return self.park(record, reason, status, now, commands);
        }
        record.failed_at = record.failed_at.or(Some(now));
        record.due = now + backoff(i64::from(record.attempts), random);
        self.meta.failures += 1;
        self.meta.pause = now + backoff(self.meta.failures, random);
        if outcome == Outcome::Hold {
            self.meta.gate = self.meta.gate.max(now + hold(self.meta.failures, random));
        }
        if let Some(wait) = retry_after {
            self.meta.gate = self.meta.gate.max(now + wait.clamp(SECOND, DAY));
        }
    }

    fn park(&mut self, record: Record, reason: &str, status: u16, now: Millis, commands: &mut Vec<Command>) {
        commands.push(Command::Tell("parked", record.clone()));
        self.parked.push(Parked { record: Record { owner: None, ..record }, reason: reason.into(), status, at: now });
        if self.parked.len() > MAX_PARKED
            && let Some(oldest) = (0..self.parked.len()).min_by_key(|index| self.parked[*index].at)
        {
            self.meta.evicted += 1;
            commands.push(Command::Tell("evicted", self.parked.remove(oldest).record));
        }
    }
}

/// What came of an attempt that may have failed.
struct Failure {
    owner: String,
    attempt: u32,
    outcome: Outcome,
    status: u16,
    retry_after: Option<Millis>,
}
