//! One row of what was collected, as far as figures need it.

use asklet::core::survey::{Metric, Scale};
use asklet::core::time::Millis;

/// A response or an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The key by which repeats are dropped; empty: there is none, and each row counts.
    pub id: String,
    /// The highest of an id counts.
    pub revision: i64,
    /// `shown` or `dismissed`; empty for a response.
    pub event: String,
    /// Why it was dismissed.
    pub reason: String,
    /// The survey's id; empty where none is given.
    pub survey: String,
    /// What the rows are split by besides, in the order of [`Fields::by`](super::fields::Fields).
    pub keys: Vec<String>,
    /// The language it was asked in.
    pub locale: String,
    /// When it was answered, or happened, if that is known.
    pub at: Option<Millis>,
    /// When the prompt came up, in days since 1970.
    pub day: Option<i64>,
    /// Whether every question that was due was answered or skipped; `None` where nothing is said of it.
    pub complete: Option<bool>,
    /// From the event that the touchpoint measures from to the one that met it, in seconds.
    pub turnaround: Option<f64>,
    /// When it was marked as replied.
    pub replied_at: Option<Millis>,
    /// The answers on scales.
    pub scores: Vec<Score>,
    /// What was written, if comments are wanted.
    pub comment: String,
    /// How the visitor may be reached, if they allowed it: an address, or `allowed`.
    pub contact: String,
}

/// An answer on a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The question's id.
    pub question: String,
    /// The scale.
    pub scale: Scale,
    /// The point.
    pub point: i64,
}

/// The metric called `name`.
pub fn metric(name: &str) -> Option<Metric> {
    [Metric::Nps, Metric::Csat, Metric::Ces].into_iter().find(|metric| metric.name() == name)
}

impl Row {
    /// As bytes, to be laid aside.
    pub fn pack(&self) -> Vec<u8> {
        let mut to = Vec::with_capacity(160);
        for text in [&self.id, &self.event, &self.reason, &self.survey, &self.locale, &self.comment, &self.contact] {
            put(&mut to, text);
        }
        let numbers = [
            Some(self.revision as f64),
            self.at.map(|at| at as f64),
            self.day.map(|day| day as f64),
            self.complete.map(f64::from),
            self.turnaround,
            self.replied_at.map(|at| at as f64),
        ];
        for number in numbers {
            // NaN stands for none.
            to.extend_from_slice(&number.unwrap_or(f64::NAN).to_le_bytes());
        }
        to.push(self.keys.len() as u8);
        self.keys.iter().for_each(|key| put(&mut to, key));
        for score in &self.scores {
            put(&mut to, &score.question);
            to.extend_from_slice(&[score.scale.metric as u8, score.scale.points as u8, score.point as u8]);
        }
        to
    }

    /// From what [`Row::pack`] made.
    pub fn unpack(mut from: &[u8]) -> Row {
        let from = &mut from;
        let [id, event, reason, survey, locale, comment, contact] = std::array::from_fn(|_| take(from));
        let [revision, at, day, complete, turnaround, replied_at] = std::array::from_fn(|_| {
            let number = f64::from_le_bytes(bytes(from, 8).try_into().unwrap_or_default());
            (!number.is_nan()).then_some(number)
        });
        let count = bytes(from, 1)[0];
        let keys = (0..count).map(|_| take(from)).collect();
        let mut scores = Vec::new();
        while !from.is_empty() {
            let question = take(from);
            let &[metric, points, point] = bytes(from, 3) else { break };
            let metric = [Metric::Nps, Metric::Csat, Metric::Ces][usize::from(metric)];
            scores.push(Score { question, scale: Scale { metric, points: points.into() }, point: point.into() });
        }
        Row {
            id,
            revision: revision.unwrap_or(1.0) as i64,
            event,
            reason,
            survey,
            keys,
            locale,
            at: at.map(|at| at as Millis),
            day: day.map(|day| day as i64),
            complete: complete.map(|complete| complete == 1.0),
            turnaround,
            replied_at: replied_at.map(|at| at as Millis),
            scores,
            comment,
            contact,
        }
    }
}

fn put(to: &mut Vec<u8>, text: &str) {
    to.extend_from_slice(&(text.len() as u32).to_le_bytes());
    to.extend_from_slice(text.as_bytes());
}

fn take(from: &mut &[u8]) -> String {
    let length = u32::from_le_bytes(bytes(from, 4).try_into().unwrap_or_default());
    String::from_utf8_lossy(bytes(from, length as usize)).into_owned()
}

fn bytes<'a>(from: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (bytes, rest) = from.split_at(count);
    *from = rest;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_aside_comes_back() {
        let full = Row {
            id: "a".into(),
            revision: 2,
            event: "shown".into(),
            reason: "later".into(),
            survey: "søk".into(),
            keys: vec!["2026-W01".into(), String::new()],
            locale: "de".into(),
            at: Some(1_795_352_407_412),
            day: Some(-3),
            complete: Some(false),
            turnaround: Some(0.1),
            replied_at: Some(1),
            scores: vec![Score { question: "q".into(), scale: Scale { metric: Metric::Ces, points: 7 }, point: 7 }],
            comment: "\0é".into(),
            contact: "allowed".into(),
        };
        for row in [full, Row { revision: 1, ..Row::default() }] {
            assert_eq!(Row::unpack(&row.pack()), row);
        }
    }
}
