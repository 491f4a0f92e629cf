//! Which question comes next.

use std::rc::Rc;

use super::question::{Answer, Kind, Question};
use crate::core::touchpoint::Operator;
use crate::core::value::Value;

/// Whether `question` is asked, given the answers so far. There is no jump, only this: so no loop and no dead
/// end can be written.
pub fn is_due(question: &Question, all: &[Question], answers: &[Answer]) -> bool {
    question.when().all(|condition| {
        let answer = answers.iter().find(|answer| answer.question == condition.subject);
        let found = match (answer, condition.operator) {
            (None, _) => Value::Null,
            (Some(answer), Operator::Bucket) => {
                all.iter().find(|asked| asked.id() == answer.question).and_then(|asked| answer.bucket(asked)).into()
            }
            (Some(answer), _) => answer.value.clone(),
        };
        condition.holds(&found)
    })
}

/// A visitor's way through the questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    questions: Rc<[Question]>,
    answers: Vec<Answer>,
    at: usize,
}

impl Flow {
    /// Starts at the first question that is due.
    pub fn new(questions: Rc<[Question]>) -> Self {
        let mut flow = Flow { questions, answers: Vec::new(), at: 0 };
        flow.at = flow.due_from(0).unwrap_or(0);
        flow
    }

    /// The question that is on the screen.
    pub fn question(&self) -> &Question {
        &self.questions[self.at]
    }

    /// The answers given, in the order of their questions.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Answers the question on the screen, or passes over it with `Null`, and goes on. False at the end, where
    /// the last question stays.
    pub fn answer(&mut self, value: Value) -> bool {
        let question = self.question().id().to_string();
        if !value.is_null() {
            self.answers.push(Answer { question, value });
        }
        let next = self.due_from(self.at + 1);
        self.at = next.unwrap_or(self.at);
        next.is_some()
    }

    /// Whether no question that could be answered is left: the response is complete.
    pub fn is_complete(&self, ended: bool) -> bool {
        let open = |question: &Question| {
            question.kind() != Kind::Statement && is_due(question, &self.questions, &self.answers)
        };
        ended || !self.questions[self.at..].iter().any(open)
    }

    /// Whether another question that takes an answer could follow the one on the screen.
    pub fn is_last(&self) -> bool {
        !self.questions[self.at + 1..].iter().any(|question| question.kind() != Kind::Statement)
    }

    fn due_from(&self, from: usize) -> Option<usize> {
        (from..self.questions.len()).find(|index| is_due(&self.questions[*index], &self.questions, &self.answers))
    }
}

#[cfg(test)]
mod tests {
    use super::super::preset;
    use super::*;
    use crate::core::value::map;

    fn nps_with_reason_for(bucket: &str) -> Flow {
        let mut questions = preset("nps").unwrap();
        let condition = map([("question", "score".into()), ("bucket", bucket.into())]);
        questions[1].0.at("when").elements().push(condition);
        Flow::new(questions.into())
    }

    #[test]
    fn a_follow_up_is_asked_when_its_condition_holds() {
        for (score, expect) in [(3, "reason"), (9, "thanks"), (7, "thanks")] {
            let mut flow = nps_with_reason_for("detractor");
            assert_eq!(flow.question().id(), "score");
            assert!(!flow.is_complete(false));
            assert!(flow.answer(Value::from(score)));
            assert_eq!(flow.question().id(), expect);
            assert_eq!(flow.is_complete(false), expect == "thanks");
        }
    }

    #[test]
    fn what_is_passed_over_leaves_no_answer() {
        let mut flow = Flow::new(preset("csat").unwrap().into());
        assert!(flow.answer(Value::from(5_i64)));
        assert!(flow.answer(Value::Null));
        assert!(flow.is_complete(false));
        assert_eq!(flow.answers().len(), 1);
        assert!(!flow.answer(Value::Null), "the thanks stay");
        assert_eq!(flow.question().id(), "thanks");
    }
}
