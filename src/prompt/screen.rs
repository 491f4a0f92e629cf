//! One question on the screen.

use super::pen::Pen;
use super::symbol::symbol;
use super::voice::Voice;
use crate::core::config::problem::whole;
use crate::core::survey::{Flow, Kind, OTHER, Question, Scale, shuffled};
use crate::core::value::Value;

/// What to do about a question that was left empty.
pub(super) fn missing(question: &Question, voice: &Voice) -> String {
    let key = match question.kind() {
        Kind::Scale(scale) if scale.points > 2 => {
            let (low, high) = (voice.number(scale.low()), voice.number(scale.high()));
            return voice.get("choose", &[("low", &low), ("high", &high)]);
        }
        Kind::Choice if question.several() => "choose_some",
        Kind::Scale(_) | Kind::Choice => "choose_one",
        Kind::Email => "email",
        Kind::Consent => "tick",
        _ => "write",
    };
    voice.get(key, &[])
}

/// Draws the question that the visitor is at; `status` says what became of the answers before, `seed` decides the order of
/// options that are shuffled.
pub(super) fn screen(pen: &mut Pen, flow: &Flow, voice: &Voice, status: &str, refusable: bool, seed: u64) {
    let question = flow.question();
    let kind = question.kind();
    let built_in = |key| voice.get(key, &[]);
    pen.put("div;class=grip;part=grip;aria-hidden=true", "");
    pen.open("button;type=button;class=close;part=close").set("aria-label", &built_in("close"));
    symbol(pen, "cross", 0, 0);
    // `method="dialog"`: whatever goes wrong, the form never takes the visitor to another page.
    pen.close().open("form;novalidate=;method=dialog");

    let (at, count) = flow.progress();
    let step = count > 2 && kind != Kind::Statement;
    if step {
        let progress = voice.get("progress", &[("at", &voice.number(at)), ("count", &voice.number(count))]);
        pen.put("p;id=step;class=step;part=progress", &progress);
    }
    let heading = |pen: &mut Pen| {
        pen.open("h2;id=q;part=heading;tabindex=-1").say(&voice.ask(question));
        if step {
            pen.set("aria-describedby", "step");
        }
        pen.close();
    };
    match kind {
        Kind::Scale(scale) => group(pen, question, scale, voice, &heading),
        Kind::Choice => choice(pen, question, voice, seed, &heading),
        _ => heading(pen),
    }
    if kind != Kind::Choice {
        hint(pen, question, voice);
    }
    pen.put(ERROR, "");
    match kind {
        // The longest text keeps a record well within its 32 KiB.
        Kind::Text => {
            pen.open("textarea;part=textarea;rows=3;maxlength=4000;aria-labelledby=q;aria-describedby=hint error");
            require(pen, question);
        }
        Kind::Email => {
            pen.open(
                "input;class=field;part=input;type=email;autocomplete=email;maxlength=254;aria-labelledby=q;aria-describedby=hint error",
            );
            require(pen, question);
        }
        Kind::Consent => {
            let own = question.0.get("label");
            pen.open(OPTION).open("input;type=checkbox;name=r;value=yes;aria-describedby=q hint error");
            require(pen, question);
            pen.put("span", &if own.is_null() { built_in("consent") } else { voice.say(own) }).close();
        }
        _ => {}
    }
    let link = question.0.get("link");
    if let Some(url) = link.get("url").text() {
        pen.open("a;part=link;target=_blank;rel=noopener").set("href", url);
        pen.put("span", &voice.say(link.get("text")));
        pen.put("span;class=vh", &[" (", &built_in("new_tab"), ")"].concat()).close();
    }
    pen.put("p;class=status;part=status", status).open("div;class=actions");
    let go_on = match kind {
        Kind::Statement => "done",
        _ if flow.is_last() => "submit",
        _ => "next",
    };
    pen.put("button;type=submit;class=primary;part=button", &built_in(go_on));
    // An empty text is passed over by going on; an empty scale or choice might be an oversight.
    if matches!(kind, Kind::Scale(_) | Kind::Choice) && !question.required() {
        button(pen, "skip", "skip", voice);
    }
    if flow.has_back() {
        button(pen, "back", "back", voice);
    }
    if refusable {
        pen.close().open("div;class=actions refuse");
        button(pen, "later", "ask_later", voice);
        button(pen, "never", "ask_never", voice);
    }
}

/// What a folded prompt says, and the way back.
pub(super) fn bar(pen: &mut Pen, sentence: &str, voice: &Voice) {
    pen.open("p;class=bar").say(sentence);
    button(pen, "undo", "undo", voice);
}

/// The button that a prompt waits behind.
pub(super) fn tab(pen: &mut Pen, label: &str) {
    pen.put("button;type=button;class=tab;part=tab;aria-expanded=false", label);
}

/// A button that does what its part is called.
fn button(pen: &mut Pen, part: &str, key: &str, voice: &Voice) {
    pen.open("button;type=button").set("part", part).say(&voice.get(key, &[])).close();
}

/// A row to tick, with what it is called.
const OPTION: &str = "label;class=option;part=option";

/// Ends a field, required if its question is.
fn require(pen: &mut Pen, question: &Question) {
    if question.required() {
        pen.set("required", "");
    }
    pen.close();
}

/// The place for what is wrong: there, and empty, from the start, since a screen reader hears only what changes.
pub(super) const ERROR: &str = "p;id=error;class=error;part=error;role=alert";

/// The line of explanation.
pub(super) fn hint(pen: &mut Pen, question: &Question, voice: &Voice) {
    pen.put("p;id=hint;class=hint;part=hint", &voice.say(question.0.get("hint")));
}

/// Begins a group of native radio buttons or boxes, with what it asks. `role="radiogroup"` lets the fieldset say that it is
/// invalid, which a plain group cannot.
fn fieldset(pen: &mut Pen, question: &Question, describedby: &str, heading: &dyn Fn(&mut Pen)) {
    pen.open("fieldset;part=question").set("aria-describedby", describedby);
    if !question.several() {
        let required = if question.required() { "true" } else { "false" };
        pen.set("role", "radiogroup").set("aria-required", required);
    }
    pen.open("legend");
    heading(pen);
    pen.close();
}

/// A scale: a group of native radio buttons, each with its numeral and what the point is called. (accessibility.md,
/// items 1 to 5.)
pub(super) fn group(pen: &mut Pen, question: &Question, scale: Scale, voice: &Voice, heading: &dyn Fn(&mut Pen)) {
    let last = scale.points as usize - 1;
    let name = |index: usize| {
        let own = match index {
            0 => question.0.get("low"),
            index if index == last => question.0.get("high"),
            _ => &Value::Null,
        };
        if own.is_null() { scale.name(index, &voice.wording).unwrap_or_default().into() } else { voice.say(own) }
    };
    // Two thumbs are named in full; all others by their numeral, and to those who hear them by their name as well.
    let named = scale.points == 2;
    let look = if named { "thumbs" } else { question.look() };
    let ends = [(scale.low(), 0), (scale.high(), last)].map(|(number, index)| (voice.number(number), name(index)));
    let [(from, low), (to, high)] = &ends;
    fieldset(pen, question, if named { "hint error" } else { "hint range error" }, heading);
    if !named {
        let values = [("low", from.as_str()), ("low_label", low), ("high", to), ("high_label", high)];
        pen.put("p;id=range;class=vh", &voice.get("range", &values));
    }
    pen.open("div;class=scale;part=scale").set("data-points", &whole(scale.points)).set("data-look", look);
    for index in 0..=last {
        let value = scale.low() + index as i64;
        pen.open("label;class=point;part=point");
        pen.open("input;type=radio;name=r").set("value", &whole(value)).close().open("span;class=num");
        if look != "numbers" {
            symbol(pen, look, index, last);
        }
        pen.put("span", &if named { name(index) } else { voice.number(value) }).close();
        if !named {
            pen.put("span;class=vh", &[" ", &name(index)].concat());
        }
        pen.close();
    }
    pen.close();
    if !named {
        pen.open("div;class=ends;part=ends;aria-hidden=true");
        for (number, name) in &ends {
            pen.open("span").set("data-n", number).say(name).close();
        }
        pen.close();
    }
    pen.close();
}

/// Some options, of which one or several can be chosen; the last may have a field of its own.
fn choice(pen: &mut Pen, question: &Question, voice: &Voice, seed: u64, heading: &dyn Fn(&mut Pen)) {
    let most = question.0.get("most").millis();
    fieldset(pen, question, if most.is_some() { "hint most error" } else { "hint error" }, heading);
    hint(pen, question, voice);
    if let Some(most) = most {
        pen.put("p;id=most;class=hint", &voice.most(most));
    }
    let kind = if question.several() { "checkbox" } else { "radio" };
    let option = |pen: &mut Pen, id: &str, label: &str| {
        pen.open(OPTION).open("input;name=r").set("type", kind).set("value", id).close();
        pen.put("span", label).close();
    };
    pen.open("div;class=options");
    let options = question.0.get("options").list();
    for index in order(question, seed) {
        let known = &options[index];
        option(pen, known.get("id").text().unwrap_or_default(), &voice.say(known.get("text")));
    }
    if question.options().len() > options.len() {
        option(pen, OTHER, &voice.get("other", &[]));
        pen.open("input;class=field;part=input;type=text;maxlength=4000");
        pen.set("aria-label", &voice.get("other_text", &[])).close();
    }
    pen.close().close();
}

/// The order in which a choice's options stand.
pub(super) fn order(question: &Question, seed: u64) -> Vec<usize> {
    let count = question.0.get("options").list().len();
    if question.0.get("shuffle").bool() == Some(true) { shuffled(count, seed) } else { (0..count).collect() }
}
