//! From a document to a [`Config`] and everything that is wrong with it.

use std::rc::Rc;

use super::problem::{Problem, element, member, nearest};
use super::shape::{check, problem};
use super::{CONFIG, Config, PageDetail, Privacy, Theme};
use crate::core::frequency::Rules;
use crate::core::survey::{Kind, Link, Metric, Placement, Question, Scale, Survey, preset};
use crate::core::text::{ENGLISH, Localized, find};
use crate::core::time::{Millis, parse_duration};
use crate::core::touchpoint::{Condition, On, Operator, Pages, Touchpoint};
use crate::core::value::Value;

/// Decodes a config. Every problem is reported at once, each with its path.
///
/// A survey with a problem is left out, the others stay. What is wrong elsewhere falls back to its default,
/// with two exceptions that stop all asking: an endpoint that is no endpoint, and anything wrong under
/// `privacy`, since what an owner meant to keep private must not leave because of a typing mistake.
pub fn decode(document: &Value) -> (Config, Vec<Problem>) {
    let mut problems = Vec::new();
    check(document, &CONFIG, "", &mut problems);

    let frequency = frequency(document.get("frequency"));
    let mut surveys: Vec<Rc<Survey>> = Vec::new();
    for (index, value) in document.get("surveys").list().iter().enumerate() {
        let path = element("surveys", index);
        if has_problem(&problems, &path) {
            continue;
        }
        let found = problems.len();
        let survey = survey(value, document, &frequency, &path, &mut problems);
        if surveys.iter().any(|other| other.id == survey.id) {
            problems.push(problem(&member(&path, "id"), "is the id of an earlier survey"));
        }
        if problems.len() == found {
            surveys.push(Rc::new(survey));
        }
    }
    let misspelt = |(key, _): &(String, Value)| key != "privacy" && nearest(key, ["privacy"].into_iter()).is_some();
    let may_ask = !has_problem(&problems, "privacy") && !document.entries().iter().any(misspelt);
    let fine = |key: &str| !has_problem(&problems, key);
    let theme = document.get("theme");
    let config = Config {
        endpoint: document.get("delivery").get("url").text().filter(|_| fine("delivery.url")).map(String::from),
        locale: document.get("locale").text().filter(|tag| *tag != "auto" && fine("locale")).map(String::from),
        frequency,
        privacy: privacy(document.get("privacy")),
        theme: Theme {
            scheme: theme.get("scheme").text().filter(|_| fine("theme.scheme")).unwrap_or_default().into(),
            accent: theme.get("accent").text().filter(|_| fine("theme.accent")).map(String::from),
        },
        surveys: if may_ask { surveys } else { Vec::new() },
    };
    (config, problems)
}

/// Whether something is wrong at `path` or below.
fn has_problem(problems: &[Problem], path: &str) -> bool {
    problems.iter().any(|problem| {
        problem.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

fn duration(value: &Value, default: Millis) -> Millis {
    value.text().and_then(parse_duration).unwrap_or(default)
}

fn frequency(value: &Value) -> Rules {
    let default = Rules::default();
    Rules {
        quiet: duration(value.get("quiet"), default.quiet),
        per_session: value
            .get("per_session")
            .number()
            .filter(|n| (1.0..=100.0).contains(n))
            .map_or(default.per_session, |n| n as u32),
        declined: duration(value.get("declined"), default.declined),
        answered: duration(value.get("answered"), default.answered),
    }
}

fn privacy(value: &Value) -> Privacy {
    Privacy {
        page: match value.get("page").text() {
            Some("full") => PageDetail::Full,
            Some("none") => PageDetail::None,
            _ => PageDetail::Path,
        },
        attributes: texts(value.get("attributes")),
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.list().iter().filter_map(|item| item.text().map(String::from)).collect()
}

fn localized(value: &Value) -> Localized {
    match value {
        Value::Text(text) => Localized::plain(text),
        value => {
            let texts = value.entries().iter().filter_map(|(tag, text)| Some((tag.clone(), text.text()?.into())));
            Localized(texts.collect())
        }
    }
}

fn survey(value: &Value, document: &Value, frequency: &Rules, path: &str, problems: &mut Vec<Problem>) -> Survey {
    let ask = value.get("ask");
    let questions = match ask.text().and_then(preset) {
        Some(questions) => {
            if !value.get("questions").is_null() {
                problems.push(problem(&member(path, "questions"), "stands beside `ask`; write one of the two"));
            }
            questions
        }
        None => questions(value.get("questions"), &member(path, "questions"), problems),
    };
    if ask.is_null() && value.get("questions").is_null() {
        problems.push(problem(path, "asks nothing; write `ask` or `questions`"));
    }
    let own = value.get("about");
    let about = localized(if own.is_null() { document.get("about") } else { own });
    let wants_about = |question: &Question| question.text.0.iter().any(|(_, text)| find(text, "{about}").is_some());
    if about.0.is_empty() && questions.iter().any(wants_about) {
        problems.push(problem("about", "is missing; the question asks about it"));
    }
    let clocks = value.get("frequency");
    Survey {
        id: value.get("id").text().unwrap_or_default().into(),
        about,
        questions: questions.into(),
        placement: if value.get("placement").text() == Some("inline") { Placement::Inline } else { Placement::Popover },
        touchpoints: value
            .get("touchpoints")
            .list()
            .iter()
            .enumerate()
            .map(|(index, value)| touchpoint(value, &element(&member(path, "touchpoints"), index), problems))
            .collect(),
        declined: duration(clocks.get("declined"), frequency.declined),
        answered: duration(clocks.get("answered"), frequency.answered),
    }
}

fn touchpoint(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Touchpoint {
    let text = |key| value.get(key).text().unwrap_or_default().to_string();
    let on = match value.get("on").text() {
        Some("event") => On::Event(text("name"), conditions(value, "where", "property", path, problems)),
        Some("page") => On::Page,
        Some("click") => On::Click(text("selector")),
        _ => On::Call,
    };
    Touchpoint {
        on,
        pages: Pages(texts(value.get("pages"))),
        delay: duration(value.get("delay"), 0),
        stage: value.get("stage").text().map(String::from),
    }
}

/// The conditions listed under `key`; each names its subject and has exactly one operator.
fn conditions(value: &Value, key: &str, subject: &str, path: &str, problems: &mut Vec<Problem>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (index, value) in value.get(key).list().iter().enumerate() {
        let mut operators =
            value.entries().iter().filter_map(|(name, operand)| Some((Operator::named(name)?, operand)));
        match (operators.next(), operators.next()) {
            (Some((operator, operand)), None) => conditions.push(Condition {
                subject: value.get(subject).text().unwrap_or_default().into(),
                operator,
                operand: operand.clone(),
            }),
            _ => problems.push(problem(
                &element(&member(path, key), index),
                "needs exactly one operator; write two conditions to ask for two things",
            )),
        }
    }
    conditions
}

fn questions(list: &Value, path: &str, problems: &mut Vec<Problem>) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for (index, value) in list.list().iter().enumerate() {
        let path = element(path, index);
        let question = question(value, &path, problems);
        if questions.iter().any(|other| other.id == question.id) {
            problems.push(problem(&member(&path, "id"), "is the id of an earlier question"));
        }
        for (index, condition) in question.when.iter().enumerate() {
            if !questions.iter().any(|earlier| earlier.id == condition.subject) {
                let path = [&element(&member(&path, "when"), index), ".question"].concat();
                problems.push(problem(&path, "names no earlier question"));
            }
        }
        questions.push(question);
    }
    if !list.is_null() && questions.iter().all(|question| matches!(question.kind, Kind::Statement(_))) {
        problems.push(problem(path, "has no question that can be answered"));
    }
    questions
}

fn question(value: &Value, path: &str, problems: &mut Vec<Problem>) -> Question {
    let points = value.get("points").number().map(|n| n as i64);
    let link = value.get("link");
    let scale = |metric, points| Kind::Scale(Scale { metric, points });
    let (kind, wording) = match value.get("kind").text() {
        Some("nps") => (scale(Metric::Nps, 11), ENGLISH.nps),
        Some("csat") => (scale(Metric::Csat, points.unwrap_or(5)), ENGLISH.csat),
        Some("ces") => {
            if points == Some(3) {
                problems.push(problem(&member(path, "points"), "must be 5 or 7, not 3"));
            }
            (scale(Metric::Ces, points.unwrap_or(7)), ENGLISH.ces)
        }
        Some("text") => (Kind::Text, ""),
        _ => {
            let url = link.get("url").text().map(String::from);
            (Kind::Statement(url.map(|url| Link { text: localized(link.get("text")), url })), "")
        }
    };
    let text = value.get("text");
    Question {
        id: value.get("id").text().unwrap_or_default().into(),
        text: match text.is_null() {
            true => Localized(vec![(ENGLISH.language.into(), wording.into())]),
            false => localized(text),
        },
        hint: localized(value.get("hint")),
        required: value.get("required").bool().unwrap_or(matches!(kind, Kind::Scale(_))),
        when: conditions(value, "when", "question", path, problems),
        ends: [localized(value.get("low")), localized(value.get("high"))],
        kind,
    }
}
