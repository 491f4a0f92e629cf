//! The browser's side of the ports: the only place, beside the prompts themselves, that touches web APIs.
//! One file per edge.

mod clock;
mod focus;
mod host;
mod http;
mod idb;
mod listener;
mod live;
mod locks;
mod page;
mod value;

pub use focus::Keeper;
pub use host::{Host, Look};
use idb::Database;
pub use listener::{Listener, Target, listen};
pub use live::Live;
use locks::lock;
pub use value::{from_js, from_page, to_js};

use std::any::Any;
use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::core::outbox::Record;
use crate::core::time::Millis;
use crate::core::value::Value;
use crate::ports::{Ask, Clock, Entropy, Page, Ports, Reply, Saving, State, Store, Task, Transport, View};

/// The window. Asklet lives in pages only.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect_throw("asklet runs in a window")
}

/// The page's document.
pub(crate) fn document() -> web_sys::Document {
    window().document().expect_throw("a window has a document")
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    document().hidden()
}

/// All ports of one page; prompts are drawn by `view`.
pub struct Browser<V> {
    /// Draws the prompts.
    pub view: V,
    database: Database,
    timers: clock::Timers,
    alarm: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl<V> Browser<V> {
    /// The page's ports.
    pub fn new(view: V) -> Self {
        Browser { view, database: Database::default(), timers: Default::default(), alarm: RefCell::default() }
    }

    /// What the alarm does.
    pub fn on_alarm(&self, act: impl FnMut() + 'static) {
        *self.alarm.borrow_mut() = Some(Closure::new(act));
    }

    /// Stops every timer. What waits for one never goes on.
    pub fn destroy(&self) {
        self.timers.clear();
        self.alarm.take();
        self.database.close();
    }
}

impl<V: View> Ports for Browser<V> {
    fn spawn(&self, work: Task<'static, ()>) {
        wasm_bindgen_futures::spawn_local(work);
    }
}

impl<V> Clock for Browser<V> {
    fn now(&self) -> Millis {
        js_sys::Date::now() as Millis
    }

    fn sleep(&self, span: Millis) -> Task<'_, ()> {
        Box::pin(self.timers.sleep(span))
    }

    fn alarm(&self, span: Millis) {
        if let Some(act) = &*self.alarm.borrow() {
            self.timers.alarm(span, act.as_ref().unchecked_ref());
        }
    }
}

impl<V> Entropy for Browser<V> {
    fn fill(&self, bytes: &mut [u8]) {
        // Without crypto (no browser of today) ids would be made of the time alone.
        if let Ok(crypto) = window().crypto() {
            let _ = crypto.get_random_values_with_u8_array(bytes);
        }
    }
}

impl<V> Store for Browser<V> {
    fn transact<'a>(&'a self, step: Box<dyn FnOnce(&mut State) + 'a>) -> Task<'a, bool> {
        Box::pin(self.database.transact(step))
    }

    fn dash(&self, record: &Record) {
        self.database.dash(&record.row());
    }
}

impl<V> Transport for Browser<V> {
    fn lock(&self) -> Task<'_, Option<Box<dyn Any>>> {
        Box::pin(lock())
    }

    fn post<'a>(&'a self, url: &'a str, document: &'a Value) -> Task<'a, Option<Reply>> {
        Box::pin(http::post(url, document))
    }
}

impl<V> Page for Browser<V> {
    fn url(&self) -> String {
        page::url()
    }

    fn languages(&self) -> Vec<String> {
        page::languages()
    }

    fn device(&self) -> &'static str {
        page::device()
    }

    fn understands(&self, selector: &str) -> bool {
        document().query_selector(selector).is_ok()
    }

    fn has_slot(&self, survey: &str) -> bool {
        page::slot(survey).is_some()
    }

    fn emit(&self, event: &'static str, detail: Value) {
        page::emit(event, &detail);
    }

    fn warn(&self, message: &str) {
        page::warn(message);
    }
}

impl<V: View> View for Browser<V> {
    fn open(&self, ask: Ask) -> bool {
        self.view.open(ask)
    }

    fn is_up(&self, survey: &str) -> bool {
        self.view.is_up(survey)
    }

    fn close(&self, survey: &str) {
        self.view.close(survey);
    }

    fn tell(&self, survey: &str, saving: Saving) {
        self.view.tell(survey, saving);
    }
}
