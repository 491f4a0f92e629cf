//! The prompt's keys. (accessibility.md, item 9.) Arrows, Space and Enter are the radio buttons' own.

use std::cell::RefCell;

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement, HtmlInputElement, KeyboardEvent};

use super::panel::Inner;
use crate::core::config::problem::whole;

/// How long the second digit of a number may take, in milliseconds.
const SECOND_DIGIT: f64 = 700.0;

thread_local! {
    /// The digits typed so far, and when the last one was.
    static TYPED: RefCell<(i64, f64)> = const { RefCell::new((0, f64::MIN)) };
}

/// A key was pressed inside the prompt. The page does not hear of it, lest its own shortcuts act on an answer;
/// but for the keys that lead out, the prompt's own and Tab.
pub(super) fn pressed(prompt: &Inner, event: &KeyboardEvent) {
    let key = event.key();
    if key != prompt.voice.key && key != "Tab" {
        event.stop_propagation();
    }
    // While an input method composes, its keys are its own.
    if event.is_composing() {
        return;
    }
    if key == "Escape" {
        event.prevent_default();
        return prompt.close(if prompt.is_folded() { "back" } else { "escape" });
    }
    let Some(target) = event.target().map(JsCast::unchecked_into::<Element>) else { return };
    let modified = event.ctrl_key() || event.meta_key();
    let is = |what| target.matches(what).unwrap_or_default();
    if key == "Enter"
        && modified
        && is("textarea")
        && let Ok(Some(form)) = target.closest("form")
    {
        event.prevent_default();
        let _ = form.unchecked_into::<HtmlFormElement>().request_submit();
        return;
    }
    if !is("[type=radio]") || modified || event.alt_key() {
        return;
    }
    choose(&target, event);
}

/// Home, End and digits choose a radio button of the group that `target` is in. Returns whether they did.
pub(super) fn choose(target: &Element, event: &KeyboardEvent) -> bool {
    let chosen = match event.key().as_str() {
        "Home" => select(target, "label:first-of-type>[type=radio]"),
        "End" => select(target, "label:last-of-type>[type=radio]"),
        key => digit(key).is_some_and(|digit| type_digit(target, digit, event.time_stamp())),
    };
    if chosen {
        event.prevent_default();
    }
    chosen
}

/// `1` and then `0` in time is 10, if there is a 10; otherwise the last digit counts.
fn type_digit(target: &Element, digit: i64, now: f64) -> bool {
    let (before, at) = TYPED.take();
    let number = if now - at < SECOND_DIGIT { before * 10 + digit } else { digit };
    [number, digit].into_iter().any(|number| {
        let found = select(target, &["input[value=\"", &whole(number), "\"]"].concat());
        if found {
            TYPED.set((number, now));
        }
        found
    })
}

fn select(target: &Element, what: &str) -> bool {
    let scale = target.closest(".scale,.options").ok().flatten();
    let Some(input) = scale.and_then(|scale| scale.query_selector(what).ok().flatten()) else { return false };
    let input: HtmlInputElement = input.unchecked_into();
    input.set_checked(true);
    input.focus().is_ok()
}

/// A digit of the Latin, Arabic-Indic or Persian script.
fn digit(key: &str) -> Option<i64> {
    let mut chars = key.chars();
    let (Some(char), None) = (chars.next(), chars.next()) else { return None };
    ['0', '\u{0660}', '\u{06f0}'].into_iter().find_map(|zero| {
        let digit = i64::from(u32::from(char)) - i64::from(u32::from(zero));
        (0..10).contains(&digit).then_some(digit)
    })
}
