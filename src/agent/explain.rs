//! Why a survey was asked, or was not: every rule, what it wants, what it found.

use std::rc::Rc;

use super::Agent;
use crate::core::decision::{Decision, decide};
use crate::core::survey::{Placement, Survey};
use crate::core::touchpoint::{allow, document};
use crate::core::value::{Value, map};
use crate::ports::{MANNERS, Task};

const NULL: &Value = &Value::Null;

impl Agent {
    /// Every rule of every survey, or of the one named: a list of explanations.
    pub fn explain(self: Rc<Self>, survey: Value) -> Task<'static, Value> {
        Box::pin(async move {
            self.remember(Box::new(|_, _| ())).await;
            self.take_floor().await;
            let config = self.config.borrow();
            let wanted = config.surveys.iter().filter(|known| survey.text().is_none_or(|wanted| wanted == known.id));
            let explanations = wanted.map(|survey| self.explanation(survey, None, false)).collect();
            self.leave_floor();
            Value::List(explanations)
        })
    }

    /// `{ survey, touchpoint?, asks, rules }`: whether the survey would be asked if its moment came now. `touchpoint` is the
    /// one that was met; if it was `cancelled`, that is said too.
    pub(super) fn explanation(&self, survey: &Survey, touchpoint: Option<usize>, cancelled: bool) -> Value {
        let (config, memory, now) = (self.config.borrow(), self.memory.borrow(), self.now());
        let (platform, url) = (self.ports.platform(), self.ports.url());
        let facts = self.facts();
        let mut decision = Decision::default();
        for (index, point) in survey.touchpoints.iter().enumerate() {
            decision.touchpoint = Some(index);
            let count = memory.count(&survey.id, index);
            for (rule, wants) in point.entries() {
                let (found, holds) = match rule.as_str() {
                    "pages" => (url.as_str().into(), allow(wants, &url, platform)),
                    "nth" | "every" => {
                        let (seen, wants) = (count.get("seen").millis().unwrap_or_default(), wants.millis());
                        let next = seen + 1;
                        let fits = wants.is_some_and(|n| if rule == "nth" { next == n } else { next % n.max(1) == 0 });
                        (seen.into(), fits)
                    }
                    "after" => {
                        let seen = count.get("after").clone();
                        let within = wants.get("within").duration();
                        let holds = seen.millis().is_some_and(|at| within.is_none_or(|within| now - at <= within));
                        (seen, holds)
                    }
                    "cancel_on" => (cancelled.into(), !(cancelled && touchpoint == Some(index))),
                    _ => continue,
                };
                decision.rule(rule, wants, found, holds, None);
            }
            let due = memory.moment(&survey.id, index).and_then(|moment| moment.get("due").millis());
            let holds = due.is_some_and(|due| due <= now) || touchpoint == Some(index);
            decision.rule("moment", &document(point), due.into(), holds, due.filter(|due| *due > now));
        }
        decision.touchpoint = None;
        decision.asks &= !cancelled;
        let endpoint = config.delivery.as_ref().map(|delivery| delivery.get("url").text().unwrap_or("send()"));
        decide(&mut decision, &config.frequency, survey, &memory, &facts, platform, now);
        decision.rule("endpoint", NULL, endpoint.into(), endpoint.is_some(), None);
        let busy = self.ports.busy();
        let over = survey.placement.covers();
        for name in MANNERS {
            if over || name == "quiet_mark" {
                decision.rule(name, NULL, Value::Null, !busy.contains(&name), None);
            }
        }
        if over {
            decision.rule("open", NULL, Value::Null, !self.is_covered(), None);
            decision.rule("elsewhere", NULL, Value::Null, !self.elsewhere.get(), None);
        } else if survey.placement == Placement::Inline {
            decision.rule("slot", NULL, Value::Null, self.ports.has_slot(&survey.id), None);
        }
        let Decision { asks, rules, .. } = decision;
        map([
            ("survey", survey.id.as_str().into()),
            ("touchpoint", touchpoint.map(|index| index as i64).into()),
            ("asks", asks.into()),
            ("rules", Value::List(rules)),
        ])
    }
}
