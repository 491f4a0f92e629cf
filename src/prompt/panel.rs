//! A prompt on the page: the region, the question in it, and what is heard there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, Event, HtmlDialogElement, HtmlElement};

use super::pen::{Pen, create};
use super::screen::{bar, screen, tab};
use super::voice::Voice;
use super::{act, keys};
use crate::core::survey::{Answer, Flow, Placement, Question};
use crate::core::text::is_rtl;
use crate::core::value::Value;

/// Takes all answers so far, and whether that was all.
pub type OnAnswer = Rc<dyn Fn(Vec<Answer>, bool)>;
/// Is told that the visitor closed the prompt: by `close`, `escape`, `later`, `never`, or because it was `done`. Where it
/// was folded, that they took that back (`undo`), opened it (`tab`), or want to go back to where they were (`back`).
pub type OnClose = Rc<dyn Fn(&'static str)>;

/// What is heard in a prompt.
const EVENTS: [&str; 7] = ["click", "submit", "keydown", "keyup", "cancel", "pointerenter", "pointerleave"];

/// What is asked, and how.
pub struct Setup {
    /// The questions; at least one.
    pub questions: Rc<[Question]>,
    /// How the prompt speaks.
    pub voice: Voice,
    /// Where it stands.
    pub placement: Placement,
    /// What the button of a tab says: the owner's text; `Null` for the built-in one.
    pub tab: Value,
    /// Decides the order of options that are shuffled.
    pub seed: u64,
    /// Whether it can also be put off, or refused for good.
    pub refusable: bool,
}

/// A survey's prompt, one question a screen. Dropping it takes it off the page.
pub struct Panel {
    inner: Rc<Inner>,
    /// Not `FnMut`: Ctrl+Enter submits from within a key's event, so it must bear being called from within.
    hear: Closure<dyn Fn(Event)>,
}

pub(super) struct Inner {
    region: HtmlElement,
    pub(super) voice: Voice,
    pub(super) flow: RefCell<Flow>,
    placement: Placement,
    tab: Value,
    seed: u64,
    /// Whether the question that is drawn next offers to ask later or never.
    refusable: Cell<bool>,
    pointed_at: Cell<bool>,
    on_answer: OnAnswer,
    on_close: OnClose,
}

impl Panel {
    /// Draws the first question into `place`, or the tab that it waits behind.
    pub fn new(place: &Element, setup: Setup, on_answer: OnAnswer, on_close: OnClose) -> Self {
        let Setup { questions, voice, placement, tab, seed, refusable } = setup;
        let modal = placement == Placement::Modal;
        let shape = if modal { "dialog;class=prompt;part=prompt" } else { "div;class=prompt;part=prompt;role=region" };
        let region: HtmlElement = create(shape).unchecked_into();
        let direction = if is_rtl(&voice.language) { "rtl" } else { "ltr" };
        let name = voice.get("region", &[]);
        for (name, value) in [("aria-label", name.as_str()), ("dir", direction), ("lang", &voice.language)] {
            let _ = region.set_attribute(name, value);
        }
        let _ = place.append_child(&region);
        let inner = Rc::new(Inner {
            region,
            voice,
            flow: RefCell::new(Flow::new(questions)),
            placement,
            tab,
            seed,
            refusable: Cell::new(refusable),
            pointed_at: Cell::new(false),
            on_answer,
            on_close,
        });
        inner.draw();
        inner.cover(true);
        let heard = inner.clone();
        let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| match event.type_().as_str() {
            "click" => act::clicked(&heard, &event),
            "submit" => act::submitted(&heard, &event),
            "keydown" => keys::pressed(&heard, event.unchecked_ref()),
            "cancel" => {
                // A modal is left by Escape, or what stands for it, wherever the focus is.
                event.prevent_default();
                heard.close("escape");
            }
            "keyup" => event.stop_propagation(),
            // Not `:hover`: after a touch that stays until the next one.
            kind => heard.pointed_at.set(kind == "pointerenter"),
        });
        for event in EVENTS {
            let _ = inner.region.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
        }
        let panel = Panel { inner, hear };
        if placement == Placement::Tab {
            panel.fold("tab");
        }
        panel
    }

    /// Says what became of the answers; empty for nothing to say.
    pub fn say(&self, status: &str) {
        self.inner.set_text(".status", status);
    }

    /// Folds the question to a bar with a way back, and returns the sentence in it; or to its tab, and returns nothing to
    /// say; `None` if it is folded already. `reason` is why, as [`OnClose`] says.
    pub fn fold(&self, reason: &str) -> Option<String> {
        if self.is_folded() {
            return None;
        }
        let inner = &self.inner;
        let voice = &inner.voice;
        // In front of the question, which the style sheet hides: what was chosen or written in it stays.
        let mut pen = Pen::new(&inner.region, inner.find(".grip").map(Into::into));
        let mut sentence = String::new();
        if reason == "tab" {
            let own = &inner.tab;
            tab(&mut pen, &if own.is_null() { voice.get("region", &[]) } else { voice.say(own) });
        } else {
            sentence = voice.get(if ["later", "never"].contains(&reason) { reason } else { "closed" }, &[]);
            bar(&mut pen, &sentence, voice);
        }
        inner.cover(false);
        Some(sentence)
    }

    /// The question as it was, with the focus on its heading.
    pub fn unfold(&self) {
        if let Some(bar) = self.inner.find(".bar,.tab") {
            bar.remove();
            self.inner.cover(true);
            self.inner.focus("h2");
        }
    }

    /// How it speaks.
    pub fn voice(&self) -> &Voice {
        &self.inner.voice
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
        let flow = self.flow.borrow();
        let mut pen = Pen::new(&self.region, None);
        screen(&mut pen, &flow, &self.voice, &status, self.refusable.take(), self.seed());
        let given = flow.given().cloned();
        drop(flow);
        if let Some(given) = given {
            act::restore(self, &given);
        }
    }

    /// Has the page wait while a modal is up.
    fn cover(&self, up: bool) {
        if self.placement == Placement::Modal {
            let dialog: &HtmlDialogElement = self.region.unchecked_ref();
            dialog.close();
            if up {
                let _ = dialog.show_modal();
            }
        }
    }

    /// Decides the order of the options on the screen.
    pub(super) fn seed(&self) -> u64 {
        self.seed.rotate_left(self.flow.borrow().index() as u32)
    }

    pub(super) fn is_folded(&self) -> bool {
        self.find(".bar,.tab").is_some()
    }

    /// Takes an answer, or one without a value for a question passed over, and goes on.
    pub(super) fn answer(&self, answer: Answer) {
        let (more, answers, complete) = {
            let mut flow = self.flow.borrow_mut();
            let more = flow.answer(answer);
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

    /// Goes back to the question before. `draft` stands on the screen and is no answer yet.
    pub(super) fn back(&self, draft: Answer) {
        self.flow.borrow_mut().back(draft);
        self.draw();
        self.focus("h2");
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
