//! The outbox under random schedules: tabs that claim, freeze, die and fall back to memory, an endpoint that fails in every way,
//! records that are poisoned, clocks that are set, templates that are mended, and `forget()`. A plain model of the endpoint, in
//! [`world`], keeps what it has accepted, and looks on.
//!
//! What is checked, after every transaction:
//!
//! 1. a submit resolves after the commit, or says that only memory has it
//! 2. no record is deleted before a definite outcome, and what was called durable is here or at the endpoint
//! 3. the books balance
//! 4. the same records in the same states are the same body, to the byte, however often they are sent
//! 5. a failure counts only for the claim that it belongs to, a success whoever reports it
//! 6. with an endpoint that is well but for poisoned records everything else arrives, in a bounded number of requests; nothing is
//!    parked but for its own fault
//! 7. after `forget()` nothing of before is stored or sent, whichever tab goes on
//! 8. what is stored is what was submitted; where the template does not fit nothing is parked, and once it is mended all arrives
//! 9. leases, gates and the limits of a request are kept, and nobody waits for longer than a day
//!
//! That each of them can fail is shown by mutants.

#[path = "../asking/random.rs"]
mod random;
mod schedule;
mod world;

use std::sync::atomic::{AtomicBool, Ordering};

use schedule::Schedule;
use world::Mutant;

/// How many schedules, unless the environment says otherwise.
const SCHEDULES: u64 = 100_000;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// `ASKLET_SCHEDULES` is how many, `ASKLET_SEED` the first.
#[test]
fn nothing_is_lost_whatever_happens() {
    let (first, count) = (number("ASKLET_SEED", 0), number("ASKLET_SCHEDULES", SCHEDULES));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let over = AtomicBool::new(false);
    let look = |thread: u64| {
        let mut arrived = 0;
        for seed in (first..first + count).skip(thread as usize).step_by(threads as usize) {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let schedule = Schedule::random(seed);
            match schedule.run(Mutant::None) {
                Ok(count) => arrived += count,
                Err(_) => {
                    over.store(true, Ordering::Relaxed);
                    return Err(schedule.shrink(Mutant::None).report(Mutant::None));
                }
            }
        }
        Ok(arrived)
    };
    let results: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || look(thread))).collect();
        running.into_iter().map(|thread| thread.join().expect("the test itself goes on")).collect()
    });
    let mut arrived = 0;
    for result in results {
        arrived += result.unwrap_or_else(|report| panic!("{report}"));
    }
    // Else it would show nothing.
    assert!(arrived as u64 >= count, "only {arrived} responses arrived in {count} schedules");
}

/// Each breaks one invariant, is found, and comes out as a few steps.
#[test]
fn what_is_wrong_on_purpose_is_found() {
    let table = [
        (Mutant::SaysDurable, 1),
        (Mutant::DeletesOnRetry, 2),
        (Mutant::CountsTwice, 3),
        (Mutant::Reorders, 4),
        (Mutant::Unfenced, 5),
        (Mutant::FencedSuccess, 5),
        (Mutant::NeverAlone, 6),
        (Mutant::Revives, 7),
        (Mutant::RejectsUnsent, 8),
        (Mutant::Empties, 8),
        (Mutant::Unleased, 9),
    ];
    for (mutant, check) in table {
        let breaks = |schedule: &Schedule| schedule.run(mutant).is_err_and(|violation| violation.check == check);
        let found = (0..5_000).map(Schedule::random).find(breaks);
        let least = found.unwrap_or_else(|| panic!("{mutant:?} is not found")).shrink(mutant);
        if std::env::var("ASKLET_SHOW").is_ok() {
            println!("{mutant:?}\n{}\n", least.report(mutant));
        }
        assert!(least.steps.len() <= 6, "{mutant:?}\n{}", least.report(mutant));
    }
}
