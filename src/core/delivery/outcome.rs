//! What an endpoint's answer means for the records that were sent.

use super::template::dig;
use crate::core::platform::Codec;
use crate::core::text::find;
use crate::core::time::Millis;
use crate::core::touchpoint::Condition;
use crate::core::value::Value;

/// The things an answer can mean for a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The endpoint has it: the record may go.
    Delivered,
    /// A passing fault: try again later.
    Retry,
    /// The endpoint is at fault, not the record: keep everything and try seldom.
    Hold,
    /// The endpoint does not want this record.
    Reject,
    /// There was no request: the body template does not fit this record. It is kept and tried seldom; a mended config rescues it.
    Unsent,
}

impl Outcome {
    /// The outcome that a config writes as `word`.
    pub fn named(word: &Value) -> Option<Outcome> {
        Some(match word.text()? {
            "delivered" | "duplicate" => Outcome::Delivered,
            "retry" => Outcome::Retry,
            "hold" => Outcome::Hold,
            "reject" => Outcome::Reject,
            _ => return None,
        })
    }
}

/// An endpoint's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The status; 0 for a redirect that was not followed, and for a request that the page's own policy refused.
    pub status: u16,
    /// How long it asked us to wait.
    pub retry_after: Option<Millis>,
    /// What it said; empty unless that decides something, or it is a refusal.
    pub text: String,
}

/// Reads an HTTP status. `None` stands for no answer at all: network error, refused connection, timeout.
/// 0 is a redirect that was not followed.
pub fn outcome(status: Option<u16>) -> Outcome {
    match status {
        None => Outcome::Retry,
        Some(200..=299) => Outcome::Delivered,
        Some(408 | 425 | 429 | 500..=599) => Outcome::Retry,
        Some(400 | 409 | 413 | 415 | 422) => Outcome::Reject,
        Some(_) => Outcome::Hold,
    }
}

/// What a reply means for each of the records with these `ids`, by the rules of `delivery`, else by [`outcome`].
pub fn judge(delivery: &Value, ids: &[&str], reply: Option<&Reply>, codec: &dyn Codec) -> Vec<Outcome> {
    let all = |outcome| vec![outcome; ids.len()];
    let Some(reply) = reply else { return all(Outcome::Retry) };
    let by_status = |status: f64, said: &str, whole: bool| {
        let fits = |rule: &&Value| {
            rule.get("code").number() == Some(status)
                && rule.get("contains").text().is_none_or(|part| find(said, part).is_some())
        };
        let rule = delivery.get("status").list().iter().find(fits);
        match rule.map(|rule| rule.get("means")) {
            // One of several is there already: which, shows when each goes alone.
            Some(means) if whole && ids.len() > 1 && means.text() == Some("duplicate") => Outcome::Reject,
            means => means.and_then(Outcome::named).unwrap_or_else(|| outcome(Some(status as u16))),
        }
    };
    let outcome = by_status(reply.status.into(), &reply.text, true);
    // What one alone was sent by has replies of its own.
    let own = ids.len() == 1 && !delivery.get("single").is_null();
    let rule_of = |key: &str| if own { const { &Value::Null } } else { delivery.get(key) };
    let (rule, items) = (rule_of("ok_if"), rule_of("items"));
    // Only what was taken has verdicts of its own.
    if outcome != Outcome::Delivered || !(200..=299).contains(&reply.status) || rule.is_null() && items.is_null() {
        return all(outcome);
    }
    let said = codec.parse(&reply.text);
    if let Some(condition) = Condition::read(rule, "path")
        && !condition.holds(dig(&said, &condition.subject))
    {
        return all(Outcome::named(rule.get("else")).unwrap_or(Outcome::Hold));
    }
    if items.is_null() {
        return all(outcome);
    }
    let list = dig(&said, items.get("list").text().unwrap_or_default()).list();
    let under = |item, key: &str| items.get(key).text().map_or(const { &Value::Null }, |path| dig(item, path));
    let verdict = |(index, id): (usize, &&str)| {
        let named = !items.get("id").is_null();
        let found = if named { list.iter().find(|item| under(item, "id").text() == Some(id)) } else { list.get(index) };
        let Some(item) = found else { return Outcome::Retry };
        let (status, error) = (under(item, "status").number(), under(item, "error"));
        let failed = !(error.is_null() || *error == "".into() || *error == 0.0.into() || *error == false.into());
        let word = error.text().map_or_else(|| codec.json(error), String::from);
        let meant = Outcome::named(items.get("means").get(&word)).filter(|_| failed);
        match status {
            _ if meant.is_some() => meant.unwrap_or(Outcome::Retry),
            // An error beside a good status is an error.
            _ if failed && status.is_none_or(|status| (200.0..300.0).contains(&status)) => Outcome::Retry,
            Some(status) => by_status(status, &codec.json(item), false),
            None => Outcome::Delivered,
        }
    };
    ids.iter().enumerate().map(verdict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_an_outcome() {
        let delivered = 200..=299;
        let retry = [408, 425, 429];
        let reject = [400, 409, 413, 415, 422];
        for status in 0..=999 {
            let expect = match status {
                s if delivered.contains(&s) => Outcome::Delivered,
                s if retry.contains(&s) || (500..=599).contains(&s) => Outcome::Retry,
                s if reject.contains(&s) => Outcome::Reject,
                _ => Outcome::Hold,
            };
            assert_eq!(outcome(Some(status)), expect, "{status}");
        }
        assert_eq!(outcome(None), Outcome::Retry);
    }
}
