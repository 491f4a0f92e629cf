//! What the visitor does with a prompt by pointer or button.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlInputElement, UiEvent};

use super::panel::Inner;
use super::screen::{missing, order};
use crate::core::config::problem::whole;
use crate::core::survey::{Answer, Kind, OTHER};
use crate::core::value::Value;

/// What a ticked box is worth.
const YES: &str = "yes";

/// The buttons; everything else that can be clicked is native.
pub(super) fn clicked(prompt: &Inner, event: &Event) {
    let target = event.target().map(JsCast::unchecked_into::<Element>);
    let Some(button) = target.and_then(|target| target.closest("button").ok().flatten()) else { return };
    if event.unchecked_ref::<UiEvent>().detail() > 1 {
        // The second half of a double click was meant for what stood here before.
        return event.prevent_default();
    }
    let part = button.get_attribute("part").unwrap_or_default();
    match part.as_str() {
        "skip" => prompt.answer(Answer::default()),
        "back" => prompt.back(read(prompt)),
        part => {
            if let Some(reason) = ["close", "later", "never", "undo", "tab"].into_iter().find(|reason| part == *reason)
            {
                prompt.close(reason);
            }
        }
    }
}

/// The form's button, or Enter.
pub(super) fn submitted(prompt: &Inner, event: &Event) {
    event.prevent_default();
    let answer = read(prompt);
    let wrong = {
        let flow = prompt.flow.borrow();
        let (question, voice) = (flow.question(), &prompt.voice);
        let most = question.0.get("most").millis().filter(|most| answer.value.list().len() as i64 > *most);
        let kind = question.kind();
        let empty = answer.value.is_null() || kind == Kind::Consent && answer.value == false.into();
        let may_be_empty = !question.required() && !matches!(kind, Kind::Scale(_) | Kind::Choice);
        if kind == Kind::Statement {
            return prompt.close("done");
        } else if let Some(most) = most {
            Some(voice.most(most))
        } else if empty && !may_be_empty || !empty && kind == Kind::Email && !is_valid(prompt) {
            Some(missing(question, voice))
        } else {
            None
        }
    };
    match wrong {
        None => prompt.answer(answer),
        Some(wrong) => {
            prompt.set_text(".error", &wrong);
            if let Some(field) = prompt.find("[role=radiogroup],textarea,input") {
                let _ = field.set_attribute("aria-invalid", "true");
            }
            prompt.focus("input:checked,input,textarea");
        }
    }
}

/// Puts into the form what was answered before.
pub(super) fn restore(prompt: &Inner, answer: &Answer) {
    let choice = prompt.find(".options").is_some();
    match &answer.value {
        Value::Number(point) => choose(prompt, &whole(*point as i64)),
        Value::Text(id) if choice => choose(prompt, id),
        Value::Bool(true) => choose(prompt, YES),
        Value::List(ids) => ids.iter().filter_map(Value::text).for_each(|id| choose(prompt, id)),
        _ => {}
    }
    // A choice has its ids in the value; what was written is apart.
    let written = if choice { &answer.other } else { &answer.value };
    if let (Some(field), Some(text)) = (field(prompt), written.text()) {
        field.set_value(text);
    }
}

fn choose(prompt: &Inner, value: &str) {
    if let Some(input) = input(prompt, value, "") {
        input.set_checked(true);
    }
}

fn input(prompt: &Inner, value: &str, state: &str) -> Option<HtmlInputElement> {
    prompt.find(&["[name=r][value=\"", value, "\"]", state].concat()).map(JsCast::unchecked_into)
}

/// The field to write in. To the border to JavaScript a text area is an input: both have a value.
fn field(prompt: &Inner) -> Option<HtmlInputElement> {
    prompt.find("textarea,.field").map(JsCast::unchecked_into)
}

fn is_valid(prompt: &Inner) -> bool {
    field(prompt).is_none_or(|field| field.check_validity())
}

/// What stands in the form: the chosen point, the options, the text without the blanks around it, whether the box is ticked;
/// `Null` for nothing.
fn read(prompt: &Inner) -> Answer {
    let flow = prompt.flow.borrow();
    let question = flow.question();
    let first = prompt.find("input:checked").map(|input| input.unchecked_into::<HtmlInputElement>().value());
    let text = field(prompt).map(|field| field.value()).unwrap_or_default();
    let text = text.trim_ascii();
    let written = || if text.is_empty() { Value::Null } else { text.into() };
    let mut answer = Answer::default();
    answer.value = match question.kind() {
        Kind::Scale(_) => {
            first.map(|digits| digits.bytes().fold(0_i64, |n, digit| n * 10 + i64::from(digit - b'0'))).into()
        }
        Kind::Choice => {
            let list = question.0.get("options").list();
            if question.0.get("shuffle").bool() == Some(true) && first.is_some() {
                let order = order(question, prompt.seed());
                answer.shown = Value::List(order.into_iter().map(|index| list[index].get("id").clone()).collect());
            }
            // In the config's order, however they were shown.
            let is_chosen = |id: &&str| input(prompt, id, ":checked").is_some();
            let ids: Vec<Value> = question.options().into_iter().filter(is_chosen).map(Value::from).collect();
            if is_chosen(&OTHER) {
                answer.other = written();
            }
            match first {
                Some(_) if question.several() => Value::List(ids),
                first => first.into(),
            }
        }
        Kind::Consent => first.is_some().into(),
        Kind::Statement => Value::Null,
        _ => written(),
    };
    answer
}
