//! The outbox under random schedules: tabs that claim, freeze and die, an endpoint that fails in every way, clocks
//! that jump. A plain model of the endpoint keeps count.

use std::collections::HashMap;

use asklet::core::Value;
use asklet::core::delivery::Outcome;
use asklet::core::outbox::{Command, DRAFT, Event, Outbox, Record};
use asklet::core::time::{DAY, HOUR, MINUTE, Millis};

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// One device, its tabs, and an endpoint.
struct World {
    random: Random,
    outbox: Outbox,
    now: Millis,
    /// The last revision that was submitted, by id.
    submitted: HashMap<String, u32>,
    /// The highest revision that the endpoint has, by id.
    accepted: HashMap<String, u32>,
    /// What tabs have claimed and not yet heard of.
    under_way: Vec<Record>,
    log: Vec<String>,
}

impl World {
    fn step(&mut self, event: Event) -> Vec<Command> {
        self.log.push(format!("{}: {event:?}", self.now));
        let random = self.random.unit();
        let commands = self.outbox.step(event, self.now, random);
        self.check(&commands);
        commands
    }

    fn check(&self, commands: &[Command]) {
        let meta = &self.outbox.meta;
        let here = (self.outbox.records.len() + self.outbox.parked.len()) as i64;
        assert_eq!(meta.enqueued, meta.delivered + meta.evicted + here, "the books\n{}", self.log.join("\n"));
        for command in commands {
            if let Command::Tell("delivered", record) = command {
                let accepted = self.accepted.get(&record.id).copied().unwrap_or_default();
                assert!(accepted >= record.revision, "{} was given up\n{}", record.id, self.log.join("\n"));
            }
        }
        // Whatever was submitted last is somewhere: here, or at the endpoint.
        for (id, revision) in &self.submitted {
            let here = self.outbox.records.iter().chain(self.outbox.parked.iter().map(|parked| &parked.record));
            let known = here.filter(|record| record.id == *id).map(|record| record.revision).max().unwrap_or_default();
            let accepted = self.accepted.get(id).copied().unwrap_or_default();
            assert!(known.max(accepted) >= *revision, "{id} is lost\n{}", self.log.join("\n"));
        }
    }

    fn submit(&mut self) {
        let id = self.random.below(6).to_string();
        let known = self.submitted.get(&id).copied().unwrap_or_default();
        // A new state, or the last one once more, as when a prompt is closed. A response that is done stays done.
        let revision = if known == 0 || self.random.below(2) == 0 { known + 1 } else { known };
        if self.accepted.get(&id) == Some(&revision) {
            return;
        }
        let due = (self.random.below(3) > 0).then_some(self.now);
        self.submitted.insert(id.clone(), revision);
        self.step(Event::Submit { id, revision, document: Value::Null, due });
    }

    fn claim(&mut self) {
        let owner = self.random.below(3).to_string();
        for command in self.step(Event::Claim { owner }) {
            if let Command::Send(record) = command {
                self.under_way.push(record);
            }
        }
    }

    /// A request ends: the endpoint has it or not, and the tab hears of it or not.
    fn end(&mut self, healthy: bool) {
        if self.under_way.is_empty() {
            return;
        }
        let at = self.random.below(self.under_way.len() as u64) as usize;
        let sent = self.under_way.remove(at);
        let (accepts, outcome, heard) = match if healthy { 0 } else { self.random.below(9) } {
            0..=3 => (true, Outcome::Delivered, true),
            4 => (true, Outcome::Delivered, false),
            5 => (true, Outcome::Retry, true),
            6 => (false, Outcome::Retry, true),
            7 => (false, Outcome::Hold, true),
            _ => (false, Outcome::Retry, false),
        };
        if accepts {
            let known = self.accepted.entry(sent.id.clone()).or_default();
            *known = (*known).max(sent.revision);
        }
        if heard {
            let retry_after = (outcome == Outcome::Retry && self.random.below(3) == 0).then_some(2 * HOUR);
            self.done(&sent, outcome, retry_after);
        }
    }

    fn done(&mut self, sent: &Record, outcome: Outcome, retry_after: Option<Millis>) {
        self.step(Event::Done {
            owner: sent.owner.clone().unwrap_or_default(),
            id: sent.id.clone(),
            revision: sent.revision,
            attempt: sent.attempts,
            outcome,
            status: 0,
            retry_after,
        });
    }
}

fn run(seed: u64) {
    let mut world = World {
        random: Random(seed),
        outbox: Outbox::default(),
        now: 400 * DAY,
        submitted: HashMap::new(),
        accepted: HashMap::new(),
        under_way: Vec::new(),
        log: vec![format!("seed {seed}")],
    };
    for _ in 0..40 {
        match world.random.below(12) {
            0..=2 => world.submit(),
            3..=5 => world.claim(),
            6..=7 => world.end(false),
            8 => drop(world.step(Event::Hurry)),
            9 => world.now += world.random.below(MINUTE as u64) as Millis,
            10 => world.now += world.random.below(2 * HOUR as u64) as Millis,
            // A clock that is set, by up to two weeks either way.
            _ => world.now += world.random.below(28 * DAY as u64) as Millis / 2 - 7 * DAY,
        }
    }
    // The endpoint is well again, and the device stays on: everything that is not parked arrives.
    let mut rounds = 0;
    while !world.outbox.records.is_empty() {
        world.claim();
        while !world.under_way.is_empty() {
            world.end(true);
        }
        world.now += DRAFT;
        rounds += 1;
        assert!(rounds < 200, "something never arrives\n{}", world.log.join("\n"));
    }
}

#[test]
fn nothing_is_lost_whatever_happens() {
    for seed in 0..20_000 {
        run(seed);
    }
}
