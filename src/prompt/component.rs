//! The prompt as a leptos component.

use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;

use super::panel::{OnAnswer, OnClose, Panel};
use crate::core::survey::{Answer, Question};

/// A survey's prompt, one question a screen, for leptos applications.
///
/// Put it into a shadow root with [`STYLE`](super::STYLE), or bring styles of your own for its parts. Choosing never
/// submits: the button does. A question that is passed over leaves no answer.
#[component]
pub fn Prompt(
    /// The questions; at least one.
    questions: Vec<Question>,
    /// What the wording's `{about}` stands for.
    #[prop(into)]
    about: String,
    /// The language to ask in, a BCP 47 tag.
    #[prop(into)]
    language: String,
    /// Takes all answers so far, and whether that was all.
    on_answer: impl Fn(Vec<Answer>, bool) + 'static,
    /// Is told that the visitor closed the prompt: by `close`, `escape`, or because it was `done`.
    on_close: impl Fn(&'static str) + 'static,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let panel = StoredValue::new_local(None);
    let (on_answer, on_close): (OnAnswer, OnClose) = (Rc::new(on_answer), Rc::new(on_close));
    place.on_load(move |place| {
        panel.set_value(Some(Panel::new(&place, questions.into(), about, language, false, on_answer, on_close)))
    });
    html::div().node_ref(place)
}
