//! One device with its tabs and its database, an endpoint that keeps what it has accepted, and somebody who looks on.

use std::collections::HashMap;
use std::fmt;

use asklet::core::delivery::{Outcome, request};
use asklet::core::outbox::{Command, End, Event, LEASE, MAX_AGE, MAX_FAILURES, MAX_REQUEST, Outbox, Record};
use asklet::core::platform::Codec;
use asklet::core::time::{DAY, Millis, RELEASED};
use asklet::core::value::{Value, map};
use asklet::ports::State;

use crate::schedule::{Poison, Schedule, Step, TABS, Verdict, say_span};

/// What is looked at, by number; delivery.md's invariants are 1 to 8.
const CHECKS: [&str; 10] = [
    "no panic",
    "a submit resolves after the commit, or says that it is not durable",
    "no record is deleted before a definite outcome",
    "the books balance",
    "the same records are the same body",
    "failures are fenced, a success deletes",
    "no poisoned record blocks another",
    "after forget() nothing comes back",
    "what is stored is the record: a mended config rescues it",
    "leases, limits and waits are kept",
];

/// An invariant that does not hold.
#[derive(Debug)]
pub struct Violation {
    /// Its number.
    pub check: usize,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{} ({}): {}", self.check, CHECKS[self.check], self.what)
    }
}

/// What is wrong on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mutant {
    None,
    /// What only the page's memory has is called durable.
    SaysDurable,
    /// A passing fault counts as delivered.
    DeletesOnRetry,
    /// A later revision is a response of its own.
    CountsTwice,
    /// The second attempt has its records in another order.
    Reorders,
    /// A failure counts whoever reports it.
    Unfenced,
    /// A success counts only for whoever has the record.
    FencedSuccess,
    /// Nothing is ever sent alone.
    NeverAlone,
    /// A tab that was there before `forget()` goes on as before.
    Revives,
    /// What cannot be rendered is refused.
    RejectsUnsent,
    /// What cannot be rendered loses its answers.
    Empties,
    /// Leases are not looked at.
    Unleased,
}

impl Mutant {
    /// A step of the outbox, as it is or somewhat wrong.
    fn step(self, outbox: &mut Outbox, mut event: Event, now: Millis) -> Vec<Command> {
        let mut unsent = Vec::new();
        match &mut event {
            Event::Done { owner, ends, .. } => {
                let find = |end: &End| outbox.records.iter().find(|record| record.id == end.id);
                match self {
                    Mutant::DeletesOnRetry | Mutant::RejectsUnsent => {
                        for end in &mut *ends {
                            end.outcome = match end.outcome {
                                Outcome::Retry if self == Mutant::DeletesOnRetry => Outcome::Delivered,
                                Outcome::Unsent if self == Mutant::RejectsUnsent => Outcome::Reject,
                                outcome => outcome,
                            };
                        }
                    }
                    Mutant::Unfenced => {
                        for end in &mut *ends {
                            if let Some(Record { owner: Some(other), attempts, .. }) = find(end) {
                                (*owner, end.attempt) = (other.clone(), *attempts);
                            }
                        }
                    }
                    Mutant::FencedSuccess => {
                        ends.retain(|end| find(end).is_some_and(|record| record.owner.as_ref() == Some(owner)));
                    }
                    Mutant::Empties => {
                        let end = ends.iter().filter(|end| end.outcome == Outcome::Unsent);
                        unsent = end.map(|end| end.id.clone()).collect();
                    }
                    _ => {}
                }
            }
            Event::Submit { id, .. } if self == Mutant::CountsTwice => {
                outbox.meta.enqueued += i64::from(outbox.records.iter().any(|record| record.id == *id));
            }
            Event::Claim { .. } if self == Mutant::Unleased => {
                for record in outbox.records.iter_mut().filter(|record| record.owner.is_some()) {
                    record.due = now;
                }
            }
            _ => {}
        }
        // Spreads retries, and is the same however short the schedule becomes.
        let mut commands = outbox.step(event, now, (now % 7) as f64 / 7.0);
        for record in &mut outbox.records {
            if self == Mutant::NeverAlone {
                record.alone = false;
            }
            if unsent.contains(&record.id) {
                record.document = Value::Null;
            }
        }
        for command in &mut commands {
            if let Command::Send(records) = command
                && self == Mutant::Reorders
                && records[0].attempts == 2
            {
                records.reverse();
            }
        }
        commands
    }
}

/// How often a record of an outbox has failed.
#[derive(Clone)]
struct Failing {
    id: String,
    revision: u32,
    times: u32,
    /// Whether something else got through with the first time, or after it.
    others: bool,
}

/// An outbox, and what is known of its failures.
#[derive(Clone, Default)]
struct Held {
    outbox: Outbox,
    failing: Vec<Failing>,
}

impl Held {
    /// The records that wait and those that are parked.
    fn all(&self) -> impl Iterator<Item = &Record> {
        self.outbox.records.iter().chain(self.outbox.parked.iter().map(|parked| &parked.record))
    }

    /// Whether it has this state of a response, or a later one.
    fn has(&self, id: &str, revision: u32) -> bool {
        self.all().any(|record| record.id == id && record.revision >= revision)
    }
}

struct Tab {
    owner: String,
    /// When it was opened, as a count of `forget()`s.
    epoch: usize,
    /// Set once the database could not be used.
    memory: Option<Held>,
    /// What it has claimed and not yet heard of.
    under_way: Option<Vec<Record>>,
}

pub struct World {
    most: usize,
    poison: Poison,
    broken: bool,
    large: bool,
    mutant: Mutant,
    now: Millis,
    tabs: Vec<Tab>,
    opened: usize,
    // The database.
    store: Held,
    blocked: bool,
    room: usize,
    /// Counts `forget()`s.
    epoch: usize,
    /// Whether a page has made the database anew since the last one.
    exists: bool,
    // The model. Responses by number: a hundred times the epoch, and the id of the step.
    submitted: HashMap<usize, u32>,
    /// The highest revision that the endpoint has.
    accepted: HashMap<usize, u32>,
    /// The highest revision that was called durable.
    promised: HashMap<usize, u32>,
    /// The body that some records once were, by their ids and revisions.
    bodies: HashMap<Vec<(String, u32)>, String>,
    pub violation: Option<Violation>,
    logging: bool,
    pub log: Vec<String>,
    notes: Vec<String>,
}

const START: Millis = RELEASED + 1_000 * DAY;

struct Json;

impl Codec for Json {
    fn json(&self, value: &Value) -> String {
        serde_json::to_string(value).expect("every value can be printed")
    }

    fn parse(&self, text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_default()
    }
}

fn number(record: &Record) -> usize {
    record.id.parse().expect("ids are numbers here")
}

impl World {
    pub fn new(schedule: &Schedule, mutant: Mutant, logging: bool) -> World {
        let &Schedule { most, poison, broken, large, .. } = schedule;
        let mut world = World {
            most,
            poison,
            broken,
            large,
            mutant,
            now: START,
            tabs: Vec::new(),
            opened: 0,
            store: Held::default(),
            blocked: false,
            room: usize::MAX,
            epoch: 0,
            exists: false,
            submitted: HashMap::new(),
            accepted: HashMap::new(),
            promised: HashMap::new(),
            bodies: HashMap::new(),
            violation: None,
            logging,
            log: Vec::new(),
            notes: Vec::new(),
        };
        for _ in 0..TABS {
            let tab = world.open();
            world.tabs.push(tab);
        }
        world
    }

    pub fn arrived(&self) -> usize {
        self.accepted.len()
    }

    fn open(&mut self) -> Tab {
        self.opened += 1;
        Tab { owner: format!("page {}", self.opened), epoch: self.epoch, memory: None, under_way: None }
    }

    fn note(&mut self, what: impl FnOnce() -> String) {
        if self.logging {
            self.notes.push(what());
        }
    }

    /// Only the first is kept.
    fn ensure(&mut self, check: usize, holds: bool, what: impl FnOnce() -> String) {
        if !holds && self.violation.is_none() {
            self.violation = Some(Violation { check, what: what() });
        }
    }

    pub fn act(&mut self, step: Step) {
        let at = self.now;
        self.carry_out(step);
        self.tell(at, &step.to_string());
        self.keep_promises();
    }

    fn tell(&mut self, at: Millis, what: &str) {
        if self.logging {
            let notes = std::mem::take(&mut self.notes).join("; ");
            self.log.push(format!("{:>14}  {what}: {notes}", say_span(at - START)));
        }
    }

    fn carry_out(&mut self, step: Step) {
        match step {
            Step::Submit { tab, id, draft } => self.submit(tab, id, draft),
            Step::Many { tab, count } => (0..count).for_each(|id| self.submit(tab, id, false)),
            Step::Again { tab, id, draft, older } => {
                self.hear(tab);
                let id = self.tabs[tab].epoch * 100 + id;
                if let Some(last) = self.submitted.get(&id).copied() {
                    self.hand_in(tab, id, last.saturating_sub(older).max(1), draft);
                }
            }
            Step::Claim { tab } => drop(self.claim(tab)),
            Step::Reply { tab, verdicts, retry_after } => self.reply(tab, verdicts, retry_after),
            Step::Rounds { tab, count, verdicts, gap } => {
                for _ in 0..count {
                    self.now += gap;
                    self.claim(tab);
                    self.reply(tab, verdicts, 0);
                }
            }
            Step::Hurry { tab } => self.just(tab, Event::Hurry),
            Step::PutBack { tab } => self.just(tab, Event::PutBack),
            Step::Relieve { tab } => self.just(tab, Event::Relieve),
            Step::Die { tab, arrived } => self.die(tab, arrived),
            Step::Restart => {
                for tab in 0..TABS {
                    self.die(tab, false);
                }
                let state = State { outbox: self.store.outbox.clone(), ..State::default() };
                let read = State::from_rows(&state.rows());
                self.ensure(8, read.outbox == state.outbox, || "what is read is not what was stored".into());
                self.store.outbox = read.outbox;
            }
            Step::Blocked(on) => self.blocked = on,
            Step::Room(count) => self.room = count,
            Step::Forget { deaf } => {
                self.epoch += 1;
                self.store = Held::default();
                self.exists = false;
                self.promised.clear();
                for tab in 0..TABS {
                    // Only what is frozen in the middle of a request may have missed it.
                    if !deaf || self.tabs[tab].under_way.is_none() && self.mutant != Mutant::Revives {
                        self.tabs[tab] = self.open();
                    }
                }
            }
            Step::Mend => self.broken = false,
            Step::Wait(span) | Step::Clock(span) => self.now += span,
        }
    }

    /// Whatever else a page does, it hears first that everything was erased, and goes; another one is opened.
    fn hear(&mut self, tab: usize) {
        if self.tabs[tab].epoch < self.epoch && self.mutant != Mutant::Revives {
            self.tabs[tab] = self.open();
        }
    }

    fn just(&mut self, tab: usize, event: Event) {
        self.hear(tab);
        self.transact(tab, event);
    }

    fn die(&mut self, tab: usize, arrived: bool) {
        if let Some(records) = self.tabs[tab].under_way.take().filter(|_| arrived) {
            self.judge(&records, [Verdict::Taken; 3]);
        }
        self.tabs[tab] = self.open();
    }

    fn document(&self, id: usize, revision: u32) -> Value {
        let status = if (id + revision as usize).is_multiple_of(3) { "complete" } else { "partial" };
        let comment = if id.is_multiple_of(3) { Value::Null } else { format!("= \"{id}\"").into() };
        let more = if self.large { "x".repeat(25_000).into() } else { Value::Null };
        map([
            ("id", id.to_string().into()),
            ("revision", i64::from(revision).into()),
            ("status", status.into()),
            ("comment", comment),
            ("more", more),
        ])
    }

    /// The next state of a response.
    fn submit(&mut self, tab: usize, id: usize, draft: bool) {
        self.hear(tab);
        let id = self.tabs[tab].epoch * 100 + id;
        let revision = self.submitted.get(&id).copied().unwrap_or_default() + 1;
        self.submitted.insert(id, revision);
        self.hand_in(tab, id, revision, draft);
    }

    fn hand_in(&mut self, tab: usize, id: usize, revision: u32, draft: bool) {
        let event = Event::Submit {
            id: id.to_string(),
            revision,
            document: self.document(id, revision),
            due: (!draft).then_some(self.now),
        };
        let Some((commands, durable)) = self.transact(tab, event) else { return };
        let durable = durable || self.mutant == Mutant::SaysDurable;
        self.note(|| format!("{id} in state {revision}, durable: {durable}"));
        let memory = self.tabs[tab].memory.as_ref().filter(|_| !durable);
        let kept = memory.unwrap_or(&self.store).has(&id.to_string(), revision);
        // Where nothing new is said, what was there may have made room.
        let new = commands.iter().any(|command| matches!(command, Command::Tell("queued", _)));
        self.ensure(1, kept || !new, || format!("{id} is nowhere, and was called durable: {durable}"));
        if durable && kept {
            let promised = self.promised.entry(id).or_default();
            *promised = revision.max(*promised);
        }
    }

    /// Claims; what came of it, if the tab has no request under way.
    fn claim(&mut self, tab: usize) -> Option<Command> {
        if self.tabs[tab].under_way.is_some() && self.tabs[tab].epoch == self.epoch {
            return None;
        }
        self.hear(tab);
        let event = Event::Claim { owner: self.tabs[tab].owner.clone(), most: self.most };
        let (commands, _) = self.transact(tab, event)?;
        let last = commands.into_iter().rfind(|command| !matches!(command, Command::Tell(..)))?;
        match &last {
            Command::Send(records) => {
                self.note(|| {
                    let ids: Vec<String> = records.iter().map(|r| format!("{}/{}", r.id, r.revision)).collect();
                    format!("sends {}", ids.join(" "))
                });
                if self.render(records) {
                    self.tabs[tab].under_way = Some(records.clone());
                } else {
                    self.done(tab, records, vec![Outcome::Unsent; records.len()], 0);
                }
            }
            Command::Wake(at) => {
                let (at, now) = (*at, self.now);
                self.note(|| format!("nothing before {}", say_span(at - START)));
                self.ensure(9, at > now && at <= now + DAY, || format!("it waits for {}", say_span(at - now)));
            }
            Command::Tell(..) => unreachable!("left out above"),
        }
        Some(last)
    }

    /// Makes a request; false if the template does not fit.
    fn render(&mut self, records: &[Record]) -> bool {
        let comments = if self.broken { "{{record.comment!}}" } else { "{{record.comment}}" };
        let delivery = map([
            ("url", "https://collect.example/".into()),
            ("batch", map([("max", (self.most as i64).into())])),
            (
                "body",
                map([
                    ("batch", "{{batch.id}}".into()),
                    ("records", "{{records}}".into()),
                    (
                        "comments",
                        map([("#each", "{{records}}".into()), ("as", "record".into()), ("do", comments.into())]),
                    ),
                ]),
            ),
        ]);
        for record in records {
            let whole = record.document == self.document(number(record), record.revision);
            self.ensure(8, whole, || format!("{} is not what was submitted", record.id));
            let epoch = number(record) / 100;
            self.ensure(7, epoch == self.epoch, || format!("{} is sent", record.id));
        }
        if self.large {
            // It would take long, and says no more.
            return true;
        }
        let documents: Vec<&Value> = records.iter().map(|record| &record.document).collect();
        let Ok(request) = request(&delivery, &documents, records[0].attempts, self.now, &Json) else { return false };
        let mut names: Vec<_> = records.iter().map(|record| (record.id.clone(), record.revision)).collect();
        names.sort();
        let before = self.bodies.entry(names).or_insert_with(|| request.body.clone());
        let (same, before) = (*before == request.body, if self.logging { before.clone() } else { String::new() });
        self.ensure(4, same, || format!("first {before}, then {}", request.body));
        true
    }

    fn is_poisoned(&self, record: &Record) -> bool {
        self.poison.every > 0 && (number(record) % 100).is_multiple_of(self.poison.every)
    }

    /// The endpoint keeps what it takes; what it says of each.
    fn judge(&mut self, records: &[Record], verdicts: [Verdict; 3]) -> Vec<Outcome> {
        let spoiled = self.poison.spreads && records.iter().any(|record| self.is_poisoned(record));
        let mut outcomes = Vec::new();
        for (record, verdict) in records.iter().zip(verdicts.into_iter().cycle()) {
            let refused = spoiled || self.is_poisoned(record);
            if !refused && !matches!(verdict, Verdict::Not(_)) {
                let accepted = self.accepted.entry(number(record)).or_default();
                *accepted = record.revision.max(*accepted);
            }
            outcomes.push(match verdict {
                Verdict::Taken if refused => self.poison.outcome,
                Verdict::Taken => Outcome::Delivered,
                Verdict::Unsaid => Outcome::Retry,
                Verdict::Not(outcome) => outcome,
            });
        }
        outcomes
    }

    /// A request ends: the endpoint has it or not, and the tab hears of it.
    fn reply(&mut self, tab: usize, verdicts: [Verdict; 3], retry_after: Millis) {
        let Some(records) = self.tabs[tab].under_way.take() else { return };
        let outcomes = self.judge(&records, verdicts);
        self.done(tab, &records, outcomes, retry_after);
    }

    fn done(&mut self, tab: usize, records: &[Record], outcomes: Vec<Outcome>, retry_after: Millis) {
        self.note(|| format!("{outcomes:?}"));
        let ends = records.iter().zip(outcomes).map(|(record, outcome)| End {
            id: record.id.clone(),
            revision: record.revision,
            attempt: record.attempts,
            outcome,
        });
        let event = Event::Done {
            owner: self.tabs[tab].owner.clone(),
            ends: ends.collect(),
            status: 503,
            problem: "no".into(),
            retry_after: (retry_after > 0).then_some(retry_after),
        };
        self.transact(tab, event);
    }

    /// One step as one transaction, and whether it is on the device: as the browser's store does it. Nothing, if all was erased.
    fn transact(&mut self, tab: usize, event: Event) -> Option<(Vec<Command>, bool)> {
        let heard = self.tabs[tab].epoch == self.epoch;
        if !heard && self.tabs[tab].memory.is_none() && !self.exists && self.mutant != Mutant::Revives {
            // The database that it wants to open is not there any more.
            self.note(|| "finds everything erased".into());
            self.tabs[tab] = self.open();
            return None;
        }
        let memory = self.tabs[tab].memory.take();
        if let Some(memory) = memory.or_else(|| self.blocked.then(Held::default)) {
            let (memory, commands) = self.step(&memory, event);
            self.tabs[tab].memory = Some(memory);
            return Some((commands, false));
        }
        self.exists = true;
        let stored = std::mem::take(&mut self.store);
        let (mut held, mut commands) = self.step(&stored, event);
        let fits = |held: &Held| held.all().count() <= self.room;
        let mut durable = fits(&held);
        if !durable {
            let pushed_out;
            (held, pushed_out) = self.step(&held, Event::Relieve);
            durable = held.all().count() <= self.room;
            commands.extend(pushed_out);
        }
        if !durable {
            self.note(|| "in memory from now on".into());
            self.tabs[tab].memory = Some(held);
            self.store = stored;
            return Some((commands, false));
        }
        self.store = held;
        let erased = self.store.all().find(|record| number(record) / 100 != self.epoch).map(|record| record.id.clone());
        self.ensure(7, erased.is_none(), || format!("{erased:?} is stored"));
        for command in &commands {
            if let Command::Tell("evicted", record) = command {
                self.promised.remove(&number(record));
            }
        }
        Some((commands, true))
    }

    /// One step, looked at from all sides.
    fn step(&mut self, before: &Held, event: Event) -> (Held, Vec<Command>) {
        let mut after = before.clone();
        let commands = self.mutant.step(&mut after.outbox, event.clone(), self.now);
        for command in &commands {
            if let Command::Tell(what, record) = command
                && *what != "queued"
            {
                self.note(|| format!("{} {what}", record.id));
            }
        }
        self.check(before, &mut after, &event, &commands);
        (after, commands)
    }

    fn check(&mut self, before: &Held, after: &mut Held, event: &Event, commands: &[Command]) {
        let Outbox { records, parked, meta } = &after.outbox;
        let here = (records.len() + parked.len()) as i64;
        self.ensure(3, meta.enqueued == meta.delivered + meta.evicted + here, || format!("{meta:?}, {here} here"));
        let mut ids: Vec<&str> = after.all().map(|record| record.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        self.ensure(3, ids.len() as i64 == here, || "a response is there twice".into());
        for record in before.all().filter(|record| !after.has(&record.id, record.revision)) {
            let told = commands.iter().find_map(|command| match command {
                Command::Tell(what, told) if told.id == record.id => Some(*what),
                _ => None,
            });
            let fair = match (event, told) {
                (Event::Done { .. }, Some("delivered")) => {
                    self.accepted.get(&number(record)).is_some_and(|accepted| *accepted >= record.revision)
                }
                // No schedule has so much that other limits count.
                (event, Some("evicted")) => *event == Event::Relieve,
                _ => false,
            };
            self.ensure(2, fair, || format!("{} is gone ({told:?}) at {event:?}", record.id));
        }
        match event {
            Event::Done { owner, ends, .. } => self.check_done(before, after, owner, ends),
            Event::Claim { most, .. } => self.check_claim(before, *most, commands),
            Event::PutBack => {
                let parked = |one: &Failing| before.outbox.parked.iter().any(|parked| parked.record.id == one.id);
                after.failing.retain(|one| !parked(one));
            }
            _ => {}
        }
        self.check_parked(before, after, event);
    }

    fn check_claim(&mut self, before: &Held, most: usize, commands: &[Command]) {
        let now = self.now;
        let Some(Command::Send(sent)) = commands.iter().find(|command| matches!(command, Command::Send(_))) else {
            return;
        };
        for record in sent {
            let was = before.outbox.records.iter().find(|was| was.id == record.id);
            let free = was.is_some_and(|was| was.owner.is_none() || was.due <= now || was.due > now + LEASE);
            self.ensure(9, free, || format!("{} is leased to another", record.id));
            let apart = was.is_some_and(|was| was.alone) && sent.len() > 1;
            self.ensure(6, !apart, || format!("{} is sent among others once more", record.id));
        }
        let bytes: usize = sent.iter().map(|record| record.document.size()).sum();
        let fits = sent.len() == 1 || !sent.is_empty() && sent.len() <= most && bytes <= MAX_REQUEST;
        self.ensure(9, fits, || format!("{} records, {bytes} bytes in one request", sent.len()));
        let gate = before.outbox.meta.gate;
        self.ensure(9, gate <= now || gate > now + DAY, || "the gate is closed".into());
    }

    fn check_done(&mut self, before: &Held, after: &mut Held, owner: &str, ends: &[End]) {
        let mut counts = false;
        // With it, or after it.
        let others = after.outbox.meta.delivered > before.outbox.meta.delivered;
        if others {
            after.failing.iter_mut().for_each(|failing| failing.others = true);
        }
        for end in ends {
            let is_it = |record: &&Record| record.id == end.id && record.revision == end.revision;
            let was = before.outbox.records.iter().find(is_it);
            if end.outcome == Outcome::Delivered {
                counts = true;
                let there = after.all().any(|record| is_it(&record));
                self.ensure(5, !there, || format!("{} was delivered and is still there", end.id));
                continue;
            }
            let Some(was) = was else { continue };
            if was.owner.as_deref() != Some(owner) || was.attempts != end.attempt {
                let is = after.outbox.records.iter().find(is_it);
                let same = is == Some(was);
                self.ensure(5, same, || format!("{} was changed by a failure of another claim: {is:?}", end.id));
                continue;
            }
            counts = true;
            let passing = matches!(end.outcome, Outcome::Retry | Outcome::Hold);
            // Refused among others, or failed twice among them.
            let apart = ends.len() > 1 && (!passing || end.attempt > 1);
            let is = after.outbox.records.iter().find(is_it);
            self.ensure(6, !apart || is.is_none_or(|is| is.alone), || format!("{} is not kept apart", end.id));
            if passing {
                let known = |failing: &&mut Failing| failing.id == end.id && failing.revision == end.revision;
                match after.failing.iter_mut().find(known) {
                    Some(failing) => failing.times += 1,
                    None => {
                        after.failing.push(Failing { id: end.id.clone(), revision: end.revision, times: 1, others })
                    }
                }
            }
        }
        let same = after.outbox.meta == before.outbox.meta;
        self.ensure(5, counts || same, || "a failure of another claim sets a pause".into());
    }

    /// Nothing is given up without a reason.
    fn check_parked(&mut self, before: &Held, after: &Held, event: &Event) {
        for parked in &after.outbox.parked {
            let record = &parked.record;
            if before.outbox.parked.iter().any(|other| other.record.id == record.id) {
                continue;
            }
            let end = |event: &Event| match event {
                Event::Done { ends, .. } => {
                    ends.iter().find(|end| end.id == record.id).map(|end| (end.outcome, ends.len()))
                }
                _ => None,
            };
            let end = end(event);
            let failing = after.failing.iter().find(|one| one.id == record.id && one.revision == record.revision);
            let fair = match parked.reason.as_str() {
                "too_old" => self.now - record.at > MAX_AGE,
                "rejected" => end == Some((Outcome::Reject, 1)),
                "failing" => failing.is_some_and(|failing| failing.times >= MAX_FAILURES && failing.others),
                _ => false,
            };
            let times = failing.map(|failing| (failing.times, failing.others));
            let unsent = end.is_some_and(|(outcome, _)| outcome == Outcome::Unsent);
            let what = || format!("{} is parked as {} at {end:?}, failed {times:?}", record.id, parked.reason);
            self.ensure(if unsent { 8 } else { 6 }, fair && !unsent, what);
        }
    }

    /// Whatever was called durable is here, or at the endpoint.
    fn keep_promises(&mut self) {
        let lost = self.promised.iter().find(|(id, revision)| {
            self.accepted.get(id).is_none_or(|accepted| accepted < revision)
                && !self.store.has(&id.to_string(), **revision)
        });
        let lost = lost.map(|(id, revision)| (*id, *revision));
        self.ensure(2, lost.is_none(), || format!("{lost:?} is lost"));
    }

    /// The end: the endpoint is well but for what is poisoned, the database and the template are, and the device stays on.
    /// Everything else arrives.
    pub fn rest(&mut self) {
        (self.blocked, self.room, self.broken) = (false, usize::MAX, false);
        for tab in 0..TABS {
            self.hear(tab);
            if self.tabs[tab].memory.is_some() {
                self.empty(tab);
            }
            self.die(tab, false);
        }
        self.empty(0);
        self.keep_promises();
    }

    fn empty(&mut self, tab: usize) {
        let mut rounds = 0;
        // Again, for what has become too old meanwhile.
        while self.violation.is_none() && self.held(tab).all().any(|record| !self.is_poisoned(record)) {
            self.reply(tab, [Verdict::Taken; 3], 0);
            self.just(tab, Event::PutBack);
            while self.violation.is_none() && self.has_to_go(tab) {
                let at = self.now;
                if let Some(Command::Wake(at)) = self.claim(tab) {
                    self.now = at;
                }
                self.reply(tab, [Verdict::Taken; 3], 0);
                self.tell(at, &format!("tab {tab}, now that all is well"));
                rounds += 1;
                self.ensure(6, rounds < ROUNDS, || "something never arrives".into());
            }
        }
    }

    /// What a tab works on.
    fn held(&self, tab: usize) -> &Held {
        self.tabs[tab].memory.as_ref().unwrap_or(&self.store)
    }

    /// Whether a record waits that is not poisoned.
    fn has_to_go(&self, tab: usize) -> bool {
        self.held(tab).outbox.records.iter().any(|record| !self.is_poisoned(record))
    }
}

/// So many requests and waits are enough for whatever a schedule has left behind.
const ROUNDS: usize = 300;
