//! The browser's side of the ports: the only place, beside the prompts themselves, that touches web APIs.
//! One file per edge.

mod edge;
mod host;
mod http;
mod listener;
mod page;
mod store;
mod value;

pub use host::Host;
pub use listener::{Listener, Target, listen};
use store::Database;
pub use value::{from_js, from_page, to_js};

use std::any::Any;
use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use edge::Lock;

use crate::core::audience::Facts;
use crate::core::delivery::template::Fault;
use crate::core::outbox::Record;
use crate::core::platform::Platform;
use crate::core::time::Millis;
use crate::core::value::Value;
use crate::ports::{Ask, Clock, Entropy, MANNERS, Page, Ports, Saving, Sent, State, Store, Task, Transport, View};

/// The window. Asklet lives in pages only.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect_throw("asklet runs in a window")
}

/// The page's document.
pub(crate) fn document() -> web_sys::Document {
    window().document().expect_throw("a window has a document")
}

/// A config as the page hands it over.
pub fn take_config(config: &JsValue) -> Value {
    from_page(&edge::take(config))
}

/// Says a sentence to those who hear the page, or falls silent.
pub fn say(sentence: &str) {
    edge::say(sentence);
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
    alarm: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl<V> Browser<V> {
    /// The page's ports.
    pub fn new(view: V) -> Self {
        edge::begin();
        Self::without_page(view)
    }

    /// The ports of a place without a page, such as a service worker: storage and network alone.
    pub fn without_page(view: V) -> Self {
        Browser { view, database: Database::default(), alarm: RefCell::default() }
    }

    /// What the alarm does.
    pub fn on_alarm(&self, act: impl FnMut() + 'static) {
        *self.alarm.borrow_mut() = Some(Closure::new(act));
    }

    /// Stops every timer and writes nothing more. What waits for either never goes on.
    pub fn forget(&self) {
        self.database.forget();
        self.destroy();
    }

    /// Stops every timer. What waits for one never goes on.
    pub fn destroy(&self) {
        edge::end();
        self.alarm.take();
    }
}

impl<V: View> Ports for Browser<V> {
    fn spawn(&self, work: Task<'static, ()>) {
        wasm_bindgen_futures::spawn_local(work);
    }

    fn platform(&self) -> &dyn Platform {
        &Native
    }
}

/// What every browser has already.
struct Native;

impl Platform for Native {
    fn is_match(&self, pattern: &str, text: &str) -> bool {
        edge::finds(pattern, text)
    }

    fn replace(&self, pattern: &str, text: &str, by: &str) -> String {
        edge::replace(pattern, text, by)
    }

    fn wall(&self, zone: &str, at: Millis) -> Option<String> {
        edge::wall(zone, at as f64).filter(|wall| wall.len() == 19 && wall.is_ascii())
    }
}

impl<V> Clock for Browser<V> {
    fn now(&self) -> Millis {
        js_sys::Date::now() as Millis
    }

    fn sleep(&self, span: Millis) -> Task<'_, ()> {
        Box::pin(async move {
            let _ = JsFuture::from(edge::sleep(span as f64)).await;
        })
    }

    fn alarm(&self, span: Millis) {
        if let Some(act) = &*self.alarm.borrow() {
            edge::wake(span as f64, act.as_ref());
        }
    }
}

impl<V> Entropy for Browser<V> {
    fn fill(&self, bytes: &mut [u8]) {
        edge::fill(bytes);
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
    fn lock(&self, name: &'static str) -> Task<'_, Option<Box<dyn Any>>> {
        Box::pin(async move {
            let release = JsFuture::from(edge::lock(name)).await.ok().filter(|release| release.is_function())?;
            Some(Box::new(Lock(release.unchecked_into())) as Box<dyn Any>)
        })
    }

    fn deliver<'a>(
        &'a self,
        delivery: &'a Value,
        documents: &'a [&'a Value],
        attempt: u32,
    ) -> Task<'a, Result<Sent, Fault>> {
        Box::pin(http::deliver(delivery, documents, attempt))
    }
}

impl<V> Page for Browser<V> {
    fn url(&self) -> String {
        page::sight().get("url").text().unwrap_or_default().into()
    }

    fn languages(&self) -> Vec<String> {
        let sight = page::sight();
        sight.get("languages").list().iter().filter_map(|tag| tag.text().map(String::from)).collect()
    }

    fn facts(&self) -> Facts {
        page::facts()
    }

    fn opts_out(&self) -> bool {
        page::sight().get("opts_out").bool() == Some(true)
    }

    fn understands(&self, kind: &str, text: &str) -> bool {
        edge::understands(kind, text)
    }

    fn busy(&self) -> Vec<&'static str> {
        let busy = edge::busy();
        MANNERS.into_iter().filter(|name| busy.includes(&(*name).into(), 0)).collect()
    }

    fn note(&self, note: &Value) {
        edge::note(&to_js(note));
    }

    fn has_slot(&self, survey: &str) -> bool {
        !edge::slot(survey).is_null()
    }

    fn wording<'a>(&'a self, tag: &'a str) -> Task<'a, Value> {
        Box::pin(async move {
            let texts = JsFuture::from(edge::wording(tag)).await;
            texts.map_or(Value::Null, |texts| from_js(&texts))
        })
    }

    fn emit(&self, event: &'static str, detail: Value) {
        edge::emit(event, &to_js(&detail));
    }

    fn warn(&self, message: &str) {
        edge::warn(message);
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

    fn fold(&self, survey: &str, reason: &'static str) {
        self.view.fold(survey, reason);
    }

    fn unfold(&self, survey: &str) {
        self.view.unfold(survey);
    }

    fn is_held(&self, survey: &str) -> bool {
        self.view.is_held(survey)
    }

    fn tell(&self, survey: &str, saving: Saving) {
        self.view.tell(survey, saving);
    }
}
