//! Asklet asks one short question at the right moment and does not lose the answer.
//!
//! It is a survey widget for web pages, compiled to WebAssembly: accessible NPS, CSAT and CES prompts at
//! configured touchpoints, with an outbox on the visitor's device, posting to any endpoint.
//!
//! # How the parts meet
//!
//! - [`core`] decides. It is pure: config in, decisions and documents out; no clock, no page, no network.
//! - `ports` names what the core needs of the outside world, as traits.
//! - `agent` joins the two. It owns the page's state, and every failure ends there.
//! - `browser` (feature `browser`) implements the ports with web APIs, one file per edge.
//! - `prompt` (feature `prompt`) draws a prompt with leptos: props in, callbacks out.
//! - `embed` (feature `embed`) joins agent, browser and prompt, and is all that JavaScript sees.
//!
//! With no feature the crate is core, ports and agent, and compiles anywhere: tests run the agent over ports of plain values.
//!
//! ```
//! use asklet::core::{Value, config};
//!
//! let document = Value::Map(vec![("surveys".into(), Value::List(vec![]))]);
//! let (config, problems) = config::decode(&document);
//! assert!(config.surveys.is_empty());
//! assert_eq!(problems[0].to_string(), "delivery: is missing");
//! ```
//!
//! # In a leptos application
//!
//! With the feature `prompt` what the widget draws are leptos components, without loader, config, touchpoints and outbox: a prompt with
//! every kind of question, and single scales. The module `prompt` is their guide; a complete application is in `examples/leptos`.
#![warn(missing_docs)]

pub mod core;

pub mod agent;
#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "embed")]
pub mod embed;
pub mod ports;
/// The prompt, and as leptos components: a survey, or a single scale, for applications that are rendered in the browser (`csr`).
///
/// There is no loader, no config, no touchpoint and no outbox here: the application decides when to ask, and where the answers go.
///
/// ```toml
/// [dependencies]
/// asklet = { version = "0.1", features = ["prompt"] }
/// leptos = { version = "0.8", features = ["csr"] }
/// ```
///
/// | component | what |
/// |---|---|
/// | [`Prompt`](prompt::Prompt) | a survey, one question a screen: every kind of question, conditions, progress, a way back |
/// | [`NpsScale`](prompt::NpsScale) | one scale, 0 to 10, for a form or a page of the application's own |
/// | [`CsatScale`](prompt::CsatScale) | the same for satisfaction: 3, 5 or 7 numerals, stars or faces; thumbs |
/// | [`CesScale`](prompt::CesScale) | the same for effort: 5 or 7 points |
///
/// ```
/// use asklet::core::survey::Answer;
/// use asklet::prompt::{NpsScale, Prompt, questions};
/// use leptos::prelude::*;
///
/// /// What is asked, as a config of the widget writes it.
/// const QUESTIONS: &str = r#"[
///     { "id": "found", "kind": "choice", "text": "How did you find us?", "other": true,
///       "options": [{ "id": "search", "text": "A search" }, { "id": "friend", "text": "A friend" }] },
///     { "id": "easy", "kind": "ces", "points": 5 },
///     { "id": "why", "kind": "text", "when": [{ "question": "easy", "lte": 2 }] }
/// ]"#;
///
/// #[component]
/// fn App() -> impl IntoView {
///     let list = serde_json::from_str(QUESTIONS).expect("it is JSON");
///     let list = questions(&list).expect("it has been tried");
///     let (answers, set_answers) = signal(Vec::<Answer>::new());
///     let (score, set_score) = signal(None::<i64>);
///     view! {
///         <Prompt questions=list about="Acme" on_answer=move |all, _| set_answers.set(all) on_close=|_| {} />
///         <NpsScale about="Acme" level=3 on_choose=move |point| set_score.set(Some(point)) />
///         <p>{move || answers.get().len()} " answers, recommended at " {score}</p>
///     }
/// }
/// ```
///
/// # Look
///
/// Each component is an `<asklet-prompt data-placement="inline">` with an open shadow root, as the widget's prompts are: the same sheet, the
/// same `--asklet-*` properties and `::part()` names, which `docs/theme.md` lists. The prop `theme` sets the properties for one of them.
///
/// # Colours are taken as they are
///
/// The widget measures an owner's colours when it draws, and corrects those that cannot be read. Components do not. Choose a text of
/// 4.5:1 or better on the background, and an accent of 3:1 or better on it and of 4.5:1 or better under white (in the light scheme) or
/// black (in the dark one), which is what is written on it. What is shipped has more.
///
/// # Languages
///
/// English is built in. For another, hand over its built-in texts: the files of the folder `locales/` (in `dist/` too), compiled in or
/// fetched. A [`Wording`](core::text::Wording) is such a file's JSON as a [`Value`](core::Value).
///
/// ```
/// use asklet::core::text::Wording;
/// use asklet::prompt::NpsScale;
/// use leptos::prelude::*;
///
/// /// From `locales/de.json`, say.
/// const GERMAN: &str = r#"{ "nps": "Wie wahrscheinlich ist es, dass Sie {about} weiterempfehlen?" }"#;
///
/// #[component]
/// fn App() -> impl IntoView {
///     let wording = Wording(serde_json::from_str(GERMAN).expect("it is JSON"));
///     view! { <NpsScale about="Acme" language="de" wording on_choose=|_| {} /> }
/// }
/// ```
///
/// [`Prompt`]: prompt::Prompt
///
/// # How it is drawn
#[cfg(feature = "prompt")]
pub mod prompt;

/// The examples of the page are tried.
#[cfg(all(doctest, feature = "prompt"))]
#[doc = include_str!("../docs/leptos.md")]
struct Page;
