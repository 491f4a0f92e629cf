//! Telling somebody at once: responses that need a person are posted to a webhook, and posted again until it accepts them.
//!
//! What is to be told stands in the database, written in the transaction that stores the response: so nothing is forgotten when the endpoint is killed.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use asklet::core::Value;
use asklet::core::delivery::{Outcome, judge, request};
use asklet::core::time::{HOUR, Millis, SECOND, iso};
use asklet::core::value::map;
use rusqlite::{Connection, OptionalExtension, params};

use super::options::Options;
use super::store;
use crate::deliver;
use crate::json::Json;
use crate::score::{contact, metric};
use crate::{now, say};

/// Which responses somebody is told of.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// The visitor allowed contact, or left an address.
    Contact,
    /// An answer lies in this part of its scale.
    Bucket(String),
    /// The first scale is this metric's, and its point lies below.
    Below(String, f64),
}

impl Rule {
    /// Reads one as the command line has it.
    pub fn parse(text: &str) -> Result<Rule, String> {
        let wrong =
            || "write contact, detractor, dissatisfied, hard, or a metric and a number, such as nps<5".to_string();
        match text {
            "contact" => Ok(Rule::Contact),
            "detractor" | "dissatisfied" | "hard" => Ok(Rule::Bucket(text.into())),
            _ => {
                let (name, number) = text.split_once('<').ok_or_else(wrong)?;
                let number = number.trim().parse().map_err(|_| wrong())?;
                metric(name.trim()).map(|metric| Rule::Below(metric.name().into(), number)).ok_or_else(wrong)
            }
        }
    }

    /// Whether it holds for a response.
    pub fn holds(&self, document: &Value) -> bool {
        let answers = document.get("answers");
        match self {
            Rule::Contact => contact(answers).is_some(),
            Rule::Bucket(bucket) => answers.list().iter().any(|answer| answer.get("bucket").text() == Some(bucket)),
            Rule::Below(metric, number) => {
                document.get("metric").text() == Some(metric)
                    && document.get("score").number().is_some_and(|score| score < *number)
            }
        }
    }
}

/// Wakes the thread that tells.
pub struct Bell(SyncSender<()>);

impl Bell {
    /// There may be something to tell.
    pub fn ring(&self) {
        // One ring that is not heard yet is as good as two.
        let _ = self.0.try_send(());
    }
}

/// Starts the thread, if there is anybody to tell. What waits from an earlier run is told too.
pub fn start(options: &Options) -> Result<Option<Bell>, String> {
    let delivery = match (&options.alert, &options.alert_delivery) {
        (Some(url), _) => deliver::checked(map([("url", url.as_str().into())]), "--alert")?,
        (_, Some(file)) => deliver::block(file)?,
        _ => return Ok(None),
    };
    let (ring, rung) = sync_channel(1);
    let teller = Teller { delivery, db: options.db.clone(), saying: false };
    std::thread::spawn(move || teller.work(rung));
    Ok(Some(Bell(ring)))
}

struct Teller {
    delivery: Value,
    db: PathBuf,
    /// Whether it was said that the webhook does not accept.
    saying: bool,
}

/// With nothing to do it looks again after so long: another endpoint may write to the file.
const PATIENCE: Millis = 30 * SECOND;

impl Teller {
    fn work(mut self, rung: Receiver<()>) {
        loop {
            let wait = self.tell().unwrap_or_else(|error| {
                say(&format!("asklet collect: alerts: {}", store::sentence(&self.db, &error)));
                PATIENCE
            });
            match rung.recv_timeout(Duration::from_millis(wait.clamp(0, PATIENCE) as u64)) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Tells of everything that is due; returns how long there is nothing to do.
    fn tell(&mut self) -> rusqlite::Result<Millis> {
        let db = Connection::open(store::file(&self.db))?;
        db.busy_timeout(store::PATIENCE)?;
        loop {
            let next = "SELECT id, due, attempts FROM alert WHERE accepted_at IS NULL ORDER BY due LIMIT 1";
            let next: Option<(String, Millis, u32)> =
                db.query_row(next, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
            let Some((id, due, attempts)) = next else { return Ok(PATIENCE) };
            // A clock that was set back does not make it wait for longer than it ever would.
            if due > now() && due <= now() + HOUR {
                return Ok(due - now());
            }
            let document = "SELECT document FROM response WHERE id = ?";
            let document: Option<String> = db.query_row(document, [&id], |row| row.get(0)).optional()?;
            let Some(document) = document.and_then(|text| serde_json::from_str(&text).ok()) else {
                // It was erased meanwhile.
                db.execute("DELETE FROM alert WHERE id = ?", [&id])?;
                continue;
            };
            match self.post(&document, attempts + 1) {
                Ok(()) => {
                    let accepted =
                        "UPDATE alert SET accepted_at = ?, problem = NULL, attempts = attempts + 1 WHERE id = ?";
                    db.execute(accepted, params![iso(now()), id])?;
                    if self.saying {
                        say("asklet collect: alerts are accepted again");
                    }
                    self.saying = false;
                }
                Err((problem, wait)) => {
                    if !self.saying {
                        say(&format!("asklet collect: an alert was not accepted, and is tried again: {problem}"));
                    }
                    self.saying = true;
                    let failed = "UPDATE alert SET due = ?, problem = ?, attempts = attempts + 1 WHERE id = ?";
                    db.execute(failed, params![now() + wait, problem, id])?;
                }
            }
        }
    }

    /// Posts a response; on failure what it was, and how long to wait.
    fn post(&self, document: &Value, attempt: u32) -> Result<(), (String, Millis)> {
        let backoff = (SECOND << attempt.min(12)) / 2;
        let made = request(&self.delivery, &[document], attempt, now(), &Json)
            .map_err(|fault| (format!("delivery.{} {}", fault.path, fault.message), HOUR))?;
        let answer = deliver::send::send(&made).map_err(|error| (error, backoff.min(HOUR)))?;
        let id = document.get("id").text().unwrap_or_default();
        let outcome = judge(&self.delivery, &[id], Some(&answer.reply), &Json).into_iter().next();
        if outcome == Some(Outcome::Delivered) {
            return Ok(());
        }
        let seconds = answer.retry_after.as_deref().and_then(|text| text.trim().parse::<Millis>().ok());
        let asked = seconds.unwrap_or(0).clamp(0, 3600) * SECOND;
        Err((format!("it was answered with {}", answer.status), backoff.max(asked).min(HOUR)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        let document: Value = serde_json::from_str(
            r#"{ "metric": "nps", "score": 4, "answers": [
                { "kind": "nps", "value": 4, "bucket": "detractor" }, { "kind": "consent", "value": false }, { "kind": "email", "value": "" }] }"#,
        )
        .expect("JSON");
        let table = [
            ("contact", Some(false)),
            ("detractor", Some(true)),
            ("dissatisfied", Some(false)),
            ("nps<5", Some(true)),
            ("nps < 4", Some(false)),
            ("csat<5", Some(false)),
            ("nps>5", None),
            ("happy", None),
            ("xyz<5", None),
        ];
        for (text, expect) in table {
            assert_eq!(Rule::parse(text).ok().map(|rule| rule.holds(&document)), expect, "{text}");
        }
    }
}
