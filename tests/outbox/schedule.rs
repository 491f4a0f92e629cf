//! What happens, step by step: drawn at random, carried out, and made shorter where it shows something wrong.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use asklet::core::delivery::Outcome;
use asklet::core::outbox::LEASE;
use asklet::core::time::{DAY, HOUR, MINUTE, Millis, SECOND};

use crate::random::Random;
use crate::world::{Mutant, Violation, World};

/// How many tabs there are. A tab that is gone has been followed by a new one.
pub const TABS: usize = 3;

/// What the endpoint does with a record of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It has it, and says so; unless the record is poisoned.
    Taken,
    /// It has it, but its reply is lost, or says something else.
    Unsaid,
    /// It does not have it.
    Not(Outcome),
}

/// How the endpoint is about poisoned records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poison {
    /// One in so many ids is poisoned; 0: none.
    pub every: usize,
    /// Whether it spoils the request that it is in.
    pub spreads: bool,
    /// What the endpoint says of it.
    pub outcome: Outcome,
}

/// Something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// A new response, or a new state of one.
    Submit {
        tab: usize,
        id: usize,
        draft: bool,
    },
    /// Several at once.
    Many {
        tab: usize,
        count: usize,
    },
    /// A state that was submitted already: the last one, as when a prompt is closed, or an older one, which arrives late.
    Again {
        tab: usize,
        id: usize,
        draft: bool,
        older: u32,
    },
    /// The tab is ready to send. It is frozen until its `Reply`, however late.
    Claim {
        tab: usize,
    },
    /// Its request ends: the verdicts go round.
    Reply {
        tab: usize,
        verdicts: [Verdict; 3],
        retry_after: Millis,
    },
    /// So many requests, each after a wait.
    Rounds {
        tab: usize,
        count: usize,
        verdicts: [Verdict; 3],
        gap: Millis,
    },
    Hurry {
        tab: usize,
    },
    PutBack {
        tab: usize,
    },
    Relieve {
        tab: usize,
    },
    /// The tab is killed, or crashes; its request may have arrived.
    Die {
        tab: usize,
        arrived: bool,
    },
    /// All of them, and what is stored is read anew.
    Restart,
    /// The database cannot be used from now on, or again.
    Blocked(bool),
    /// From now on the device has room for so many records, and no more.
    Room(usize),
    /// Everything is erased. A tab that is deaf has not heard of it when it goes on.
    Forget {
        deaf: bool,
    },
    /// The template is mended.
    Mend,
    Wait(Millis),
    Clock(Millis),
}

/// Everything that one run needs.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub seed: u64,
    /// The config's `batch.max`.
    pub most: usize,
    pub poison: Poison,
    /// Whether the template does not fit every record until it is mended.
    pub broken: bool,
    /// Whether records are so large that few go in a request.
    pub large: bool,
    pub steps: Vec<Step>,
}

const VERDICTS: [Verdict; 10] = [
    Verdict::Taken,
    Verdict::Taken,
    Verdict::Taken,
    Verdict::Unsaid,
    Verdict::Not(Outcome::Retry),
    Verdict::Not(Outcome::Retry),
    Verdict::Not(Outcome::Retry),
    Verdict::Not(Outcome::Hold),
    Verdict::Not(Outcome::Reject),
    Verdict::Not(Outcome::Unsent),
];

const SPANS: [Millis; 12] = [
    1,
    SECOND,
    2 * SECOND,
    15 * SECOND,
    LEASE - 1,
    LEASE,
    301 * SECOND,
    30 * MINUTE,
    2 * HOUR,
    6 * HOUR,
    DAY,
    29 * DAY,
];

impl Step {
    fn random(random: &mut Random, clocks: bool, fails: bool, forgets: bool) -> Step {
        let tab = random.below(TABS);
        let id = random.below(6);
        let draft = random.chance(30);
        let one = random.pick(&VERDICTS);
        let verdicts = if random.chance(50) { [one; 3] } else { [(); 3].map(|()| random.pick(&VERDICTS)) };
        match random.below(100) {
            0..=19 => Step::Submit { tab, id, draft },
            20..=22 => Step::Many { tab, count: if random.chance(10) { 24 } else { 2 + random.below(6) } },
            23..=29 => Step::Again { tab, id, draft, older: random.pick(&[0, 0, 1, 2]) },
            30..=49 => Step::Claim { tab },
            50..=66 => Step::Reply { tab, verdicts, retry_after: random.pick(&[0, 0, 0, SECOND, 2 * HOUR, 400 * DAY]) },
            67..=69 => {
                let gap = random.pick(&[0, 301 * SECOND, 301 * SECOND, 7 * HOUR]);
                Step::Rounds { tab, count: 2 + random.below(10), verdicts, gap }
            }
            70..=73 => Step::Hurry { tab },
            74 => Step::PutBack { tab },
            75 => Step::Relieve { tab },
            76..=79 => Step::Die { tab, arrived: draft },
            80 => Step::Restart,
            81..=84 if fails => {
                random.pick(&[Step::Blocked(true), Step::Blocked(false), Step::Room(2), Step::Room(4), Step::Room(99)])
            }
            85..=86 if forgets => Step::Forget { deaf: random.chance(60) },
            87 => Step::Mend,
            88..=92 if clocks => {
                let by = random.pick(&[10 * SECOND, MINUTE, HOUR, DAY, 20 * DAY, 365 * DAY]);
                Step::Clock(if random.chance(60) { -by } else { by })
            }
            _ => Step::Wait(random.pick(&SPANS)),
        }
    }

    /// The same, somewhat plainer.
    fn simpler(self) -> Vec<Step> {
        let less = |span: Millis| [0, SECOND, LEASE, DAY].into_iter().filter(move |less| *less < span);
        // Never back to what is less plain, or there would be no end.
        let plainer = |verdicts: [Verdict; 3]| {
            let plain = [[Verdict::Taken; 3], [Verdict::Not(Outcome::Retry); 3], [verdicts[0]; 3]];
            plain.into_iter().take_while(move |plain| *plain != verdicts)
        };
        let mut simpler = Vec::new();
        match self {
            Step::Submit { tab, id, draft } => {
                simpler.push(Step::Submit { tab, id, draft: false });
                simpler.push(Step::Submit { tab: 0, id, draft });
                simpler.extend((0..id).map(|id| Step::Submit { tab, id, draft }));
            }
            Step::Many { tab, count } => {
                simpler.push(Step::Submit { tab, id: 0, draft: false });
                simpler.extend((2..count).map(|count| Step::Many { tab, count }));
            }
            Step::Again { tab, id, older, .. } => simpler.push(Step::Again { tab, id, draft: false, older }),
            Step::Reply { tab, verdicts, retry_after } => {
                simpler.push(Step::Reply { tab, verdicts, retry_after: 0 });
                simpler.extend(plainer(verdicts).map(|verdicts| Step::Reply { tab, verdicts, retry_after }));
            }
            Step::Rounds { tab, count, verdicts, gap } => {
                simpler.push(Step::Claim { tab });
                simpler.extend((2..count).map(|count| Step::Rounds { tab, count, verdicts, gap }));
                simpler.extend(plainer(verdicts).map(|verdicts| Step::Rounds { tab, count, verdicts, gap }));
                simpler.extend(less(gap).map(|gap| Step::Rounds { tab, count, verdicts, gap }));
            }
            Step::Forget { .. } => simpler.push(Step::Forget { deaf: false }),
            Step::Wait(span) => simpler.extend(less(span).map(Step::Wait)),
            Step::Clock(by) => simpler.extend(less(by.abs()).map(|less| Step::Clock(less * by.signum()))),
            _ => {}
        }
        let unlike = |step: &Step| *step != self;
        simpler.into_iter().filter(unlike).collect()
    }
}

impl Schedule {
    pub fn random(seed: u64) -> Schedule {
        let mut random = Random(seed);
        let fault = random.below(6);
        let poison = Poison {
            every: random.maybe(60, &[2, 3, 7]).unwrap_or(0),
            spreads: random.chance(60),
            outcome: random.pick(&[Outcome::Reject, Outcome::Retry, Outcome::Retry, Outcome::Hold]),
        };
        let (most, broken, large) = (random.pick(&[1, 3, 20, 20]), random.chance(15), random.chance(2));
        let (clocks, fails, forgets) = (fault == 1 || fault == 2, fault == 2 || fault == 3, fault == 4);
        let count = 8 + random.below(14);
        let steps = (0..count).map(|_| Step::random(&mut random, clocks, fails, forgets)).collect();
        Schedule { seed, most, poison, broken, large, steps }
    }

    fn world(&self, mutant: Mutant, log: bool) -> (World, Option<Violation>) {
        let mut world = World::new(self, mutant, log);
        for step in &self.steps {
            world.act(*step);
            if world.violation.is_some() {
                break;
            }
        }
        if world.violation.is_none() {
            world.rest();
        }
        let violation = world.violation.take();
        (world, violation)
    }

    /// Carries it out: what is wrong, or how many records the endpoint has in the end.
    pub fn run(&self, mutant: Mutant) -> Result<usize, Violation> {
        match catch_unwind(AssertUnwindSafe(|| self.world(mutant, false))) {
            Ok((world, None)) => Ok(world.arrived()),
            Ok((_, Some(violation))) => Err(violation),
            Err(_) => Err(Violation { check: 0, what: "it panicked".into() }),
        }
    }

    /// The shortest that still breaks the same invariant, that is found by leaving out one thing after the other.
    pub fn shrink(self, mutant: Mutant) -> Schedule {
        let Err(Violation { check, .. }) = self.run(mutant) else { return self };
        let mut least = self;
        loop {
            let mut candidates = Vec::new();
            let with = |steps| Schedule { steps, ..least.clone() };
            for size in [least.steps.len() / 2, least.steps.len() / 4, 1] {
                for from in (0..least.steps.len()).step_by(size.max(1)) {
                    let mut steps = least.steps.clone();
                    steps.drain(from..(from + size.max(1)).min(steps.len()));
                    candidates.push(with(steps));
                }
            }
            for (index, step) in least.steps.iter().enumerate() {
                candidates.extend(step.simpler().into_iter().map(|step| {
                    let mut steps = least.steps.clone();
                    steps[index] = step;
                    with(steps)
                }));
            }
            if least.large {
                candidates.push(Schedule { large: false, ..least.clone() });
            }
            if least.broken {
                candidates.push(Schedule { broken: false, ..least.clone() });
            }
            if least.poison.every > 0 {
                candidates.push(Schedule { poison: Poison { every: 0, ..least.poison }, ..least.clone() });
            }
            if least.most > 1 {
                candidates.push(Schedule { most: 1, ..least.clone() });
            }
            let as_wrong =
                |candidate: &Schedule| candidate.run(mutant).is_err_and(|violation| violation.check == check);
            match candidates.into_iter().find(as_wrong) {
                Some(candidate) => least = candidate,
                None => return least,
            }
        }
    }

    /// For a person to read.
    pub fn report(&self, mutant: Mutant) -> String {
        let (log, what) = match catch_unwind(AssertUnwindSafe(|| self.world(mutant, true))) {
            Ok((world, violation)) => (world.log, violation.map(|violation| violation.to_string())),
            Err(_) => (self.steps.iter().map(Step::to_string).collect(), Some("it panicked".into())),
        };
        let Schedule { seed, most, poison, broken, large, .. } = self;
        format!(
            "seed {seed}: {}\nbatch.max {most}, {poison:?}, broken template: {broken}, large records: {large}\n{}",
            what.unwrap_or_default(),
            log.join("\n")
        )
    }
}

/// A span as a person writes it.
pub fn say_span(span: Millis) -> String {
    let mut rest = span.abs();
    let mut words = Vec::new();
    for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (1, "ms")] {
        if rest >= unit {
            words.push(format!("{}{name}", rest / unit));
            rest %= unit;
        }
    }
    let words = if words.is_empty() { "0s".into() } else { words.join(" ") };
    if span < 0 { format!("-{words}") } else { words }
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let draft = |draft: &bool| if *draft { " as a draft" } else { "" };
        match self {
            Step::Submit { tab, id, draft: is } => write!(to, "tab {tab}: submits response {id}{}", draft(is)),
            Step::Many { tab, count } => write!(to, "tab {tab}: submits {count} responses"),
            Step::Again { tab, id, draft: is, older } => {
                write!(to, "tab {tab}: submits response {id} again{}", draft(is))?;
                if *older > 0 { write!(to, ", {older} states before its last") } else { Ok(()) }
            }
            Step::Claim { tab } => write!(to, "tab {tab}: claims"),
            Step::Reply { tab, verdicts, retry_after } => {
                write!(to, "tab {tab}: its request ends, {verdicts:?}, Retry-After {}", say_span(*retry_after))
            }
            Step::Rounds { tab, count, verdicts, gap } => {
                write!(to, "tab {tab}: {count} requests, each after {}, {verdicts:?}", say_span(*gap))
            }
            Step::Hurry { tab } => write!(to, "tab {tab}: flush()"),
            Step::PutBack { tab } => write!(to, "tab {tab}: retry()"),
            Step::Relieve { tab } => write!(to, "tab {tab}: makes room"),
            Step::Die { tab, arrived } => {
                write!(to, "tab {tab}: dies{}", if *arrived { ", its request arrives" } else { "" })
            }
            Step::Restart => write!(to, "the browser is restarted"),
            Step::Blocked(on) => write!(to, "the database cannot be used: {on}"),
            Step::Room(count) => write!(to, "the device has room for {count} records"),
            Step::Forget { deaf } => {
                write!(to, "forget(){}", if *deaf { ", which frozen tabs do not hear" } else { "" })
            }
            Step::Mend => write!(to, "the template is mended"),
            Step::Wait(span) => write!(to, "wait {}", say_span(*span)),
            Step::Clock(by) => write!(to, "the clock is set by {}", say_span(*by)),
        }
    }
}
