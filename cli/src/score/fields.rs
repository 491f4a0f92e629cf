//! From a record of a file to a row: which member or column means what.

use std::collections::HashMap;

use asklet::core::Value;
use asklet::core::survey::{Metric, Scale};
use asklet::core::time::{DAY, Millis, day, iso};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::row::{Row, Score, metric};

/// What a row is made of: the fields that `--map` and `--set` know.
pub const FIELDS: &[&str] = &[
    "id",
    "revision",
    "event",
    "reason",
    "survey",
    "question",
    "metric",
    "points",
    "score",
    "comment",
    "status",
    "answered_at",
    "shown_at",
    "at",
    "turnaround_seconds",
    "replied_at",
    "touchpoint",
    "stage",
    "locale",
    "device",
    "placement",
    "page",
    "contact",
];

/// How records are read.
pub struct Fields {
    /// Where each field stands that stands somewhere else than in our own documents.
    map: HashMap<String, String>,
    /// What a field is where a record says nothing of it.
    set: HashMap<String, String>,
    /// What rows are split by besides the survey.
    pub by: Vec<By>,
    /// Whether comments are wanted.
    pub comments: bool,
    zone: TimeZone,
}

/// What rows can be split by.
#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// The ISO week, `2026-W47`.
    Week,
    /// The month, `2026-11`.
    Month,
    /// The day, `2026-11-22`.
    Day,
    /// A field of the record: `touchpoint`, `stage`, `locale`, `device`, `placement`, `page`.
    Field(&'static str),
    /// An attribute of the visitor.
    Attribute(String),
}

impl By {
    /// Reads one as the command line has it.
    pub fn parse(text: &str) -> Result<By, String> {
        const SPLITS: &[&str] = &["touchpoint", "stage", "locale", "device", "placement", "page"];
        Ok(match text {
            "week" => By::Week,
            "month" => By::Month,
            "day" => By::Day,
            _ => match (text.strip_prefix("attribute:"), SPLITS.iter().find(|field| **field == text)) {
                (Some(name), _) if !name.is_empty() => By::Attribute(name.into()),
                (_, Some(field)) => By::Field(field),
                _ => {
                    return Err(format!(
                        "--by {text}: there is survey, week, month, day, {}, and attribute:NAME",
                        SPLITS.join(", ")
                    ));
                }
            },
        })
    }

    /// As the command line has it.
    pub fn name(&self) -> String {
        match self {
            By::Week => "week".into(),
            By::Month => "month".into(),
            By::Day => "day".into(),
            By::Field(field) => (*field).into(),
            By::Attribute(name) => format!("attribute:{name}"),
        }
    }
}

impl Fields {
    /// From `--map FIELD=NAME`, `--set FIELD=VALUE` and `--zone`.
    pub fn new(map: &[String], set: &[String], by: Vec<By>, zone: &str) -> Result<Fields, String> {
        let zone =
            TimeZone::get(zone).map_err(|_| format!("--zone {zone}: is not in the IANA database; Europe/Vienna is"))?;
        Ok(Fields { map: pairs("--map", map)?, set: pairs("--set", set)?, by, comments: false, zone })
    }

    /// The row of a record. The error says what is wrong with it.
    pub fn row(&self, record: &Value) -> Result<Row, String> {
        if !matches!(record, Value::Map(_)) {
            return Err(format!("is {}, not an object", record.kind()));
        }
        let text = |field| self.text(record, field);
        let event = text("event");
        if !["", "shown", "dismissed"].contains(&&*event) {
            return Err(format!("event: there is shown and dismissed, not \"{event}\""));
        }
        let at = self.moment(record, if event.is_empty() { "answered_at" } else { "at" })?;
        let shown_at = if event.is_empty() { self.moment(record, "shown_at")? } else { at };
        let revision = self.number(record, "revision")?.unwrap_or(1.0);
        let scores = if event.is_empty() { self.scores(record)? } else { Vec::new() };
        Ok(Row {
            id: text("id").to_ascii_lowercase(),
            revision: revision as i64,
            reason: text("reason"),
            survey: text("survey"),
            keys: self.by.iter().map(|by| self.key(record, by, at)).collect(),
            locale: text("locale"),
            at,
            day: shown_at.map(|at| at.div_euclid(DAY)),
            complete: match &*text("status") {
                "complete" => Some(true),
                "partial" => Some(false),
                "" => None,
                other => return Err(format!("status: there is complete and partial, not \"{other}\"")),
            },
            turnaround: self.number(record, "turnaround_seconds")?,
            replied_at: self.moment(record, "replied_at")?,
            scores,
            comment: if self.comments && event.is_empty() { text("comment") } else { String::new() },
            contact: if self.comments { self.contact(record) } else { String::new() },
            event,
        })
    }

    /// What stands at a field.
    fn value<'a>(&'a self, record: &'a Value, field: &str) -> &'a Value {
        const NULL: &Value = &Value::Null;
        let Some(name) = self.map.get(field) else {
            let own = record.get(field);
            // Our own documents have the touchpoint's as an object.
            return match (field, own) {
                ("stage", Value::Null) => record.get("touchpoint").get("stage"),
                ("touchpoint", Value::Map(_)) => {
                    let name = own.get("name");
                    if name.is_null() { own.get("on") } else { name }
                }
                (_, own) => own,
            };
        };
        let exact = record.get(name);
        if !exact.is_null() || !name.contains('.') {
            return exact;
        }
        name.split('.').fold(record, |value, part| match value {
            Value::List(list) => part.parse::<usize>().ok().and_then(|index| list.get(index)).unwrap_or(NULL),
            value => value.get(part),
        })
    }

    fn text(&self, record: &Value, field: &str) -> String {
        match self.value(record, field) {
            Value::Null => self.set.get(field).cloned().unwrap_or_default(),
            Value::Text(text) if text.is_empty() => self.set.get(field).cloned().unwrap_or_default(),
            value => written(value),
        }
    }

    fn number(&self, record: &Value, field: &str) -> Result<Option<f64>, String> {
        match self.value(record, field) {
            Value::Number(number) => Ok(Some(*number)),
            _ => {
                let text = self.text(record, field);
                let text = text.trim();
                let number = || text.parse().ok().filter(|number: &f64| number.is_finite());
                (!text.is_empty())
                    .then(|| number().ok_or_else(|| format!("{field}: \"{text}\" is not a number")))
                    .transpose()
            }
        }
    }

    fn moment(&self, record: &Value, field: &str) -> Result<Option<Millis>, String> {
        let text = match self.value(record, field) {
            Value::Number(number) => return Ok(Some(epoch(*number))),
            _ => self.text(record, field),
        };
        let text = text.trim();
        (!text.is_empty())
            .then(|| self.read_moment(text).ok_or_else(|| format!("{field}: \"{text}\" is not a moment")))
            .transpose()
    }

    fn read_moment(&self, text: &str) -> Option<Millis> {
        if let Some(at) = own_moment(text) {
            return Some(at);
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at.as_millisecond());
        }
        if let Ok(number) = text.parse::<f64>() {
            return Some(epoch(number));
        }
        // One without a zone is of the zone that was asked for.
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond())
    }

    fn key(&self, record: &Value, by: &By, at: Option<Millis>) -> String {
        let date = || Some(Timestamp::from_millisecond(at?).ok()?.to_zoned(self.zone.clone()).date());
        let dated = |write: fn(jiff::civil::Date) -> String| date().map(write).unwrap_or_default();
        match by {
            By::Week => dated(|date| {
                let week = date.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }),
            By::Month => dated(|date| format!("{}-{:02}", date.year(), date.month())),
            By::Day => dated(|date| date.to_string()),
            By::Field(field) => self.text(record, field),
            By::Attribute(name) => match self.map.get(&by.name()) {
                Some(column) => written(record.get(column)),
                None => {
                    let own = record.get("visitor").get("attributes").get(name);
                    written(if own.is_null() { record.get(&by.name()) } else { own })
                }
            },
        }
    }

    /// The answers on scales: all those of `answers`, or the one that the record has by itself.
    fn scores(&self, record: &Value) -> Result<Vec<Score>, String> {
        let answers = record.get("answers");
        if !answers.list().is_empty() && !self.map.contains_key("score") {
            let scored = answers.list().iter().filter_map(|answer| {
                let metric = metric(answer.get("kind").text()?)?;
                Some(score(
                    answer.get("question").text().unwrap_or_default(),
                    metric,
                    answer.get("points").number(),
                    answer.get("value").number()?,
                ))
            });
            return scored.collect();
        }
        let Some(value) = self.number(record, "score")? else { return Ok(Vec::new()) };
        let name = self.text(record, "metric").to_ascii_lowercase();
        let metric = match metric(&name) {
            Some(metric) => metric,
            None if name.is_empty() => {
                return Err("metric: is missing; if all are of one kind say --set metric=nps".into());
            }
            None => return Err(format!("metric: there is nps, csat and ces, not \"{name}\"")),
        };
        let points = self.number(record, "points")?;
        Ok(vec![score(&self.text(record, "question"), metric, points, value)?])
    }

    fn contact(&self, record: &Value) -> String {
        contact(record.get("answers")).unwrap_or_else(|| self.text(record, "contact"))
    }
}

/// How the visitor may be reached by what they answered: an address that they left, or `allowed` where they ticked a box.
pub fn contact(answers: &Value) -> Option<String> {
    let of = |kind: &'static str| {
        let those = answers.list().iter().filter(move |answer| answer.get("kind").text() == Some(kind));
        those.map(|answer| answer.get("value"))
    };
    let email = of("email").find_map(|value| value.text().filter(|text| !text.is_empty()));
    let allowed = || of("consent").any(|value| value.bool() == Some(true));
    email.map(String::from).or_else(|| allowed().then(|| "allowed".into()))
}

fn score(question: &str, metric: Metric, points: Option<f64>, value: f64) -> Result<Score, String> {
    let points = match (metric, points.map(|points| points as i64)) {
        (Metric::Nps, None | Some(11)) => 11,
        (Metric::Csat, Some(points @ (2 | 3 | 5 | 7))) | (Metric::Ces, Some(points @ (5 | 7))) => points,
        (_, None) => {
            return Err(format!("points: how many points has the scale of {}? Say --set points=5", metric.name()));
        }
        (_, Some(points)) => return Err(format!("points: {} has no scale of {points} points", metric.name())),
    };
    let scale = Scale { metric, points };
    if value.fract() != 0.0 || value < scale.low() as f64 || value > scale.high() as f64 {
        let (low, high) = (scale.low(), scale.high());
        return Err(format!("score: {value} is not a point of {}'s scale from {low} to {high}", metric.name()));
    }
    Ok(Score { question: question.into(), scale, point: value as i64 })
}

/// A moment as our documents write it, without the detour through a calendar.
fn own_moment(text: &str) -> Option<Millis> {
    let bytes = text.as_bytes();
    if bytes.len() != 24 || bytes[10] != b'T' || bytes[23] != b'Z' {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok().map(i64::from);
    let seconds = (number(11, 13)? * 60 + number(14, 16)?) * 60 + number(17, 19)?;
    let at = day(&text[..10])? * DAY + seconds * 1000 + number(20, 23)?;
    // What does not exist, such as 25 o'clock, comes out as another moment.
    (iso(at) == text).then_some(at)
}

/// Seconds or milliseconds since 1970: the larger can only be the latter.
fn epoch(number: f64) -> Millis {
    if number.abs() < 1e11 { (number * 1000.0) as Millis } else { number as Millis }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Null => String::new(),
        value => serde_json::to_string(value).unwrap_or_default(),
    }
}

fn pairs(flag: &str, pairs: &[String]) -> Result<HashMap<String, String>, String> {
    let pair = |pair: &String| {
        let (field, value) =
            pair.split_once('=').ok_or_else(|| format!("{flag} {pair}: write FIELD=..., such as score=rating"))?;
        if !FIELDS.contains(&field) && !field.starts_with("attribute:") {
            return Err(format!("{flag} {pair}: there is no field {field}; there are {}", FIELDS.join(", ")));
        }
        Ok((field.to_string(), value.to_string()))
    };
    pairs.iter().map(pair).collect()
}
