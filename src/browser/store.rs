//! The device's storage: IndexedDB, through `edge.js`.
//!
//! A step reads all rows, changes the state and writes the rows that differ, in one read-write transaction, and counts as
//! done when that has completed. Where the database cannot be used (blocked, private, full) the page's memory takes over, and
//! every answer says so.

use std::cell::{Cell, RefCell};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{edge, from_js, to_js};
use crate::core::outbox::{Command, Event};
use crate::core::value::Value;
use crate::ports::State;

/// The database `asklet`, or this page's memory in its stead.
#[derive(Default)]
pub(super) struct Database {
    memory: RefCell<Option<State>>,
    /// Nothing is read or written any more: what was stored is to be erased.
    forgotten: Cell<bool>,
}

impl Database {
    /// Reads and writes nothing from now on.
    pub(super) fn forget(&self) {
        self.forgotten.set(true);
    }

    /// Applies `step` as one transaction; true if it is on the device.
    pub(super) async fn transact(&self, step: Box<dyn FnOnce(&mut State) + '_>) -> bool {
        if self.memory.borrow().is_none() {
            if let Some((transaction, rows)) = self.read().await {
                let mut state = State::from_rows(&rows);
                step(&mut state);
                if write(&transaction, &rows, &state).await {
                    return true;
                }
                // Full: once more without what matters least, unless another tab was faster.
                if let Some((transaction, rows_now)) = self.read().await.filter(|(_, now)| *now == rows) {
                    let pushed_out = state.outbox.step(Event::Relieve, 0, 0.0);
                    let fits = write(&transaction, &rows_now, &state).await;
                    for command in pushed_out {
                        if let Command::Tell(event, record) = command {
                            edge::emit(event, &to_js(&record.detail()));
                        }
                    }
                    if fits {
                        return true;
                    }
                }
                self.fall_back(state);
                return false;
            }
            self.fall_back(State::default());
        }
        step(self.memory.borrow_mut().get_or_insert_default());
        false
    }

    /// A transaction and the rows of each table, if the database can be used. Never, once all is to be erased.
    async fn read(&self) -> Option<(JsValue, [Vec<Value>; 3])> {
        let read = if self.forgotten.get() { None } else { Some(JsFuture::from(edge::read()).await) };
        // Another page may have erased everything meanwhile.
        if self.forgotten.get() || matches!(&read, Some(Err(reason)) if reason.is_null()) {
            self.forget();
            edge::close();
            return std::future::pending().await;
        }
        let read: Array = read?.ok()?.unchecked_into();
        Some((read.get(0), [1, 2, 3].map(|table| from_js(&read.get(table)).list().to_vec())))
    }

    /// Goes on in memory. Another step may have come first: what it keeps stays, what is newer is added.
    fn fall_back(&self, state: State) {
        let mut memory = self.memory.borrow_mut();
        let Some(kept) = &mut *memory else {
            *memory = Some(state);
            return;
        };
        for record in state.outbox.records {
            let records = &mut kept.outbox.records;
            kept.outbox.meta.enqueued += i64::from(!records.iter().any(|other| other.id == record.id));
            if !records.iter().any(|other| other.id == record.id && other.revision >= record.revision) {
                records.retain(|other| other.id != record.id);
                records.push(record);
            }
        }
    }

    /// Writes one row of the outbox without waiting for anything.
    pub(super) fn dash(&self, row: &Value) {
        if !self.forgotten.get() {
            edge::dash(&to_js(row));
        }
    }
}

async fn write(transaction: &JsValue, before: &[Vec<Value>; 3], state: &State) -> bool {
    let written = edge::write(transaction, &to_js(&changes(before, &state.rows())));
    JsFuture::from(written).await.is_ok()
}

/// For each table the rows to put, and the ids of those to take out.
fn changes(before: &[Vec<Value>; 3], after: &[Vec<Value>; 3]) -> Value {
    let id = |row: &Value| row.get("id").clone();
    let tables = before.iter().zip(after).map(|(before, after)| {
        let new = after.iter().filter(|row| !before.contains(row)).cloned().collect();
        let gone = before.iter().map(id).filter(|gone| !after.iter().any(|row| id(row) == *gone)).collect();
        Value::List(vec![Value::List(new), Value::List(gone)])
    });
    Value::List(tables.collect())
}
