//! Settings that do nothing, and surveys that stand in each other's way.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::frequency::QUIET;
use asklet::core::time::{DAY, MINUTE, Millis, day};

use super::{Case, span};

pub fn advise(cases: &[Case], document: &Value, warnings: &mut Vec<Problem>) {
    for case in cases {
        idle_settings(case, warnings);
    }
    let frequency = document.get("frequency");
    let quiet = frequency.get("quiet").duration().unwrap_or(QUIET);
    let many = frequency.get("per_session").number().is_some_and(|count| count > 1.0);
    let popovers = cases.iter().filter(|case| case.is_popover() && case.comes_up()).count();
    // Surveys with problems are not among the cases.
    let complete = !cases.is_empty() && cases.len() == document.get("surveys").list().len();
    for key in
        ["quiet", "per_session"].into_iter().filter(|key| popovers == 0 && complete && !frequency.get(key).is_null())
    {
        let message = "has no effect: it is for popovers that come up by themselves, and there is none";
        warnings.push(Problem::new("no-effect", &format!("frequency.{key}"), message));
    }
    if popovers > 0 && many && quiet >= DAY {
        let message = format!(
            "has no effect: after the first popover the quiet time of {} keeps the others away; write a shorter `quiet`, such as \"10m\"",
            span(quiet)
        );
        warnings.push(Problem::new("no-effect", "frequency.per_session", &message));
    }
    for case in cases.iter().filter(|case| case.comes_up()) {
        waits_in_window(case, cases, frequency, quiet, warnings);
    }
    // Then several may come up one after the other, which may be what is wanted.
    let many = many && quiet < 30 * MINUTE;
    for (index, case) in cases.iter().enumerate() {
        // A sample deals them out.
        let dealt = case.survey.audience.get("sample").number().is_some_and(|share| share < 1.0);
        if !case.is_popover() || !case.comes_up() || many || dealt {
            continue;
        }
        let touchpoints = case.written.get("touchpoints");
        let alike = |other: &&Case| {
            other.is_popover()
                && other.written.get("touchpoints") == touchpoints
                && other.survey.audience == case.survey.audience
                && other.survey.priority == case.survey.priority
        };
        if let Some(other) = cases[..index].iter().find(alike) {
            let id = &other.survey.id;
            let message = format!(
                "are those of the survey `{id}`, and so are audience and priority: one takes the other's moments; give one a higher \
                 `priority`, or each its own audience"
            );
            warnings.push(Problem::new("same-touchpoints", &case.at("touchpoints"), &message));
        }
    }
}

/// What a survey says in vain.
fn idle_settings(case: &Case, warnings: &mut Vec<Problem>) {
    let written = |path: &str| path.split('.').fold(case.written, |value, key| value.get(key));
    let (keys, why): (&[&str], _) = if !case.comes_up() {
        (&["audience", "frequency", "priority"], "only show() asks this survey, and no rule is held against that")
    } else if !case.is_popover() {
        (&["priority", "frequency.later"], "an inline prompt stands in nobody's way, and has no \"Ask me later\"")
    } else {
        (&[], "")
    };
    for key in keys.iter().filter(|key| !written(key).is_null()) {
        warnings.push(Problem::new("no-effect", &case.at(key), format!("has no effect: {why}")));
    }
}

/// The first and the last day on which a survey is asked, since 1970.
fn days(case: &Case) -> (Option<i64>, Option<i64>) {
    let window = case.survey.audience.get("window");
    let bound = |key: &str| window.get(key).text().and_then(day);
    (bound("from"), bound("until"))
}

/// Waits that are longer than all the days on which a survey is asked.
fn waits_in_window(case: &Case, cases: &[Case], frequency: &Value, quiet: Millis, warnings: &mut Vec<Problem>) {
    let (Some(from), Some(until)) = days(case) else { return };
    if from > until {
        return;
    }
    let count = until - from + 1;
    let length = count * DAY;
    // Another popover that may come up so shortly before that it keeps this one away.
    let before = cases.iter().any(|other| {
        let (first, last) = days(other);
        let apart = first.is_some_and(|first| first > until) || last.is_some_and(|last| last < from - quiet / DAY);
        other.path != case.path && other.is_popover() && other.comes_up() && !apart
    });
    if case.is_popover() && before && quiet > length {
        let message = format!(
            "is open for {count}d, which is shorter than the quiet time of {}: who saw another popover shortly before is not asked \
             at all; write a shorter `frequency.quiet`",
            span(quiet)
        );
        warnings.push(Problem::new("wait-over-window", &case.at("audience.window"), &message));
    }
    let own = case.written.get("frequency").get("later");
    let later = own.duration().or(frequency.get("later").duration()).unwrap_or_default();
    if case.is_popover() && later > length {
        let path = if own.is_null() { "frequency.later".into() } else { case.at("frequency.later") };
        let message = format!(
            "is {}, longer than the {count}d of `{}`: who chooses \"Ask me later\" is never asked again; write a shorter time",
            span(later),
            case.at("audience.window")
        );
        warnings.push(Problem::new("wait-over-window", &path, &message));
    }
}
