//! Configs as owners write them, right and wrong.

use asklet::core::Value;
use asklet::core::config::{Config, PageDetail, decode, schema};
use asklet::core::time::DAY;

fn read(json: &str) -> (Config, Vec<String>) {
    let document: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let (config, problems) = decode(&document);
    (config, problems.iter().map(ToString::to_string).collect())
}

/// A config with these surveys and nothing else to complain about.
fn with_surveys(surveys: &str) -> String {
    format!(r#"{{"about": "Acme", "delivery": {{"url": "https://c.example/r"}}, "surveys": [{surveys}]}}"#)
}

fn check(surveys: &str, expect: &[&str]) {
    let (_, problems) = read(&with_surveys(surveys));
    assert_eq!(problems, expect, "{surveys}");
}

const GOOD: &str = r#"{"id": "good", "ask": "nps", "touchpoints": [{"on": "call"}]}"#;

#[test]
fn a_config_without_problems() {
    let (config, problems) = read(
        r##"{
            "$schema": "asklet.schema.json",
            "about": {"en": "Acme", "de": "Acme GmbH"},
            "delivery": {"url": "https://collect.example/responses"},
            "locale": "de",
            "frequency": {"quiet": "7d", "per_session": 2, "declined": "30d"},
            "privacy": {"page": "full", "attributes": ["plan"]},
            "theme": {"scheme": "dark", "accent": "#3557d6"},
            "surveys": [
                {"id": "after-order", "ask": "nps", "frequency": {"answered": "10d"},
                 "touchpoints": [{"on": "event", "name": "order_placed", "pages": ["/shop/**"],
                    "where": [{"property": "total", "gte": 50}], "delay": "2s", "stage": "purchase"}]},
                {"id": "help", "placement": "inline", "touchpoints": [{"on": "page"}], "questions": [
                    {"id": "found", "kind": "csat", "points": 7, "text": "Did you find it?"},
                    {"id": "why", "kind": "text", "text": {"en": "Why?"}, "when": [{"question": "found", "bucket": "dissatisfied"}]},
                    {"id": "end", "kind": "statement", "text": "Thanks", "link": {"text": "Read on", "url": "https://x.example"}}]}
            ]
        }"##,
    );
    assert_eq!(problems, [""; 0]);
    assert_eq!(config.surveys.len(), 2);
    assert_eq!(config.frequency.quiet, 7 * DAY);
    assert_eq!(config.frequency.answered, 180 * DAY, "the default");
    assert_eq!(config.surveys[0].declined, 30 * DAY, "the config's");
    assert_eq!(config.surveys[0].answered, 10 * DAY, "its own");
    assert_eq!(config.privacy.page, PageDetail::Full);
    assert_eq!(config.locale.as_deref(), Some("de"));
}

#[test]
fn every_problem_is_named_with_its_place() {
    let survey = |rest: &str| format!(r#"{{"id": "s", "touchpoints": [{{"on": "call"}}], {rest}}}"#);
    let touchpoint = |rest: &str| format!(r#"{{"id": "s", "ask": "nps", "touchpoints": [{{{rest}}}]}}"#);
    let question = |rest: &str| survey(&format!(r#""questions": [{{"id": "q", {rest}}}]"#));
    let table: &[(String, &[&str])] = &[
        (GOOD.into(), &[]),
        (survey(r#""ask": "npz""#), &["surveys[0].ask: must be nps, csat or ces, not \"npz\"; did you mean \"nps\"?"]),
        (survey(r#""ask": 5"#), &["surveys[0].ask: must be nps, csat or ces, not a number"]),
        (survey(r#""ask": "nps", "audiance": {}"#), &["surveys[0].audiance: is not a known key"]),
        (
            survey(r#""ask": "nps", "placment": "inline""#),
            &["surveys[0].placment: is not a known key; did you mean `placement`?"],
        ),
        (
            survey(r#""ask": "nps", "questions": [{"id": "q", "kind": "nps"}]"#),
            &["surveys[0].questions: stands beside `ask`; write one of the two"],
        ),
        (
            r#"{"id": "s", "touchpoints": [{"on": "call"}]}"#.into(),
            &["surveys[0]: asks nothing; write `ask` or `questions`"],
        ),
        (
            r#"{"ask": "nps", "touchpoints": []}"#.into(),
            &["surveys[0].touchpoints: must be a list of at least one, not a list", "surveys[0].id: is missing"],
        ),
        (
            r#"{"id": "a b", "ask": "nps", "touchpoints": 3}"#.into(),
            &[
                "surveys[0].id: must be a name of letters, digits, _ and -, not \"a b\"",
                "surveys[0].touchpoints: must be a list of at least one, not 3",
            ],
        ),
        (touchpoint(r#""on": "event""#), &["surveys[0].touchpoints[0].name: is missing"]),
        (
            touchpoint(r#""on": "page", "name": "x""#),
            &["surveys[0].touchpoints[0].name: belongs only where `on` is event"],
        ),
        (
            touchpoint(r#""on": "click", "selector": "a", "dealy": "2s""#),
            &["surveys[0].touchpoints[0].dealy: is not a known key; did you mean `delay`?"],
        ),
        (
            touchpoint(r#""on": "page", "delay": "soon""#),
            &["surveys[0].touchpoints[0].delay: must be a duration like \"30d\" (s, m, h or d), not \"soon\""],
        ),
        (
            touchpoint(r#""on": "event", "name": "x", "where": [{"property": "p"}]"#),
            &[
                "surveys[0].touchpoints[0].where[0]: needs exactly one operator; write two conditions to ask for two things",
            ],
        ),
        (
            touchpoint(r#""on": "event", "name": "x", "where": [{"property": "p", "gt": 1, "lt": 5}]"#),
            &[
                "surveys[0].touchpoints[0].where[0]: needs exactly one operator; write two conditions to ask for two things",
            ],
        ),
        (question(r#""kind": "text""#), &["surveys[0].questions[0].text: is missing"]),
        (
            question(r#""kind": "csat", "points": 4"#),
            &["surveys[0].questions[0].points: must be a number that this kind allows, not 4"],
        ),
        (question(r#""kind": "ces", "points": 3"#), &["surveys[0].questions[0].points: must be 5 or 7, not 3"]),
        (
            question(r#""kind": "nps", "points": 5"#),
            &["surveys[0].questions[0].points: belongs only where `kind` is csat or ces"],
        ),
        (question(r#""kind": "nps", "text": "Own wording?""#), &[]),
        (
            question(r#""kind": "statement", "text": "Bye""#),
            &["surveys[0].questions: has no question that can be answered"],
        ),
        (
            question(r#""kind": "statement", "text": "x", "link": {"text": "y", "url": "javascript:alert(1)"}"#),
            &[
                "surveys[0].questions[0].link.url: must be a link that starts with https:, http:, mailto: or tel:, not \"javascript:alert(1)\"",
            ],
        ),
        (
            question(r#""kind": "nps", "when": [{"question": "later", "is": 1}]"#),
            &["surveys[0].questions[0].when[0].question: names no earlier question"],
        ),
        (format!("{GOOD}, {GOOD}"), &["surveys[1].id: is the id of an earlier survey"]),
    ];
    for (surveys, expect) in table {
        check(surveys, expect);
    }
}

#[test]
fn a_bad_survey_never_stops_a_good_one() {
    let (config, problems) = read(&with_surveys(&format!(r#"{{"id": "bad", "ask": "nope"}}, 7, {GOOD}"#)));
    assert_eq!(config.surveys.len(), 1);
    assert_eq!(config.surveys[0].id, "good");
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn what_is_wrong_elsewhere_falls_back_but_for_privacy_and_endpoint() {
    let (config, problems) = read(&with_surveys(GOOD).replacen('{', r#"{"frequency": {"quiet": 3}, "colour": 1, "#, 1));
    assert_eq!((config.surveys.len(), config.frequency.quiet), (1, 30 * DAY));
    assert_eq!(problems.len(), 2, "{problems:?}");

    let (config, _) = read(&with_surveys(GOOD).replacen('{', r#"{"privacy": {"consent": "required"}, "#, 1));
    assert!(config.surveys.is_empty(), "a key of a later version must not be passed over here");
    let (config, _) = read(&with_surveys(GOOD).replacen('{', r#"{"privcy": {"page": "none"}, "#, 1));
    assert!(config.surveys.is_empty(), "nor a typing mistake");

    for url in [
        "",
        "ftp://x",
        "http://evil.example",
        "//evil.example",
        "http://localhost@evil.example",
        "http://localhost:80:x@e",
    ] {
        let (config, problems) = read(&with_surveys(GOOD).replace("https://c.example/r", url));
        assert_eq!(config.endpoint, None, "{url}");
        assert_eq!(problems.len(), 1, "{url}: {problems:?}");
    }
    for url in [
        "https://c.example",
        "/responses",
        "http://localhost:8787/r",
        "http://127.0.0.1:1",
        "http://[::1]:1/r",
        "http://a.localhost/",
    ] {
        let (config, problems) = read(&with_surveys(GOOD).replace("https://c.example/r", url));
        assert_eq!(config.endpoint.as_deref(), Some(url), "{problems:?}");
    }
}

#[test]
fn about_is_asked_for_where_the_wording_needs_it() {
    let (config, problems) = read(&with_surveys(GOOD).replace(r#""about": "Acme", "#, ""));
    assert!(config.surveys.is_empty());
    assert_eq!(problems, ["about: is missing; the question asks about it"]);
}

/// Anything at all can stand in a config file: the decoder answers, and never panics.
#[test]
fn no_document_breaks_the_decoder() {
    let whole: Value = serde_json::from_str(&with_surveys(GOOD)).unwrap();
    let odd = [Value::Null, Value::Bool(true), Value::Number(-1.5), "".into(), Value::List(vec![]), Value::Map(vec![])];
    fn replace_each(value: &Value, odd: &Value, visit: &mut dyn FnMut(Value)) {
        visit(odd.clone());
        match value {
            Value::Map(entries) => {
                for (index, (_, inner)) in entries.iter().enumerate() {
                    replace_each(inner, odd, &mut |new| {
                        let mut entries = entries.clone();
                        entries[index].1 = new;
                        visit(Value::Map(entries));
                    });
                }
            }
            Value::List(list) => {
                for (index, inner) in list.iter().enumerate() {
                    replace_each(inner, odd, &mut |new| {
                        let mut list = list.clone();
                        list[index] = new;
                        visit(Value::List(list));
                    });
                }
            }
            _ => {}
        }
    }
    let mut seen = 0;
    for odd in &odd {
        replace_each(&whole, odd, &mut |document| {
            decode(&document);
            seen += 1;
        });
    }
    assert!(seen > 50);
}

#[test]
fn the_schema_knows_every_key() {
    let schema = schema();
    let survey = schema.get("$defs").get("Survey").get("properties");
    for key in ["id", "about", "ask", "questions", "placement", "touchpoints", "frequency"] {
        assert!(!survey.get(key).get("description").text().unwrap().is_empty(), "{key}");
    }
    assert_eq!(schema.get("required").list(), [Value::from("delivery"), Value::from("surveys")]);
}
