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
///
/// Going back keeps what was answered, so that it is there again on the way forth. An answer counts while its question is on
/// the way: one that an earlier answer has since ruled out is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    questions: Rc<[Question]>,
    answers: Vec<Answer>,
    at: usize,
    /// The questions before this one on the way.
    passed: Vec<usize>,
    /// What stood on a screen that the visitor went back from: not an answer yet.
    drafts: Vec<Answer>,
}

impl Flow {
    /// Starts at the first question that is due.
    pub fn new(questions: Rc<[Question]>) -> Self {
        let mut flow = Flow { questions, answers: Vec::new(), at: 0, passed: Vec::new(), drafts: Vec::new() };
        flow.at = flow.due_from(0).unwrap_or(0);
        flow
    }

    /// The question that is on the screen.
    pub fn question(&self) -> &Question {
        &self.questions[self.at]
    }

    /// Where that stands among the questions, from 0.
    pub fn index(&self) -> usize {
        self.at
    }

    /// The answers given, in the order of their questions.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// What the visitor said before to the question on the screen.
    pub fn given(&self) -> Option<&Answer> {
        self.drafts.iter().chain(&self.answers).find(|answer| answer.question == self.question().id())
    }

    /// Answers the question on the screen, or passes over it where the answer's value is `Null`, and goes on. False at the
    /// end, where the last question stays.
    pub fn answer(&mut self, answer: Answer) -> bool {
        let id = self.question().id().to_string();
        self.answers.retain(|other| other.question != id);
        self.drafts.retain(|other| other.question != id);
        if !answer.value.is_null() {
            self.answers.push(Answer { question: id, ..answer });
        }
        self.keep_those_on_the_way();
        let next = self.due_from(self.at + 1);
        if let Some(next) = next {
            self.passed.push(self.at);
            self.at = next;
        }
        next.is_some()
    }

    /// Goes back to the question before. `draft` is what stands on the screen; it will be there again.
    pub fn back(&mut self, draft: Answer) {
        let question = self.question().id().to_string();
        self.drafts.retain(|other| other.question != question);
        self.drafts.push(Answer { question, ..draft });
        self.at = self.passed.pop().unwrap_or(self.at);
    }

    /// Whether there is a question to go back to: not once the response is complete, for then it is on its way.
    pub fn has_back(&self) -> bool {
        !self.passed.is_empty() && !self.is_complete(false)
    }

    /// Which question this is, and of how many, counting from 1: of those that take an answer and that no answer so far
    /// has ruled out.
    pub fn progress(&self) -> (i64, i64) {
        let (mut at, mut count) = (0, 0);
        for (index, question) in self.questions.iter().enumerate() {
            let decided = |id: &str| self.questions[..self.at].iter().any(|earlier| earlier.id() == id);
            let open = question.when().any(|condition| !decided(&condition.subject));
            if question.kind() != Kind::Statement && (open || is_due(question, &self.questions, &self.answers)) {
                count += 1;
                at += i64::from(index <= self.at);
            }
        }
        (at, count)
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

    /// Puts the answers into the order of their questions, without those whose question is not due any more.
    fn keep_those_on_the_way(&mut self) {
        let mut given = std::mem::take(&mut self.answers);
        for question in self.questions.iter() {
            if let Some(index) = given.iter().position(|answer| answer.question == question.id())
                && is_due(question, &self.questions, &self.answers)
            {
                self.answers.push(given.swap_remove(index));
            }
        }
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

    fn says(value: impl Into<Value>) -> Answer {
        Answer { value: value.into(), ..Answer::default() }
    }

    fn nps_with_reason_for(bucket: &str) -> Flow {
        let mut questions = preset("nps");
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
            assert!(flow.answer(says(score)));
            assert_eq!(flow.question().id(), expect);
            assert_eq!(flow.is_complete(false), expect == "thanks");
        }
    }

    #[test]
    fn what_is_passed_over_leaves_no_answer() {
        let mut flow = Flow::new(preset("csat").into());
        assert!(flow.answer(says(5_i64)));
        assert!(flow.answer(says(Value::Null)));
        assert!(flow.is_complete(false));
        assert_eq!(flow.answers().len(), 1);
        assert!(!flow.answer(says(Value::Null)), "the thanks stay");
        assert_eq!(flow.question().id(), "thanks");
    }

    #[test]
    fn back_and_forth() {
        let mut flow = nps_with_reason_for("detractor");
        assert!(!flow.has_back());
        assert_eq!(flow.progress(), (1, 2));
        flow.answer(says(3_i64));
        assert_eq!(flow.progress(), (2, 2));
        assert!(flow.has_back());
        flow.back(says("slo"));
        assert_eq!(flow.given().unwrap().value, 3_i64.into(), "what was answered is there again");
        flow.answer(says(2_i64));
        assert_eq!(flow.given().unwrap().value, "slo".into(), "and so is what was being written");
        flow.answer(says("slow"));
        assert!(!flow.has_back(), "what is complete is on its way");
        let answers: Vec<_> = flow.answers().iter().map(|answer| answer.question.as_str()).collect();
        assert_eq!(answers, ["score", "reason"]);
    }

    #[test]
    fn answers_of_a_branch_that_was_left_are_gone() {
        let mut questions = preset("nps");
        let when = |id: &str| map([("question", id.into()), ("lte", 6_i64.into())]);
        questions[1].0.at("when").elements().push(when("score"));
        let more = |id: &str, on: &str| {
            let exists = map([("question", on.into()), ("answered", true.into())]);
            Question(map([("id", id.into()), ("kind", "text".into()), ("when", Value::List(vec![exists]))]))
        };
        questions.insert(2, more("detail", "reason"));
        questions.insert(3, more("name", "score"));
        let mut flow = Flow::new(questions.into());
        flow.answer(says(3_i64));
        flow.answer(says("slow"));
        flow.answer(says("very"));
        assert_eq!((flow.question().id(), flow.answers().len()), ("name", 3));
        (0..3).for_each(|_| flow.back(Answer::default()));
        flow.answer(says(9_i64));
        assert_eq!(flow.question().id(), "name");
        assert_eq!(flow.answers(), [Answer { question: "score".into(), value: 9_i64.into(), ..Answer::default() }]);
        flow.back(Answer::default());
        assert_eq!(flow.question().id(), "score", "back skips what was not asked");
    }
}
