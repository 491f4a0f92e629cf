//! Audiences that nobody belongs to.

use asklet::core::Value;
use asklet::core::audience::Window;
use asklet::core::config::Problem;
use asklet::core::decision::NEVER;
use asklet::core::platform::Platform;
use asklet::core::time::Millis;
use asklet::core::touchpoint::{Condition, Operator};

use super::super::platform::World;
use super::conditions::{self, Domain};
use super::{Case, pages};

const THEN: &str = "the survey is never asked";

pub fn advise(case: &Case, now: Millis, warnings: &mut Vec<Problem>) {
    let audience = &case.survey.audience;
    let at = |key: &str| case.at(&format!("audience.{key}"));
    if audience.get("sample").number() == Some(0.0) {
        let message = "is nobody, so the survey is never asked; write a share such as 0.1, or take the survey out";
        warnings.push(Problem::new("sample-zero", &at("sample"), message));
    }
    for (key, subject, domain) in [("attributes", "attribute", Domain::Any), ("query", "parameter", Domain::Parameter)]
    {
        let listed = audience.get(key).list().iter();
        let conditions: Vec<_> = listed.filter_map(|value| Condition::read(value, subject)).collect();
        conditions::advise(&conditions, &at(key), THEN, &|_| domain, warnings);
    }
    for (key, what) in [
        ("sessions", "this is the number of the session, from 1"),
        ("pages_seen", "the page itself is counted, so it is 1 or more"),
    ] {
        bounds(audience.get(key), &at(key), what, warnings);
    }
    let span = |key: &str| audience.get("first_seen").get(key).duration();
    if let Some(lt) = span("lt")
        && span("gte").unwrap_or_default() >= lt
    {
        let message = format!("leaves no time between `gte` and `lt`, so {THEN}");
        warnings.push(Problem::new("contradiction", &at("first_seen"), &message));
    }
    pages::advise(audience.get("referrer"), &at("referrer"), THEN, warnings);
    window(audience.get("window"), &at("window"), now, warnings);
}

/// Bounds on a count that begins with 1.
fn bounds(wants: &Value, path: &str, what: &str, warnings: &mut Vec<Problem>) {
    let conditions: Vec<Condition> = wants
        .entries()
        .iter()
        .filter_map(|(name, operand)| {
            let operator = Operator::named(name)?;
            Some(Condition { subject: String::new(), operator, operand: operand.clone() })
        })
        .collect();
    let operands = conditions.iter().filter_map(|condition| condition.operand.number());
    let candidates = operands.flat_map(|operand| [operand - 1.0, operand, operand + 1.0]).filter(|count| *count >= 1.0);
    let mut candidates: Vec<Value> = candidates.map(Value::from).collect();
    candidates.push(1.0.into());
    if !candidates.iter().any(|count| conditions.iter().all(|condition| condition.holds(count))) {
        let message = format!("leaves no number, so {THEN}: all bounds must hold, and {what}");
        warnings.push(Problem::new("contradiction", path, &message));
    }
}

fn window(wants: &Value, path: &str, now: Millis, warnings: &mut Vec<Problem>) {
    let (from, until) = (wants.get("from").text(), wants.get("until").text());
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        let message = format!("ends ({until}) before it begins ({from}), so {THEN}");
        return warnings.push(Problem::new("window-never", path, &message));
    }
    // A zone that is not known is a problem, and has no clock.
    let zone = wants.get("zone").text().unwrap_or_default();
    let (Some(today), (_, open, next)) = (World.wall(zone, now), Window(wants).judge(&World, now)) else { return };
    if open || next != Some(NEVER) {
        return;
    }
    match until {
        Some(until) if until <= &today[..10] => {
            let message = format!(
                "is over since {until}, so the survey is not asked any more; write a later day, or take the survey out"
            );
            warnings.push(Problem::new("window-over", &format!("{path}.until"), &message));
        }
        _ => {
            let message =
                format!("never opens, so {THEN}: no day from the first to the last has these weekdays and hours");
            warnings.push(Problem::new("window-never", path, &message));
        }
    }
}
