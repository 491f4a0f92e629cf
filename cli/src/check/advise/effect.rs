//! Settings that do nothing, and surveys that stand in each other's way.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::frequency::QUIET;
use asklet::core::survey::Placement;
use asklet::core::time::{DAY, MINUTE, Millis, day};

use super::touchpoints::asked_for;
use super::{Case, span};

pub fn advise(cases: &[Case], document: &Value, warnings: &mut Vec<Problem>) {
    for case in cases {
        idle_settings(case, warnings);
    }
    let frequency = document.get("frequency");
    let quiet = frequency.get("quiet").duration().unwrap_or(QUIET);
    let many = frequency.get("per_session").number().is_some_and(|count| count > 1.0);
    let over = cases.iter().filter(|case| case.covers() && case.comes_up()).count();
    // Surveys with problems are not among the cases.
    let complete = !cases.is_empty() && cases.len() == document.get("surveys").list().len();
    for key in ["quiet", "per_session"].into_iter().filter(|key| over == 0 && complete && !frequency.get(key).is_null())
    {
        let message = "has no effect: it is for prompts that come up over the page by themselves, and there is none";
        warnings.push(Problem::new("no-effect", &format!("frequency.{key}"), message));
    }
    let mut by_themselves = cases.iter().filter(|case| case.comes_up()).peekable();
    if complete && by_themselves.peek().is_some() && by_themselves.all(|case| case.is(Placement::Tab)) {
        for key in PAUSES.iter().filter(|key| !frequency.get(key).is_null()) {
            let message = "has no effect: a tab keeps to the pauses of its own survey only; write it there if it is to go away for a while";
            warnings.push(Problem::new("no-effect", &format!("frequency.{key}"), message));
        }
    }
    if over > 0 && many && quiet >= DAY {
        let message = format!(
            "has no effect: after the first prompt the quiet time of {} keeps the others away; write a shorter `quiet`, such as \"10m\"",
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
        if !case.comes_up() || dealt {
            continue;
        }
        let touchpoints = case.written.get("touchpoints");
        let met_together = |other: &&Case| {
            other.written.get("touchpoints") == touchpoints && other.survey.audience == case.survey.audience
        };
        let in_turn = |other: &&Case| other.covers() && other.survey.priority == case.survey.priority;
        let in_one_place = |other: &&Case| other.is(Placement::Tab) && position(other) == position(case);
        let mut earlier = cases[..index].iter().filter(met_together);
        let message = if case.covers() && !many {
            earlier.find(in_turn).map(|other| {
                let id = &other.survey.id;
                format!(
                    "are those of the survey `{id}`, and so are audience and priority: one takes the other's moments; give one a \
                     higher `priority`, or each its own audience"
                )
            })
        } else if case.is(Placement::Tab) {
            earlier.find(in_one_place).map(|other| {
                let id = &other.survey.id;
                format!(
                    "are those of the survey `{id}`, and so are audience and place: its tab stands where this one does; give one \
                     of them another `position`"
                )
            })
        } else {
            None
        };
        if let Some(message) = message {
            warnings.push(Problem::new("same-touchpoints", &case.at("touchpoints"), &message));
        }
    }
}

/// The pauses of the config that a survey's own stand in for.
const PAUSES: &[&str] = &["shown", "declined", "answered", "later", "across"];

/// Where a tab stands.
fn position<'a>(case: &'a Case) -> &'a str {
    case.written.get("position").text().unwrap_or("bottom-end")
}

/// What a survey says in vain.
fn idle_settings(case: &Case, warnings: &mut Vec<Problem>) {
    let written = |path: &str| path.split('.').fold(case.written, |value, key| value.get(key));
    let (keys, why): (&[&str], _) = if !case.comes_up() {
        (&["audience", "frequency", "priority"], "only show() asks this survey, and no rule is held against that")
    } else if case.is(Placement::Inline) {
        (&["priority", "frequency.later"], "an inline prompt stands in nobody's way, and has no \"Ask me later\"")
    } else if case.is(Placement::Tab) {
        let why = "a tab stands in nobody's way, and closing it declines nothing: it is a tab again";
        (&["priority", "frequency.later", "frequency.declined"], why)
    } else {
        (&[], "")
    };
    let mut idle = |key: &str, why: &str| {
        if !written(key).is_null() {
            warnings.push(Problem::new("no-effect", &case.at(key), format!("has no effect: {why}")));
        }
    };
    keys.iter().for_each(|key| idle(key, why));
    let mut on = case.written.get("touchpoints").list().iter().filter_map(|touchpoint| touchpoint.get("on").text());
    if written("interrupt").bool() == Some(true) && on.all(asked_for) {
        idle("interrupt", "the visitor asks for it, by a click or by show(), and then it is a modal in any case");
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
    // Another prompt that may come up so shortly before that it keeps this one away.
    let before = cases.iter().any(|other| {
        let (first, last) = days(other);
        let apart = first.is_some_and(|first| first > until) || last.is_some_and(|last| last < from - quiet / DAY);
        other.path != case.path && other.covers() && other.comes_up() && !apart
    });
    if case.covers() && before && quiet > length {
        let message = format!(
            "is open for {count}d, which is shorter than the quiet time of {}: who saw another prompt shortly before is not asked \
             at all; write a shorter `frequency.quiet`",
            span(quiet)
        );
        warnings.push(Problem::new("wait-over-window", &case.at("audience.window"), &message));
    }
    let own = case.written.get("frequency").get("later");
    let later = own.duration().or(frequency.get("later").duration()).unwrap_or_default();
    if case.covers() && later > length {
        let path = if own.is_null() { "frequency.later".into() } else { case.at("frequency.later") };
        let message = format!(
            "is {}, longer than the {count}d of `{}`: who chooses \"Ask me later\" is never asked again; write a shorter time",
            span(later),
            case.at("audience.window")
        );
        warnings.push(Problem::new("wait-over-window", &path, &message));
    }
}
