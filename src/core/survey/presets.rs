//! The presets: a metric's published question, why, and thanks.

use super::question::{Kind, Metric, Question, Scale};
use crate::core::text::{ENGLISH, Localized};

/// The questions of `ask: "nps" | "csat" | "ces"`; `None` for another word.
///
/// They are `score`, `reason` and `thanks`.
pub fn preset(ask: &str) -> Option<Vec<Question>> {
    let (metric, points, text) = match ask {
        "nps" => (Metric::Nps, 11, ENGLISH.nps),
        "csat" => (Metric::Csat, 5, ENGLISH.csat),
        "ces" => (Metric::Ces, 7, ENGLISH.ces),
        _ => return None,
    };
    let question = |id: &str, kind, text: &str, required| Question {
        id: id.into(),
        kind,
        text: Localized(vec![(ENGLISH.language.into(), text.into())]),
        hint: Localized::default(),
        required,
        when: Vec::new(),
        ends: Default::default(),
    };
    Some(vec![
        question("score", Kind::Scale(Scale { metric, points }), text, true),
        question("reason", Kind::Text, ENGLISH.reason, false),
        question("thanks", Kind::Statement(None), ENGLISH.thanks, false),
    ])
}
