//! The presets: a metric's published question, why, and thanks.

use super::question::Question;
use crate::core::text::{ENGLISH, Wording};
use crate::core::value::{Value, map};

/// The questions of `ask: "nps" | "csat" | "ces"`; `None` for another word.
///
/// They are `score`, `reason` and `thanks`.
pub fn preset(ask: &str) -> Option<Vec<Question>> {
    let wording = published(ask, &ENGLISH)?;
    let question = |(id, kind, text): (&str, &str, &str)| {
        Question(map([("id", id.into()), ("kind", kind.into()), ("text", built_in(text))]))
    };
    let questions =
        [("score", ask, wording), ("reason", "text", ENGLISH.reason), ("thanks", "statement", ENGLISH.thanks)];
    Some(questions.map(question).into())
}

/// The published wording of a metric's question.
pub fn published(metric: &str, wording: &Wording) -> Option<&'static str> {
    Some(match metric {
        "nps" => wording.nps,
        "csat" => wording.csat,
        "ces" => wording.ces,
        _ => return None,
    })
}

/// A built-in text: in English, and so said.
pub fn built_in(text: &str) -> Value {
    map([(ENGLISH.language, text.into())])
}
