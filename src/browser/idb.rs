//! IndexedDB: the device's storage.
//!
//! A step reads all rows, changes the state and writes the rows that differ, in one read-write
//! transaction, and counts as done when that has completed. Where the database cannot be used (blocked,
//! private, full) the page's memory takes over, and every answer says so.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStoreParameters, IdbRequest, IdbTransaction};

use super::clock::set;
use super::page::member;
use super::{from_js, to_js, window};
use crate::core::time::SECOND;
use crate::core::value::Value;
use crate::ports::{State, TABLES};

const NAME: &str = "asklet";
const VERSION: u32 = 1;

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase.transaction` with its options, which web-sys does not have.
    type Transactions;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Transactions,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// The database `asklet`, or this page's memory in its stead.
#[derive(Default)]
pub(super) struct Database {
    open: RefCell<Option<IdbDatabase>>,
    memory: RefCell<Option<State>>,
}

impl Database {
    /// Applies `step` as one transaction; true if it is on the device.
    pub(super) async fn transact(&self, step: Box<dyn FnOnce(&mut State) + '_>) -> bool {
        if self.memory.borrow().is_none() {
            match self.read().await {
                Some((transaction, rows)) => {
                    let mut state = State::from_rows(&rows);
                    step(&mut state);
                    if write(&transaction, &rows, &state.rows()).await.is_some() {
                        return true;
                    }
                    self.fall_back(state);
                    return false;
                }
                None => self.fall_back(State::default()),
            }
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
        if let Some(database) = &*self.open.borrow()
            && let Ok(transaction) = begin(database)
            && let Ok(store) = transaction.object_store(TABLES[0])
        {
            let _ = store.put(&to_js(row));
        }
    }

    /// Closes it; the next step opens it again.
    pub(super) fn close(&self) {
        if let Some(database) = self.open.take() {
            database.close();
        }
    }

    /// A transaction, and the rows of every table.
    async fn read(&self) -> Option<(IdbTransaction, [Vec<Value>; 3])> {
        let open = self.open.borrow().clone();
        // A connection that was closed meanwhile (another version of Asklet wanted to upgrade) is opened anew.
        let transaction = match open.map(|database| begin(&database)) {
            Some(Ok(transaction)) => transaction,
            _ => {
                let database = connect().await?;
                let transaction = begin(&database).ok()?;
                *self.open.borrow_mut() = Some(database);
                transaction
            }
        };
        let mut rows: [Vec<Value>; 3] = Default::default();
        let requests = TABLES.map(|table| transaction.object_store(table).and_then(|store| store.get_all()));
        for (rows, request) in rows.iter_mut().zip(requests) {
            let result = done(&request.ok()?).await?;
            *rows = from_js(&result).list().to_vec();
        }
        Some((transaction, rows))
    }
}

/// Strict: "complete" means on the disk, and a visitor is told so.
fn begin(database: &IdbDatabase) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"durability".into(), &"strict".into());
    let stores: Array = TABLES.iter().map(|table| JsValue::from(*table)).collect();
    database.unchecked_ref::<Transactions>().transaction(&stores, "readwrite", &options)
}

/// Writes what differs, and waits until it is there.
async fn write(transaction: &IdbTransaction, before: &[Vec<Value>; 3], after: &[Vec<Value>; 3]) -> Option<()> {
    let complete = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let id = |row: &Value| row.get("id").clone();
    for ((table, before), after) in TABLES.iter().zip(before).zip(after) {
        let store = transaction.object_store(table).ok()?;
        for row in after.iter().filter(|row| !before.contains(row)) {
            store.put(&to_js(row)).ok()?;
        }
        for gone in before.iter().map(id).filter(|gone| !after.iter().any(|row| id(row) == *gone)) {
            store.delete(&to_js(&gone)).ok()?;
        }
    }
    JsFuture::from(complete).await.ok().map(drop)
}

async fn connect() -> Option<IdbDatabase> {
    let request = window().indexed_db().ok()??.open_with_u32(NAME, VERSION).ok()?;
    let upgraded = request.clone();
    let upgrade = Closure::once_into_js(move || {
        let Ok(database) = upgraded.result().map(JsCast::unchecked_into::<IdbDatabase>) else { return };
        for table in TABLES {
            let keyed = IdbObjectStoreParameters::new();
            keyed.set_key_path(&"id".into());
            let _ = database.create_object_store_with_optional_parameters(table, &keyed);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database: IdbDatabase = in_time(&request).await?.unchecked_into();
    // A later version must not wait for this page.
    let close: Function = member(&database, "close").unchecked_into();
    database.set_onversionchange(Some(&close.bind0(&database)));
    Some(database)
}

/// The result of opening; some browsers never answer where storage is odd. Memory takes over then.
async fn in_time(request: &IdbRequest) -> Option<JsValue> {
    let mut timer = None;
    let opened = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        timer = set(&reject, 5 * SECOND);
    });
    let opened = JsFuture::from(opened).await;
    if let Some(timer) = timer {
        window().clear_timeout_with_handle(timer);
    }
    opened.ok()?;
    request.result().ok()
}

/// The result of a request.
async fn done(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.ok()?;
    request.result().ok()
}
