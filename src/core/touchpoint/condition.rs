//! Conditions on values: an event's properties (`where`) and earlier answers (`when`).

use crate::core::platform::Platform;
use crate::core::text::find;
use crate::core::value::Value;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    /// Equal, in type too.
    Is,
    /// Not equal; an absent value is not equal to anything.
    Not,
    /// One of a list.
    In,
    /// A text that contains the other (capitals count), or a list that has it as an element.
    Contains,
    /// A text in which a regular expression finds something.
    Matches,
    /// A greater number.
    Gt,
    /// A greater number or the same.
    Gte,
    /// A smaller number.
    Lt,
    /// A smaller number or the same.
    Lte,
    /// There, if the operand is true; absent, if it is false. For an answer: given, or skipped.
    Exists,
    /// An answer in this bucket of its scale.
    Bucket,
}

impl Operator {
    /// The operator that a config writes as `name`.
    pub fn named(name: &str) -> Option<Operator> {
        Some(match name {
            "is" => Operator::Is,
            "not" => Operator::Not,
            "in" => Operator::In,
            "contains" => Operator::Contains,
            "matches" => Operator::Matches,
            "gt" => Operator::Gt,
            "gte" => Operator::Gte,
            "lt" => Operator::Lt,
            "lte" => Operator::Lte,
            "exists" | "answered" => Operator::Exists,
            "bucket" => Operator::Bucket,
            _ => return None,
        })
    }
}

/// A comparison of one value with an operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The event's property, or the question's id.
    pub subject: String,
    /// The comparison.
    pub operator: Operator,
    /// What it is compared with.
    pub operand: Value,
}

impl Condition {
    /// Reads a condition whose subject is named by the member `subject`; `None` unless it has exactly one operator.
    pub fn read(value: &Value, subject: &str) -> Option<Condition> {
        let mut operators =
            value.entries().iter().filter_map(|(name, operand)| Some((Operator::named(name)?, operand)));
        let (operator, operand) = operators.next()?;
        operators.next().is_none().then(|| Condition {
            subject: value.get(subject).text().unwrap_or_default().into(),
            operator,
            operand: operand.clone(),
        })
    }

    /// [`Condition::holds`], with regular expressions.
    pub fn holds_on(&self, found: &Value, platform: &dyn Platform) -> bool {
        match (self.operator, found.text(), self.operand.text()) {
            (Operator::Matches, Some(text), Some(pattern)) => platform.is_match(pattern, text),
            _ => self.holds(found),
        }
    }

    /// Whether `found` meets it. An absent value (`Null`) meets only `not` and `exists: false`.
    ///
    /// For [`Operator::Bucket`] `found` is the bucket's name. [`Operator::Matches`] holds nowhere: that takes a platform.
    pub fn holds(&self, found: &Value) -> bool {
        let order = || Some(found.number()?.total_cmp(&self.operand.number()?));
        match self.operator {
            Operator::Is | Operator::Bucket => *found == self.operand,
            Operator::Not => *found != self.operand,
            Operator::In => self.operand.list().contains(found),
            Operator::Contains => match (found, &self.operand) {
                (Value::Text(text), Value::Text(part)) => find(text, part).is_some(),
                (found, operand) => found.list().contains(operand),
            },
            Operator::Gt => order().is_some_and(|order| order.is_gt()),
            Operator::Gte => order().is_some_and(|order| order.is_ge()),
            Operator::Lt => order().is_some_and(|order| order.is_lt()),
            Operator::Lte => order().is_some_and(|order| order.is_le()),
            Operator::Matches => false,
            Operator::Exists => found.is_null() != self.operand.bool().unwrap_or(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons() {
        let table = [
            (r#"["is", 5, 5]"#, true),
            (r#"["is", "5", 5]"#, false),
            (r#"["is", null, 5]"#, false),
            (r#"["not", null, 5]"#, true),
            (r#"["not", 5, 5]"#, false),
            (r#"["in", "b", ["a", "b"]]"#, true),
            (r#"["in", null, ["a", "b"]]"#, false),
            (r#"["contains", "green tea", "tea"]"#, true),
            (r#"["contains", "green tea", "Tea"]"#, false),
            (r#"["contains", ["tea", 3], 3]"#, true),
            (r#"["contains", 33, 3]"#, false),
            (r#"["gt", 50, 50]"#, false),
            (r#"["gte", 50, 50]"#, true),
            (r#"["gte", "50", 50]"#, false),
            (r#"["lt", 49.5, 50]"#, true),
            (r#"["lte", null, 50]"#, false),
            (r#"["exists", 0, true]"#, true),
            (r#"["exists", null, true]"#, false),
            (r#"["exists", null, false]"#, true),
            (r#"["answered", false, true]"#, true),
            (r#"["bucket", "passive", "passive"]"#, true),
        ];
        for (row, expect) in table {
            let row: Value = serde_json::from_str(row).unwrap();
            let [operator, found, operand] = row.list() else { panic!() };
            let operator = Operator::named(operator.text().unwrap()).unwrap();
            let condition = Condition { subject: String::new(), operator, operand: operand.clone() };
            assert_eq!(condition.holds(found), expect, "{row:?}");
            assert_eq!(condition.holds_on(found, &crate::core::platform::Bare), expect, "{row:?}");
        }
    }

    #[test]
    fn a_condition_has_one_operator() {
        let read = |json: &str| Condition::read(&serde_json::from_str(json).unwrap(), "property");
        let condition = read(r#"{"property": "total", "gte": 5}"#).unwrap();
        assert_eq!((condition.subject.as_str(), condition.operator), ("total", Operator::Gte));
        assert_eq!(read(r#"{"property": "total"}"#), None);
        assert_eq!(read(r#"{"property": "total", "gte": 5, "lt": 6}"#), None);
        assert_eq!(read("7"), None);
    }
}
