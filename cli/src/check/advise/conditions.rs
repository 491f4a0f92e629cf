//! Conditions that no value meets: alone, or together.
//!
//! Among finitely many candidates is one that meets all conditions, if there is any such value: every operand, some numbers below,
//! between and above the operands, and some texts and lists that are none of them. What a regular expression finds is not looked at.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::element;
use asklet::core::survey::{Question, Scale};
use asklet::core::touchpoint::{Condition, Operator};

/// What a condition's subject can be.
#[derive(Clone, Copy)]
pub enum Domain<'a> {
    /// Anything: a property of an event, an attribute of a visitor.
    Any,
    /// A text, or absent: a query parameter.
    Parameter,
    /// A point of a scale, or skipped.
    Points(Scale),
    /// A text, or skipped.
    FreeText,
    /// The id of one of this choice's options, or skipped.
    OneOf(&'a Question),
    /// A list of such ids, or skipped.
    SomeOf(&'a Question),
    /// Whether a box is ticked, which it is if that is required; or not asked.
    Tick { required: bool },
    /// Nothing: a statement takes no answer.
    Nothing,
}

/// A character that no config has.
const STRANGE: &str = "\u{1}";

/// So many options of one choice are told apart at once.
pub const MOST_TOLD_APART: usize = 10;

impl Domain<'_> {
    /// Values of which at least one meets all of `conditions`, if any value does.
    pub fn candidates(self, conditions: &[&Condition]) -> Vec<Value> {
        let mut found = vec![Value::Null];
        match self {
            Domain::Nothing => {}
            Domain::Points(scale) => found.extend((scale.low()..=scale.high()).map(Value::from)),
            Domain::Parameter | Domain::FreeText => found.extend(texts(conditions)),
            Domain::OneOf(choice) => found.extend(choice.options().into_iter().map(Value::from)),
            Domain::SomeOf(choice) => found.extend(lists(choice, conditions)),
            Domain::Tick { required } => {
                found.extend([true, false].into_iter().filter(|ticked| *ticked || !required).map(Value::from))
            }
            Domain::Any => {
                found.extend([true.into(), false.into()]);
                found.extend(texts(conditions));
                found.extend(numbers(conditions).into_iter().map(Value::from));
                let parts = conditions.iter().filter(|condition| condition.operator == Operator::Contains);
                found.push(Value::List(parts.map(|condition| condition.operand.clone()).collect()));
            }
        }
        found
    }

    /// Whether `value` meets `condition`.
    pub fn holds(self, condition: &Condition, value: &Value) -> bool {
        match (condition.operator, self) {
            (Operator::Matches, _) => value.text().is_some(),
            (Operator::Bucket, Domain::Points(scale)) => {
                let bucket = value.number().map(|point| scale.bucket(point as i64));
                condition.holds(&bucket.into())
            }
            (Operator::Bucket, _) => false,
            _ => condition.holds(value),
        }
    }

    fn can_hold(self, conditions: &[&Condition]) -> bool {
        let meets = |value: &Value| conditions.iter().all(|condition| self.holds(condition, value));
        self.candidates(conditions).iter().any(meets)
    }

    /// What the subject is, in words, and what to do instead.
    fn words(self, condition: &Condition) -> String {
        match self {
            // Every single condition holds for some value.
            Domain::Any => String::new(),
            Domain::Parameter => {
                let remedy = match (condition.operator, &condition.operand) {
                    (Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte, _) => {
                        "list what it may be with `in`, or use `matches`"
                    }
                    _ => "write what it is compared with in quotes",
                };
                format!("a query parameter is a text; {remedy}")
            }
            Domain::Points(scale) => {
                let (low, high, metric) = (scale.low(), scale.high(), scale.metric.name());
                let mut buckets: Vec<&str> = (low..=high).map(|point| scale.bucket(point)).collect();
                buckets.dedup();
                format!(
                    "an answer here is a number from {low} to {high}, and {metric} has the buckets {}",
                    buckets.join(", ")
                )
            }
            Domain::FreeText => "the answer is a text; compare it with a text".into(),
            Domain::OneOf(choice) => {
                format!("an answer here is the id of an option, and those are {}", choice.options().join(", "))
            }
            Domain::SomeOf(choice) => match condition.operator {
                Operator::Contains => format!("the ids of the options are {}", choice.options().join(", ")),
                Operator::Not => {
                    "an answer here is a list of options, and no list is equal to one of them; leave it out".into()
                }
                _ => "an answer here is a list of options; write `contains` with the id of one of them".into(),
            },
            Domain::Tick { required: true } => "an answer here is true: the box has to be ticked".into(),
            Domain::Tick { .. } => "an answer here is true or false".into(),
            Domain::Nothing => "a statement takes no answer".into(),
        }
    }
}

/// Lists of a choice's options: each that differs in the options that the conditions name.
fn lists(choice: &Question, conditions: &[&Condition]) -> Vec<Value> {
    let options = choice.options();
    let most = choice.0.get("most").millis().map_or(options.len(), |most| most as usize);
    let is_named = |id: &&str| {
        let mut named = conditions.iter().filter(|condition| condition.operator == Operator::Contains);
        named.any(|condition| condition.operand.text() == Some(*id))
    };
    let (named, others): (Vec<&str>, Vec<&str>) = options.into_iter().partition(is_named);
    let list = |ids: &[&str]| Value::List(ids.iter().map(|id| (*id).into()).collect());
    let mut lists: Vec<Vec<&str>> = match named.len() {
        ..=MOST_TOLD_APART => (1_usize..1 << named.len())
            .map(|set| named.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, id)| *id).collect())
            .collect(),
        // All of them, and each alone: all must be there, or it does not matter.
        _ => named.iter().map(|id| vec![*id]).chain([named.clone()]).collect(),
    };
    lists.extend(others.first().map(|id| vec![*id]));
    lists.iter().filter(|ids| ids.len() <= most).map(|ids| list(ids)).collect()
}

fn texts(conditions: &[&Condition]) -> Vec<Value> {
    let operands = conditions.iter().flat_map(|condition| match &condition.operand {
        Value::List(list) => list.clone(),
        operand => vec![operand.clone()],
    });
    let mut texts: Vec<String> = operands.filter_map(|operand| operand.text().map(String::from)).collect();
    let parts = conditions.iter().filter(|condition| condition.operator == Operator::Contains);
    let joined: String = parts.filter_map(|condition| condition.operand.text()).collect();
    // As many as can be forbidden one by one, and one more.
    texts.extend((0..=conditions.len()).map(|times| joined.clone() + &STRANGE.repeat(times)));
    texts.retain(|text| !text.is_empty());
    texts.into_iter().map(Value::from).collect()
}

fn numbers(conditions: &[&Condition]) -> Vec<f64> {
    let operands = conditions.iter().flat_map(|condition| match &condition.operand {
        Value::List(list) => list.iter().filter_map(Value::number).collect(),
        operand => Vec::from_iter(operand.number()),
    });
    let mut bounds: Vec<f64> = operands.collect();
    bounds.sort_by(f64::total_cmp);
    let steps = conditions.len() + 1;
    let (first, last) = (bounds.first().copied().unwrap_or(0.0), bounds.last().copied().unwrap_or(0.0));
    let mut numbers = bounds.clone();
    for pair in bounds.windows(2) {
        let part = (pair[1] - pair[0]) / (steps + 1) as f64;
        numbers.extend((1..=steps).map(|step| pair[0] + part * step as f64));
    }
    numbers.extend((1..=steps).flat_map(|step| [first - step as f64, last + step as f64]));
    numbers
}

/// Warns of conditions, listed at `path`, that no value meets, or every value. `domain` says what a subject can be; `then` what comes
/// of a condition that never holds.
pub fn advise<'a>(
    conditions: &[Condition],
    path: &str,
    then: &str,
    domain: &dyn Fn(&str) -> Domain<'a>,
    warnings: &mut Vec<Problem>,
) {
    let mut possible: Vec<(usize, &Condition)> = Vec::new();
    for (index, condition) in conditions.iter().enumerate() {
        let at = element(path, index);
        let domain = domain(&condition.subject);
        let subject = &condition.subject;
        if !domain.can_hold(&[condition]) {
            let message = format!("never holds, so {then}: {}", domain.words(condition));
            warnings.push(Problem::new("never-holds", &at, &message));
            continue;
        }
        let always = condition.operator == Operator::Not
            && domain.candidates(&[condition]).iter().all(|value| domain.holds(condition, value));
        if always {
            let message = format!("always holds: {}", domain.words(condition));
            warnings.push(Problem::new("always-holds", &at, &message));
        }
        let earlier: Vec<_> = possible.iter().filter(|(_, earlier)| earlier.subject == *subject).copied().collect();
        let mut together: Vec<&Condition> = earlier.iter().map(|(_, condition)| *condition).collect();
        together.push(condition);
        if domain.can_hold(&together) {
            possible.push((index, condition));
            continue;
        }
        let opposed = earlier.iter().find(|(_, earlier)| !domain.can_hold(&[earlier, condition]));
        let name = path.rsplit('.').next().unwrap_or_default();
        let with = opposed
            .map_or(format!("the conditions on `{subject}` before it"), |(index, _)| format!("`{name}[{index}]`"));
        let message = format!("cannot hold together with {with}, so {then}; all conditions of a list must hold");
        warnings.push(Problem::new("contradiction", &at, &message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asklet::core::survey::Metric;

    fn possible(domain: Domain, json: &str) -> bool {
        let list: Value = serde_json::from_str(json).unwrap();
        let conditions: Vec<Condition> =
            list.list().iter().map(|value| Condition::read(value, "property").unwrap()).collect();
        domain.can_hold(&conditions.iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_can_hold() {
        let nps = Domain::Points(Scale { metric: Metric::Nps, points: 11 });
        let csat = Domain::Points(Scale { metric: Metric::Csat, points: 5 });
        let choice = |json: &str| Question(serde_json::from_str(json).unwrap());
        let one = choice(r#"{"kind": "choice", "options": [{"id": "price"}, {"id": "size"}], "other": true}"#);
        let some = choice(
            r#"{"kind": "choice", "options": [{"id": "price"}, {"id": "size"}, {"id": "shape"}], "several": true, "most": 2}"#,
        );
        let (one, some) = (Domain::OneOf(&one), Domain::SomeOf(&some));
        let table = [
            (Domain::Any, r#"[{"gte": 5}, {"lt": 3}]"#, false),
            (Domain::Any, r#"[{"gte": 3}, {"lt": 5}]"#, true),
            (Domain::Any, r#"[{"gt": 3}, {"lt": 3.5}, {"not": 3.25}]"#, true),
            (Domain::Any, r#"[{"gt": 3}, {"lt": 3}]"#, false),
            (Domain::Any, r#"[{"gte": 3}, {"lte": 3}]"#, true),
            (Domain::Any, r#"[{"gte": 3}, {"lte": 3}, {"not": 3}]"#, false),
            (Domain::Any, r#"[{"gte": 3}, {"lte": 4}, {"not": 3}, {"not": 4}]"#, true),
            (Domain::Any, r#"[{"gt": 3}, {"not": 4}, {"not": 5}, {"not": 6}]"#, true),
            (Domain::Any, r#"[{"is": "a"}, {"not": "a"}]"#, false),
            (Domain::Any, r#"[{"is": "a"}, {"is": "b"}]"#, false),
            (Domain::Any, r#"[{"is": "a"}, {"in": ["b", "a"]}]"#, true),
            (Domain::Any, r#"[{"is": 5}, {"gt": 3}]"#, true),
            (Domain::Any, r#"[{"is": "5"}, {"gt": 3}]"#, false),
            (Domain::Any, r#"[{"in": [1, 2, 3]}, {"gt": 2}, {"not": 3}]"#, false),
            (Domain::Any, r#"[{"exists": false}, {"not": "a"}]"#, true),
            (Domain::Any, r#"[{"exists": false}, {"is": "a"}]"#, false),
            (Domain::Any, r#"[{"exists": true}, {"not": true}, {"not": false}]"#, true),
            (Domain::Any, r#"[{"exists": true}, {"exists": false}]"#, false),
            (Domain::Any, r#"[{"contains": "a"}, {"contains": "b"}, {"not": "ab"}]"#, true),
            (Domain::Any, r#"[{"contains": "a"}, {"is": "cab"}]"#, true),
            (Domain::Any, r#"[{"contains": "a"}, {"is": "cb"}]"#, false),
            (Domain::Any, r#"[{"contains": 3}, {"contains": true}, {"contains": "x"}]"#, true),
            (Domain::Any, r#"[{"contains": 3}, {"gt": 2}]"#, false),
            (Domain::Any, r#"[{"matches": "^a"}, {"is": "b"}]"#, true),
            (Domain::Any, r#"[{"matches": "^a"}, {"gt": 1}]"#, false),
            (Domain::Parameter, r#"[{"is": 5}]"#, false),
            (Domain::Parameter, r#"[{"is": "5"}]"#, true),
            (Domain::Parameter, r#"[{"in": ["5", 5]}]"#, true),
            (Domain::Parameter, r#"[{"in": [4, 5]}]"#, false),
            (Domain::Parameter, r#"[{"gte": 5}]"#, false),
            (Domain::Parameter, r#"[{"contains": true}]"#, false),
            (Domain::Parameter, r#"[{"not": "a"}, {"exists": true}]"#, true),
            (Domain::Parameter, r#"[{"contains": "a"}, {"not": "a"}]"#, true),
            (nps, r#"[{"is": 0}]"#, true),
            (nps, r#"[{"is": 11}]"#, false),
            (nps, r#"[{"gt": 10}]"#, false),
            (nps, r#"[{"is": 7.5}]"#, false),
            (nps, r#"[{"bucket": "easy"}]"#, false),
            (nps, r#"[{"bucket": "passive"}, {"gte": 8}]"#, true),
            (nps, r#"[{"bucket": "passive"}, {"gte": 9}]"#, false),
            (nps, r#"[{"contains": 1}]"#, false),
            (nps, r#"[{"answered": false}]"#, true),
            (csat, r#"[{"is": 0}]"#, false),
            (csat, r#"[{"bucket": "neutral"}]"#, true),
            (Domain::FreeText, r#"[{"is": 3}]"#, false),
            (Domain::FreeText, r#"[{"contains": "late"}]"#, true),
            (one, r#"[{"is": "price"}]"#, true),
            (one, r#"[{"is": "other"}]"#, true),
            (one, r#"[{"is": "colour"}]"#, false),
            (one, r#"[{"in": ["colour", "size"]}]"#, true),
            (one, r#"[{"not": "price"}, {"not": "size"}, {"not": "other"}, {"answered": true}]"#, false),
            (one, r#"[{"contains": "price"}]"#, true),
            (one, r#"[{"bucket": "easy"}]"#, false),
            (some, r#"[{"contains": "price"}, {"contains": "size"}]"#, true),
            (some, r#"[{"contains": "price"}, {"contains": "size"}, {"contains": "shape"}]"#, false),
            (some, r#"[{"contains": "other"}]"#, false),
            (some, r#"[{"is": "price"}]"#, false),
            (some, r#"[{"in": ["price"]}]"#, false),
            (some, r#"[{"not": "price"}, {"answered": true}]"#, true),
            (some, r#"[{"answered": false}, {"contains": "price"}]"#, false),
            (Domain::Tick { required: false }, r#"[{"is": false}]"#, true),
            (Domain::Tick { required: true }, r#"[{"is": false}]"#, false),
            (Domain::Tick { required: true }, r#"[{"is": true}]"#, true),
            (Domain::Tick { required: false }, r#"[{"is": "yes"}]"#, false),
            (Domain::FreeText, r#"[{"bucket": "easy"}]"#, false),
            (Domain::Nothing, r#"[{"answered": true}]"#, false),
            (Domain::Nothing, r#"[{"not": 3}]"#, true),
        ];
        for (domain, json, expect) in table {
            assert_eq!(possible(domain, json), expect, "{json}");
        }
    }
}
