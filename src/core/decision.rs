//! Decisions: whether to ask, with every rule's verdict, so that a developer can always find out why.

use crate::core::audience::{self, Facts};
use crate::core::frequency::{self, Memory};
use crate::core::platform::Platform;
use crate::core::survey::Survey;
use crate::core::time::Millis;
use crate::core::value::{Value, map};

/// So far ahead that it means never: the last moment that JavaScript can name.
pub const NEVER: Millis = 8_640_000_000_000_000;

/// Whether to ask, with every rule's verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Whether every rule holds.
    pub asks: bool,
    /// When all those that time alone decides would hold, if some of them do not: the last of them. [`NEVER`] where one
    /// never will.
    pub next: Option<Millis>,
    /// The verdicts, in the order in which the rules are looked at: `{ rule, touchpoint?, wants?, found?, holds, next? }`, with
    /// `next` in milliseconds since 1970.
    pub rules: Vec<Value>,
    /// The touchpoint that the rules belong to which are added now.
    pub touchpoint: Option<usize>,
}

impl Default for Decision {
    fn default() -> Self {
        Decision { asks: true, next: None, rules: Vec::new(), touchpoint: None }
    }
}

impl Decision {
    /// Adds a rule's verdict. `rule` is mostly as the config calls it; `next` says when it would hold, if it does not and
    /// time alone decides.
    #[inline(never)]
    pub fn rule(&mut self, rule: &str, wants: &Value, found: Value, holds: bool, next: Option<Millis>) {
        // What belongs to a touchpoint says whether it was met, not whether its survey may be asked.
        if self.touchpoint.is_none() {
            self.asks &= holds;
            self.next = self.next.max(next);
        }
        self.rules.push(map([
            ("rule", rule.into()),
            ("touchpoint", self.touchpoint.map(|index| index as i64).into()),
            ("wants", wants.clone()),
            ("found", found),
            ("holds", holds.into()),
            ("next", next.filter(|next| *next < NEVER).into()),
        ]));
    }
}

/// May `survey` be asked now? Adds the verdicts: what stands in the way whatever the visitor does next comes first
/// ([`frequency::judge`]), then whom the survey is for ([`audience::judge`]). `rules` is the config's `frequency`.
pub fn decide(
    to: &mut Decision,
    rules: &Value,
    survey: &Survey,
    memory: &Memory,
    facts: &Facts,
    platform: &dyn Platform,
    now: Millis,
) {
    frequency::judge(to, rules, survey, memory, facts.session, now);
    audience::judge(to, &survey.audience, facts, platform, now);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_touchpoint_does_not_forbid_its_survey() {
        let mut decision = Decision { touchpoint: Some(1), ..Decision::default() };
        decision.rule("nth", &3_i64.into(), 1_i64.into(), false, Some(9));
        assert!(decision.asks && decision.next.is_none());
        decision.touchpoint = None;
        decision.rule("quiet", &Value::Null, Value::Null, false, Some(5));
        decision.rule("refused", &Value::Null, Value::Null, false, Some(NEVER));
        assert!(!decision.asks);
        assert_eq!(decision.next, Some(NEVER));
        let next: Vec<_> = decision.rules.iter().map(|rule| rule.get("next").millis()).collect();
        assert_eq!(next, [Some(9), Some(5), None], "never is not a time");
        assert_eq!(decision.rules[0].get("touchpoint").millis(), Some(1));
    }
}
