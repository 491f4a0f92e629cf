//! A page with a prompt of three questions and a form with two single scales, in two languages; and what was answered.

use asklet::core::Value;
use asklet::core::survey::{Answer, Question};
use asklet::prompt::{Closed, CsatLook, CsatScale, NpsScale, Prompt, Theme, questions};
use leptos::prelude::*;

use crate::words::Language;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    let language = RwSignal::new(Language::English);
    Effect::new(move |_| {
        if let Some(page) = document().document_element() {
            let _ = page.set_attribute("lang", language.get().tag());
        }
    });
    let say = move |english: &'static str, german: &'static str| move || language.get().say(english, german);
    let choices = Language::ALL.map(|choice| {
        view! { <option value=choice.tag() selected=move || language.get() == choice>{choice.name()}</option> }
    });
    view! {
        <header>
            <p>"Marrowby"</p>
            <label>
                {say("Language", "Sprache")} " "
                <select id="language" on:change:target=move |event| language.set(Language::named(&event.target().value()))>
                    {choices}
                </select>
            </label>
        </header>
        <main>
            <h1>{say("Thank you for your order", "Danke für Ihre Bestellung")}</h1>
            <Survey language />
            <Review language />
        </main>
    }
}

/// What the survey asks, as a config of the widget writes it. The last question is asked of those alone who had trouble.
const QUESTIONS: &str = r#"[
    {
        "id": "found", "kind": "choice", "other": true,
        "text": { "en": "How did you find {about}?", "de": "Wie haben Sie {about} gefunden?" },
        "options": [
            { "id": "search", "text": { "en": "With a search engine", "de": "Mit einer Suchmaschine" } },
            { "id": "friend", "text": { "en": "Somebody told me", "de": "Auf Empfehlung" } },
            { "id": "advert", "text": { "en": "Through an advert", "de": "Durch Werbung" } }
        ]
    },
    { "id": "easy", "kind": "ces" },
    {
        "id": "trouble", "kind": "text",
        "text": { "en": "What made it hard?", "de": "Was war schwierig?" },
        "when": [{ "question": "easy", "lte": 4 }]
    }
]"#;

fn survey() -> Vec<Question> {
    let list: Value = serde_json::from_str(QUESTIONS).expect("QUESTIONS is JSON");
    questions(&list).expect("QUESTIONS has no problem")
}

/// A prompt that can be closed and opened again.
#[component]
fn Survey(language: RwSignal<Language>) -> impl IntoView {
    let open = RwSignal::new(true);
    let answers = RwSignal::new(Vec::<Answer>::new());
    let complete = RwSignal::new(false);
    // An application would store and send here, and then say what came of it.
    let keep = move |all, is_complete| {
        answers.set(all);
        complete.set(is_complete);
    };
    let status = move || match answers.with(Vec::is_empty) {
        true => String::new(),
        false => language.get().wording().get("saved", 0).to_string(),
    };
    // Reads the language, and so is drawn anew, from the first question, when that changes.
    let prompt = move || {
        let language = language.get();
        view! {
            <Prompt
                questions=survey()
                about="Marrowby"
                language=language.tag()
                wording=language.wording()
                status
                on_answer=keep
                on_close=move |_: Closed| open.set(false)
            />
        }
    };
    let rows = move || {
        let row = |answer: Answer| view! { <dt>{answer.question.clone()}</dt><dd>{describe(&answer)}</dd> };
        answers.get().into_iter().map(row).collect_view()
    };
    let again = move || {
        view! {
            <button type="button" id="again" on:click=move |_| open.set(true)>
                {move || language.get().say("Ask again", "Noch einmal fragen")}
            </button>
        }
    };
    view! {
        <section aria-labelledby="survey">
            <h2 id="survey">{move || language.get().say("A survey", "Eine Umfrage")}</h2>
            <Show when=move || open.get() fallback=again>{prompt}</Show>
            <dl id="answers">{rows}</dl>
            <p>{move || complete.get().then(|| language.get().say("That was all.", "Das war alles."))}</p>
        </section>
    }
}

/// A form of the application's own, with two scales in it.
#[component]
fn Review(language: RwSignal<Language>) -> impl IntoView {
    let (recommend, satisfied) = (RwSignal::new(None::<i64>), RwSignal::new(None::<i64>));
    let tried = RwSignal::new(false);
    let sent = RwSignal::new(None::<(i64, i64)>);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        sent.set(recommend.get().zip(satisfied.get()));
    };
    let (tag, wording) = (move || language.get().tag().to_string(), move || language.get().wording());
    let said = move || {
        sent.get().map(|(recommend, satisfied)| {
            let (english, german) = ("recommended {r} of 10, stars: {s}", "weiterempfohlen {r} von 10, Sterne: {s}");
            let text = language.get().say(english, german);
            text.replace("{r}", &recommend.to_string()).replace("{s}", &satisfied.to_string())
        })
    };
    view! {
        <section aria-labelledby="review">
            <h2 id="review">{move || language.get().say("A form with scales", "Ein Formular mit Skalen")}</h2>
            <form on:submit=send>
                <NpsScale
                    about="Marrowby"
                    level=3
                    language=tag
                    wording
                    value=recommend
                    missing=move || tried.get() && recommend.get().is_none()
                    on_choose=move |point| recommend.set(Some(point))
                />
                <CsatScale
                    look=CsatLook::Stars
                    text=move || language.get().say("How was the delivery?", "Wie war die Lieferung?").to_string()
                    level=3
                    language=tag
                    wording
                    theme=Theme { accent: "light-dark(#17604a, #8fd7b8)".into(), ..Theme::default() }
                    value=satisfied
                    missing=move || tried.get() && satisfied.get().is_none()
                    on_choose=move |point| satisfied.set(Some(point))
                />
                <p>
                    <button>{move || language.get().say("Send", "Senden")}</button>
                </p>
            </form>
            <p id="sent" role="status">{said}</p>
        </section>
    }
}

/// An answer as a sentence's part.
fn describe(answer: &Answer) -> String {
    let value = match &answer.value {
        Value::Number(point) => point.to_string(),
        value => value.text().unwrap_or_default().to_string(),
    };
    match answer.other.text() {
        Some(other) => format!("{value}: {other}"),
        None => value,
    }
}
