//! What is legal and surely not meant. A warning that a sensible owner would not want is a defect.

mod audience;
mod choice;
mod conditions;
mod contrast;
mod delivery;
mod effect;
mod flow;
mod languages;
mod names;
mod pages;
mod regex;
mod shortcut;
mod touchpoints;

use std::rc::Rc;

use asklet::core::Value;
use asklet::core::config::problem::{element, member};
use asklet::core::config::{Config, Problem};
use asklet::core::survey::{Placement, Survey};
use asklet::core::time::Millis;

/// A survey without problems: as it is written, and as it is understood.
struct Case<'a> {
    /// Its place in the config: `surveys[0]`.
    path: String,
    written: &'a Value,
    survey: Rc<Survey>,
}

impl Case<'_> {
    /// The path of something in it.
    fn at(&self, path: &str) -> String {
        member(&self.path, path)
    }

    /// Whether it can come up by itself.
    fn comes_up(&self) -> bool {
        self.written.get("touchpoints").list().iter().any(|touchpoint| touchpoint.get("on").text() != Some("call"))
    }

    /// Whether it stands over the page: then it comes up alone, and not often.
    fn covers(&self) -> bool {
        self.survey.placement.covers()
    }

    fn is(&self, placement: Placement) -> bool {
        self.survey.placement == placement
    }
}

/// Every warning about a config, in no particular order. Surveys with problems are left out: those come first.
pub fn advise(document: &Value, config: &Config, problems: &[Problem], now: Millis) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let written = document.get("surveys").list().iter().enumerate();
    let cases: Vec<Case> = written
        .filter_map(|(index, written)| {
            let path = element("surveys", index);
            let sound = !problems.iter().any(|problem| problem.path.starts_with(&path));
            let id = written.get("id").text().unwrap_or_default();
            let survey = config.surveys.iter().find(|survey| sound && survey.id == id)?;
            Some(Case { path, written, survey: survey.clone() })
        })
        .collect();
    for case in &cases {
        if case.comes_up() {
            audience::advise(case, now, &mut warnings);
        }
        touchpoints::advise(case, &mut warnings);
        flow::advise(case, &mut warnings);
        choice::advise(case, &mut warnings);
        languages::advise(case, document, &mut warnings);
        names::advise(case, document, &mut warnings);
    }
    effect::advise(&cases, document, &mut warnings);
    regex::advise(document, problems, &mut warnings);
    contrast::advise(config, &mut warnings);
    shortcut::advise(config, &mut warnings);
    languages::tags(document, problems, &mut warnings);
    languages::built_in(&cases, document, &mut warnings);
    if let Some(delivery) = &config.delivery {
        delivery::advise(delivery, &mut warnings);
    }
    warnings
}

/// How a span is said: in the largest unit that it is a whole number of.
fn span(millis: Millis) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let (size, unit) = units.into_iter().find(|(size, _)| millis % size == 0).unwrap_or((1, "ms"));
    format!("{}{unit}", millis / size)
}
