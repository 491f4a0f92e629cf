//! The prompt: draws one question at a time. What to draw comes in, what happened goes out through callbacks;
//! no storage, no network.
//!
//! A question is drawn by leptos's renderer, element by element, and without leptos's reactive graph: a prompt changes as
//! a whole, from one question to the next. Together that keeps a third out of the wasm. For leptos applications
//! [`Prompt`] and the scales wrap it as components.

mod act;
mod component;
mod keys;
mod panel;
mod pen;
mod screen;
mod symbol;
mod voice;

pub use component::*;
pub use panel::{OnAnswer, OnClose, Panel, Setup};
pub use voice::Voice;

/// The prompt's style sheet, for the shadow root that it is mounted into.
pub const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));
