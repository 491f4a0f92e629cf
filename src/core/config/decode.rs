//! From a document to a [`Config`] and everything that is wrong with it.

use std::rc::Rc;

use super::problem::{Problem, element, member, problem};
use super::shape::check;
#[cfg(not(target_arch = "wasm32"))]
use super::words;
use super::{CONFIG, Config};
use crate::core::survey::{Answer, Kind, OTHER, Placement, Question, Survey, is_due, preset};
use crate::core::text::find;
use crate::core::touchpoint::Condition;
use crate::core::value::Value;

/// Decodes a config. Every problem is reported at once, each with its path.
///
/// A survey with a problem is left out, the others stay. What is wrong elsewhere falls back to its default,
/// with two exceptions that stop all asking: anything wrong under `delivery`, where an answer would have nowhere to go, and under
/// `privacy`, since what an owner meant to keep private must not leave because of a typing mistake.
pub fn decode(document: &Value) -> (Config, Vec<Problem>) {
    let mut problems = Vec::new();
    check(document, &CONFIG, "", &mut problems);

    let delivery = document.get("delivery");
    check_delivery(delivery, &mut problems);

    let mut surveys: Vec<Rc<Survey>> = Vec::new();
    for (index, value) in document.get("surveys").list().iter().enumerate() {
        let path = element("surveys", index);
        if has_problem(&problems, &path) {
            continue;
        }
        let found = problems.len();
        let survey = survey(value, document, &path, &mut problems);
        if surveys.iter().any(|other| other.id == survey.id) {
            problems.push(problem!("same-id", &member(&path, "id"), "is the id of an earlier survey"));
        }
        if problems.len() == found {
            surveys.push(Rc::new(survey));
        }
    }
    // A key that nobody knows may have been meant to keep something private.
    let unknown = |problem: &Problem| problem.code == "unknown-key" && find(&problem.path, ".").is_none();
    let may_ask = !has_problem(&problems, "privacy") && !problems.iter().any(unknown);
    let fine = |key: &str| !has_problem(&problems, key);
    let sound = |key: &str| if fine(key) { document.get(key).clone() } else { Value::Null };
    let config = Config {
        delivery: Some(delivery.clone()).filter(|_| fine("delivery")),
        locale: document.get("locale").text().filter(|tag| *tag != "auto" && fine("locale")).map(String::from),
        frequency: document.get("frequency").clone(),
        privacy: document.get("privacy").clone(),
        theme: sound("theme"),
        shortcut: document.get("shortcut").text().filter(|_| fine("shortcut")).unwrap_or("F6").into(),
        surveys: if may_ask { surveys } else { Vec::new() },
    };
    (config, problems)
}

/// What a table of shapes cannot say.
fn check_delivery(delivery: &Value, problems: &mut Vec<Problem>) {
    if delivery.get("url").is_null() && delivery.get("send").is_null() && !delivery.is_null() {
        problems.push(problem!("missing-key", "delivery.url", "is missing"));
    }
    let rule = delivery.get("ok_if");
    if !rule.is_null() && Condition::read(rule, "path").is_none() {
        problems.push(problem!("one-operator", "delivery.ok_if", "needs exactly one operator"));
    }
    #[cfg(not(target_arch = "wasm32"))]
    crate::core::delivery::template::check(delivery, problems);
}

/// Whether something is wrong at `path` or below.
fn has_problem(problems: &[Problem], path: &str) -> bool {
    problems.iter().any(|problem| {
        problem.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

fn survey(value: &Value, document: &Value, path: &str, problems: &mut Vec<Problem>) -> Survey {
    let ask = value.get("ask");
    let questions = match ask.text() {
        Some(metric) => {
            if !value.get("questions").is_null() {
                problems.push(problem!(
                    "either-or",
                    &member(path, "questions"),
                    "stands beside `ask`; write one of the two",
                ));
            }
            preset(metric)
        }
        None => questions(value.get("questions"), &member(path, "questions"), problems),
    };
    if ask.is_null() && value.get("questions").is_null() {
        problems.push(problem!("no-question", path, "asks nothing; write `ask` or `questions`"));
    }
    let own = value.get("about");
    let about = if own.is_null() { document.get("about") } else { own };
    let wants_about = |question: &Question| {
        let text = question.0.get("text");
        if text.is_null() {
            return question.scale().is_some();
        }
        let named = |text: &Value| text.text().is_some_and(|text| find(text, "{about}").is_some());
        named(text) || text.entries().iter().any(|(_, text)| named(text))
    };
    if about.is_null() && questions.iter().any(wants_about) {
        problems.push(problem!("no-about", "about", "is missing; the question asks about it"));
    }
    for (index, touchpoint) in value.get("touchpoints").list().iter().enumerate() {
        check_touchpoint(touchpoint, &element(&member(path, "touchpoints"), index), problems);
    }
    let audience = value.get("audience");
    for (key, subject) in [("attributes", "attribute"), ("query", "parameter")] {
        conditions(audience, key, subject, &member(path, "audience"), problems);
    }
    Survey {
        id: value.get("id").text().unwrap_or_default().into(),
        about: about.clone(),
        questions: questions.into(),
        placement: Placement::named(value.get("placement").text().unwrap_or_default()),
        touchpoints: value.get("touchpoints").list().to_vec(),
        frequency: value.get("frequency").clone(),
        audience: audience.clone(),
        value: value.clone(),
        priority: value.get("priority").number().unwrap_or_default() as i32,
    }
}

/// What a table of shapes cannot say.
fn check_touchpoint(value: &Value, path: &str, problems: &mut Vec<Problem>) {
    conditions(value, "where", "property", path, problems);
    if !value.get("nth").is_null() && !value.get("every").is_null() {
        problems.push(problem!("either-or", &member(path, "every"), "stands beside `nth`; write one of the two"));
    }
}

/// Each of the conditions listed under `key` names its subject and has exactly one operator.
fn conditions(value: &Value, key: &str, subject: &str, path: &str, problems: &mut Vec<Problem>) {
    for (index, value) in value.get(key).list().iter().enumerate() {
        if Condition::read(value, subject).is_none() {
            problems.push(problem!(
                "one-operator",
                &element(&member(path, key), index),
                "needs exactly one operator; write two conditions to ask for two things",
            ));
        }
    }
}

fn questions(list: &Value, path: &str, problems: &mut Vec<Problem>) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for (index, value) in list.list().iter().enumerate() {
        let path = element(path, index);
        let question = question(value, &path, problems);
        let earlier = |id: &str| questions.iter().any(|other| other.id() == id);
        if earlier(question.id()) {
            problems.push(problem!("same-id", &member(&path, "id"), "is the id of an earlier question"));
        }
        for (index, condition) in value.get("when").list().iter().enumerate() {
            if !earlier(condition.get("question").text().unwrap_or_default()) {
                let path = [&element(&member(&path, "when"), index), ".question"].concat();
                problems.push(problem!("unknown-question", &path, words::unknown_question(&questions)));
            }
        }
        questions.push(question);
    }
    if !list.is_null() && questions.iter().all(|question| question.kind() == Kind::Statement) {
        problems.push(problem!("no-question", path, "has no question that can be answered"));
    }
    for (index, question) in questions.iter().enumerate() {
        let link = question.0.get("link");
        // What a consent links to is what it is about.
        if question.kind() == Kind::Statement && !link.is_null() && is_for_the_happy(question, &questions) {
            let path = [&element(path, index), ".link"].concat();
            problems.push(problem!(
                "review-gate",
                &path,
                "is offered to happy visitors only; offer it to the others as well"
            ));
        }
    }
    questions
}

/// Whether the happiest are offered a link that the unhappiest are not. (Reviews from the happy alone mislead whoever reads them,
/// and the sites that show reviews forbid asking for them so.)
fn is_for_the_happy(question: &Question, all: &[Question]) -> bool {
    let offered = |question: &Question, happy: bool| {
        let answer = |asked: &Question| {
            let end = asked.scale().map(|scale| if happy { scale.high() } else { scale.low() });
            let value = end.map_or(true.into(), Value::from);
            Answer { question: asked.id().into(), value, ..Answer::default() }
        };
        is_due(question, all, &all.iter().map(answer).collect::<Vec<_>>())
    };
    let url = question.0.get("link").get("url");
    let mut same = all.iter().filter(|other| other.0.get("link").get("url") == url);
    offered(question, true) && !same.any(|other| offered(other, false))
}

fn question(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Question {
    let question = Question(value.clone());
    conditions(value, "when", "question", path, problems);
    let points = value.get("points");
    if value.get("kind").text() == Some("ces") && points.millis() == Some(3) {
        problems.push(problem!("wrong-value", &member(path, "points"), "must be 5 or 7, not 3"));
    }
    if question.look() == "thumbs" && !points.is_null() {
        problems.push(problem!("either-or", &member(path, "points"), "stands beside thumbs, which are two"));
    }
    if !value.get("most").is_null() && !question.several() {
        problems.push(problem!("misplaced-key", &member(path, "most"), "belongs to a choice of several"));
    }
    let options = value.get("options").list();
    for (index, option) in options.iter().enumerate() {
        let id = option.get("id");
        if options[..index].iter().any(|earlier| earlier.get("id") == id) || *id == OTHER.into() {
            let path = [&element(&member(path, "options"), index), ".id"].concat();
            problems.push(problem!("same-id", &path, "is the id of another option, or of the field for others"));
        }
    }
    question
}
