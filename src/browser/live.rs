//! The live region: one, polite, in the page, empty from the start. (accessibility.md, item 13.)

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::listener::{Listener, Target, listen};
use super::{document, page};

/// How long after the last key somebody still counts as typing, in milliseconds.
const TYPING: f64 = 2_000.0;

/// There for screen readers alone.
const HIDDEN: &str = "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

/// The live region.
pub struct Live {
    element: Option<Element>,
    typed_at: Rc<Cell<f64>>,
    _keys: Listener,
}

impl Live {
    /// Puts the empty region into the page.
    pub fn begin() -> Self {
        let element = document().create_element("div").ok();
        if let (Some(element), Some(body)) = (&element, document().body()) {
            let _ = element.set_attribute("role", "status");
            let _ = element.set_attribute("aria-live", "polite");
            let _ = element.set_attribute("aria-atomic", "true");
            let _ = element.set_attribute("data-asklet-live", "");
            element.unchecked_ref::<HtmlElement>().style().set_css_text(HIDDEN);
            let _ = body.append_child(element);
        }
        let typed_at = Rc::new(Cell::new(f64::MIN));
        let seen = typed_at.clone();
        let keys = listen(Target::Document, "input", move |_| seen.set(Date::now()));
        Live { element, typed_at, _keys: keys }
    }

    /// Whether the visitor is typing in the page.
    pub fn is_busy(&self) -> bool {
        let editing = document().active_element().is_some_and(|element| {
            element.matches("input,textarea,select").unwrap_or_default()
                || page::member(&element, "isContentEditable").is_truthy()
        });
        editing && Date::now() - self.typed_at.get() < TYPING
    }

    /// Says a sentence, or falls silent.
    pub fn say(&self, sentence: &str) {
        if let Some(element) = &self.element {
            element.set_text_content(Some(sentence));
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(element) = &self.element {
            element.remove();
        }
    }
}
