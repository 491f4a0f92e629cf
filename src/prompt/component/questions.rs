//! Questions from data.

use crate::core::config::{Problem, decode};
use crate::core::survey::Question;
use crate::core::value::{Value, map};

/// Reads a list of questions as a config writes them, and checks them as a config is checked: what is wrong is reported with its
/// path.
///
/// The keys are those of `questions` in a survey, listed in `docs/configure.md`. For a metric's published question, with why and
/// thanks, there is [`preset`](crate::core::survey::preset).
///
/// ```
/// use asklet::core::Value;
/// use asklet::prompt::questions;
///
/// let list: Value = serde_json::from_str(
///     r#"[
///         { "id": "score", "kind": "csat", "look": "stars" },
///         { "id": "why", "kind": "text", "when": [{ "question": "score", "lte": 3 }] }
///     ]"#,
/// )?;
/// assert_eq!(questions(&list).unwrap().len(), 2);
///
/// let list: Value = serde_json::from_str(r#"[{ "id": "score", "kind": "stars" }]"#)?;
/// let problems = questions(&list).unwrap_err();
/// assert_eq!(problems[0].path, "questions[0].kind");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// In the browser a problem's sentence is shorter; `asklet check` has the long ones.
pub fn questions(list: &Value) -> Result<Vec<Question>, Vec<Problem>> {
    // A config with nothing else in it that could be wrong.
    let call = Value::List(vec![map([("on", "call".into())])]);
    let survey = map([("id", "s".into()), ("questions", list.clone()), ("touchpoints", call)]);
    let document =
        map([("about", "it".into()), ("delivery", map([("url", "/".into())])), ("surveys", Value::List(vec![survey]))]);
    let (config, mut problems) = decode(&document);
    match config.surveys.first() {
        Some(survey) if problems.is_empty() => Ok(survey.questions.to_vec()),
        _ => {
            for problem in &mut problems {
                problem.path = problem.path.trim_start_matches("surveys[0].").into();
            }
            Err(problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: &str) -> Value {
        map([("id", "q".into()), ("kind", kind.into())])
    }

    #[test]
    fn questions_are_checked() {
        let table = [
            (Value::List(vec![question("nps")]), vec![]),
            (Value::List(vec![question("nps"), question("text")]), vec!["questions[1].id"]),
            (Value::List(vec![question("choice")]), vec!["questions[0].options", "questions[0].text"]),
            (Value::List(vec![question("statement")]), vec!["questions"]),
            (Value::List(vec![]), vec!["questions"]),
            (Value::Null, vec!["surveys[0]"]),
            (1.0.into(), vec!["questions"]),
        ];
        for (list, expect) in table {
            let mut found: Vec<String> =
                questions(&list).err().into_iter().flatten().map(|problem| problem.path).collect();
            found.sort();
            found.dedup();
            assert_eq!(found, expect, "{list:?}");
        }
    }
}
