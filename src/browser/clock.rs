//! Timers, kept so that they can all be stopped.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen_futures::JsFuture;

use super::window;
use crate::core::time::Millis;

/// The page's timers.
#[derive(Default)]
pub(super) struct Timers {
    sleeping: RefCell<Vec<i32>>,
    alarm: Cell<Option<i32>>,
}

/// The longest time a browser's timer can be set to: some 24 days. More would go off at once.
fn within_reach(span: Millis) -> i32 {
    span.clamp(0, i64::from(i32::MAX)) as i32
}

pub(super) fn set(act: &Function, span: Millis) -> Option<i32> {
    window().set_timeout_with_callback_and_timeout_and_arguments_0(act, within_reach(span)).ok()
}

impl Timers {
    pub(super) async fn sleep(&self, span: Millis) {
        let mut id = None;
        let promise = Promise::new(&mut |resolve, _| id = set(&resolve, span));
        self.sleeping.borrow_mut().extend(id);
        let _ = JsFuture::from(promise).await;
        self.sleeping.borrow_mut().retain(|other| Some(*other) != id);
    }

    pub(super) fn alarm(&self, span: Millis, act: &Function) {
        if let Some(id) = self.alarm.replace(set(act, span)) {
            window().clear_timeout_with_handle(id);
        }
    }

    pub(super) fn clear(&self) {
        for id in self.sleeping.take().into_iter().chain(self.alarm.take()) {
            window().clear_timeout_with_handle(id);
        }
    }
}
