use super::*;
use crate::core::time::HOUR;
use crate::core::value::map;

fn document(status: &str) -> Value {
    map([("survey", "s".into()), ("status", status.into())])
}

fn submit(id: &str, revision: u32, due: Option<Millis>) -> Event {
    Event::Submit { id: id.into(), revision, document: document("complete"), due }
}

/// An outbox in which these wait.
fn waiting(ids: &[&str]) -> Outbox {
    let mut outbox = Outbox::default();
    for id in ids {
        outbox.step(submit(id, 1, Some(0)), 0, 0.5);
    }
    outbox
}

/// Claims up to 20 records; none: there is nothing to be sent.
fn claim_all(outbox: &mut Outbox, owner: &str, now: Millis) -> Vec<Record> {
    let commands = outbox.step(Event::Claim { owner: owner.into(), most: 20 }, now, 0.5);
    let sent = commands.into_iter().find_map(|command| match command {
        Command::Send(records) => Some(records),
        _ => None,
    });
    sent.unwrap_or_default()
}

fn claim(outbox: &mut Outbox, owner: &str, now: Millis) -> Option<Record> {
    let commands = outbox.step(Event::Claim { owner: owner.into(), most: 1 }, now, 0.5);
    commands.into_iter().find_map(|command| match command {
        Command::Send(records) => records.into_iter().next(),
        _ => None,
    })
}

/// A request has ended; `outcome` says how for each record.
fn done_each(sent: &[Record], outcome: impl Fn(&str) -> Outcome, retry_after: Option<Millis>) -> Event {
    let end = |record: &Record| End {
        id: record.id.clone(),
        revision: record.revision,
        attempt: record.attempts,
        outcome: outcome(&record.id),
    };
    Event::Done {
        owner: sent[0].owner.clone().unwrap(),
        ends: sent.iter().map(end).collect(),
        status: 400,
        problem: "what it said".into(),
        retry_after,
    }
}

fn done(sent: &Record, outcome: Outcome, retry_after: Option<Millis>) -> Event {
    done_each(std::slice::from_ref(sent), |_| outcome, retry_after)
}

fn ids(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.id.as_str()).collect()
}

fn balanced(outbox: &Outbox) -> bool {
    let here = (outbox.records.len() + outbox.parked.len()) as i64;
    outbox.meta.enqueued == outbox.meta.delivered + outbox.meta.evicted + here
}

#[test]
fn delivered_once_by_one_of_two_tabs() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(0)), 0, 0.5);
    let sent = claim(&mut outbox, "one", 0).unwrap();
    assert_eq!(claim(&mut outbox, "two", 10), None, "the lease keeps it");
    outbox.step(done(&sent, Outcome::Delivered, None), 20, 0.5);
    assert!(outbox.records.is_empty());
    assert_eq!(outbox.meta.delivered, 1);
}

#[test]
fn a_lease_that_ran_out_passes_on_and_the_late_failure_is_ignored() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(0)), 0, 0.5);
    let frozen = claim(&mut outbox, "one", 0).unwrap();
    let taken = claim(&mut outbox, "two", LEASE).unwrap();
    outbox.step(done(&frozen, Outcome::Reject, None), LEASE + 1, 0.5);
    assert_eq!(outbox.records[0].owner.as_deref(), Some("two"), "the failure was fenced off");
    outbox.step(done(&frozen, Outcome::Delivered, None), LEASE + 2, 0.5);
    assert!(outbox.records.is_empty(), "a success counts whoever had it");
    outbox.step(done(&taken, Outcome::Delivered, None), LEASE + 3, 0.5);
    assert_eq!(outbox.meta.delivered, 1);
    assert!(balanced(&outbox));
}

#[test]
fn a_later_revision_outlives_the_delivery_of_an_earlier_one() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(0)), 0, 0.5);
    let first = claim(&mut outbox, "one", 0).unwrap();
    outbox.step(submit("a", 2, Some(0)), 5, 0.5);
    outbox.step(done(&first, Outcome::Delivered, None), 10, 0.5);
    assert_eq!(outbox.records[0].revision, 2);
    assert!(balanced(&outbox));
    outbox.step(submit("a", 1, Some(0)), 11, 0.5);
    assert_eq!(outbox.records[0].revision, 2, "an older state changes nothing");
}

#[test]
fn a_draft_waits_until_its_prompt_is_closed_or_given_up() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, None), 0, 0.5);
    outbox.step(Event::Hurry, 1, 0.5);
    assert_eq!(claim(&mut outbox, "one", 2), None);
    let mut closed = outbox.clone();
    closed.step(submit("a", 1, Some(5)), 5, 0.5);
    assert!(claim(&mut closed, "one", 5).is_some());
    assert!(claim(&mut outbox, "one", DRAFT).is_some(), "a page that never said goodbye");
}

#[test]
fn what_the_endpoint_says_decides_when_to_come_back() {
    use Outcome::*;
    // (outcome, Retry-After, not before, at the latest)
    let table = [
        (Retry, None, SECOND, 2 * SECOND),
        (Retry, Some(120 * SECOND), 120 * SECOND, 120 * SECOND),
        (Retry, Some(400 * DAY), DAY, DAY),
        (Hold, None, 15 * MINUTE, 30 * MINUTE),
    ];
    for (outcome, retry_after, from, until) in table {
        let mut outbox = Outbox::default();
        outbox.step(submit("a", 1, Some(0)), 0, 0.5);
        let sent = claim(&mut outbox, "one", 0).unwrap();
        outbox.step(done(&sent, outcome, retry_after), 0, 0.5);
        assert_eq!(claim(&mut outbox, "one", from - 1), None, "{outcome:?} {retry_after:?}");
        assert!(claim(&mut outbox, "one", until).is_some(), "{outcome:?} {retry_after:?}");
    }
}

#[test]
fn hurry_passes_our_own_pause_but_no_gate() {
    for (retry_after, passes) in [(None, true), (Some(60 * SECOND), false)] {
        let mut outbox = Outbox::default();
        outbox.step(submit("a", 1, Some(0)), 0, 0.5);
        let sent = claim(&mut outbox, "one", 0).unwrap();
        outbox.step(done(&sent, Outcome::Retry, retry_after), 0, 0.5);
        outbox.step(Event::Hurry, 1, 0.5);
        assert_eq!(claim(&mut outbox, "one", 1).is_some(), passes);
    }
}

#[test]
fn several_go_in_one_request_up_to_its_limits() {
    let names: Vec<String> = (0..30).map(|n| format!("{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut outbox = waiting(&names);
    let sent = claim_all(&mut outbox, "one", 0);
    assert_eq!(ids(&sent), names[..20]);
    assert_eq!(claim_all(&mut outbox, "two", 0).len(), 10, "the rest");
    outbox.step(done_each(&sent, |_| Outcome::Delivered, None), 1, 0.5);
    assert_eq!(outbox.meta.delivered, 20);

    let mut outbox = Outbox::default();
    let large = |of: usize| map([("text", "x".repeat(of).into())]);
    for (id, size) in [("a", 70_000), ("b", 25_000), ("c", 25_000), ("d", 25_000)] {
        outbox.step(Event::Submit { id: id.into(), revision: 1, document: large(size), due: Some(0) }, 0, 0.5);
    }
    assert_eq!(ids(&claim_all(&mut outbox, "one", 0)), ["a"], "what is too large for any goes by itself");
    assert_eq!(ids(&claim_all(&mut outbox, "one", 0)), ["b", "c"]);
    assert_eq!(ids(&claim_all(&mut outbox, "one", 0)), ["d"]);
}

#[test]
fn after_a_failure_one_goes_ahead() {
    let mut outbox = waiting(&["a", "b", "c"]);
    let sent = claim_all(&mut outbox, "one", 0);
    outbox.step(done_each(&sent, |_| Outcome::Retry, None), 0, 0.5);
    let first = claim_all(&mut outbox, "one", MINUTE);
    assert_eq!(ids(&first), ["a"]);
    outbox.step(done(&first[0], Outcome::Delivered, None), MINUTE, 0.5);
    assert_eq!(ids(&claim_all(&mut outbox, "one", MINUTE)), ["b", "c"], "it is well again");
}

#[test]
fn the_same_records_go_in_the_same_order() {
    let mut outbox = Outbox::default();
    outbox.step(submit("b", 1, Some(0)), 0, 0.5);
    outbox.step(submit("a", 1, None), 0, 0.5);
    outbox.step(submit("a", 1, Some(5)), 5, 0.5);
    assert_eq!(ids(&claim_all(&mut outbox, "one", 5)), ["a", "b"], "though one is due before the other");
    assert_eq!(ids(&claim_all(&mut outbox, "two", 5 + LEASE)), ["a", "b"]);
}

#[test]
fn of_a_batch_that_is_refused_only_the_bad_one_is_parked() {
    for outcome in [Outcome::Reject, Outcome::Unsent] {
        let mut outbox = waiting(&["a", "bad", "c"]);
        let sent = claim_all(&mut outbox, "one", 0);
        outbox.step(done_each(&sent, |_| outcome, None), 0, 0.5);
        assert!(outbox.parked.is_empty());
        for id in ["a", "bad", "c"] {
            let sent = claim_all(&mut outbox, "one", 0);
            assert_eq!(ids(&sent), [id], "at once, and alone");
            let outcome = if id == "bad" { outcome } else { Outcome::Delivered };
            outbox.step(done_each(&sent, |_| outcome, None), 0, 0.5);
        }
        assert_eq!(outbox.meta.delivered, 2);
        assert!(balanced(&outbox));
        if outcome == Outcome::Reject {
            let Parked { record, reason, status, problem, .. } = &outbox.parked[0];
            assert_eq!((record.id.as_str(), reason.as_str(), *status), ("bad", "rejected", 400));
            assert_eq!(problem, "what it said");
        } else {
            assert_eq!(ids(&outbox.records), ["bad"], "what was never sent is kept");
            assert_eq!(claim(&mut outbox, "one", 14 * MINUTE), None);
            assert!(claim(&mut outbox, "one", HOUR).is_some());
        }
    }
}

#[test]
fn a_batch_that_fails_twice_goes_one_by_one() {
    let mut outbox = waiting(&["a", "b", "c"]);
    let sent = claim_all(&mut outbox, "one", 0);
    outbox.step(done_each(&sent, |_| Outcome::Retry, None), 0, 0.5);
    outbox.step(submit("0", 1, Some(30 * SECOND)), 30 * SECOND, 0.5);
    let ahead = claim(&mut outbox, "one", MINUTE).unwrap();
    assert_eq!(ahead.id, "0", "what has not failed goes first");
    outbox.step(done(&ahead, Outcome::Delivered, None), MINUTE, 0.5);
    let sent = claim_all(&mut outbox, "one", MINUTE);
    assert_eq!(sent.len(), 3);
    outbox.step(done_each(&sent, |_| Outcome::Retry, None), MINUTE, 0.5);
    for id in ["a", "b", "c"] {
        let sent = claim_all(&mut outbox, "one", 2 * MINUTE);
        assert_eq!(ids(&sent), [id]);
        outbox.step(done(&sent[0], Outcome::Delivered, None), 2 * MINUTE, 0.5);
    }
    assert!(outbox.records.is_empty());
}

#[test]
fn each_record_of_a_request_has_its_own_outcome() {
    let mut outbox = waiting(&["gone", "later", "bad"]);
    let sent = claim_all(&mut outbox, "one", 0);
    let outcome = |id: &str| match id {
        "gone" => Outcome::Delivered,
        "later" => Outcome::Retry,
        _ => Outcome::Reject,
    };
    outbox.step(done_each(&sent, outcome, Some(HOUR)), 0, 0.5);
    assert_eq!(outbox.meta.delivered, 1);
    assert_eq!((outbox.meta.failures, outbox.meta.pause, outbox.meta.gate), (0, 0, 0), "the endpoint is well");
    let bad = claim_all(&mut outbox, "one", 0);
    assert_eq!(ids(&bad), ["bad"]);
    outbox.step(done(&bad[0], Outcome::Reject, None), 0, 0.5);
    assert_eq!(ids(&claim_all(&mut outbox, "one", 2 * SECOND)), ["later"]);
    assert!(balanced(&outbox));
}

#[test]
fn what_cannot_be_rendered_holds_nobody_up_and_is_never_parked_for_it() {
    let mut outbox = waiting(&["odd"]);
    let mut now = 0;
    for n in 0..20 {
        let odd = claim(&mut outbox, "one", now).unwrap();
        outbox.step(done(&odd, Outcome::Unsent, None), now, 0.5);
        outbox.step(submit(&n.to_string(), 1, Some(now)), now, 0.5);
        let other = claim(&mut outbox, "one", now).unwrap();
        assert_eq!(other.id, n.to_string(), "no pause for the others");
        outbox.step(done(&other, Outcome::Delivered, None), now, 0.5);
        assert_eq!(claim(&mut outbox, "one", now + 14 * MINUTE), None);
        now += 6 * HOUR;
    }
    assert!(outbox.parked.is_empty());
    // And where the clock is set back the wait is no longer than it can be.
    let odd = claim(&mut outbox, "one", now).unwrap();
    outbox.step(done(&odd, Outcome::Unsent, None), now, 0.999);
    assert_eq!(claim(&mut outbox, "one", now), None);
    assert!(claim(&mut outbox, "one", now - DAY).is_some());
}

#[test]
fn claims_that_nobody_heard_of_are_no_failures() {
    let mut outbox = waiting(&["a"]);
    let mut now = 0;
    let first = claim(&mut outbox, "one", now).unwrap();
    outbox.step(done(&first, Outcome::Retry, None), now, 0.5);
    outbox.step(submit("b", 1, Some(now)), now, 0.5);
    now += MINUTE;
    let other = claim(&mut outbox, "one", now).unwrap();
    outbox.step(done(&other, Outcome::Delivered, None), now, 0.5);
    for _ in 0..MAX_FAILURES {
        assert!(claim(&mut outbox, "a tab that dies", now).is_some());
        now += LEASE;
    }
    let again = claim(&mut outbox, "one", now).unwrap();
    outbox.step(done(&again, Outcome::Retry, None), now, 0.5);
    assert!(outbox.parked.is_empty());
}

#[test]
fn an_outage_parks_nothing_where_the_clock_was_set_back() {
    let mut outbox = waiting(&["b"]);
    let sent = claim(&mut outbox, "one", DAY).unwrap();
    outbox.step(done(&sent, Outcome::Delivered, None), DAY, 0.5);
    let mut now = 0;
    outbox.step(submit("a", 1, Some(now)), now, 0.5);
    for _ in 0..20 {
        let sent = claim(&mut outbox, "one", now).unwrap();
        outbox.step(done(&sent, Outcome::Retry, None), now, 0.5);
        now += backoff::LONGEST;
    }
    assert!(outbox.parked.is_empty(), "it was delivered before, by a clock that was ahead");
}

#[test]
fn what_is_parked_can_be_put_back() {
    let mut outbox = waiting(&["a", "b"]);
    for _ in 0..2 {
        let sent = claim(&mut outbox, "one", 0).unwrap();
        outbox.step(done(&sent, Outcome::Reject, None), 0, 0.5);
    }
    assert_eq!(outbox.parked.len(), 2);
    let now = 2 * MAX_AGE;
    outbox.step(Event::PutBack, now, 0.5);
    assert!(balanced(&outbox));
    let sent = claim_all(&mut outbox, "one", now);
    assert_eq!(ids(&sent), ["a", "b"], "together, and however old they are");
    assert_eq!(sent[0].attempts, 1);
}

#[test]
fn what_is_parked_stays_so_until_there_is_a_later_revision() {
    let mut outbox = waiting(&["a"]);
    let sent = claim(&mut outbox, "one", 0).unwrap();
    outbox.step(done(&sent, Outcome::Reject, None), 0, 0.5);
    assert_eq!(outbox.step(submit("a", 1, Some(1)), 1, 0.5), []);
    assert_eq!((outbox.records.len(), outbox.parked.len()), (0, 1));
    outbox.step(submit("a", 2, Some(2)), 2, 0.5);
    assert_eq!((outbox.records.len(), outbox.parked.len()), (1, 0));
    assert_eq!(outbox.meta.enqueued, 1);
    assert!(balanced(&outbox));
    assert_eq!(claim(&mut outbox, "one", 2).map(|record| (record.revision, record.attempts)), Some((2, 1)));
}

#[test]
fn a_full_device_keeps_what_is_complete_and_the_newest() {
    let mut outbox = waiting(&["bad", "whole"]);
    let sent = claim(&mut outbox, "one", 0).unwrap();
    outbox.step(done(&sent, Outcome::Reject, None), 0, 0.5);
    for id in ["part", "newest part"] {
        let event = Event::Submit { id: id.into(), revision: 1, document: document("partial"), due: None };
        outbox.step(event, 0, 0.5);
    }
    let told = outbox.step(Event::Relieve, 0, 0.5);
    assert!(told.iter().all(|command| matches!(command, Command::Tell("evicted", _))), "{told:?}");
    assert_eq!((told.len(), outbox.meta.evicted), (2, 2));
    assert_eq!((ids(&outbox.records), outbox.parked.len()), (vec!["whole", "newest part"], 0));
    assert!(balanced(&outbox));

    let partial = |id: &str| Event::Submit { id: id.into(), revision: 1, document: document("partial"), due: None };
    let mut outbox = Outbox::default();
    for id in ["a", "b", "a"] {
        outbox.step(partial(id), 0, 0.5);
    }
    outbox.step(Event::Relieve, 0, 0.5);
    assert_eq!(ids(&outbox.records), ["a"], "what was submitted last, though not for the first time");
}

/// Hands in an event to be counted.
fn count(id: &str) -> Event {
    let document = map([("survey", "s".into()), ("event", "shown".into())]);
    Event::Submit { id: id.into(), revision: 1, document, due: Some(0) }
}

#[test]
fn events_give_way_to_every_response() {
    let partial = |id: &str| Event::Submit { id: id.into(), revision: 1, document: document("partial"), due: None };
    let mut outbox = Outbox::default();
    for event in [partial("part"), count("old event"), partial("newest part"), count("event")] {
        outbox.step(event, 0, 0.5);
    }
    outbox.step(Event::Relieve, 0, 0.5);
    assert_eq!(ids(&outbox.records), ["newest part"], "also to one that came before");
    assert!(balanced(&outbox));

    let mut outbox = Outbox::default();
    for n in 0..MAX_WAITING {
        let event = if n == 7 { count("event") } else { partial(&n.to_string()) };
        outbox.step(event, 0, 0.5);
    }
    let evicted = |told: Vec<Command>| match told.into_iter().last() {
        Some(Command::Tell("evicted", record)) => {
            (record.id.clone(), record.detail().get("event").text() == Some("shown"))
        }
        told => panic!("{told:?}"),
    };
    assert_eq!(evicted(outbox.step(submit("new", 1, Some(0)), 0, 0.5)), ("event".into(), true));
    assert_eq!(evicted(outbox.step(count("no room"), 0, 0.5)), ("no room".into(), true), "though it is the newest");
    assert_eq!(evicted(outbox.step(submit("newer", 1, Some(0)), 0, 0.5)), ("0".into(), false));
    assert!(balanced(&outbox));

    let mut outbox = waiting(&["response"]);
    for n in 0..=MAX_PARKED {
        outbox.step(count(&n.to_string()), 0, 0.5);
    }
    while let Some(sent) = claim(&mut outbox, "one", 0) {
        outbox.step(done(&sent, Outcome::Reject, None), 0, 0.5);
    }
    assert!(outbox.parked.iter().any(|parked| parked.record.id == "response"), "an endpoint that knows no events");
    assert_eq!(outbox.parked.len(), MAX_PARKED);
    let summary = outbox.summary();
    let told: Vec<_> = summary.get("parked").list().iter().map(|one| one.get("event").text()).collect();
    assert_eq!((told[0], told[1]), (None, Some("shown")));
    assert!(balanced(&outbox));
}

#[test]
fn no_more_than_two_mebibytes_wait() {
    let mut outbox = Outbox::default();
    for n in 0..100 {
        let document = map([("text", "x".repeat(30_000).into())]);
        outbox.step(Event::Submit { id: n.to_string(), revision: 1, document, due: Some(0) }, 0, 0.5);
        assert!(balanced(&outbox));
    }
    let bytes: usize = outbox.records.iter().map(Record::size).sum();
    assert!(bytes <= MAX_BYTES && bytes + 31_000 > MAX_BYTES, "{bytes}");
    assert_eq!(ids(&outbox.records).last(), Some(&"99"), "the oldest went");
    let document = map([("text", "x".repeat(MAX_BYTES + 1).into())]);
    outbox.step(Event::Submit { id: "huge".into(), revision: 1, document, due: Some(0) }, 0, 0.5);
    assert_eq!(ids(&outbox.records), ["huge"], "the newest never goes");
    assert!(balanced(&outbox));
}

#[test]
fn a_poisoned_record_blocks_nobody_and_is_parked() {
    let mut outbox = Outbox::default();
    outbox.step(submit("bad", 1, Some(0)), 0, 0.5);
    let mut now = 0;
    let mut good = 0;
    while outbox.parked.is_empty() {
        good += 1;
        outbox.step(submit(&good.to_string(), 1, Some(now)), now, 0.5);
        while let Some(sent) = claim(&mut outbox, "one", now) {
            let outcome = if sent.id == "bad" { Outcome::Retry } else { Outcome::Delivered };
            outbox.step(done(&sent, outcome, None), now, 0.5);
        }
        now += 301 * SECOND;
        assert!(good < 20, "{outbox:?}");
    }
    assert_eq!((outbox.parked[0].record.id.as_str(), outbox.parked[0].reason.as_str()), ("bad", "failing"));
    assert!(balanced(&outbox));
}

#[test]
fn an_outage_parks_nothing() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(0)), 0, 0.5);
    let mut now = 0;
    for _ in 0..100 {
        if let Some(sent) = claim(&mut outbox, "one", now) {
            outbox.step(done(&sent, Outcome::Retry, None), now, 0.5);
        }
        now += backoff::LONGEST;
    }
    assert_eq!(outbox.records.len(), 1);
    assert!(outbox.records[0].attempts > 50);
}

#[test]
fn a_clock_that_jumps_locks_nothing_up() {
    let year = 365 * DAY;
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(year)), year, 0.5);
    let sent = claim(&mut outbox, "one", year).unwrap();
    outbox.step(done(&sent, Outcome::Hold, Some(DAY)), year, 0.5);
    assert!(claim(&mut outbox, "one", 0).is_some(), "set back by a year");
}

#[test]
fn limits_push_out_partial_ones_first_and_are_counted() {
    let mut outbox = Outbox::default();
    for n in 0..MAX_WAITING {
        let status = if n == 7 { "partial" } else { "complete" };
        let event = Event::Submit { id: n.to_string(), revision: 1, document: document(status), due: Some(0) };
        outbox.step(event, 0, 0.5);
    }
    let evicted = |commands: Vec<Command>| {
        commands.into_iter().find_map(|command| match command {
            Command::Tell("evicted", record) => Some(record.id),
            _ => None,
        })
    };
    assert_eq!(evicted(outbox.step(submit("new", 1, Some(0)), 0, 0.5)).as_deref(), Some("7"));
    assert_eq!(evicted(outbox.step(submit("newer", 1, Some(0)), 0, 0.5)).as_deref(), Some("0"));
    assert!(balanced(&outbox));
    while let Some(sent) = claim(&mut outbox, "one", 0) {
        outbox.step(done(&sent, Outcome::Reject, None), 0, 0.5);
    }
    assert_eq!(outbox.parked.len(), MAX_PARKED);
    assert!(balanced(&outbox));
}

#[test]
fn too_old_is_parked_when_it_fails_once_more() {
    for (outcome, parked) in [(Outcome::Retry, 1), (Outcome::Delivered, 0)] {
        let mut outbox = Outbox::default();
        outbox.step(submit("a", 1, Some(0)), 0, 0.5);
        // Its date may be that of a clock that was a year behind.
        let sent = claim(&mut outbox, "one", MAX_AGE + 1).unwrap();
        outbox.step(done(&sent, outcome, None), MAX_AGE + 2, 0.5);
        assert_eq!((outbox.records.len(), outbox.parked.len()), (0, parked));
        assert!(outbox.parked.iter().all(|parked| parked.reason == "too_old"));
        assert!(balanced(&outbox));
    }
}

#[test]
fn rows_come_back_as_they_were() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 3, Some(0)), 9, 0.5);
    let sent = claim(&mut outbox, "one", 9).unwrap();
    assert_eq!(Record::from_row(&sent.row()), sent);
    outbox.step(done(&sent, Outcome::Reject, None), 10, 0.5);
    assert_eq!(Parked::from_row(&outbox.parked[0].row()), outbox.parked[0]);
    assert_eq!(Meta::from_row(&outbox.meta.row()), outbox.meta);
}
