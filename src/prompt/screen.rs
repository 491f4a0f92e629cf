//! One question on the screen, as markup.

use super::markup::{Markup, element};
use crate::core::config::problem::whole;
use crate::core::survey::{Flow, Kind, Question, Scale};
use crate::core::text::{Wording, fill, pick};
use crate::core::value::Value;

/// How a prompt speaks.
pub(super) struct Voice {
    pub(super) about: String,
    pub(super) language: String,
    pub(super) wording: &'static Wording,
}

impl Voice {
    fn say(&self, text: &Value) -> String {
        fill(pick(text, &self.language), &[("about", &self.about)])
    }
}

/// What to do about a question that was left empty.
pub(super) fn missing(question: &Question, wording: &Wording) -> String {
    match question.scale() {
        Some(scale) => fill(wording.choose, &[("low", &whole(scale.low())), ("high", &whole(scale.high()))]),
        None => wording.write.into(),
    }
}

/// Draws the question that the visitor is at; `status` says what became of the answers before.
pub(super) fn screen(flow: &Flow, voice: &Voice, status: String, refusable: bool) -> Vec<Markup> {
    let (question, wording) = (flow.question(), voice.wording);
    let heading = element("h2", &[("id", "q"), ("part", "heading"), ("tabindex", "-1")])
        .saying(voice.say(question.0.get("text")));
    let link = question.0.get("link");
    let mut parts = match question.kind() {
        Kind::Scale(scale) => vec![group(question, scale, voice, heading)],
        _ => vec![heading],
    };
    parts.push(
        element("p", &[("id", "hint"), ("class", "hint"), ("part", "hint")]).saying(voice.say(question.0.get("hint"))),
    );
    parts.push(element("p", &[("id", "error"), ("class", "error"), ("part", "error"), ("role", "alert")]));
    match question.kind() {
        // The longest text keeps a record well within its 32 KiB.
        Kind::Text => parts.push(element(
            "textarea",
            &[
                ("part", "textarea"),
                ("rows", "3"),
                ("maxlength", "4000"),
                ("aria-labelledby", "q"),
                ("aria-describedby", "hint error"),
            ],
        )),
        Kind::Statement if !link.is_null() => parts.push(
            element("a", &[("part", "link"), ("target", "_blank"), ("rel", "noopener")])
                .with("href", link.get("url").text().unwrap_or_default().into())
                .saying(voice.say(link.get("text"))),
        ),
        _ => {}
    }
    let go_on = match question.kind() {
        Kind::Statement => wording.done,
        _ if flow.is_last() => wording.submit,
        _ => wording.next,
    };
    let mut buttons =
        vec![element("button", &[("type", "submit"), ("class", "primary"), ("part", "button")]).saying(go_on)];
    // An empty text is passed over by going on; an empty scale might be an oversight.
    if question.scale().is_some() && !question.required() {
        buttons.push(button("skip", wording.skip));
    }
    parts.push(element("p", &[("class", "status"), ("part", "status")]).saying(status));
    parts.push(element("div", &[("class", "actions")]).holding(buttons));
    if refusable {
        let refusals = vec![button("later", wording.ask_later), button("never", wording.ask_never)];
        parts.push(element("div", &[("class", "actions refuse")]).holding(refusals));
    }

    let cross = element("svg", &[("viewBox", "0 0 16 16"), ("aria-hidden", "true")]).holding(vec![element(
        "path",
        &[("d", "M3 3l10 10M13 3 3 13"), ("stroke", "currentColor"), ("stroke-width", "2")],
    )]);
    let close = element("button", &[("type", "button"), ("class", "close"), ("part", "close")])
        .with("aria-label", wording.close.into())
        .holding(vec![cross]);
    // `method="dialog"`: whatever goes wrong, the form never takes the visitor to another page.
    vec![close, element("form", &[("novalidate", ""), ("method", "dialog")]).holding(parts)]
}

/// What a folded prompt says, and the way back.
pub(super) fn bar(sentence: &str, wording: &Wording) -> Markup {
    element("p", &[("class", "bar")]).saying(sentence).holding(vec![button("undo", wording.undo)])
}

/// A button that does what its part is called.
fn button(part: &str, text: &str) -> Markup {
    element("button", &[("type", "button")]).with("part", part.into()).saying(text)
}

/// A scale: a group of native radio buttons, each with its numeral and what the point is called. (accessibility.md,
/// items 1 to 4.) `role="radiogroup"` lets the fieldset say that it is invalid, which a plain group cannot.
fn group(question: &Question, scale: Scale, voice: &Voice, heading: Markup) -> Markup {
    let last = scale.points as usize - 1;
    let name = |index: usize| {
        let own = match index {
            0 => Some(question.0.get("low")),
            index if index == last => Some(question.0.get("high")),
            _ => None,
        };
        match own.filter(|own| !own.is_null()) {
            Some(own) => voice.say(own),
            None => scale.name(index, voice.wording).unwrap_or_default().into(),
        }
    };
    let (low, high) = (name(0), name(last));
    let (from, to) = (whole(scale.low()), whole(scale.high()));
    let values = [("low", from.as_str()), ("low_label", &low), ("high", &to), ("high_label", &high)];
    let range = fill(voice.wording.range, &values);
    let point = |index: usize| {
        let number = whole(scale.low() + index as i64);
        element("label", &[("class", "point"), ("part", "point")]).holding(vec![
            element("input", &[("type", "radio"), ("name", "r")]).with("value", number.clone()),
            element("span", &[("class", "num")]).saying(number),
            element("span", &[("class", "vh")]).saying([" ", &name(index)].concat()),
        ])
    };
    let end = |number, name| element("span", &[]).with("data-n", number).saying(name);
    element("fieldset", &[("role", "radiogroup"), ("part", "question"), ("aria-describedby", "hint range error")])
        .holding(vec![
            element("legend", &[]).holding(vec![heading]),
            element("p", &[("id", "range"), ("class", "vh")]).saying(range),
            element("div", &[("class", "scale"), ("part", "scale")])
                .with("data-points", whole(scale.points))
                .holding((0..=last).map(point).collect()),
            element("div", &[("class", "ends"), ("part", "ends"), ("aria-hidden", "true")])
                .holding(vec![end(from, low), end(to, high)]),
        ])
}
