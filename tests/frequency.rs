//! Who may be asked again, and when: a table for each clock.

use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::decision::{Decision, NEVER};
use asklet::core::frequency::Fact::{self, Answered, Declined, Later, Refused, Shown};
use asklet::core::frequency::{Memory, judge, settled};
use asklet::core::time::{DAY, HOUR, Millis, RELEASED};
use asklet::ports::State;

const NOW: Millis = RELEASED + 1_000 * DAY;
const YEAR: Millis = 365 * DAY;

/// Popovers `a` and `b`, the inline survey `in`, and `own`, which has waits of its own.
fn document(frequency: &str) -> Value {
    let survey = |id: &str, more: &str| {
        format!(r#"{{ "id": "{id}", "ask": "nps", "touchpoints": [{{ "on": "call" }}]{more} }}"#)
    };
    let surveys = [
        survey("a", ""),
        survey("b", ""),
        survey("in", r#", "placement": "inline""#),
        survey("own", r#", "frequency": { "shown": "1d", "declined": "2d", "answered": "3d", "later": "4d" }"#),
    ];
    let json = format!(
        r#"{{ "about": "Acme", "delivery": {{ "url": "/r" }}, "frequency": {frequency}, "surveys": [{}] }}"#,
        surveys.join(",")
    );
    serde_json::from_str(&json).unwrap()
}

/// The rules that forbid asking `survey` now, with when they would hold, where time decides; and until when it is settled.
type Verdict = (Vec<(String, Option<Millis>)>, Option<Millis>);

fn verdict(frequency: &str, survey: &str, memory: &Memory, session: u32, now: Millis) -> Verdict {
    let (config, problems) = decode(&document(frequency));
    assert!(problems.is_empty(), "{problems:?}");
    let survey = config.surveys.iter().find(|known| known.id == survey).unwrap();
    let mut decision = Decision::default();
    judge(&mut decision, &config.frequency, survey, memory, session, now);
    let failing = decision.rules.iter().filter(|rule| rule.get("holds").bool() != Some(true));
    let failing = failing.map(|rule| (rule.get("rule").text().unwrap().to_string(), rule.get("next").millis()));
    let failing: Vec<_> = failing.collect();
    assert_eq!(decision.asks, failing.is_empty());
    (failing, settled(&config.frequency, survey, memory, now))
}

/// A memory as it comes back from storage.
fn stored(memory: Memory) -> Memory {
    let state = State { memory, ..State::default() };
    let read = State::from_rows(&state.rows()).memory;
    assert_eq!(State { memory: read.clone(), ..State::default() }.rows(), state.rows(), "it is stored as it was");
    read
}

/// What happened: how long ago, what, with which survey, in which session.
type Happened<'a> = (Millis, Fact, &'a str, u32);

fn remember(facts: &[Happened]) -> Memory {
    let mut memory = Memory::default();
    for (ago, fact, with, session) in facts {
        memory.note(*fact, with, *session, NOW - ago);
    }
    memory.rebase(NOW);
    stored(memory)
}

/// A survey, what happened before, and the rules that forbid asking it now, in session 2, with when they would hold.
type Row<'a> = (&'a str, &'a [Happened<'a>], &'a [(&'a str, Option<Millis>)]);

fn check(frequency: &str, table: &[Row]) {
    for (survey, facts, expect) in table {
        let (failing, settled) = verdict(frequency, survey, &remember(facts), 2, NOW);
        let expect: Vec<_> = expect.iter().map(|(rule, next)| ((*rule).to_string(), *next)).collect();
        assert_eq!(failing, expect, "{frequency} {survey} {facts:?}");
        let refused = facts.iter().any(|(_, fact, ..)| *fact == Refused);
        let last = if refused { Some(NEVER) } else { expect.iter().filter_map(|(_, next)| *next).max() };
        assert_eq!(settled, last, "settled: {frequency} {survey} {facts:?}");
    }
}

#[test]
fn without_a_word_of_the_owner() {
    check(
        "{}",
        &[
            ("a", &[], &[]),
            ("a", &[(90 * DAY - 1, Declined, "a", 1)], &[("declined", Some(NOW + 1))]),
            ("a", &[(90 * DAY, Declined, "a", 1)], &[]),
            ("a", &[(7 * DAY - 1, Later, "a", 1)], &[("later", Some(NOW + 1))]),
            ("a", &[(7 * DAY, Later, "a", 1)], &[]),
            ("a", &[(180 * DAY - 1, Answered, "a", 1)], &[("answered", Some(NOW + 1))]),
            ("a", &[(180 * DAY, Answered, "a", 1)], &[]),
            // That it was shown is no reason by itself.
            ("a", &[(0, Shown(false), "a", 2)], &[]),
            // What happened with another survey is nothing to this one.
            ("a", &[(0, Answered, "b", 2), (0, Declined, "b", 2), (0, Later, "b", 2)], &[]),
            // Each clock runs by itself; the latest time of each counts.
            (
                "a",
                &[
                    (100 * DAY, Answered, "a", 1),
                    (50 * DAY, Declined, "a", 1),
                    (DAY, Later, "a", 1),
                    (0, Later, "a", 1),
                ],
                &[
                    ("answered", Some(NOW + 80 * DAY)),
                    ("declined", Some(NOW + 40 * DAY)),
                    ("later", Some(NOW + 7 * DAY)),
                ],
            ),
        ],
    );
}

#[test]
fn as_the_owner_says() {
    let frequency = r#"{ "quiet": "0s", "shown": "5d", "declined": "6d", "answered": "0s", "later": "8d" }"#;
    check(
        frequency,
        &[
            ("a", &[(5 * DAY - 1, Shown(false), "a", 1)], &[("shown", Some(NOW + 1))]),
            ("a", &[(5 * DAY, Shown(true), "a", 1)], &[]),
            ("a", &[(DAY, Declined, "a", 1)], &[("declined", Some(NOW + 5 * DAY))]),
            ("a", &[(0, Answered, "a", 1)], &[]),
            ("a", &[(DAY, Later, "a", 1)], &[("later", Some(NOW + 7 * DAY))]),
            // A survey's own waits go before.
            ("own", &[(0, Shown(false), "own", 1)], &[("shown", Some(NOW + DAY))]),
            ("own", &[(0, Declined, "own", 1)], &[("declined", Some(NOW + 2 * DAY))]),
            ("own", &[(0, Answered, "own", 1)], &[("answered", Some(NOW + 3 * DAY))]),
            ("own", &[(0, Later, "own", 1)], &[("later", Some(NOW + 4 * DAY))]),
            ("own", &[(4 * DAY, Later, "own", 1), (3 * DAY, Answered, "own", 1)], &[]),
        ],
    );
}

#[test]
fn across_all_surveys() {
    let frequency = r#"{ "declined": "0s", "answered": "0s", "later": "2d",
        "across": { "declined": "5d", "answered": "6d", "later": "7d" } }"#;
    check(
        frequency,
        &[
            ("a", &[(5 * DAY - 1, Declined, "b", 1)], &[("declined_across", Some(NOW + 1))]),
            ("a", &[(5 * DAY, Declined, "b", 1)], &[]),
            ("a", &[(6 * DAY - 1, Answered, "b", 1)], &[("answered_across", Some(NOW + 1))]),
            ("a", &[(6 * DAY, Answered, "b", 1)], &[]),
            ("a", &[(7 * DAY - 1, Later, "b", 1)], &[("later_across", Some(NOW + 1))]),
            ("a", &[(7 * DAY, Later, "b", 1)], &[]),
            // The latest of all surveys counts, whichever it is; and inline ones are among them.
            (
                "in",
                &[(4 * DAY, Declined, "a", 1), (DAY, Declined, "b", 1), (3 * DAY, Declined, "own", 1)],
                &[("declined_across", Some(NOW + 4 * DAY))],
            ),
            ("a", &[(DAY, Later, "a", 1)], &[("later", Some(NOW + DAY)), ("later_across", Some(NOW + 6 * DAY))]),
            // One that is not in the config any more.
            ("a", &[(DAY, Answered, "gone", 1)], &[("answered_across", Some(NOW + 5 * DAY))]),
        ],
    );
}

#[test]
fn quiet_time_and_session() {
    check(
        "{}",
        &[
            ("a", &[(30 * DAY - 1, Shown(true), "b", 1)], &[("quiet", Some(NOW + 1))]),
            ("a", &[(30 * DAY, Shown(true), "b", 1)], &[]),
            ("a", &[(0, Shown(true), "b", 2)], &[("quiet", Some(NOW + 30 * DAY)), ("per_session", None)]),
            // In the session before this one.
            ("a", &[(0, Shown(true), "b", 1)], &[("quiet", Some(NOW + 30 * DAY))]),
            // Somebody called for it, or it was inline.
            ("a", &[(0, Shown(false), "b", 2)], &[]),
            // An inline prompt interrupts nobody.
            ("in", &[(0, Shown(true), "b", 2)], &[]),
            ("in", &[(0, Declined, "in", 2)], &[("declined", Some(NOW + 90 * DAY))]),
        ],
    );
    let frequency = r#"{ "quiet": "1h", "per_session": 2 }"#;
    check(
        frequency,
        &[
            ("a", &[(HOUR, Shown(true), "b", 2)], &[]),
            ("a", &[(3 * HOUR, Shown(true), "b", 2), (HOUR, Shown(true), "own", 2)], &[("per_session", None)]),
            ("a", &[(3 * HOUR, Shown(true), "b", 1), (HOUR, Shown(true), "own", 2)], &[]),
            ("a", &[(3 * HOUR, Shown(true), "b", 1), (2 * HOUR, Shown(true), "own", 1)], &[]),
            ("in", &[(3 * HOUR, Shown(true), "b", 2), (HOUR, Shown(true), "own", 2)], &[]),
        ],
    );
}

#[test]
fn a_refusal_is_for_good_and_for_all() {
    let frequency = r#"{ "quiet": "0s", "declined": "0s", "answered": "0s", "later": "0s" }"#;
    for survey in ["a", "b", "in", "own"] {
        check(frequency, &[(survey, &[(100 * YEAR, Refused, "a", 1)], &[("refused", None)])]);
    }
}

/// What is noted on a clock that is ahead by `ahead`, and then looked at when the clock has been set right.
fn after_being_ahead(ahead: Millis, fact: Fact) -> Memory {
    let mut memory = Memory::default();
    memory.note(fact, "a", 1, NOW + ahead);
    memory
}

/// Set back: the wait begins anew when that is first seen. So it is not shortened, and lasts for one wait more at most.
#[test]
fn a_clock_that_is_set_back() {
    let waits = [(Declined, "declined", 90 * DAY), (Later, "later", 7 * DAY), (Answered, "answered", 180 * DAY)];
    for (fact, rule, wait) in waits {
        for ahead in [1, HOUR, wait, YEAR, 50 * YEAR] {
            // Even before anything has rewritten what is stored.
            let mut memory = after_being_ahead(ahead, fact);
            let expect = (vec![(rule.to_string(), Some(NOW + wait))], Some(NOW + wait));
            assert_eq!(verdict("{}", "a", &memory, 2, NOW), expect, "{rule}, ahead by {ahead}");
            memory.rebase(NOW);
            let mut memory = stored(memory);
            for later in [DAY, wait - 1] {
                memory.rebase(NOW + later);
                assert_eq!(
                    verdict("{}", "a", &memory, 2, NOW + later),
                    expect,
                    "{rule}, ahead by {ahead}, after {later}"
                );
            }
            memory.rebase(NOW + wait);
            assert_eq!(verdict("{}", "a", &memory, 2, NOW + wait), (vec![], None), "{rule}, ahead by {ahead}: over");
        }
    }
    // The quiet time likewise, and what is across.
    let memory = after_being_ahead(YEAR, Shown(true));
    assert_eq!(verdict("{}", "b", &memory, 2, NOW).1, Some(NOW + 30 * DAY));
    let memory = after_being_ahead(YEAR, Declined);
    assert_eq!(verdict(r#"{ "across": { "declined": "5d" } }"#, "b", &memory, 2, NOW).1, Some(NOW + 5 * DAY));
}

/// A clock that shows a time before the release is wrong. What it dated begins when the clock is right again, once.
#[test]
fn a_clock_that_is_years_behind() {
    let wrong = RELEASED - 20 * YEAR;
    let mut memory = Memory::default();
    memory.note(Declined, "a", 1, wrong);
    memory.note(Shown(true), "a", 1, wrong);
    // As long as it is wrong it is the only clock there is.
    memory.rebase(wrong + DAY);
    let expect = (
        vec![("declined".to_string(), Some(wrong + 90 * DAY)), ("quiet".to_string(), Some(wrong + 30 * DAY))],
        Some(wrong + 90 * DAY),
    );
    assert_eq!(verdict("{}", "a", &memory, 2, wrong + DAY), expect);
    // Set right: the wait begins.
    memory.rebase(NOW);
    let mut memory = stored(memory);
    assert_eq!(verdict("{}", "a", &memory, 2, NOW).1, Some(NOW + 90 * DAY));
    assert_eq!(verdict("{}", "b", &memory, 2, NOW).1, Some(NOW + 30 * DAY));
    memory.rebase(NOW + 89 * DAY);
    assert_eq!(verdict("{}", "a", &memory, 2, NOW + 89 * DAY).1, Some(NOW + 90 * DAY));
    memory.rebase(NOW + 90 * DAY);
    assert_eq!(verdict("{}", "a", &memory, 2, NOW + 90 * DAY), (vec![], None));

    // The last moment that is not believed, and the first that is.
    for (at, until) in [(RELEASED - 1, NOW + 90 * DAY), (RELEASED, NOW)] {
        let mut memory = Memory::default();
        memory.note(Declined, "a", 1, at);
        memory.rebase(NOW);
        assert_eq!(verdict("{}", "a", &memory, 2, NOW).1.unwrap_or(NOW), until);
    }
}

#[test]
fn undo() {
    for fact in [Declined, Later, Refused] {
        for earlier in [None, Some(Declined), Some(Later), Some(Refused), Some(Answered)] {
            let mut before = Memory::default();
            if let Some(earlier) = earlier {
                before.note(earlier, "a", 1, NOW - DAY);
            }
            let mut memory = before.clone();
            memory.note(fact, "a", 0, NOW);
            memory.undo(fact, "a", NOW, &before);
            for survey in ["a", "b"] {
                let expect = verdict("{}", survey, &stored(before.clone()), 2, NOW);
                assert_eq!(
                    verdict("{}", survey, &stored(memory.clone()), 2, NOW),
                    expect,
                    "{fact:?} after {earlier:?}"
                );
            }
        }
    }
}

/// Something else may be noted between closing a prompt and undoing that: in another prompt of the page, or another tab.
#[test]
fn undo_takes_back_nothing_else() {
    let before = Memory::default();
    let mut memory = before.clone();
    memory.note(Declined, "in", 0, NOW);
    memory.note(Refused, "a", 0, NOW + 1);
    memory.note(Later, "b", 0, NOW + 2);
    memory.undo(Declined, "in", NOW, &before);
    assert_eq!(verdict("{}", "in", &memory, 2, NOW + 3), (vec![("refused".to_string(), None)], Some(NEVER)));
    assert_eq!(memory.clock("b", "later"), Some(NOW + 2));

    // The same survey was declined in another tab.
    let mut memory = before.clone();
    memory.note(Declined, "in", 0, NOW);
    memory.note(Declined, "in", 0, NOW + 1);
    memory.undo(Declined, "in", NOW, &before);
    assert_eq!(memory.clock("in", "declined"), Some(NOW + 1));
}
