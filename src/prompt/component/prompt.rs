//! A survey's prompt as a component.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use leptos::web_sys::js_sys::Math;

use super::super::panel::{OnClose, Panel, Setup};
use super::super::pen::create;
use super::super::voice::Voice;
use super::frame::frame;
use super::leave::give_back;
use super::theme::Theme;
use crate::core::survey::{Answer, Placement, Question};
use crate::core::text::Wording;
use crate::core::value::Value;

/// How a visitor left a [`Prompt`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Closed {
    /// By its close button.
    Button,
    /// By the Escape key.
    Escape,
    /// At its end: all was answered or passed over.
    Done,
}

/// A survey's prompt, one question a screen.
///
/// Choosing never submits: the button does. A question that is passed over leaves no answer. After each answer `on_answer` has
/// all so far, so that nothing is lost with a visitor who leaves half-way; storing and sending them is the application's.
///
/// It stands where it is put, in the flow of the page, and leaves it at that: no announcement, no key that leads in. When the visitor
/// closes it the focus goes back to where it was, and then `on_close` is called: take the prompt off the page there.
///
/// ```
/// use asklet::core::survey::{Answer, preset};
/// use asklet::prompt::{Closed, Prompt};
/// use leptos::prelude::*;
///
/// #[component]
/// fn Feedback() -> impl IntoView {
///     let open = RwSignal::new(true);
///     let status = RwSignal::new(String::new());
///     let keep = move |answers: Vec<Answer>, complete: bool| {
///         // Store or send them; then say so.
///         status.set(format!("{} saved{}", answers.len(), if complete { "" } else { ", go on" }));
///     };
///     view! {
///         <Show when=move || open.get()>
///             <Prompt
///                 questions=preset("nps")
///                 about="Acme"
///                 status
///                 on_answer=keep
///                 on_close=move |_: Closed| open.set(false)
///             />
///         </Show>
///     }
/// }
/// ```
///
/// What is asked, and in which language, is read once: to ask something else, draw it anew.
///
/// ```
/// # use asklet::core::survey::preset;
/// # use asklet::prompt::Prompt;
/// # use leptos::prelude::*;
/// # #[component]
/// # fn Feedback(language: RwSignal<String>) -> impl IntoView {
/// move || {
///     view! {
///         <Prompt questions=preset("csat") about="Acme" language=language.get() on_answer=|_, _| {} on_close=|_| {} />
///     }
/// }
/// # }
/// ```
#[component]
pub fn Prompt(
    /// The questions: a [`preset`](crate::core::survey::preset), or what [`questions`](crate::prompt::questions) read. With none,
    /// nothing is drawn.
    questions: Vec<Question>,
    /// What the wording's `{about}` stands for.
    #[prop(optional, into)]
    about: String,
    /// What other names in braces stand for: texts and whole numbers, by name.
    #[prop(optional)]
    attributes: Value,
    /// The language to ask in, a BCP 47 tag. It decides which of a question's texts are taken, the digits and the direction.
    #[prop(default = "en".into(), into)]
    language: String,
    /// The built-in texts in that language: the content of a file of `locales/`. English if there is none.
    #[prop(optional)]
    wording: Wording,
    /// How it looks.
    #[prop(optional, into)]
    theme: Signal<Theme>,
    /// What became of the answers: "Saved". It stands above the buttons, and screen readers say it.
    #[prop(optional, into)]
    status: Signal<String>,
    /// Decides the order of options that are shuffled; by chance if there is none.
    #[prop(optional)]
    seed: Option<u64>,
    /// Takes all answers so far, and whether that was all.
    on_answer: impl Fn(Vec<Answer>, bool) + 'static,
    /// Is told that the visitor closed the prompt.
    on_close: impl Fn(Closed) + 'static,
) -> impl IntoView {
    let panel = StoredValue::new_local(None::<Panel>);
    // Where the focus was before it came in.
    let before = StoredValue::new_local(None::<HtmlElement>);
    let view = frame(theme, move |host, inside| {
        if questions.is_empty() {
            return;
        }
        let left = host.clone();
        let on_close: OnClose = Rc::new(move |reason| {
            give_back(&left, before.try_get_value().flatten());
            on_close(match reason {
                "close" => Closed::Button,
                "escape" => Closed::Escape,
                _ => Closed::Done,
            });
        });
        let setup = Setup {
            questions: questions.into(),
            voice: Voice { about, attributes, language, wording: Rc::new(wording), key: String::new() },
            placement: Placement::Inline,
            tab: Value::Null,
            seed: seed.unwrap_or_else(|| Math::random().to_bits()),
            refusable: false,
        };
        panel.set_value(Some(Panel::new(inside, setup, Rc::new(on_answer), on_close)));
        // There and empty from the start, since a screen reader hears only what changes. (accessibility.md, item 13.)
        let live = create("div;class=vh;role=status");
        let _ = inside.append_child(&live);
        Effect::new(move |_| {
            let status = status.get();
            live.set_text_content(Some(&status));
            panel.with_value(|panel| panel.as_ref().map(|panel| panel.say(&status)));
        });
    });
    view.add_any_attr(ev::on(ev::focusin, move |event| {
        if let Some(other) = event.related_target() {
            before.set_value(other.dyn_into().ok());
        }
    }))
}
