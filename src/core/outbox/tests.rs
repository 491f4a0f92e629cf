use super::*;
use crate::core::value::map;

fn document(status: &str) -> Value {
    map([("survey", "s".into()), ("status", status.into())])
}

fn submit(id: &str, revision: u32, due: Option<Millis>) -> Event {
    Event::Submit { id: id.into(), revision, document: document("complete"), due }
}

fn claim(outbox: &mut Outbox, owner: &str, now: Millis) -> Option<Record> {
    outbox.step(Event::Claim { owner: owner.into() }, now, 0.5).into_iter().find_map(|command| match command {
        Command::Send(record) => Some(record),
        _ => None,
    })
}

fn done(sent: &Record, outcome: Outcome, retry_after: Option<Millis>) -> Event {
    Event::Done {
        owner: sent.owner.clone().unwrap(),
        id: sent.id.clone(),
        revision: sent.revision,
        attempt: sent.attempts,
        outcome,
        status: 0,
        retry_after,
    }
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
fn too_old_is_parked_not_sent() {
    let mut outbox = Outbox::default();
    outbox.step(submit("a", 1, Some(0)), 0, 0.5);
    assert_eq!(claim(&mut outbox, "one", MAX_AGE + 1), None);
    assert_eq!(outbox.parked[0].reason, "too_old");
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
