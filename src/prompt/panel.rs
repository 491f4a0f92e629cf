//! A prompt on the page: the region, the question in it, and what is heard there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::{Mountable, Render};
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, Event, HtmlElement};

use super::markup::element;
use super::screen::{Voice, bar, screen};
use super::{act, keys};
use crate::core::survey::{Answer, Flow, Question};
use crate::core::text::{ENGLISH, is_rtl};

/// Takes all answers so far, and whether that was all.
pub type OnAnswer = Rc<dyn Fn(Vec<Answer>, bool)>;
/// Is told that the visitor closed the prompt: by `close`, `escape`, `later`, `never`, or because it was `done`. Where it
/// was folded, that they took that back (`undo`), or want to go back to where they were (`back`).
pub type OnClose = Rc<dyn Fn(&'static str)>;

/// What is heard in a prompt.
const EVENTS: [&str; 6] = ["click", "submit", "keydown", "keyup", "pointerenter", "pointerleave"];

/// A survey's prompt, one question a screen. Dropping it takes it off the page.
pub struct Panel {
    inner: Rc<Inner>,
    /// Not `FnMut`: Ctrl+Enter submits from within a key's event, so it must bear being called from within.
    hear: Closure<dyn Fn(Event)>,
}

pub(super) struct Inner {
    region: HtmlElement,
    voice: Voice,
    pub(super) flow: RefCell<Flow>,
    /// Whether the question that is drawn next offers to ask later or never.
    refusable: Cell<bool>,
    pointed_at: Cell<bool>,
    on_answer: OnAnswer,
    on_close: OnClose,
}

impl Panel {
    /// Draws the first question into `place`. One that is `refusable` can also be put off, or refused for good.
    pub fn new(
        place: &Element,
        questions: Rc<[Question]>,
        about: String,
        language: String,
        refusable: bool,
        on_answer: OnAnswer,
        on_close: OnClose,
    ) -> Self {
        let region = element("div", &[("class", "prompt"), ("part", "prompt"), ("role", "region")]).build();
        let direction = if is_rtl(&language) { "rtl" } else { "ltr" };
        for (name, value) in [("aria-label", ENGLISH.region), ("dir", direction), ("lang", &language)] {
            let _ = region.set_attribute(name, value);
        }
        let _ = place.append_child(&region);
        let inner = Rc::new(Inner {
            region: region.unchecked_into(),
            voice: Voice { about, language, wording: &ENGLISH },
            flow: RefCell::new(Flow::new(questions)),
            refusable: Cell::new(refusable),
            pointed_at: Cell::new(false),
            on_answer,
            on_close,
        });
        inner.draw();
        let heard = inner.clone();
        let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| match event.type_().as_str() {
            "click" => act::clicked(&heard, &event),
            "submit" => act::submitted(&heard, &event),
            "keydown" => keys::pressed(&heard, event.unchecked_ref()),
            "keyup" => event.stop_propagation(),
            // Not `:hover`: after a touch that stays until the next one.
            kind => heard.pointed_at.set(kind == "pointerenter"),
        });
        for event in EVENTS {
            let _ = inner.region.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
        }
        Panel { inner, hear }
    }

    /// Says what became of the answers; empty for nothing to say.
    pub fn say(&self, status: &str) {
        self.inner.set_text(".status", status);
    }

    /// Folds the question to a bar with a way back, and returns the sentence in it; `None` if it is folded already. `reason`
    /// is why, as [`OnClose`] says.
    pub fn fold(&self, reason: &str) -> Option<&'static str> {
        if self.is_folded() {
            return None;
        }
        let wording = self.inner.voice.wording;
        let sentence = match reason {
            "later" => wording.later,
            "never" => wording.never,
            _ => wording.closed,
        };
        // In front of the question, which the style sheet hides: what was chosen or written in it stays.
        if let Some(first) = self.inner.find(".close") {
            bar(sentence, wording).build().mount(&self.inner.region, Some(&first));
        }
        Some(sentence)
    }

    /// The question as it was, with the focus on its heading.
    pub fn unfold(&self) {
        if let Some(bar) = self.inner.find(".bar") {
            bar.remove();
            self.inner.focus("h2");
        }
    }

    /// Whether the question is folded.
    pub fn is_folded(&self) -> bool {
        self.inner.is_folded()
    }

    /// Whether a pointer is over the prompt.
    pub fn is_pointed_at(&self) -> bool {
        self.inner.pointed_at.get()
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        for event in EVENTS {
            let _ = self.inner.region.remove_event_listener_with_callback(event, self.hear.as_ref().unchecked_ref());
        }
        self.inner.region.remove();
    }
}

impl Inner {
    /// Draws the question that the visitor is at in the place of the one before.
    fn draw(&self) {
        let status = self.find(".status").and_then(|line| line.text_content()).unwrap_or_default();
        self.region.set_text_content(None);
        let parts = screen(&self.flow.borrow(), &self.voice, status, self.refusable.take());
        for mut part in parts.into_iter().map(Render::build) {
            part.mount(&self.region, None);
        }
    }

    pub(super) fn is_folded(&self) -> bool {
        self.find(".bar").is_some()
    }

    /// Takes an answer, or `Null` for one passed over, and goes on.
    pub(super) fn answer(&self, value: crate::core::Value) {
        let (more, answers, complete) = {
            let mut flow = self.flow.borrow_mut();
            let more = flow.answer(value);
            (more, flow.answers().to_vec(), flow.is_complete(!more))
        };
        if more {
            self.draw();
            self.focus("h2");
        }
        (self.on_answer)(answers, complete);
        if !more {
            self.close("done");
        }
    }

    pub(super) fn close(&self, reason: &'static str) {
        (self.on_close)(reason);
    }

    pub(super) fn find(&self, what: &str) -> Option<HtmlElement> {
        self.region.query_selector(what).ok().flatten().map(JsCast::unchecked_into)
    }

    pub(super) fn focus(&self, what: &str) {
        if let Some(element) = self.find(what) {
            let _ = element.focus();
        }
    }

    pub(super) fn set_text(&self, what: &str, text: &str) {
        if let Some(element) = self.find(what) {
            element.set_text_content(Some(text));
        }
    }
}
