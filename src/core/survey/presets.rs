//! The presets: a metric's published question, why, and thanks.

use super::question::Question;
use crate::core::value::map;

/// The questions of `ask: "nps" | "csat" | "ces"`: `score`, `reason` and `thanks`, in the built-in wording.
pub fn preset(metric: &str) -> Vec<Question> {
    let question = |(id, kind): (&str, &str)| Question(map([("id", id.into()), ("kind", kind.into())]));
    [("score", metric), ("reason", "text"), ("thanks", "statement")].map(question).into()
}
