//! The response document: all answers of one showing, as any endpoint receives them.

use super::event::{check_event, is_event};
use crate::core::config::problem::{element, problem};
use crate::core::config::shape::{Kind, Shape, check, doc, key};
use crate::core::config::{DEVICES, KINDS, METRICS, PLACEMENTS, Problem};
use crate::core::survey::{self, Answer, Question};
use crate::core::time::{Millis, iso};
use crate::core::value::{Value, map};

/// How far the visitor came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    /// Every question that was due was answered or skipped.
    Complete,
    /// The visitor stopped after at least one answer.
    Partial,
}

impl Status {
    /// As it stands in the document.
    pub fn name(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Partial => "partial",
        }
    }
}

/// What is known of a showing before the first answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The survey's id.
    pub survey: String,
    /// What asked: `{ on, name?, stage? }`.
    pub touchpoint: Value,
    /// How long after the event that the touchpoint measures from it was met.
    pub turnaround: Option<Millis>,
    /// When the prompt came up.
    pub shown_at: Millis,
    /// The page's address, as far as privacy lets it go.
    pub page: Option<String>,
    /// The language it was asked in, a BCP 47 tag.
    pub locale: String,
    /// Whether it was laid out right to left.
    pub rtl: bool,
    /// Where on the page it stood: a [`Placement`](survey::Placement)'s name.
    pub placement: &'static str,
    /// `desktop`, `tablet` or `mobile`.
    pub device: &'static str,
    /// `{ id?, attributes? }`, or null for a visitor nobody named.
    pub visitor: Value,
}

/// All answers of one showing.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// A UUIDv7, made once.
    pub id: String,
    /// Counts the states of this response, from 1. A receiver keeps the highest.
    pub revision: u32,
    /// How far the visitor came.
    pub status: Status,
    /// What is known of the showing.
    pub context: Context,
    /// The answers, in the order of their questions.
    pub answers: Vec<Answer>,
    /// When the last answer was given.
    pub answered_at: Millis,
}

impl Response {
    /// The document of design/contract: what is posted when no body template says otherwise.
    pub fn document(&self, questions: &[Question]) -> Value {
        let question = |answer: &Answer| questions.iter().find(|question| question.id() == answer.question);
        let metric = self.answers.iter().find_map(|answer| Some((question(answer)?.scale()?.metric, answer)));
        let comment = self.answers.iter().find(|a| question(a).is_some_and(|q| q.kind() == survey::Kind::Text));
        let answers = self.answers.iter().filter_map(|a| Some(a.document(question(a)?))).collect();
        let context = &self.context;
        map([
            ("id", self.id.as_str().into()),
            ("revision", i64::from(self.revision).into()),
            ("status", self.status.name().into()),
            ("survey", context.survey.as_str().into()),
            ("touchpoint", context.touchpoint.clone()),
            ("answers", Value::List(answers)),
            ("metric", metric.map(|(metric, _)| metric.name()).into()),
            ("score", metric.map_or(Value::Null, |(_, answer)| answer.value.clone())),
            ("comment", comment.map_or(Value::Null, |answer| answer.value.clone())),
            ("shown_at", iso(context.shown_at).into()),
            ("answered_at", iso(self.answered_at).into()),
            ("seconds", seconds(self.answered_at - context.shown_at).into()),
            ("turnaround_seconds", context.turnaround.map(seconds).into()),
            ("page", context.page.as_deref().into()),
            ("locale", context.locale.as_str().into()),
            ("direction", if context.rtl { "rtl" } else { "ltr" }.into()),
            ("placement", context.placement.into()),
            ("device", context.device.into()),
            ("visitor", context.visitor.clone()),
            ("asklet", env!("CARGO_PKG_VERSION").into()),
        ])
    }
}

/// Milliseconds as seconds with one decimal; a clock set back meanwhile gives 0.
fn seconds(span: Millis) -> f64 {
    ((span.max(0) + 50) / 100) as f64 / 10.0
}

/// What a response document looks like. Members that it does not name are welcome: a later version may send more.
pub static RESPONSE: Shape = Shape {
    name: doc("Response"),
    doc: "All answers of one showing.",
    open: true,
    keys: &[
        key("id", Kind::Uuid, "UUID made on the device; the key by which a repeat is dropped.").required(),
        key("revision", Kind::Whole(1, 1_000_000), "Counts the states of this response; keep the highest.").required(),
        key("status", Kind::OneOf(&["complete", "partial"]), "How far the visitor came.").required(),
        key("survey", Kind::Id, "The survey's id.").required(),
        key("touchpoint", Kind::Object(&TOUCHPOINT), "What asked."),
        key("answers", Kind::Some(&Kind::Object(&ANSWER)), "The answers, in the order of their questions.").required(),
        key("metric", Kind::OneOf(METRICS), "The metric of the first scale that was answered."),
        key("score", Kind::Number, "The first scale's answer."),
        key("comment", Kind::Any, "The first free text."),
        key("shown_at", Kind::Moment, "When the prompt came up.").required(),
        key("answered_at", Kind::Moment, "When the last answer was given.").required(),
        key("seconds", Kind::Number, "From one to the other."),
        key(
            "turnaround_seconds",
            Kind::Number,
            "From the event that the touchpoint measures from to the one that met it.",
        ),
        key("page", Kind::Text, "Where it was asked."),
        key("locale", Kind::Text, "The language it was asked in."),
        key("direction", Kind::OneOf(&["ltr", "rtl"]), "How it was laid out."),
        key("placement", Kind::OneOf(PLACEMENTS), "Where on the page."),
        key("device", Kind::OneOf(DEVICES), "What it was answered on."),
        key("visitor", Kind::Object(&VISITOR), "Who, if the page said so."),
        key("asklet", Kind::Text, "The widget's version."),
    ],
};

pub(super) static TOUCHPOINT: Shape = Shape {
    name: doc("ResponseTouchpoint"),
    doc: "What asked.",
    open: true,
    keys: &[key("on", Kind::Text, "The kind of touchpoint.").required()],
};

static ANSWER: Shape = Shape {
    name: doc("ResponseAnswer"),
    doc: "The answer to one question.",
    open: true,
    keys: &[
        key("question", Kind::Id, "The question's id.").required(),
        key("kind", Kind::OneOf(KINDS), "The question's kind.").required(),
        key(
            "value",
            Kind::Answer,
            "The point; the text; the chosen option's id, or several; whether the box is ticked.",
        )
        .required(),
        key("points", Kind::OneOfWhole(&[2, 3, 5, 7, 11]), "How many points the scale had."),
        key(
            "bucket",
            Kind::Text,
            "promoter, passive or detractor; satisfied, neutral or dissatisfied; easy, neutral or hard.",
        ),
        key("other", Kind::Text, "What was written where no option fitted."),
        key("shown", Kind::List(&Kind::Id), "The options in the order shown, where that was shuffled."),
    ],
};

static VISITOR: Shape = Shape {
    name: doc("ResponseVisitor"),
    doc: "Who answered.",
    open: true,
    keys: &[
        key("id", Kind::Text, "As given to identify()."),
        key("attributes", Kind::MapOf(&Kind::Scalar), "Those that the config lets leave."),
    ],
};

/// Every problem of a document as a receiver sees it, be it a response's or an event's.
pub fn check_document(document: &Value) -> Vec<Problem> {
    if is_event(document) { check_event(document) } else { check_response(document) }
}

/// Every problem of a response document, as a receiver sees it: wrong types and ranges, and a score that its
/// scale cannot have.
pub fn check_response(document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    check(document, &RESPONSE, "", &mut problems);
    for (key, highest) in [("score", 10.0), ("seconds", 1e10), ("turnaround_seconds", 1e10)] {
        if document.get(key).number().is_some_and(|number| !(0.0..=highest).contains(&number)) {
            problems.push(problem!("wrong-value", key, "must be a number in range"));
        }
    }
    for (index, answer) in document.get("answers").list().iter().enumerate() {
        let (Some(points), Some(value)) = (answer.get("points").number(), answer.get("value").number()) else {
            continue;
        };
        let (low, high) = if points == 11.0 { (0.0, 10.0) } else { (1.0, points) };
        if value < low || value > high || value != value.trunc() {
            let path = [&element("answers", index), ".value"].concat();
            problems.push(problem!("wrong-value", &path, "is not a point of its scale"));
        }
    }
    problems
}
