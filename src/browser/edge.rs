//! What `edge.js` does.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/edge.js")]
extern "C" {
    pub(super) fn close();
    pub(super) fn read() -> Promise;
    pub(super) fn write(transaction: &JsValue, changes: &JsValue) -> Promise;
    pub(super) fn dash(row: &JsValue) -> JsValue;
    pub(super) fn lock(name: &str) -> Promise;
    pub(super) fn request(delivery: &JsValue, documents: &Array, attempt: u32) -> Promise;
    pub(super) fn reply(delivery: &JsValue, documents: &Array, request: &JsValue, response: &JsValue) -> Promise;
    pub(super) fn take(config: &JsValue) -> JsValue;
    pub(super) fn facts() -> JsValue;
    pub(super) fn slot(survey: &str) -> JsValue;
    pub(super) fn host(
        survey: &str,
        placement: &str,
        look: &JsValue,
        theme: &JsValue,
        key: &str,
        style: &str,
    ) -> Option<Array>;
    pub(super) fn unhost(host: &JsValue);
    pub(super) fn drawn(host: &JsValue);
    pub(super) fn has_focus(host: &JsValue) -> bool;
    pub(super) fn invite(host: &JsValue);
    pub(super) fn give_back(host: &JsValue);
    pub(super) fn wording(tag: &str) -> Promise;
    pub(super) fn fill(bytes: &mut [u8]);
    pub(super) fn busy() -> Array;
    pub(super) fn sleep(span: f64) -> Promise;
    pub(super) fn wake(span: f64, act: &JsValue);
    pub(super) fn begin();
    pub(super) fn end();
    pub(super) fn say(sentence: &str);
    pub(super) fn emit(name: &str, detail: &JsValue);
    pub(super) fn warn(message: &str);
    pub(super) fn note(note: &JsValue) -> JsValue;
    pub(super) fn finds(pattern: &str, text: &str) -> bool;
    pub(super) fn replace(pattern: &str, text: &str, by: &str) -> String;
    pub(super) fn wall(zone: &str, at: f64) -> Option<String>;
    pub(super) fn understands(kind: &str, text: &str) -> bool;
}

/// A Web Lock, which only one tab can have; dropping it lets others in. Locks only save repeats: what is in the database makes
/// things right.
pub(super) struct Lock(pub(super) Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}
