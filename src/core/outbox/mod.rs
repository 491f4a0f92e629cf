//! The outbox: responses that wait until the endpoint has them.
//!
//! A pure state machine. [`Outbox::step`] takes one [`Event`] and returns [`Command`]s; whoever keeps the
//! outbox applies a step inside one storage transaction, so that a step has either happened or not.
//!
//! ```text
//!            submit            claim             done: delivered
//!   (prompt) ------> waiting ---------> leased ------------------> gone
//!                     ^   ^               | done: retry, hold; or the lease ran out
//!                     |   '---------------+--------------------------------> waiting again
//!                     |                   | done: reject, sent alone; or too old
//!                     |                   '--------------------------------> parked
//!                     '-----------------------------------------------------' put back
//! ```
//!
//! Several records may go in one request. What was refused, or failed twice, among others is sent alone from then on, so that one bad
//! record never holds up the rest.
//!
//! The books balance after every step: `enqueued = delivered + waiting + parked + evicted`.

mod backoff;
mod rows;
#[cfg(test)]
mod tests;

pub use backoff::{backoff, hold};

use crate::core::delivery::{Outcome, is_event};
use crate::core::time::{DAY, MINUTE, Millis, SECOND};
use crate::core::value::Value;

/// How long a claim lasts. After that another tab may take the record.
pub const LEASE: Millis = 30 * SECOND;
/// How long a response whose prompt is still open is kept back, in case its page never says goodbye.
pub const DRAFT: Millis = 30 * MINUTE;
/// Older records are parked when they fail once more.
pub const MAX_AGE: Millis = 30 * DAY;
/// More waiting records than these push out others, events first, then partial responses.
pub const MAX_WAITING: usize = 500;
/// The same for their bytes.
pub const MAX_BYTES: usize = 2 << 20;
/// No more records than fit into so many bytes go in one request: a browser lets 64 KiB outlive a page.
pub const MAX_REQUEST: usize = 60_000;
/// More parked records than these push out the oldest.
pub const MAX_PARKED: usize = 50;
/// So many failures park a record; only those count before which something else got through. An outage parks nothing.
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
    /// How often it has failed after something else got through.
    pub failures: u32,
    /// How many responses had been delivered when it last failed.
    pub delivered: i64,
    /// Whether it goes in a request of its own: among others it was refused, or failed twice.
    pub alone: bool,
}

impl Record {
    /// About how many bytes it takes.
    fn size(&self) -> usize {
        self.document.size()
    }
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
    /// What the endpoint said of it, or its beginning.
    pub problem: String,
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
        /// How many records at most.
        most: usize,
    },
    /// The endpoint answered, or did not.
    Done {
        /// Who had claimed them.
        owner: String,
        /// What became of each record of the request.
        ends: Vec<End>,
        /// The status; 0 without an answer.
        status: u16,
        /// What the endpoint said, or its beginning.
        problem: String,
        /// How long the endpoint asked us to wait.
        retry_after: Option<Millis>,
    },
    /// The connection is back, or somebody asked to try now. Does not pass a gate.
    Hurry,
    /// What is parked is to be tried again: somebody has mended something.
    PutBack,
    /// The device has no more room: what matters least goes.
    Relieve,
}

/// What became of one record of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// Which record.
    pub id: String,
    /// Which revision of it was sent.
    pub revision: u32,
    /// The attempt's number.
    pub attempt: u32,
    /// What the answer means for it.
    pub outcome: Outcome,
}

/// Something to do after a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Send these records now, in one request; their owner has them until the lease ends.
    Send(Vec<Record>),
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
            Event::Claim { owner, most } => self.claim(owner, most, now, &mut commands),
            Event::Done { owner, ends, status, problem, retry_after } => {
                let request = Request { owner, status, problem, shared: ends.len() > 1 };
                self.done(ends, request, retry_after, now, random, &mut commands);
            }
            Event::PutBack => {
                for Parked { record, .. } in std::mem::take(&mut self.parked) {
                    // Its age counts anew, or it would be parked at once.
                    self.records.push(Record { due: now, at: now, attempts: 0, failures: 0, alone: false, ..record });
                }
                self.evict(&mut commands);
            }
            Event::Relieve => {
                self.drop_parked(0, &mut commands);
                let responses = self.records.iter().filter(|record| record.worth() > EVENT);
                let newest = responses.map(|record| record.seq).max();
                let goes = |record: &Record| record.worth() < COMPLETE && Some(record.seq) != newest;
                while let Some(index) = self.records.iter().position(goes) {
                    self.drop_waiting(index, &mut commands);
                }
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
        let at_hand = |record: &Record| record.id == id && record.revision > revision;
        let parked = self.parked.iter().position(|parked| parked.record.id == id);
        // What is parked in this very state stays so.
        if self.records.iter().any(at_hand) || parked.is_some_and(|at| self.parked[at].record.revision >= revision) {
            return;
        }
        let waiting = self.records.iter().position(|record| record.id == id).map(|index| self.records.remove(index));
        let known = waiting.or_else(|| parked.map(|at| self.parked.remove(at).record));
        let fresh = known.as_ref().is_none_or(|known| known.revision < revision);
        self.meta.enqueued += i64::from(known.is_none());
        self.meta.seq += 1;
        let record = match known {
            // The same state once more: the prompt was closed, or its page goes away.
            Some(known) if !fresh => {
                let due = if known.owner.is_some() { known.due } else { due };
                Record { draft, due, seq: self.meta.seq, ..known }
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
        self.evict(commands);
    }

    /// Pushes out what matters least, the oldest first, until the rest has room; never the newest, unless that is an event.
    fn evict(&mut self, commands: &mut Vec<Command>) {
        let rank = |record: &Record| (record.worth(), record.seq);
        let mut bytes: usize = self.records.iter().map(Record::size).sum();
        while self.records.len() > 1 && (self.records.len() > MAX_WAITING || bytes > MAX_BYTES) {
            let newest = self.records.len() - 1;
            let may_go = (0..=newest).filter(|index| *index < newest || self.records[newest].worth() == EVENT);
            let index = may_go.min_by_key(|index| rank(&self.records[*index])).unwrap_or_default();
            bytes -= self.records[index].size();
            self.drop_waiting(index, commands);
        }
    }

    fn drop_waiting(&mut self, index: usize, commands: &mut Vec<Command>) {
        self.meta.evicted += 1;
        commands.push(Command::Tell("evicted", self.records.remove(index)));
    }

    /// Pushes out of what is parked events, then responses, the oldest first, until no more than `most` are left.
    fn drop_parked(&mut self, most: usize, commands: &mut Vec<Command>) {
        let rank = |parked: &Parked| (parked.record.worth() > EVENT, parked.at);
        while self.parked.len() > most
            && let Some(least) = (0..self.parked.len()).min_by_key(|index| rank(&self.parked[*index]))
        {
            self.meta.evicted += 1;
            commands.push(Command::Tell("evicted", self.parked.remove(least).record));
        }
    }

    fn claim(&mut self, owner: String, most: usize, now: Millis, commands: &mut Vec<Command>) {
        self.distrust_clock(now);
        let open = self.meta.gate.max(self.meta.pause);
        let next = |records: &[Record], with_alone: bool| {
            let those = records.iter().filter(|record| with_alone || !record.alone);
            // What has failed comes after what is due as well, or that would wait out its pauses.
            those.min_by_key(|record| (record.due.max(now), record.attempts, record.due, record.seq)).cloned()
        };
        let Some(first) = next(&self.records, true) else { return };
        if open > now || first.due > now {
            return commands.push(Command::Wake(open.max(first.due)));
        }
        // After a failure one record goes ahead: whether the endpoint is well again can be seen by it.
        let most = if first.alone || self.meta.failures > 0 { 1 } else { most };
        let mut bytes = 0;
        let mut claimed: Vec<Record> = Vec::new();
        // One that goes alone has its turn by itself.
        while let Some(mut record) = next(&self.records, most == 1).filter(|record| record.due <= now) {
            bytes += record.size();
            if claimed.len() == most || !claimed.is_empty() && bytes > MAX_REQUEST {
                break;
            }
            record.owner = Some(owner.clone());
            record.attempts += 1;
            record.due = now + LEASE;
            if let Some(stored) = self.records.iter_mut().find(|stored| stored.id == record.id) {
                stored.clone_from(&record);
            }
            // In the order of their ids: the same records are the same body, whatever they have waited for meanwhile.
            let place = claimed.iter().take_while(|other| other.id < record.id).count();
            claimed.insert(place, record);
        }
        commands.push(Command::Send(claimed));
    }

    /// Ends leases that are over, and waits that lie further ahead than any wait can: a clock was set back.
    fn distrust_clock(&mut self, now: Millis) {
        for record in &mut self.records {
            let longest = match record.owner {
                Some(_) => LEASE,
                None if record.draft => DRAFT,
                None => backoff::LONGEST_HOLD,
            };
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
        ends: Vec<End>,
        request: Request,
        retry_after: Option<Millis>,
        now: Millis,
        random: f64,
        commands: &mut Vec<Command>,
    ) {
        let (mut well, mut failed, mut held) = (false, false, false);
        // First what got through: it counts for what is thought of the others.
        for end in ends.iter().filter(|end| end.outcome == Outcome::Delivered) {
            well = true;
            self.strike_off(end, commands);
        }
        for end in ends.iter().filter(|end| end.outcome != Outcome::Delivered) {
            let Some(index) = self.fenced(end, &request.owner) else { continue };
            well |= end.outcome == Outcome::Reject;
            failed |= matches!(end.outcome, Outcome::Retry | Outcome::Hold);
            held |= end.outcome == Outcome::Hold;
            self.failed(index, end.outcome, &request, now, random, commands);
        }
        // An endpoint that takes some, or says what it does not want, is well.
        if well {
            self.meta.failures = 0;
            self.meta.pause = 0;
        }
        if well || !failed {
            return;
        }
        self.meta.failures += 1;
        self.meta.pause = now + backoff(self.meta.failures, random);
        if held {
            self.meta.gate = self.meta.gate.max(now + hold(self.meta.failures, random));
        }
        if let Some(wait) = retry_after {
            self.meta.gate = self.meta.gate.max(now + wait.clamp(SECOND, DAY));
        }
    }

    /// The endpoint has it, whoever sent it, and whatever was thought of it meanwhile.
    fn strike_off(&mut self, end: &End, commands: &mut Vec<Command>) {
        let is_it = |record: &Record| record.id == end.id && record.revision == end.revision;
        let record = if let Some(index) = self.records.iter().position(is_it) {
            self.records.remove(index)
        } else if let Some(index) = self.parked.iter().position(|parked| is_it(&parked.record)) {
            self.parked.remove(index).record
        } else {
            return;
        };
        self.meta.delivered += 1;
        commands.push(Command::Tell("delivered", record));
    }

    /// A failure counts only for the claim it belongs to: the lease may have passed on.
    fn fenced(&self, end: &End, owner: &str) -> Option<usize> {
        self.records.iter().position(|record| {
            record.id == end.id
                && record.revision == end.revision
                && record.owner.as_deref() == Some(owner)
                && record.attempts == end.attempt
        })
    }

    fn failed(
        &mut self,
        index: usize,
        outcome: Outcome,
        request: &Request,
        now: Millis,
        random: f64,
        commands: &mut Vec<Command>,
    ) {
        let record = &mut self.records[index];
        record.owner = None;
        let refused = matches!(outcome, Outcome::Reject | Outcome::Unsent);
        // Counted, not timed: clocks move. What was never sent has not failed: a mended config rescues it.
        record.failures += u32::from(!refused && self.meta.delivered > record.delivered);
        record.delivered = self.meta.delivered;
        let failing = !refused && record.failures >= MAX_FAILURES;
        if refused && request.shared {
            // Which of them it was shows when each goes alone.
            record.alone = true;
            record.due = now;
            return;
        }
        // Not before it was tried: its date may be that of a clock that was wrong.
        let old = outcome != Outcome::Unsent && now - record.at > MAX_AGE;
        if failing || old || outcome == Outcome::Reject {
            let reason = match outcome {
                Outcome::Reject => "rejected",
                _ if old => "too_old",
                _ => "failing",
            };
            let record = self.records.remove(index);
            return self.park(record, reason, request.status, request.problem.clone(), now, commands);
        }
        record.alone |= request.shared && record.attempts > 1;
        let attempts = i64::from(record.attempts);
        record.due = now + if outcome == Outcome::Unsent { hold(attempts, random) } else { backoff(attempts, random) };
    }

    fn park(
        &mut self,
        record: Record,
        reason: &str,
        status: u16,
        problem: String,
        now: Millis,
        commands: &mut Vec<Command>,
    ) {
        commands.push(Command::Tell("parked", record.clone()));
        self.parked.push(Parked {
            record: Record { owner: None, ..record },
            reason: reason.into(),
            status,
            problem,
            at: now,
        });
        self.drop_parked(MAX_PARKED, commands);
    }
}

/// What an event is worth: less than every response.
const EVENT: u8 = 0;
/// What a complete response is worth; a partial one is worth less.
const COMPLETE: u8 = 2;

impl Record {
    /// How much it matters, where there is not room for all.
    fn worth(&self) -> u8 {
        match self.document.get("status").text() {
            _ if is_event(&self.document) => EVENT,
            Some("partial") => 1,
            _ => COMPLETE,
        }
    }
}

/// A request that has ended.
struct Request {
    owner: String,
    status: u16,
    problem: String,
    /// Whether several records went in it.
    shared: bool,
}
