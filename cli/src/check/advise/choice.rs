//! Choices that leave nothing to choose, and what such a question says in vain.

use asklet::core::config::Problem;
use asklet::core::config::problem::{element, member};
use asklet::core::survey::Kind;

use super::Case;

pub fn advise(case: &Case, warnings: &mut Vec<Problem>) {
    let questions = case.survey.questions.iter().enumerate();
    for (index, question) in questions.filter(|(_, question)| question.kind() == Kind::Choice) {
        let path = element(&case.at("questions"), index);
        let listed = question.0.get("options").list().len();
        let count = question.options().len();
        if count < 2 {
            let message = "leave nothing to choose from: write a second one, or `\"other\": true`, or ask for a yes with a `consent`";
            warnings.push(Problem::new("one-option", &member(&path, "options"), message));
        }
        let mut idle = |key: &str, why: &str| {
            warnings.push(Problem::new("no-effect", &member(&path, key), format!("has no effect: {why}")));
        };
        if question.0.get("most").millis().is_some_and(|most| most >= count as i64) {
            idle(
                "most",
                &format!("there are {count} options to choose from, so it allows all of them; write a smaller number"),
            );
        }
        if question.0.get("shuffle").bool() == Some(true) && listed < 2 && count > 1 {
            idle("shuffle", "there is one option, and `other` is always the last");
        }
    }
}
