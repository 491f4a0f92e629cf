//! Asking under random schedules: signals, answers, refusals, tabs that come, go and die, clocks that are set. A plain
//! [`model`] of what ought to happen looks on. The [`world`] is a device with its tabs, over plain values; the [`loader`]'s
//! part is played too, with its gate and without.
//!
//! What is checked, at every prompt that comes up and whenever nothing moves any more:
//!
//! - no prompt inside a wait, by true time (what that means where a clock is wrong: see [`model`]); none after a refusal, also
//!   where the tab died as soon as that was stored; none against sample, session or audience
//! - never two prompts over one page, and none that comes up by itself while another tab has one; no moment asked twice
//! - no wait lasts for ever after a clock was set: one full wait after Asklet has first looked at the clock again it is over
//! - what could be asked is asked within a second; the higher priority goes first; delays, `cancel_on` and expiry to the
//!   millisecond
//! - `nth`, `every` and `after` have counted what the model counts
//! - `show()` brings up its survey, unless another prompt stands there
//! - `explain()` says of each rule what the model says
//! - with one tab and a clock that is right, both loaders lead to the same prompts at the same times

mod loader;
mod model;
mod random;
mod schedule;
mod setting;
mod world;

use std::sync::atomic::{AtomicBool, Ordering};

use asklet::core::time::{DAY, HOUR, MINUTE, RELEASED, SECOND};

use schedule::{Schedule, Step};
use setting::{On, Setting, Survey, Touchpoint};
use world::Kind;

/// How many schedules, unless the environment says otherwise.
const SCHEDULES: u64 = 100_000;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// `ASKLET_SCHEDULES` is how many, `ASKLET_SEED` the first.
#[test]
fn nobody_is_asked_too_often() {
    let (first, count) = (number("ASKLET_SEED", 0), number("ASKLET_SCHEDULES", SCHEDULES));
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let over = AtomicBool::new(false);
    let look = |thread: u64| {
        let mut asked = 0;
        for seed in (first..first + count).skip(thread as usize).step_by(threads as usize) {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let schedule = Schedule::random(seed);
            match schedule.fault() {
                Ok(prompts) => asked += prompts,
                Err(_) => {
                    over.store(true, Ordering::Relaxed);
                    return Err(schedule.shrink().report());
                }
            }
        }
        Ok(asked)
    };
    let results: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || look(thread))).collect();
        running.into_iter().map(|thread| thread.join().expect("the test itself goes on")).collect()
    });
    let mut asked = 0;
    for result in results {
        asked += result.unwrap_or_else(|report| panic!("{report}"));
    }
    // Else it would show nothing.
    assert!(asked as u64 >= count / 4, "only {asked} prompts came up by themselves in {count} schedules");
}

const KIND: Kind =
    Kind { gated: false, racy: false, dated: false, online: true, offset: 0, start: RELEASED + 100 * DAY };

const OPEN: Step = Step::Open { path: "/", slots: true };

fn track(tab: usize, name: &'static str) -> Step {
    Step::Track { tab, name, total: 10 }
}

fn refuse(prompt: usize, reason: &'static str) -> Step {
    Step::Refuse { prompt, reason }
}

/// Carries out `steps`; after those at `rush` the next one follows in the same breath. Returns how many prompts came up by
/// themselves.
fn play(setting: &Setting, kind: Kind, steps: &[Step], rush: &[usize]) -> usize {
    let steps = steps.iter().enumerate().map(|(index, step)| (*step, rush.contains(&index))).collect();
    let schedule = Schedule { seed: 1, setting: setting.clone(), kind, steps };
    schedule.fault().unwrap_or_else(|_| panic!("{}", schedule.report()))
}

/// What the random schedules have found once, as they were after shrinking.
#[test]
fn what_was_found() {
    let x = || vec![Touchpoint::event("x")];
    let y = || vec![Touchpoint::event("y")];
    let popover = || Survey::new("a", x());
    let just = |survey: Survey| Setting::new(vec![survey]);
    let two = |a: Survey, b: Survey| Setting::new(vec![a, b]);

    // A folded prompt is closed: it panicked.
    play(&just(popover()), KIND, &[OPEN, track(0, "x"), refuse(0, "close"), refuse(0, "escape")], &[]);
    // Closed twice in a breath: the refusal was not noted.
    let twice = [OPEN, track(0, "x"), refuse(0, "close"), refuse(0, "escape"), track(0, "x")];
    assert_eq!(play(&just(popover()), KIND, &twice, &[2]), 1);
    // Undoing one prompt forgot what was said to the other: "Don't ask again".
    let both = two(popover(), Survey::new("b", y()).inline());
    let steps = [
        OPEN,
        track(0, "x"),
        track(0, "y"),
        refuse(1, "close"),
        refuse(0, "never"),
        Step::Undo { prompt: 1 },
        track(0, "y"),
    ];
    assert_eq!(play(&both, KIND, &steps, &[]), 2);
    // A tab took a later moment for the one that it knew, before its delay was over.
    let late = Touchpoint { delay: 10 * MINUTE, ..Touchpoint::new(On::Page) };
    let load = Step::Load { tab: 1, path: "/", slots: true };
    let steps = [OPEN, OPEN, Step::Wait(10 * MINUTE), load, Step::Close { tab: 0 }, Step::Wait(9 * MINUTE)];
    play(&just(Survey::new("a", vec![late])), KIND, &steps, &[]);
    // What was called for did not keep other tabs from asking.
    let steps = [OPEN, OPEN, Step::Show { tab: 0, survey: 0 }, track(1, "x"), Step::Wait(HOUR)];
    assert_eq!(play(&just(popover()), KIND, &steps, &[]), 0);
    // An event that cancels was passed over, since another survey had begun the quiet time.
    let cancels = Touchpoint { delay: HOUR, cancel_on: Some("z"), ..Touchpoint::event("x") };
    let quiet = Setting { quiet: Some(10 * MINUTE), ..two(Survey::new("a", vec![cancels]), Survey::new("b", y())) };
    let steps = [OPEN, track(0, "x"), track(0, "y"), refuse(0, "close"), track(0, "z"), Step::Wait(2 * HOUR)];
    assert_eq!(play(&quiet, KIND, &steps, &[]), 1);
    // An inline survey waited for the other tab's popover.
    let steps = [OPEN, OPEN, track(0, "x"), track(1, "x"), track(1, "y"), Step::Wait(2 * SECOND)];
    assert_eq!(play(&both, KIND, &steps, &[]), 2);
    // Of two folded prompts only one made room for the one that was called for.
    let steps =
        [OPEN, track(0, "x"), track(0, "y"), refuse(1, "close"), refuse(0, "close"), Step::Show { tab: 0, survey: 1 }];
    play(&both, KIND, &steps, &[]);
    // A slot went with the prompt in it; its survey counted as open for ever.
    let slot = |on| Step::Slot { tab: 0, survey: 0, on };
    let steps = [OPEN, Step::Show { tab: 0, survey: 0 }, track(0, "x"), slot(false), slot(true), track(0, "x")];
    assert_eq!(play(&just(popover().inline()), KIND, &steps, &[]), 1);
    // The clock was set forward past what a timer was set for: what was due before that timer waited for it.
    let long = Touchpoint { delay: HOUR, ..Touchpoint::event("x") };
    let soon = Touchpoint { delay: 10 * MINUTE, ..Touchpoint::event("y") };
    let steps = [OPEN, track(0, "x"), Step::Clock(DAY), track(0, "y"), Step::Wait(11 * MINUTE)];
    assert_eq!(play(&two(Survey::new("a", vec![long]), Survey::new("b", vec![soon])), KIND, &steps, &[]), 1);
}
