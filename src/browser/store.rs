//! The device's storage: IndexedDB, through `edge.js`.
//!
//! A step reads all rows, changes the state and writes the rows that differ, in one read-write transaction, and counts as
//! done when that has completed. Where the database cannot be used (blocked, private, full) the page's memory takes over, and
//! every answer says so.

use std::cell::{Cell, RefCell};

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{edge, from_js, to_js};
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
            let read = if self.forgotten.get() { None } else { JsFuture::from(edge::read()).await.ok() };
            if self.forgotten.get() {
                edge::close();
                return std::future::pending().await;
            }
            if let Some(read) = read {
                let read: Array = read.unchecked_into();
                let rows = [1, 2, 3].map(|table| from_js(&read.get(table)).list().to_vec());
                let mut state = State::from_rows(&rows);
                step(&mut state);
                let written = edge::write(&read.get(0), &to_js(&changes(&rows, &state.rows())));
                if JsFuture::from(written).await.is_ok() {
                    return true;
                }
                self.fall_back(state);
                return false;
            }
            self.fall_back(State::default());
        }
        step(self.memory.borrow_mut().get_or_insert_default());
        false
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
