//! Whom to ask: every rule of an audience, and windows on the clocks of the world.

mod platform;

use asklet::core::Value;
use asklet::core::audience::{Facts, Window, judge};
use asklet::core::config::WEEKDAYS;
use asklet::core::decision::{Decision, NEVER};
use asklet::core::platform::Platform;
use asklet::core::time::{DAY, HOUR, MINUTE, Millis, day};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use platform::World;

/// 22 November 2026, a Sunday, at 13:00 in UTC.
const NOW: Millis = 20_779 * DAY + 13 * HOUR;

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn facts() -> Facts {
    Facts {
        device: "tablet",
        language: "de-AT".into(),
        attributes: value(r#"{"plan": "pro", "age": 40, "tags": ["vip", 7], "trial": false}"#),
        session: 3,
        pages: 10,
        first: NOW - 30 * DAY,
        referrer: "https://www.search.example/find?q=tea#top".into(),
        query: value(r#"{"utm_source": "newsletter", "n": "5"}"#),
    }
}

fn judged(audience: &Value, facts: &Facts) -> Decision {
    let mut decision = Decision::default();
    judge(&mut decision, audience, facts, &World, NOW);
    decision
}

#[test]
fn every_rule() {
    let table = [
        ("{}", true),
        // The sample is drawn elsewhere.
        (r#"{"sample": 0}"#, true),
        (r#"{"devices": ["tablet"]}"#, true),
        (r#"{"devices": ["desktop", "tablet"]}"#, true),
        (r#"{"devices": ["desktop", "mobile"]}"#, false),
        (r#"{"languages": ["de"]}"#, true),
        (r#"{"languages": ["DE-at"]}"#, true),
        (r#"{"languages": ["en", "de-AT"]}"#, true),
        (r#"{"languages": ["de-A"]}"#, false),
        (r#"{"languages": ["d"]}"#, false),
        (r#"{"languages": ["de-AT-1996"]}"#, false),
        (r#"{"languages": ["en"]}"#, false),
        (r#"{"attributes": [{"attribute": "plan", "is": "pro"}]}"#, true),
        (r#"{"attributes": [{"attribute": "plan", "is": "pro"}, {"attribute": "age", "lt": 40}]}"#, false),
        (r#"{"attributes": [{"attribute": "plan", "in": ["team", "pro"]}, {"attribute": "age", "gte": 40}]}"#, true),
        (r#"{"attributes": [{"attribute": "plan", "matches": "^p"}]}"#, true),
        (r#"{"attributes": [{"attribute": "plan", "matches": "^P"}]}"#, false),
        (r#"{"attributes": [{"attribute": "age", "matches": "4"}]}"#, false),
        (r#"{"attributes": [{"attribute": "tags", "contains": "vip"}, {"attribute": "tags", "contains": 7}]}"#, true),
        (r#"{"attributes": [{"attribute": "trial", "is": false}]}"#, true),
        (r#"{"attributes": [{"attribute": "trial", "exists": true}]}"#, true),
        (r#"{"attributes": [{"attribute": "name", "exists": false}, {"attribute": "name", "not": "x"}]}"#, true),
        (r#"{"attributes": [{"attribute": "name", "is": "x"}]}"#, false),
        (r#"{"sessions": {}}"#, true),
        (r#"{"sessions": {"is": 3}}"#, true),
        (r#"{"sessions": {"is": 2}}"#, false),
        (r#"{"sessions": {"gte": 3}}"#, true),
        (r#"{"sessions": {"gt": 3}}"#, false),
        (r#"{"sessions": {"gt": 1, "lt": 3}}"#, false),
        (r#"{"sessions": {"gt": 1, "lte": 3}}"#, true),
        (r#"{"pages_seen": {"gte": 10, "lt": 11}}"#, true),
        (r#"{"pages_seen": {"is": 3}}"#, false),
        (r#"{"first_seen": {"gte": "30d"}}"#, true),
        (r#"{"first_seen": {"gte": "721h"}}"#, false),
        (r#"{"first_seen": {"lt": "30d"}}"#, false),
        (r#"{"first_seen": {"gte": "1d", "lt": "31d"}}"#, true),
        (r#"{"referrer": ["https://*.search.example/**"]}"#, true),
        (r#"{"referrer": ["https://*.search.example/"]}"#, false),
        (r#"{"referrer": ["/find"]}"#, true),
        (r#"{"referrer": ["!https://*.search.example/**"]}"#, false),
        (r#"{"referrer": ["!https://other.example/**"]}"#, true),
        (r##"{"referrer": [{"regex": "[?&]q=tea#top$"}]}"##, true),
        (r#"{"referrer": [{"regex": "^http:"}]}"#, false),
        (r#"{"query": [{"parameter": "utm_source", "is": "newsletter"}]}"#, true),
        (r#"{"query": [{"parameter": "utm_source", "is": "Newsletter"}]}"#, false),
        (r#"{"query": [{"parameter": "n", "is": "5"}, {"parameter": "m", "exists": false}]}"#, true),
        (r#"{"query": [{"parameter": "n", "is": 5}]}"#, false),
        (r#"{"query": [{"parameter": "n", "gte": 5}]}"#, false),
        (r#"{"window": {}}"#, true),
        (r#"{"window": {"from": "2026-11-22", "until": "2026-11-22", "weekdays": ["sun"]}}"#, true),
        (r#"{"window": {"hours": {"from": "13:00", "until": "13:01"}}}"#, true),
        (r#"{"window": {"hours": {"from": "12:00", "until": "13:00"}}}"#, false),
        (r#"{"window": {"hours": {"from": "13:00", "until": "14:00"}, "zone": "Europe/Vienna"}}"#, false),
        (r#"{"window": {"hours": {"from": "14:00", "until": "15:00"}, "zone": "Europe/Vienna"}}"#, true),
        (r#"{"window": {"weekdays": ["sun"], "zone": "Pacific/Auckland"}}"#, false),
        (r#"{"window": {"weekdays": ["mon"], "zone": "Pacific/Auckland"}}"#, true),
        (r#"{"window": {"zone": "Europe/Wien"}}"#, false),
        // All of it must hold.
        (
            r#"{"devices": ["tablet"], "languages": ["de"], "sessions": {"gte": 3}, "query": [{"parameter": "n", "exists": true}]}"#,
            true,
        ),
        (
            r#"{"devices": ["tablet"], "languages": ["de"], "sessions": {"gte": 4}, "query": [{"parameter": "n", "exists": true}]}"#,
            false,
        ),
    ];
    for (audience, expect) in table {
        let decision = judged(&value(audience), &facts());
        assert_eq!(decision.asks, expect, "{audience}: {:?}", decision.rules);
    }
}

#[test]
fn without_a_referrer_no_rule_on_it_holds() {
    let stranger = Facts { referrer: String::new(), ..facts() };
    for referrer in
        [r#"{"referrer": ["**"]}"#, r#"{"referrer": ["!https://x.example/**"]}"#, r#"{"referrer": [{"regex": ""}]}"#]
    {
        assert!(!judged(&value(referrer), &stranger).asks, "{referrer}");
    }
}

#[test]
fn verdicts_tell_what_was_wanted_and_found() {
    let audience = r#"{"devices": ["mobile"], "sessions": {"gte": 4}, "attributes": [{"attribute": "plan", "is": "free"}],
        "first_seen": {"gte": "31d"}, "window": {"hours": {"from": "09:00", "until": "12:00"}}}"#;
    let decision = judged(&value(audience), &facts());
    let tomorrow = NOW - 13 * HOUR + DAY + 9 * HOUR;
    let expect = format!(
        r#"[{{"rule": "devices", "wants": ["mobile"], "found": "tablet", "holds": false}},
            {{"rule": "sessions", "wants": {{"gte": 4}}, "found": 3, "holds": false}},
            {{"rule": "attributes", "wants": [{{"attribute": "plan", "is": "free"}}], "found": {{"plan": "pro"}}, "holds": false}},
            {{"rule": "first_seen", "wants": {{"gte": "31d"}}, "found": {}, "holds": false, "next": {}}},
            {{"rule": "window", "wants": {{"hours": {{"from": "09:00", "until": "12:00"}}}}, "found": "sun 2026-11-22 13:00:00", "holds": false, "next": {tomorrow}}}]"#,
        NOW - 30 * DAY,
        NOW + DAY,
    );
    assert_eq!(Value::List(decision.rules), value(&expect));
    assert_eq!(decision.next, Some(NOW + DAY));
}

/// A device whose clock was ahead when it was first seen has not been seen in the future.
#[test]
fn a_first_visit_in_the_future_was_just_now() {
    let ahead = Facts { first: NOW + 400 * DAY, ..facts() };
    assert!(judged(&value(r#"{"first_seen": {"lt": "1d"}}"#), &ahead).asks);
    let decision = judged(&value(r#"{"first_seen": {"gte": "1d"}}"#), &ahead);
    assert_eq!((decision.asks, decision.next), (false, Some(NOW + DAY)));
}

fn at(moment: &str) -> Millis {
    moment.parse::<Timestamp>().unwrap().as_millisecond()
}

#[test]
fn windows_over_changes_of_the_clock() {
    // Vienna: on 29 March 2026 02:00 is skipped, on 25 October 02:00 to 03:00 comes twice. New York: 8 March, 1 November.
    // Apia had no 30 December 2011. Beirut skips the first hour of 29 March 2026.
    let night = r#""hours": {"from": "02:00", "until": "03:00"}"#;
    let vienna = |rest: &str| format!(r#"{{{rest}, "zone": "Europe/Vienna"}}"#);
    let table: [(String, &str, bool, Option<&str>); 20] = [
        (vienna(night), "2026-03-28T00:30:00Z", false, Some("2026-03-28T01:00:00Z")),
        (vienna(night), "2026-03-28T01:59:59.999Z", true, None),
        // The hour is skipped, so it is the next night's.
        (vienna(night), "2026-03-28T02:00:00Z", false, Some("2026-03-30T00:00:00Z")),
        (vienna(night), "2026-03-29T01:00:00Z", false, Some("2026-03-30T00:00:00Z")),
        (vienna(night), "2026-10-25T00:59:59Z", true, None),
        (vienna(night), "2026-10-25T01:00:00Z", true, None),
        (vienna(night), "2026-10-25T02:00:00Z", false, Some("2026-10-26T01:00:00Z")),
        // Of the hour that comes twice the half that is meant comes twice as well.
        (
            vienna(r#""hours": {"from": "02:00", "until": "02:30"}"#),
            "2026-10-25T00:40:00Z",
            false,
            Some("2026-10-25T01:00:00Z"),
        ),
        (
            r#"{"hours": {"from": "09:00", "until": "17:00"}, "zone": "America/New_York"}"#.into(),
            "2026-03-08T05:00:00Z",
            false,
            Some("2026-03-08T13:00:00Z"),
        ),
        (
            r#"{"hours": {"from": "09:00", "until": "17:00"}, "zone": "America/New_York"}"#.into(),
            "2026-11-01T04:00:00Z",
            false,
            Some("2026-11-01T14:00:00Z"),
        ),
        (
            r#"{"hours": {"from": "09:30", "until": "10:00"}, "zone": "Asia/Kolkata"}"#.into(),
            "2026-01-01T00:00:00Z",
            false,
            Some("2026-01-01T04:00:00Z"),
        ),
        (
            r#"{"from": "2011-12-30", "zone": "Pacific/Apia"}"#.into(),
            "2011-12-29T00:00:00Z",
            false,
            Some("2011-12-30T10:00:00Z"),
        ),
        (
            r#"{"weekdays": ["fri"], "zone": "Pacific/Apia"}"#.into(),
            "2011-12-29T11:00:00Z",
            false,
            Some("2012-01-05T10:00:00Z"),
        ),
        (
            r#"{"from": "2011-12-30", "until": "2011-12-30", "zone": "Pacific/Apia"}"#.into(),
            "2011-12-29T00:00:00Z",
            false,
            None,
        ),
        (
            r#"{"from": "2026-03-29", "zone": "Asia/Beirut"}"#.into(),
            "2026-03-28T12:00:00Z",
            false,
            Some("2026-03-28T22:00:00Z"),
        ),
        // Past midnight the day is the next one.
        (
            vienna(r#""weekdays": ["sat"], "hours": {"from": "22:00", "until": "06:00"}"#),
            "2026-06-05T20:30:00Z",
            false,
            Some("2026-06-05T22:00:00Z"),
        ),
        (
            vienna(r#""weekdays": ["sat"], "hours": {"from": "22:00", "until": "06:00"}"#),
            "2026-06-06T04:00:00Z",
            false,
            Some("2026-06-06T20:00:00Z"),
        ),
        (
            vienna(r#""from": "2026-06-01", "until": "2026-06-30""#),
            "2026-05-31T21:59:59Z",
            false,
            Some("2026-05-31T22:00:00Z"),
        ),
        (vienna(r#""from": "2026-06-01", "until": "2026-06-30""#), "2026-06-30T21:59:59Z", true, None),
        (vienna(r#""from": "2026-06-01", "until": "2026-06-30""#), "2026-06-30T22:00:00Z", false, None),
    ];
    for (window, now, open, next) in table {
        let (found, is_open, opens) = Window(&value(&window)).judge(&World, at(now));
        let expect = if open { None } else { Some(next.map_or(NEVER, at)) };
        let told = opens.map(|at| Timestamp::from_millisecond(at).map_or("never".into(), |at| at.to_string()));
        assert_eq!((is_open, opens), (open, expect), "{window} at {now}: {found:?}, opens {told:?}");
    }
}

/// In the night in which the clock is changed, what begins in the hour that is skipped or comes twice is told up to that hour late.
/// Whether it is open is never wrong.
#[test]
fn a_window_that_begins_at_a_change_of_the_clock() {
    let table = [
        // It opens at 02:00 of summer time.
        ("02:00", "03:00", "2026-10-24T23:59:59Z", "2026-10-25T00:00:00Z"),
        // It opens at 03:00, which follows 01:59.
        ("02:30", "04:00", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"),
    ];
    for (from, until, now, opens) in table {
        let window =
            value(&format!(r#"{{"hours": {{"from": "{from}", "until": "{until}"}}, "zone": "Europe/Vienna"}}"#));
        let told = Window(&window).judge(&World, at(now)).2.unwrap();
        assert!(at(opens) <= told && told <= at(opens) + HOUR, "{from} to {until}: {told}");
        assert!(Window(&window).judge(&World, at(opens)).1 && !Window(&window).judge(&World, at(opens) - 1).1);
        assert!(Window(&window).judge(&World, told).1);
    }
}

/// A small generator (xorshift64), so that every run is the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// What a clock on the wall shows: day since 1970, and minute of the day.
type Wall = (i64, u16);

/// A window, read apart from the code under test.
struct Plain {
    from: Option<i64>,
    until: Option<i64>,
    weekdays: Option<Vec<usize>>,
    hours: Option<(u16, u16)>,
}

impl Plain {
    fn random(random: &mut Random, days: (i64, i64)) -> Plain {
        let span = (days.1 - days.0 - 20) as u64;
        let from = days.0 + 5 + random.below(span) as i64;
        let until = (from + random.below(40) as i64 - 2).min(days.1 - 3);
        // Round times, times near the changes of the clock, and any.
        let time = |random: &mut Random| match random.below(3) {
            0 => random.below(24) as u16 * 60,
            1 => random.below(240) as u16,
            _ => random.below(1440) as u16,
        };
        Plain {
            from: (!random.one_in(2)).then_some(from),
            until: random.one_in(2).then_some(until),
            weekdays: random
                .one_in(2)
                .then(|| (0..7).filter(|_| random.one_in(3)).collect::<Vec<_>>())
                .filter(|days| !days.is_empty()),
            hours: (!random.one_in(4)).then(|| (time(random), time(random))),
        }
    }

    fn document(&self, zone: &str) -> Value {
        let date = |days: i64| jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)).to_string();
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let mut document = format!(r#"{{"zone": "{zone}""#);
        document += &self.from.map_or(String::new(), |day| format!(r#", "from": "{}""#, date(day)));
        document += &self.until.map_or(String::new(), |day| format!(r#", "until": "{}""#, date(day)));
        if let Some(weekdays) = &self.weekdays {
            let names: Vec<String> = weekdays.iter().map(|day| format!("\"{}\"", WEEKDAYS[*day])).collect();
            document += &format!(r#", "weekdays": [{}]"#, names.join(", "));
        }
        if let Some((from, until)) = self.hours {
            document += &format!(r#", "hours": {{"from": "{}", "until": "{}"}}"#, time(from), time(until));
        }
        value(&(document + "}"))
    }

    fn is_open(&self, (day, minute): Wall) -> bool {
        // Day 4 of 1970, counted from 0, was a Monday.
        self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
            && self.weekdays.as_ref().is_none_or(|days| days.contains(&((day - 4).rem_euclid(7) as usize)))
            && self.hours.is_none_or(|(from, until)| match from < until {
                true => (from..until).contains(&minute),
                false => minute >= from || minute < until,
            })
    }
}

/// Open or not, and when it next opens: held against every single minute of some years.
#[test]
fn windows_against_every_minute() {
    let zones = [
        ("Europe/Vienna", "2025-06-01", 800),
        ("America/New_York", "2025-09-01", 400),
        ("Asia/Kolkata", "2026-01-01", 200),
        // Without a 30 December 2011; and with daylight saving until 2021.
        ("Pacific/Apia", "2011-08-01", 300),
        ("Pacific/Apia", "2020-01-01", 400),
        // Half an hour of daylight saving; and changes at midnight.
        ("Australia/Lord_Howe", "2026-01-01", 300),
        ("Asia/Beirut", "2026-01-01", 330),
        ("America/Santiago", "2026-01-01", 330),
    ];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut opened, mut never, mut late) = (0, 0, 0);
    for (zone, first, days) in zones {
        let (tz, start) = (TimeZone::get(zone).unwrap(), day(first).unwrap());
        let wall = |minute: i64| -> Wall {
            let at = Timestamp::from_second(start * 86_400 + minute * 60).unwrap();
            let local = at.as_second() + i64::from(tz.to_offset(at).seconds());
            (local.div_euclid(86_400), (local.rem_euclid(86_400) / 60) as u16)
        };
        let walls: Vec<Wall> = (0..days * 1440).map(wall).collect();
        // The minutes at which the clock jumps.
        let jumps: Vec<usize> = (1..walls.len())
            .filter(|at| {
                let (a, b) = (walls[at - 1], walls[*at]);
                b.0 * 1440 + i64::from(b.1) != a.0 * 1440 + i64::from(a.1) + 1
            })
            .collect();
        assert!(!jumps.is_empty() || zone == "Asia/Kolkata", "{zone}");
        for _ in 0..30 {
            let plain = Plain::random(&mut random, (start, start + days));
            let document = plain.document(zone);
            for _ in 0..20 {
                // Near a change of the clock, near the window's ends, or anywhere.
                let middle = match random.below(3) {
                    0 if !jumps.is_empty() => jumps[random.below(jumps.len() as u64) as usize],
                    1 if plain.from.is_some() => ((plain.from.unwrap_or_default() - start) * 1440) as usize,
                    _ => random.below(walls.len() as u64) as usize,
                };
                let minute = (middle + random.below(4320) as usize).saturating_sub(2160).min(walls.len() - 1);
                let now = start * DAY + minute as i64 * MINUTE + random.below(60_000) as i64;
                let open = plain.is_open(walls[minute]);
                let next = walls[minute..].iter().position(|wall| plain.is_open(*wall)).map(|ahead| minute + ahead);
                let ends = plain.until.is_some();
                let expect = match next {
                    _ if open => None,
                    Some(next) => Some(start * DAY + next as i64 * MINUTE),
                    None if ends => Some(NEVER),
                    // It opens after what was looked at.
                    None => continue,
                };
                let (found, is_open, opens) = Window(&document).judge(&World, now);
                let shown = World.wall(zone, now).unwrap();
                let what = format!("{document:?} at {now}, {shown} ({found:?})");
                assert_eq!(is_open, open, "{what}");
                let (soonest, told) = (expect.unwrap_or_default(), opens.unwrap_or_default());
                let ahead = next.unwrap_or(minute) + 1500;
                let changed = jumps.iter().any(|jump| (minute.saturating_sub(60)..ahead).contains(jump));
                if changed && soonest != told {
                    // Then it is told late, but never too early, and it is open when it is told.
                    assert!(soonest < told, "{what}: told {told}, opens {soonest}");
                    assert!(told == NEVER || Window(&document).judge(&World, told).1, "{what}: told {told}");
                    late += 1;
                } else {
                    assert_eq!(opens, expect, "{what}");
                }
                opened += usize::from(expect.is_some_and(|at| at < NEVER));
                never += usize::from(expect == Some(NEVER));
            }
        }
    }
    assert!(opened > 1_500 && never > 200 && late < opened / 50, "{opened} {never} {late}");
}
