//! The prompt: draws one question at a time. What to draw comes in, what happened goes out through callbacks;
//! no storage, no network.
//!
//! A question is drawn by one leptos view from markup as data, and without leptos's reactive graph: a prompt changes as
//! a whole, from one question to the next. Together that keeps a third out of the wasm. For leptos applications
//! [`Prompt`] wraps it as a component.

mod act;
mod component;
mod keys;
mod markup;
mod panel;
mod screen;

pub use component::{Prompt, PromptProps};
pub use panel::{OnAnswer, OnClose, Panel};

use crate::core::survey::Question;
use crate::core::text::{ENGLISH, fill, pick};

/// The prompt's style sheet, for the shadow root that it is mounted into.
pub const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));

/// The sentence that is read out when a prompt comes up.
pub fn announcement(question: &Question, about: &str, language: &str) -> String {
    let text = fill(pick(question.0.get("text"), language), &[("about", about)]);
    fill(ENGLISH.announcement, &[("question", &text)])
}
