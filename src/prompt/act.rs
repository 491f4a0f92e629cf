//! What the visitor does with a prompt by pointer or button.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement, UiEvent};

use super::panel::Inner;
use super::screen::missing;
use crate::core::survey::Kind;
use crate::core::text::ENGLISH;
use crate::core::value::Value;

/// The buttons; everything else that can be clicked is native.
pub(super) fn clicked(prompt: &Inner, event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(button) = target.and_then(|target| target.closest("button").ok().flatten()) else { return };
    if event.unchecked_ref::<UiEvent>().detail() > 1 {
        // The second half of a double click was meant for what stood here before.
        return event.prevent_default();
    }
    let part = button.get_attribute("part").unwrap_or_default();
    if part == "skip" {
        prompt.answer(Value::Null);
    } else if let Some(reason) = ["close", "later", "never", "undo"].into_iter().find(|reason| part == *reason) {
        prompt.close(reason);
    }
}

/// The form's button, or Enter.
pub(super) fn submitted(prompt: &Inner, event: &Event) {
    event.prevent_default();
    let value = read(prompt);
    let missing = {
        let flow = prompt.flow.borrow();
        let question = flow.question();
        match question.kind() {
            Kind::Statement => return prompt.close("done"),
            Kind::Text if !question.required() => None,
            _ => value.is_null().then(|| missing(question, &ENGLISH)),
        }
    };
    if let Some(missing) = missing {
        prompt.set_text(".error", &missing);
        if let Some(field) = prompt.find("fieldset,textarea") {
            let _ = field.set_attribute("aria-invalid", "true");
        }
        return prompt.focus("input,textarea");
    }
    prompt.answer(value);
}

/// The answer in the form: the chosen point, or the text without the blanks around it; `Null` for neither.
fn read(prompt: &Inner) -> Value {
    if let Some(chosen) = prompt.find("input:checked") {
        let digits = chosen.unchecked_into::<HtmlInputElement>().value();
        return digits.bytes().fold(0_i64, |n, digit| n * 10 + i64::from(digit - b'0')).into();
    }
    let text = prompt.find("textarea").map(|field| field.unchecked_into::<HtmlTextAreaElement>().value());
    match text.as_deref().map(str::trim_ascii) {
        None | Some("") => Value::Null,
        Some(text) => text.into(),
    }
}
