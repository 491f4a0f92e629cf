//! The sample: who is in it, that it stays so, and that chance is fair.
//!
//! Chance is a generator with fixed seeds, so these tests say the same each time. Where a statistic is held against a
//! threshold, that is the one which fair draws exceed once in 1,000 times (significance 0.001). What is not fair is shown to
//! exceed it.

// The simulated world of the other test; this one needs little of it.
#[allow(dead_code)]
#[path = "asking/loader.rs"]
mod loader;
#[allow(dead_code)]
#[path = "asking/model.rs"]
mod model;
#[allow(dead_code)]
#[path = "asking/random.rs"]
mod random;
#[allow(dead_code)]
#[path = "asking/schedule.rs"]
mod schedule;
#[allow(dead_code)]
#[path = "asking/setting.rs"]
mod setting;
#[allow(dead_code)]
#[path = "asking/world.rs"]
mod world;

use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::decision::{Decision, NEVER};
use asklet::core::frequency::{Memory, PLACES, draw, judge, settled};
use asklet::core::time::{DAY, Millis, RELEASED};

use random::Random;
use schedule::Step;
use setting::{On, Setting, Survey, Touchpoint};
use world::{Kind, World};

const NOW: Millis = RELEASED + 100 * DAY;

/// Whether a visitor with this memory is in a sample of this share, as the rule says.
fn is_in(share: f64, memory: &Memory) -> bool {
    let json = format!(
        r#"{{ "about": "Acme", "delivery": {{ "url": "/r" }}, "surveys": [{{ "id": "a", "ask": "nps",
            "audience": {{ "sample": {share} }}, "touchpoints": [{{ "on": "page" }}] }}] }}"#
    );
    let document: Value = serde_json::from_str(&json).unwrap();
    let (config, problems) = decode(&document);
    assert!(problems.is_empty(), "{problems:?}");
    let mut decision = Decision::default();
    judge(&mut decision, &config.frequency, &config.surveys[0], memory, 1, NOW);
    let rule = decision.rules.iter().find(|rule| rule.get("rule").text() == Some("sample")).unwrap();
    let holds = rule.get("holds").bool().unwrap();
    // Who is not in it never will be: nobody need look again.
    let until = settled(&config.frequency, &config.surveys[0], memory, NOW);
    assert_eq!(until, (!holds).then_some(NEVER), "share {share}");
    holds
}

fn drawn(place: u16) -> Memory {
    let mut memory = Memory::default();
    memory.draw("a", place);
    memory
}

#[test]
fn none_all_and_between() {
    for place in [0, 1, 2_999, 3_000, 5_000, 9_998, 9_999] {
        let memory = drawn(place);
        assert!(!is_in(0.0, &memory), "0 is never: {place}");
        assert!(is_in(1.0, &memory), "1 is always: {place}");
        assert_eq!(is_in(0.3, &memory), place < 3_000, "{place}");
        assert_eq!(is_in(0.0001, &memory), place < 1, "{place}");
        assert_eq!(is_in(0.9999, &memory), place < 9_999, "{place}");
    }
}

/// Who was in the sample stays in it when it grows; when it shrinks nobody comes in.
#[test]
fn a_share_that_grows_keeps_those_who_were_in() {
    let shares = [0.0, 0.0001, 0.05, 0.25, 0.2501, 0.5, 0.9999, 1.0];
    for place in (0..PLACES).step_by(97).chain([2_499, 2_500, 2_501, 9_999]) {
        let memory = drawn(place);
        let inside: Vec<bool> = shares.iter().map(|share| is_in(*share, &memory)).collect();
        assert!(inside.is_sorted(), "{place}: {inside:?}");
    }
}

#[test]
fn the_first_draw_counts() {
    let mut memory = drawn(1_234);
    memory.draw("a", 9_999);
    memory.draw("b", 4_321);
    let memory = Memory(memory.row());
    assert_eq!((memory.place("a"), memory.place("b"), memory.place("c")), (Some(1_234.0), Some(4_321.0), None));
}

/// Every one of the 65,536 values that two bytes have leads to a place, each place from 6 or 7 of them.
#[test]
fn every_place_can_be_drawn() {
    let mut counts = vec![0; usize::from(PLACES)];
    for bytes in 0..=u16::MAX {
        counts[usize::from(draw(bytes.to_be_bytes()))] += 1;
    }
    assert!(counts.iter().all(|count| [6, 7].contains(count)));
}

/// Pearson's chi-square: how far counts are from what is expected of each.
fn chi_square(counts: impl IntoIterator<Item = u32>, expected: f64) -> f64 {
    counts.into_iter().map(|count| (f64::from(count) - expected).powi(2) / expected).sum()
}

/// Exceeded once in 1,000 times with 99 degrees of freedom: 100 bins whose sum is known.
const CRITICAL_99: f64 = 148.2;
/// With 81: a table of 10 by 10 whose sums of rows and columns are known.
const CRITICAL_81: f64 = 126.1;

/// How often each of 100 bins was drawn in 100,000 draws.
fn bins(mut next: impl FnMut() -> u16) -> Vec<u32> {
    let mut counts = vec![0; 100];
    for _ in 0..100_000 {
        counts[usize::from(next()) * 100 / usize::from(PLACES)] += 1;
    }
    counts
}

#[test]
fn draws_are_spread_evenly() {
    for seed in 0..10 {
        let mut random = Random(seed);
        let mut bytes = || (random.next() as u16).to_be_bytes();
        let statistic = chi_square(bins(|| draw(bytes())), 1_000.0);
        assert!(statistic < CRITICAL_99, "seed {seed}: {statistic}");
        // The remainder instead of the share: the lower places come up seven times where the others do six.
        let statistic = chi_square(bins(|| u16::from_be_bytes(bytes()) % PLACES), 1_000.0);
        assert!(statistic > CRITICAL_99, "seed {seed}: what is not even passes: {statistic}");
    }
}

// --- through the agent --------------------------------------------------------------------------------------------

const KIND: Kind = Kind { gated: false, racy: false, dated: false, online: true, offset: 0, start: NOW };

/// Surveys `a` and `b`, each for this share of the visitors.
fn setting(share: f64) -> Setting {
    let survey = |id| Survey { sample: Some(share), ..Survey::new(id, vec![Touchpoint::new(On::Page)]) };
    Setting::new(vec![survey("a"), survey("b")])
}

/// A visitor who has come for the first time, and seen a page.
fn visitor(share: f64, seed: u64) -> std::rc::Rc<World> {
    let world = World::new(&setting(share), KIND, seed, false);
    visit(&world, Step::Open { path: "/", slots: false });
    world
}

fn visit(world: &World, step: Step) {
    world.act(&step);
    world.settle();
    assert_eq!(world.violation(), None);
}

fn places(world: &World) -> [f64; 2] {
    let memory = &world.store.borrow().memory;
    ["a", "b"].map(|survey| memory.place(survey).unwrap())
}

/// Over reloads, in other tabs, and when the owner changes the share; but not when everything was erased.
#[test]
fn the_same_visitor_has_the_same_draw() {
    let mut kept = 0;
    for seed in 0..50 {
        let world = visitor(0.3, seed);
        let before = places(&world);
        for step in [
            Step::Load { tab: 0, path: "/shop/1", slots: false },
            Step::Open { path: "/help", slots: false },
            Step::Wait(400 * DAY),
            Step::Track { tab: 1, name: "x", total: 1 },
            Step::Close { tab: 0 },
            Step::Load { tab: 0, path: "/", slots: false },
        ] {
            visit(&world, step);
            assert_eq!(places(&world), before, "seed {seed}: after {step}");
        }
        // The same device, another config.
        let later = World::new(&setting(0.7), KIND, seed + 1_000, false);
        later.store.replace(world.store.borrow().clone());
        visit(&later, Step::Open { path: "/", slots: false });
        assert_eq!(places(&later), before, "seed {seed}: with another share");
        later.end();
        visit(&world, Step::Forget);
        visit(&world, Step::Open { path: "/", slots: false });
        kept += usize::from(places(&world) == before);
        world.end();
    }
    assert!(kept <= 1, "forgotten, {kept} of 50 draws were the same again");
}

#[test]
fn a_share_is_asked() {
    for (share, visitors) in [(0.0, 50), (0.25, 800), (1.0, 50)] {
        let mut asked = 0;
        for seed in 0..visitors {
            let world = visitor(share, seed);
            let [a, _] = places(&world);
            let up = world.model.borrow().asked.iter().any(|(_, survey)| *survey == 0);
            assert_eq!(up, a < share * f64::from(PLACES), "seed {seed}: {a} of {share}");
            asked += u32::from(up);
            world.end();
        }
        // Binomial: within 3.29 standard deviations, which chance leaves once in 1,000 times.
        let expected = f64::from(visitors as u32) * share;
        let deviation = (expected * (1.0 - share)).sqrt();
        assert!((f64::from(asked) - expected).abs() <= 3.29 * deviation, "{asked} of {visitors} for {share}");
    }
}

/// A table of 10 by 10: how often two draws of the same visitor were in which tenth.
fn table(pairs: impl Iterator<Item = [f64; 2]>) -> f64 {
    let mut cells = vec![0_u32; 100];
    let (mut rows, mut columns, mut sum) = ([0_u32; 10], [0_u32; 10], 0_u32);
    for pair in pairs {
        let [row, column] = pair.map(|place| (place * 10.0) as usize / usize::from(PLACES));
        cells[row * 10 + column] += 1;
        rows[row] += 1;
        columns[column] += 1;
        sum += 1;
    }
    let expected = |row: usize, column: usize| f64::from(rows[row]) * f64::from(columns[column]) / f64::from(sum);
    (0..100).map(|at| chi_square([cells[at]], expected(at / 10, at % 10))).sum()
}

/// Who is in the sample of one survey is no more and no less likely to be in that of another.
#[test]
fn two_surveys_are_drawn_independently() {
    let pairs: Vec<[f64; 2]> = (0..1_000)
        .map(|seed| {
            let world = visitor(0.5, seed);
            let places = places(&world);
            world.end();
            places
        })
        .collect();
    let statistic = table(pairs.iter().copied());
    assert!(statistic < CRITICAL_81, "{statistic}");
    // One draw for both, and two that go together a little.
    let same = table(pairs.iter().map(|[a, _]| [*a, *a]));
    let near = table(pairs.iter().enumerate().map(|(index, [a, b])| if index % 5 == 0 { [*a, *a] } else { [*a, *b] }));
    assert!(same > CRITICAL_81 && near > CRITICAL_81, "what goes together passes: {same}, {near}");
}
