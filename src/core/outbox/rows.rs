//! The outbox as it is stored: one row a record, so that a step writes only what it changed.

use super::{Meta, Outbox, Parked, Record};
use crate::core::value::{Value, map};

fn whole(row: &Value, key: &str) -> i64 {
    row.get(key).number().unwrap_or_default() as i64
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).text().unwrap_or_default().into()
}

/// Some members of a row, and what its document says of itself; where both have one, the row's counts.
fn shown(row: &Value, document: &Value, keys: &[&str]) -> Value {
    let mut shown = Value::Map(Vec::new());
    for (of, keys) in [(document, &["survey", "status", "event"][..]), (row, keys)] {
        for key in keys.iter().filter(|key| !of.get(key).is_null()) {
            *shown.at(key) = of.get(key).clone();
        }
    }
    shown
}

impl Record {
    /// As it is stored.
    pub fn row(&self) -> Value {
        map([
            ("id", self.id.as_str().into()),
            ("revision", i64::from(self.revision).into()),
            ("seq", self.seq.into()),
            ("at", self.at.into()),
            ("due", self.due.into()),
            ("attempts", i64::from(self.attempts).into()),
            ("owner", self.owner.as_deref().into()),
            ("draft", self.draft.into()),
            ("failures", i64::from(self.failures).into()),
            ("delivered", self.delivered.into()),
            ("alone", self.alone.into()),
            ("document", self.document.clone()),
        ])
    }

    /// From what is stored; what is not understood counts as not there.
    pub fn from_row(row: &Value) -> Self {
        Record {
            id: text(row, "id"),
            revision: whole(row, "revision") as u32,
            document: row.get("document").clone(),
            seq: whole(row, "seq"),
            at: whole(row, "at"),
            due: whole(row, "due"),
            attempts: whole(row, "attempts") as u32,
            owner: row.get("owner").text().map(String::from),
            draft: row.get("draft").bool().unwrap_or_default(),
            failures: whole(row, "failures") as u32,
            delivered: whole(row, "delivered"),
            alone: row.get("alone").bool().unwrap_or_default(),
        }
    }

    /// What the page is told of it: `{ id, survey, revision, status }`, or `event` instead of the status.
    pub fn detail(&self) -> Value {
        shown(&self.row(), &self.document, &["id", "revision"])
    }

    /// As it is shown to developers: all but the answers.
    pub fn summary(&self) -> Value {
        shown(&self.row(), &self.document, &["id", "revision", "at", "due", "attempts"])
    }
}

impl Parked {
    /// As it is stored.
    pub fn row(&self) -> Value {
        map([
            ("id", self.record.id.as_str().into()),
            ("reason", self.reason.as_str().into()),
            ("status", i64::from(self.status).into()),
            ("problem", self.problem.as_str().into()),
            ("at", self.at.into()),
            ("record", self.record.row()),
        ])
    }

    /// From what is stored.
    pub fn from_row(row: &Value) -> Self {
        Parked {
            record: Record::from_row(row.get("record")),
            reason: text(row, "reason"),
            status: whole(row, "status") as u16,
            problem: text(row, "problem"),
            at: whole(row, "at"),
        }
    }

    /// As it is shown to developers.
    pub fn summary(&self) -> Value {
        shown(&self.row(), &self.record.document, &["id", "reason", "status", "problem", "at"])
    }
}

impl Meta {
    /// Its numbers with their names in storage.
    fn numbers(&mut self) -> [(&'static str, &mut i64); 7] {
        [
            ("gate", &mut self.gate),
            ("pause", &mut self.pause),
            ("failures", &mut self.failures),
            ("seq", &mut self.seq),
            ("enqueued", &mut self.enqueued),
            ("delivered", &mut self.delivered),
            ("evicted", &mut self.evicted),
        ]
    }

    /// As it is stored.
    pub fn row(&self) -> Value {
        map(self.clone().numbers().map(|(name, number)| (name, (*number).into())))
    }

    /// From what is stored.
    pub fn from_row(row: &Value) -> Self {
        let mut meta = Meta::default();
        for (name, number) in meta.numbers() {
            *number = whole(row, name);
        }
        meta
    }
}

impl Outbox {
    /// What `outbox()` answers: `{ waiting, parked, books }`.
    pub fn summary(&self) -> Value {
        let count = |n: usize| Value::from(n as i64);
        let books = map([
            ("enqueued", self.meta.enqueued.into()),
            ("delivered", self.meta.delivered.into()),
            ("waiting", count(self.records.len())),
            ("parked", count(self.parked.len())),
            ("evicted", self.meta.evicted.into()),
        ]);
        map([
            ("waiting", Value::List(self.records.iter().map(Record::summary).collect())),
            ("parked", Value::List(self.parked.iter().map(Parked::summary).collect())),
            ("books", books),
        ])
    }
}
