//! Listeners that stop listening when they are dropped.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

use super::{document, window};

/// An event listener; dropping it removes it.
#[must_use = "a listener that is dropped hears nothing"]
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    act: Closure<dyn Fn(Event)>,
}

/// What is listened to.
pub enum Target {
    /// The window: `pagehide` and `pageshow` go nowhere else.
    Window,
    /// The document, in the bubbling phase: after everything of the page's own.
    Document,
}

/// Listens.
pub fn listen(target: Target, event: &'static str, act: impl Fn(Event) + 'static) -> Listener {
    let target: EventTarget = match target {
        Target::Window => window().into(),
        Target::Document => document().into(),
    };
    let act = Closure::<dyn Fn(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    Listener { target, event, act }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.act.as_ref().unchecked_ref());
    }
}
