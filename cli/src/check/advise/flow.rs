//! Questions that no visitor is ever asked.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::{element, member};
use asklet::core::survey::{Answer, Kind, Question, is_due};
use asklet::core::touchpoint::Condition;

use super::Case;
use super::conditions::{self, Domain, MOST_TOLD_APART};

/// So many ways through a survey are tried; what is not decided by then passes for possible.
const PATIENCE: usize = 100_000;

pub fn advise(case: &Case, warnings: &mut Vec<Problem>) {
    let questions = &case.survey.questions;
    for (index, question) in questions.iter().enumerate() {
        let path = element(&case.at("questions"), index);
        let domain = |subject: &str| {
            let asked = questions.iter().find(|question| question.id() == subject);
            asked.map_or(Domain::Nothing, answers_of)
        };
        let found = warnings.len();
        conditions::advise(
            &question.when().collect::<Vec<_>>(),
            &member(&path, "when"),
            "the question is never asked",
            &domain,
            warnings,
        );
        if warnings[found..].iter().all(|warning| warning.code == "always-holds") && !can_be_asked(questions, index) {
            let message = "can never be reached: no answers to the earlier questions lead to it; look at their `when`, and at \
                           `required` where it waits for one to be skipped";
            warnings.push(Problem::new("question-never", &path, message));
        }
    }
}

/// What the answer to a question can be.
fn answers_of(question: &Question) -> Domain<'_> {
    match question.kind() {
        Kind::Scale(scale) => Domain::Points(scale),
        Kind::Text | Kind::Email => Domain::FreeText,
        Kind::Choice if question.several() => Domain::SomeOf(question),
        Kind::Choice => Domain::OneOf(question),
        Kind::Consent => Domain::Tick { required: question.required() },
        Kind::Statement => Domain::Nothing,
    }
}

/// Whether some answers to the earlier questions lead to the question at `target`.
fn can_be_asked(questions: &[Question], target: usize) -> bool {
    // Only the questions that it depends on, directly or not; a condition names earlier ones only.
    let mut needed = vec![false; questions.len()];
    needed[target] = true;
    for index in (0..=target).rev() {
        if !needed[index] {
            continue;
        }
        for condition in questions[index].when() {
            if let Some(earlier) = questions.iter().position(|question| question.id() == condition.subject) {
                needed[earlier] = true;
            }
        }
    }
    let needed: Vec<usize> = (0..target).filter(|index| needed[*index]).collect();
    // Only the conditions that matter on the way there.
    let asked = needed.iter().chain([&target]);
    let conditions: Vec<Condition> = asked.flat_map(|index| questions[*index].when()).collect();
    let mut tries = 0;
    let mut answers = Vec::new();
    leads_to(questions, target, &needed, &conditions, &mut answers, &mut tries)
}

fn leads_to(
    questions: &[Question],
    target: usize,
    needed: &[usize],
    conditions: &[Condition],
    answers: &mut Vec<Answer>,
    tries: &mut usize,
) -> bool {
    *tries += 1;
    let [index, rest @ ..] = needed else { return is_due(&questions[target], questions, answers) };
    if *tries > PATIENCE {
        return true;
    }
    let question = &questions[*index];
    let skipped = !is_due(question, questions, answers);
    let Some(choices) = choices(conditions, question) else { return true };
    // A box that is not ticked is an answer too.
    let can_be_passed_over = !question.required() && question.kind() != Kind::Consent;
    for value in choices {
        if value.is_null() {
            // Not asked, or passed over.
            if (skipped || can_be_passed_over) && leads_to(questions, target, rest, conditions, answers, tries) {
                return true;
            }
        } else if !skipped {
            answers.push(Answer { question: question.id().into(), value, ..Answer::default() });
            let found = leads_to(questions, target, rest, conditions, answers, tries);
            answers.pop();
            if found {
                return true;
            }
        }
    }
    false
}

/// The answers to a question that differ for the conditions on it: one of each kind. `None`: there are too many.
fn choices(conditions: &[Condition], question: &Question) -> Option<Vec<Value>> {
    let conditions: Vec<&Condition> =
        conditions.iter().filter(|condition| condition.subject == question.id()).collect();
    let domain = answers_of(question);
    if conditions.len() > MOST_TOLD_APART && matches!(domain, Domain::SomeOf(_)) {
        return None;
    }
    let mut kinds: Vec<(bool, Vec<bool>)> = Vec::new();
    let mut choices = domain.candidates(&conditions);
    choices.retain(|value| {
        let kind = (value.is_null(), conditions.iter().map(|condition| domain.holds(condition, value)).collect());
        let new = !kinds.contains(&kind);
        if new {
            kinds.push(kind);
        }
        new
    });
    Some(choices)
}
