//! A scale alone: the group as a prompt draws it, and its keys, without steps and buttons.

use std::cell::Cell;

use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, KeyboardEvent};

use super::super::keys::choose;
use super::super::pen::{Pen, create};
use super::super::screen::{ERROR, group, hint, missing};
use super::super::voice::Voice;
use crate::core::config::problem::whole;
use crate::core::survey::{Question, Scale};
use crate::core::text::is_rtl;

const EVENTS: [&str; 2] = ["change", "keydown"];

thread_local! {
    /// How many scales there were.
    static COUNT: Cell<i64> = const { Cell::new(0) };
}

/// A scale alone. Dropping it takes it off the page.
pub(super) struct Lone {
    region: Element,
    /// The name of its radio buttons. A shadow root keeps them apart from others, but accessibility checkers go by names.
    name: String,
    hear: Closure<dyn Fn(Event)>,
}

impl Lone {
    /// Makes room for it inside `host`; it is there when it is drawn. `on_choose` is told each time the visitor chooses another
    /// point.
    pub(super) fn new(host: &HtmlElement, inside: &Element, on_choose: impl Fn(i64) + 'static) -> Self {
        let region = create("div;class=prompt;part=prompt");
        let _ = inside.append_child(&region);
        let (host, heard) = (host.clone(), region.clone());
        let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let before = chosen(&heard);
            let changed =
                event.type_() == "change" || pressed(&host, event.unchecked_ref()) && chosen(&heard) != before;
            if changed && let Some(point) = chosen(&heard) {
                on_choose(point);
            }
        });
        for event in EVENTS {
            let _ = region.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
        }
        let count = COUNT.get() + 1;
        COUNT.set(count);
        Lone { region, name: ["r", &whole(count)].concat(), hear }
    }

    /// Draws it in the place of what was there. What was chosen stays.
    pub(super) fn draw(&self, question: &Question, scale: Scale, voice: &Voice, level: u8) {
        let before = chosen(&self.region);
        let focused = self.region.matches(":focus-within").unwrap_or_default();
        let direction = if is_rtl(&voice.language) { "rtl" } else { "ltr" };
        for (name, value) in [("dir", direction), ("lang", &voice.language)] {
            let _ = self.region.set_attribute(name, value);
        }
        let heading = |pen: &mut Pen| {
            pen.open("h2;id=q;part=heading").set("aria-level", &whole(level.clamp(1, 6).into()));
            pen.say(&voice.ask(question)).close();
        };
        self.region.set_text_content(None);
        let mut pen = Pen::new(&self.region, None);
        // A form, as in a prompt, for the sheet. There is nothing in it that could submit it.
        pen.open("form;novalidate=;method=dialog");
        group(&mut pen, question, scale, voice, &heading);
        hint(&mut pen, question, voice);
        pen.put(ERROR, "");
        while let Some(input) = find(&self.region, "[name=r]") {
            let _ = input.set_attribute("name", &self.name);
        }
        if let Some(heading) = find(&self.region, "h2") {
            // There is no close button to keep clear of.
            let _ = heading.unchecked_into::<HtmlElement>().style().set_property("margin-inline-end", "0");
        }
        self.choose(before);
        if focused && let Some(input) = find(&self.region, "input:checked").or_else(|| find(&self.region, "input")) {
            let _ = input.unchecked_into::<HtmlElement>().focus();
        }
    }

    /// Has this point chosen, or none.
    pub(super) fn choose(&self, point: Option<i64>) {
        if let Some(input) = find(&self.region, "input:checked") {
            input.unchecked_into::<HtmlInputElement>().set_checked(false);
        }
        let input = point.and_then(|point| find(&self.region, &["input[value=\"", &whole(point), "\"]"].concat()));
        if let Some(input) = input {
            input.unchecked_into::<HtmlInputElement>().set_checked(true);
        }
    }

    /// Says what to do about it if it was left empty.
    pub(super) fn miss(&self, is_missing: bool, question: &Question, voice: &Voice) {
        if let Some(error) = find(&self.region, ".error") {
            error.set_text_content(is_missing.then(|| missing(question, voice)).as_deref());
        }
        if let Some(group) = find(&self.region, "[role=radiogroup]") {
            let _ = match is_missing {
                true => group.set_attribute("aria-invalid", "true"),
                false => group.remove_attribute("aria-invalid"),
            };
        }
    }
}

impl Drop for Lone {
    fn drop(&mut self) {
        for event in EVENTS {
            let _ = self.region.remove_event_listener_with_callback(event, self.hear.as_ref().unchecked_ref());
        }
        self.region.remove();
    }
}

fn find(region: &Element, what: &str) -> Option<Element> {
    region.query_selector(what).ok().flatten()
}

/// The point that is chosen.
fn chosen(region: &Element) -> Option<i64> {
    find(region, "input:checked")?.unchecked_into::<HtmlInputElement>().value().parse().ok()
}

/// A key was pressed in the scale; returns whether that may have chosen a point. The page does not hear of keys that are the
/// scale's, lest its own shortcuts act on an answer. Enter submits the form that the scale stands in, as in any field.
fn pressed(host: &HtmlElement, event: &KeyboardEvent) -> bool {
    let key = event.key();
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return false;
    }
    if key == "Enter" {
        event.prevent_default();
        if let Some(form) = host.closest("form").ok().flatten() {
            let _ = form.unchecked_into::<HtmlFormElement>().request_submit();
        }
        return false;
    }
    let chosen = choose(&target, event);
    if chosen || key.starts_with("Arrow") || key.chars().nth(1).is_none() {
        event.stop_propagation();
    }
    chosen
}
