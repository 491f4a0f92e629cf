//! Who may be asked again, and when.

use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::frequency::{Fact, Memory, Rules, decide};
use asklet::core::survey::Survey;
use asklet::core::time::{DAY, Millis};

const NOW: Millis = 1_000 * DAY;

fn survey(id: &str, placement: &str) -> Survey {
    let json = format!(
        r#"{{"about": "Acme", "delivery": {{"url": "/r"}}, "surveys": [
            {{"id": "{id}", "ask": "nps", "placement": "{placement}", "touchpoints": [{{"on": "call"}}]}}]}}"#
    );
    let document: Value = serde_json::from_str(&json).unwrap();
    (*decode(&document).0.surveys[0]).clone()
}

/// The rules that forbid asking `survey` after `facts` (how long ago, what, with which survey, in which session).
fn forbidding(
    survey: &Survey,
    facts: &[(Millis, Fact, &str, u32)],
    session: u32,
) -> Vec<(&'static str, Option<Millis>)> {
    let mut memory = Memory::default();
    for (ago, fact, with, session) in facts {
        memory.note(*fact, with, *session, NOW - ago);
    }
    memory.rebase(NOW);
    let stored = Memory::from_row(&memory.row());
    assert_eq!(stored, memory, "it is stored as it was");
    let decision = decide(&Rules::default(), survey, &stored, session, NOW);
    assert_eq!(decision.ask(), decision.verdicts.iter().all(|verdict| verdict.holds));
    decision.verdicts.iter().filter(|verdict| !verdict.holds).map(|verdict| (verdict.rule, verdict.next)).collect()
}

#[test]
fn each_clock_runs_by_itself() {
    use Fact::*;
    let (popover, inline) = (survey("a", "popover"), survey("a", "inline"));
    type Row<'a> = (&'a Survey, &'a [(Millis, Fact, &'a str, u32)], &'a [(&'static str, Option<Millis>)]);
    let table: &[Row] = &[
        (&popover, &[], &[]),
        // In this session, a moment ago.
        (&popover, &[(0, Shown(true), "b", 2)], &[("quiet", Some(NOW + 30 * DAY)), ("per_session", None)]),
        (&popover, &[(29 * DAY, Shown(true), "b", 1)], &[("quiet", Some(NOW + DAY))]),
        (&popover, &[(30 * DAY, Shown(true), "b", 1)], &[]),
        // The visitor asked for it: that is not held against anybody.
        (&popover, &[(0, Shown(false), "b", 2)], &[]),
        (&popover, &[(89 * DAY, Declined, "a", 1)], &[("declined", Some(NOW + DAY))]),
        (&popover, &[(90 * DAY, Declined, "a", 1)], &[]),
        (&popover, &[(90 * DAY, Answered, "a", 1)], &[("answered", Some(NOW + 90 * DAY))]),
        (&popover, &[(0, Answered, "b", 1), (0, Declined, "b", 1)], &[]),
        // An inline prompt interrupts nobody.
        (&inline, &[(0, Shown(true), "b", 2)], &[]),
        (&inline, &[(0, Answered, "a", 1)], &[("answered", Some(NOW + 180 * DAY))]),
        // The clock was set back by a year: the wait begins anew, neither shorter nor for ever.
        (&popover, &[(-365 * DAY, Declined, "a", 1)], &[("declined", Some(NOW + 90 * DAY))]),
    ];
    for (survey, facts, expect) in table {
        assert_eq!(forbidding(survey, facts, 2), *expect, "{facts:?}");
    }
}
