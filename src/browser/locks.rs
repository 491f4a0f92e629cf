//! The Web Lock that keeps tabs from sending at the same time.
//!
//! It only saves repeats: the lease in the database is what makes delivery right, so where there are no
//! locks, everybody has one. (web-sys keeps locks behind an unstable flag, hence the few lines of binding.)

use std::any::Any;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::window;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Rejectable;

    /// A promise. (`Promise::catch` takes only a closure, which would have to be kept.)
    type Rejectable;

    #[wasm_bindgen(method, js_name = catch)]
    fn on_rejected(this: &Rejectable, act: &Function) -> Promise;
}

/// The lock; dropping it lets others in.
struct Lock(Option<Function>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Takes the lock if it is free.
pub(super) async fn lock() -> Option<Box<dyn Any>> {
    let manager = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    if manager.is_undefined() {
        return Some(Box::new(Lock(None)));
    }
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    let answer = Promise::new(&mut |resolve, refused| {
        // Called once, with the lock or with null; the lock is held until the promise that it returns resolves.
        let held = held.clone();
        let granted = Closure::once_into_js(move |lock: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &(!lock.is_null()).into());
            if lock.is_null() { lock } else { held.into() }
        });
        // It is refused where storage is blocked.
        let lock = manager.unchecked_ref::<LockManager>().request("asklet", &options, granted.unchecked_ref());
        let _ = lock.on_rejected(&refused);
    });
    match JsFuture::from(answer).await {
        Ok(granted) if granted.is_falsy() => None,
        Ok(_) => Some(Box::new(Lock(release))),
        Err(_) => Some(Box::new(Lock(None))),
    }
}
