//! Configs as owners write them, right and wrong.

use std::collections::BTreeSet;

use asklet::core::Value;
use asklet::core::config::{Config, decode, schema};
use asklet::core::survey::{Kind, Metric, Placement, Scale};
use asklet::core::text::pick;

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

/// Where the answers of a config go.
fn endpoint(config: &Config) -> Option<&str> {
    config.delivery.as_ref()?.get("url").text()
}

#[test]
fn a_config_without_problems() {
    let (config, problems) = read(include_str!("tables/configs/every-key.json"));
    assert_eq!(problems, [""; 0]);
    assert_eq!(endpoint(&config), Some("https://collect.example/responses"));
    assert_eq!(config.locale, None, "auto");
    assert_eq!(config.frequency.get("across").get("later").text(), Some("1d"));
    assert_eq!(config.privacy.get("attributes").list(), ["plan".into()]);
    assert_eq!(config.theme.get("accent").text(), Some("#3557d6"));
    let [order, help] = config.surveys.as_slice() else { panic!("{:?}", config.surveys) };
    assert_eq!((order.id.as_str(), order.placement, order.priority), ("after-order", Placement::Popover, -5));
    assert_eq!(pick(&order.about, "de"), "the order", "its own");
    assert_eq!(order.questions.len(), 3, "the preset's");
    assert_eq!(order.touchpoints.len(), 9);
    assert_eq!(order.audience.get("sample").number(), Some(0.25));
    assert_eq!(order.frequency.get("later").text(), Some("3d"));
    assert_eq!((help.placement, help.priority), (Placement::Inline, 0));
    assert_eq!(pick(&help.about, "de"), "Acme GmbH", "the config's");
    assert_eq!(help.questions[4].when().count(), 8);
    assert!(help.questions[2].required() && !help.questions[1].required() && help.questions[4].required());

    let (config, problems) =
        read(&with_surveys(GOOD).replacen('{', r#"{"locale": "de", "privacy": {"page": "full"}, "#, 1));
    assert_eq!(problems, [""; 0]);
    assert_eq!((config.locale.as_deref(), config.privacy.get("page").text()), (Some("de"), Some("full")));
    let (config, problems) = read(include_str!("tables/configs/smallest.json"));
    assert_eq!((problems, config.surveys.len(), endpoint(&config)), (vec![], 0, Some("/r")));
    assert_eq!(config.shortcut, "F6", "unless told otherwise");
}

#[test]
fn every_kind_of_question() {
    let (config, problems) = read(include_str!("tables/configs/kinds.json"));
    assert_eq!(problems, [""; 0]);
    assert_eq!(config.shortcut, "F8");
    let questions = &config.surveys[0].questions;
    let csat = |points| Kind::Scale(Scale { metric: Metric::Csat, points });
    let expect = [
        ("like", csat(2), true),
        ("stars", csat(5), true),
        ("faces", csat(3), false),
        ("one", Kind::Choice, true),
        ("some", Kind::Choice, false),
        ("why", Kind::Text, false),
        ("mail", Kind::Email, true),
        ("ok", Kind::Consent, true),
        ("glad", Kind::Statement, false),
        ("sorry", Kind::Statement, false),
    ];
    let found: Vec<_> = questions.iter().map(|asked| (asked.id(), asked.kind(), asked.required())).collect();
    assert_eq!(found, expect);
    let looks: Vec<_> = questions[..4].iter().map(|asked| asked.look()).collect();
    assert_eq!(looks, ["thumbs", "stars", "faces", "numbers"]);
    assert_eq!((questions[3].options(), questions[3].several()), (vec!["friend", "ad"], false));
    assert_eq!((questions[4].options(), questions[4].several()), (vec!["a", "b", "c", "other"], true));
    // Written by nobody, these have built-in words.
    let built_in: Vec<_> = questions.iter().filter_map(|asked| asked.built_in()).collect();
    assert_eq!(built_in, ["csat", "csat", "csat", "reason", "thanks"]);
}

#[test]
fn every_placement() {
    let (config, problems) = read(include_str!("tables/configs/placements.json"));
    assert_eq!(problems, [""; 0]);
    let theme = |path: &str| path.split('.').fold(&config.theme, |value, key| value.get(key)).text();
    assert_eq!(
        (theme("dark.text"), theme("radius"), theme("density")),
        (Some("#eeeeee"), Some(".5em"), Some("compact"))
    );
    for survey in &config.surveys {
        assert_eq!(survey.placement.name(), survey.id);
        assert_eq!(Placement::named(&survey.id), survey.placement);
        assert_eq!(survey.placement.covers(), survey.id != "tab");
    }
    assert_eq!(config.surveys[0].value.get("beside").text(), Some("#price"));
}

#[test]
fn every_problem_is_named_with_its_place() {
    let survey = |rest: &str| format!(r#"{{"id": "s", "touchpoints": [{{"on": "call"}}], {rest}}}"#);
    let touchpoint = |rest: &str| format!(r#"{{"id": "s", "ask": "nps", "touchpoints": [{{{rest}}}]}}"#);
    let question = |rest: &str| survey(&format!(r#""questions": [{{"id": "q", {rest}}}]"#));
    // A link under a condition, and the same link under another.
    let review_gate = |when: &str, other: &str| {
        let link = r#""link": {"text": "Review us", "url": "https://reviews.example"}"#;
        let too = match other {
            "" => String::new(),
            other => format!(r#", {{"id": "t", "kind": "statement", {link}, "when": [{other}]}}"#),
        };
        survey(&format!(
            r#""questions": [{{"id": "q", "kind": "nps"}}, {{"id": "s", "kind": "statement", {link}, "when": [{when}]}}{too}]"#
        ))
    };
    const GATE: &str =
        "surveys[0].questions[1].link: is offered to happy visitors only; offer it to the others as well";
    const GATE_TOO: &str =
        "surveys[0].questions[2].link: is offered to happy visitors only; offer it to the others as well";
    let table: &[(String, &[&str])] = &[
        (GOOD.into(), &[]),
        (survey(r#""ask": "npz""#), &["surveys[0].ask: must be nps, csat or ces, not \"npz\"; did you mean \"nps\"?"]),
        (survey(r#""ask": 5"#), &["surveys[0].ask: must be nps, csat or ces, not 5"]),
        (
            survey(r#""ask": "nps", "audiance": {}"#),
            &["surveys[0].audiance: is not a known key; did you mean `audience`?"],
        ),
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
            &["surveys[0].touchpoints: must be a list of at least one, not an empty list", "surveys[0].id: is missing"],
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
        (question(r#""kind": "text""#), &[]),
        (question(r#""kind": "email""#), &["surveys[0].questions[0].text: is missing"]),
        (question(r#""kind": "consent""#), &["surveys[0].questions[0].text: is missing"]),
        (
            question(r#""kind": "choice""#),
            &["surveys[0].questions[0].text: is missing", "surveys[0].questions[0].options: is missing"],
        ),
        (
            question(r#""kind": "choice", "text": "?", "options": []"#),
            &["surveys[0].questions[0].options: must be a list of at least one, not an empty list"],
        ),
        (
            question(
                r#""kind": "choice", "text": "?", "options": ["a", {"id": "b c", "text": "B"}, {"id": "d", "txt": {}}]"#,
            ),
            &[
                "surveys[0].questions[0].options[0]: must be an object, not \"a\"",
                "surveys[0].questions[0].options[1].id: must be a name of letters, digits, _ and -, not \"b c\"",
                "surveys[0].questions[0].options[2].txt: is not a known key; did you mean `text`?",
                "surveys[0].questions[0].options[2].text: is missing",
            ],
        ),
        (
            question(
                r#""kind": "choice", "text": "?", "options": [{"id": "a", "text": "A"}, {"id": "a", "text": "A"}, {"id": "other", "text": "?"}]"#,
            ),
            &[
                "surveys[0].questions[0].options[1].id: is the id of another option, or of the field for others",
                "surveys[0].questions[0].options[2].id: is the id of another option, or of the field for others",
            ],
        ),
        (
            question(r#""kind": "choice", "text": "?", "options": [{"id": "a", "text": "A"}], "most": 2"#),
            &["surveys[0].questions[0].most: belongs to a choice of several"],
        ),
        (
            question(
                r#""kind": "choice", "text": "?", "options": [{"id": "a", "text": "A"}], "several": true, "most": 1"#,
            ),
            &["surveys[0].questions[0].most: must be a whole number from 2 to 30, not 1"],
        ),
        (
            question(
                r#""kind": "choice", "text": "?", "options": [{"id": "a", "text": "A"}], "several": 2, "other": "yes", "shuffle": "no""#,
            ),
            &[
                "surveys[0].questions[0].several: must be true or false, not 2",
                "surveys[0].questions[0].other: must be true or false, not \"yes\"",
                "surveys[0].questions[0].shuffle: must be true or false, not \"no\"",
            ],
        ),
        (
            question(
                r#""kind": "text", "options": [], "several": true, "other": true, "label": "Yes", "look": "stars""#,
            ),
            &[
                "surveys[0].questions[0].options: belongs only where `kind` is choice",
                "surveys[0].questions[0].several: belongs only where `kind` is choice",
                "surveys[0].questions[0].other: belongs only where `kind` is choice",
                "surveys[0].questions[0].label: belongs only where `kind` is consent",
                "surveys[0].questions[0].look: belongs only where `kind` is csat",
            ],
        ),
        (
            question(
                r#""kind": "email", "text": "?", "link": {"text": "x", "url": "https://x"}, "most": 2, "shuffle": true"#,
            ),
            &[
                "surveys[0].questions[0].link: belongs only where `kind` is statement or consent",
                "surveys[0].questions[0].most: belongs only where `kind` is choice",
                "surveys[0].questions[0].shuffle: belongs only where `kind` is choice",
            ],
        ),
        (
            question(r#""kind": "csat", "look": "thumbs", "points": 3"#),
            &["surveys[0].questions[0].points: stands beside thumbs, which are two"],
        ),
        (
            question(r#""kind": "csat", "look": "hearts""#),
            &["surveys[0].questions[0].look: must be numbers, stars, faces or thumbs, not \"hearts\""],
        ),
        (
            question(r#""kind": "statement", "required": true"#),
            &[
                "surveys[0].questions[0].required: belongs only where `kind` is nps, csat, ces, text, choice, email or consent",
            ],
        ),
        (review_gate(r#"{"question": "q", "bucket": "promoter"}"#, ""), &[GATE]),
        (review_gate(r#"{"question": "q", "gt": 0}"#, ""), &[GATE]),
        (review_gate(r#"{"question": "q", "not": 0}"#, ""), &[GATE]),
        (review_gate(r#"{"question": "q", "gte": 0}"#, ""), &[]),
        (review_gate(r#"{"question": "q", "bucket": "detractor"}"#, ""), &[]),
        (review_gate(r#"{"question": "q", "answered": true}"#, ""), &[]),
        (
            survey(
                r#""questions": [{"id": "q", "kind": "nps"}, {"id": "c", "kind": "consent", "text": "May we quote you?",
                "link": {"text": "How", "url": "https://x"}, "when": [{"question": "q", "gte": 9}]}]"#,
            ),
            &[],
        ),
        // The others are offered the same link, elsewhere.
        (review_gate(r#"{"question": "q", "gte": 7}"#, r#"{"question": "q", "lt": 7}"#), &[]),
        (review_gate(r#"{"question": "q", "gte": 7}"#, r#"{"question": "q", "gte": 5}"#), &[GATE, GATE_TOO]),
        (
            survey(r#""ask": "nps", "placement": "corner""#),
            &["surveys[0].placement: must be popover, inline, modal, sheet or tab, not \"corner\""],
        ),
        (
            survey(r#""ask": "nps", "placement": "popup""#),
            &["surveys[0].placement: must be popover, inline, modal, sheet or tab, not \"popup\""],
        ),
        (
            survey(r#""ask": "nps", "placement": "popover", "position": "left", "beside": """#),
            &[
                "surveys[0].position: must be bottom-end, bottom, bottom-start, top-end, top or top-start, not \"left\"",
                "surveys[0].beside: must be a text, not \"\"",
            ],
        ),
        (
            survey(
                r#""ask": "nps", "placement": "sheet", "position": "top", "beside": "a", "interrupt": true, "tab": "x""#,
            ),
            &[
                "surveys[0].position: belongs only where `placement` is popover or tab",
                "surveys[0].beside: belongs only where `placement` is popover",
                "surveys[0].interrupt: belongs only where `placement` is modal",
                "surveys[0].tab: belongs only where `placement` is tab",
            ],
        ),
        // A popover is what it is without a word.
        (survey(r##""ask": "nps", "position": "top", "beside": "#price""##), &[]),
        (
            survey(r#""ask": "nps", "interrupt": true"#),
            &["surveys[0].interrupt: belongs only where `placement` is modal"],
        ),
        (
            survey(r#""ask": "nps", "placement": "tab", "tab": {}"#),
            &["surveys[0].tab: must be a text, or texts by language, not an object"],
        ),
        (
            survey(r#""ask": "nps", "placement": "modal", "interrupt": "yes""#),
            &["surveys[0].interrupt: must be true or false, not \"yes\""],
        ),
        (question(r#""kind": "csat", "points": 4"#), &["surveys[0].questions[0].points: must be 3, 5 or 7, not 4"]),
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
        (
            survey(
                r#""questions": [{"id": "a", "kind": "nps"}, {"id": "b", "kind": "text", "text": "?"},
                {"id": "c", "kind": "text", "text": "?", "when": [{"question": "d", "is": 1}]}]"#,
            ),
            &["surveys[0].questions[2].when[0].question: names no earlier question; those are a or b"],
        ),
        (
            question(
                r#""kind": "statement", "text": "x", "link": {"text": "y", "url": "data:text/html,a-rather-long-page-that-goes-on"}"#,
            ),
            &[
                "surveys[0].questions[0].link.url: must be a link that starts with https:, http:, mailto: or tel:, not \"data:text/html,a-rather-long-page-that-g…\"",
            ],
        ),
        (
            touchpoint(r#""on": "click", "selector": "a", "where": [{"property": "p", "is": 1}]"#),
            &["surveys[0].touchpoints[0].where: belongs only where `on` is event"],
        ),
        (touchpoint(r#""on": "scroll""#), &["surveys[0].touchpoints[0].percent: is missing"]),
        (
            touchpoint(r#""on": "scroll", "percent": 0, "ratio": 1"#),
            &[
                "surveys[0].touchpoints[0].percent: must be a whole number from 1 to 100, not 0",
                "surveys[0].touchpoints[0].ratio: belongs only where `on` is visible",
            ],
        ),
        (
            touchpoint(r#""on": "visible", "selector": "a", "ratio": 1.5, "for": "long""#),
            &[
                "surveys[0].touchpoints[0].ratio: must be a number from 0 to 1, not 1.5",
                "surveys[0].touchpoints[0].for: must be a duration like \"30d\" (s, m, h or d), not \"long\"",
            ],
        ),
        (touchpoint(r#""on": "dwell""#), &["surveys[0].touchpoints[0].for: is missing"]),
        (touchpoint(r#""on": "idle""#), &["surveys[0].touchpoints[0].for: is missing"]),
        (
            touchpoint(r#""on": "exit_intent", "for": "1s""#),
            &["surveys[0].touchpoints[0].for: belongs only where `on` is visible, dwell or idle"],
        ),
        (
            touchpoint(r#""on": "call", "pages": ["/"], "delay": "1s", "stage": "x""#),
            &[
                "surveys[0].touchpoints[0].pages: belongs only where `on` is event, page, click, visible, scroll, dwell, idle or exit_intent",
                "surveys[0].touchpoints[0].delay: belongs only where `on` is event, page, click, visible, scroll, dwell, idle or exit_intent",
            ],
        ),
        (
            touchpoint(r#""on": "page", "nth": 2, "every": 1001"#),
            &["surveys[0].touchpoints[0].every: must be a whole number from 1 to 1000, not 1001"],
        ),
        (
            touchpoint(r#""on": "page", "nth": 2, "every": 3"#),
            &["surveys[0].touchpoints[0].every: stands beside `nth`; write one of the two"],
        ),
        (
            touchpoint(r#""on": "page", "pages": ["/", "", 3, {}, {"regex": 3}, {"glob": "/"}]"#),
            &[
                "surveys[0].touchpoints[0].pages[1]: must be a glob, or { \"regex\": ... }, not \"\"",
                "surveys[0].touchpoints[0].pages[2]: must be a glob, or { \"regex\": ... }, not 3",
                "surveys[0].touchpoints[0].pages[3].regex: is missing",
                "surveys[0].touchpoints[0].pages[4].regex: must be a regular expression, not 3",
                "surveys[0].touchpoints[0].pages[5].glob: is not a known key",
                "surveys[0].touchpoints[0].pages[5].regex: is missing",
            ],
        ),
        (
            touchpoint(r#""on": "page", "after": {"within": "soon", "measure": "yes"}, "cancel_on": []"#),
            &[
                "surveys[0].touchpoints[0].after.within: must be a duration like \"30d\" (s, m, h or d), not \"soon\"",
                "surveys[0].touchpoints[0].after.measure: must be true or false, not \"yes\"",
                "surveys[0].touchpoints[0].after.event: is missing",
                "surveys[0].touchpoints[0].cancel_on: must be a list of at least one, not an empty list",
            ],
        ),
        (
            survey(
                r#""ask": "nps", "audience": {"sample": 25, "devices": ["phone"], "languages": "de", "referer": ["x"]}"#,
            ),
            &[
                "surveys[0].audience.sample: must be a number from 0 to 1, not 25",
                "surveys[0].audience.devices[0]: must be desktop, tablet or mobile, not \"phone\"",
                "surveys[0].audience.languages: must be a list of at least one, not \"de\"",
                "surveys[0].audience.referer: is not a known key; did you mean `referrer`?",
            ],
        ),
        (
            survey(
                r#""ask": "nps", "audience": {"sessions": 3, "pages_seen": {"min": 3, "gte": -1}, "first_seen": {"gt": "1d"}}"#,
            ),
            &[
                "surveys[0].audience.sessions: must be an object, not 3",
                "surveys[0].audience.pages_seen.min: is not a known key",
                "surveys[0].audience.pages_seen.gte: must be a whole number from 0 to 1000000, not -1",
                "surveys[0].audience.first_seen.gt: is not a known key; did you mean `gte`?",
            ],
        ),
        (
            survey(
                r#""ask": "nps", "audience": {"attributes": [{"attribute": "a"}], "query": [{"parameter": "p", "is": "1", "not": "2"}]}"#,
            ),
            &[
                "surveys[0].audience.attributes[0]: needs exactly one operator; write two conditions to ask for two things",
                "surveys[0].audience.query[0]: needs exactly one operator; write two conditions to ask for two things",
            ],
        ),
        (
            survey(
                r#""ask": "nps", "audience": {"window": {"from": "2025-02-29", "weekdays": ["monday"], "hours": {"from": "9:00"}, "zone": 1}}"#,
            ),
            &[
                "surveys[0].audience.window.from: must be a day like \"2026-11-22\", not \"2025-02-29\"",
                "surveys[0].audience.window.weekdays[0]: must be mon, tue, wed, thu, fri, sat or sun, not \"monday\"",
                "surveys[0].audience.window.hours.from: must be a time like \"09:30\", not \"9:00\"",
                "surveys[0].audience.window.hours.until: is missing",
                "surveys[0].audience.window.zone: must be a time zone like \"Europe/Vienna\", not 1",
            ],
        ),
        (
            survey(r#""ask": "nps", "frequency": {"quiet": "1d", "later": 7}, "priority": 101"#),
            &[
                "surveys[0].frequency.quiet: is not a known key",
                "surveys[0].frequency.later: must be a duration like \"30d\" (s, m, h or d), not 7",
                "surveys[0].priority: must be a whole number from -100 to 100, not 101",
            ],
        ),
        (
            r#"{"id": null, "ask": "nps", "touchpoints": [{"on": "call"}]}"#.into(),
            &["surveys[0].id: must be a name of letters, digits, _ and -, not null"],
        ),
        (survey(r#""ask": "nps", "ask": "csat""#), &["surveys[0].ask: is written twice; the last one counts"]),
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
    let (config, problems) = read(&with_surveys(GOOD).replacen(
        '{',
        r#"{"frequency": {"quiet": 3, "across": []}, "theme": {"accent": "red"}, "#,
        1,
    ));
    assert_eq!((config.surveys.len(), config.theme), (1, Value::Null));
    let expect = [
        "frequency.quiet: must be a duration like \"30d\" (s, m, h or d), not 3",
        "frequency.across: must be an object, not an empty list",
        "theme.accent: must be a colour like #3557d6, not \"red\"",
    ];
    assert_eq!(problems, expect);

    let theme = r##"{"shortcut": "", "theme": {"light": {"accent": "#12", "ground": "#fff"}, "dark": "#000", "radius": "4",
        "spacing": "1.em", "font": 3, "density": "cosy"}, "##;
    let (config, problems) = read(&with_surveys(GOOD).replacen('{', theme, 1));
    assert_eq!((config.surveys.len(), config.theme, config.shortcut.as_str()), (1, Value::Null, "F6"));
    let expect = [
        "shortcut: must be a text, not \"\"",
        "theme.light.accent: must be a colour like #3557d6, not \"#12\"",
        "theme.light.ground: is not a known key",
        "theme.dark: must be an object, not \"#000\"",
        "theme.radius: must be a length like \"4px\" (px, em or rem), not \"4\"",
        "theme.spacing: must be a length like \"4px\" (px, em or rem), not \"1.em\"",
        "theme.font: must be a text, not 3",
        "theme.density: must be comfortable or compact, not \"cosy\"",
    ];
    assert_eq!(problems, expect);

    for privacy in [
        r#"{"consent": "maybe"}"#,
        r#"{"signals": true}"#,
        r#"{"page": "query"}"#,
        r#"{"attributes": "plan"}"#,
        r#"{"mask": ["names"]}"#,
        r#"{"region": "eu"}"#,
    ] {
        let (config, problems) = read(&with_surveys(GOOD).replacen('{', &format!(r#"{{"privacy": {privacy}, "#), 1));
        assert!(config.surveys.is_empty(), "{privacy}: a word of a later version must not be passed over here");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
    let (config, _) = read(&with_surveys(GOOD).replacen('{', r#"{"privcy": {"page": "none"}, "#, 1));
    assert!(config.surveys.is_empty(), "nor a typing mistake");

    let with_events = |events| with_surveys(GOOD).replace(r#"/r"}"#, &format!(r#"/r", "events": {events}}}"#));
    for events in ["[]", r#"["shown"]"#, r#"["dismissed", "shown"]"#] {
        let (config, problems) = read(&with_events(events));
        assert_eq!((endpoint(&config), problems.len()), (Some("https://c.example/r"), 0), "{events}");
    }
    let (config, problems) = read(&with_events(r#"["shown", "answered"]"#));
    assert_eq!(endpoint(&config), None);
    assert_eq!(problems, ["delivery.events[1]: must be shown or dismissed, not \"answered\""]);

    for url in [
        "",
        "ftp://x",
        "http://evil.example",
        "//evil.example",
        "http://localhost@evil.example",
        "http://localhost:80:x@e",
    ] {
        let (config, problems) = read(&with_surveys(GOOD).replace("https://c.example/r", url));
        assert_eq!(endpoint(&config), None, "{url}");
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
        assert_eq!(endpoint(&config), Some(url), "{problems:?}");
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

/// Codes stay the same from version to version; a new one is written down here and in docs/check.md.
#[test]
fn the_codes_are_known() {
    const CODES: [&str; 13] = [
        "either-or",
        "misplaced-key",
        "missing-key",
        "no-about",
        "no-question",
        "one-operator",
        "repeated-key",
        "review-gate",
        "same-id",
        "unknown-key",
        "unknown-question",
        "unknown-word",
        "wrong-value",
    ];
    let good = GOOD.replace("good", "two");
    let broken = format!(
        r#"{{"id": "s", "ask": "npz", "ask": "npz", "touchpoints": [{{"on": "call", "delay": 3}}], "colour": 1}}, {{}},
        {{"id": "a", "touchpoints": [{{"on": "page", "nth": 1, "every": 1}}]}},
        {{"id": "b", "touchpoints": [{{"on": "page"}}], "questions": [
            {{"id": "q", "kind": "nps", "when": [{{"question": "x"}}]}}, {{"id": "q", "kind": "text", "text": "?", "when": [{{"question": "x", "is": 1}}]}}]}},
        {{"id": "d", "touchpoints": [{{"on": "page"}}], "questions": [{{"id": "q", "kind": "nps"}}, {{"id": "r", "kind": "statement",
            "link": {{"text": "x", "url": "https://x"}}, "when": [{{"question": "q", "gte": 9}}]}}]}},
        {{"id": "c", "ask": "csat", "priority": "high", "touchpoints": [{{"on": "call"}}]}}, {good}"#
    );
    let document: Value = serde_json::from_str(&with_surveys(&broken).replace(r#""about": "Acme", "#, "")).unwrap();
    let found: BTreeSet<&str> = decode(&document).1.iter().map(|problem| problem.code).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), CODES);
    // No other is written anywhere in the source.
    let source = [include_str!("../src/core/config/decode.rs"), include_str!("../src/core/config/shape.rs")].concat();
    let calls = source.split("problem!(").skip(1).chain(source.split("problem(").skip(1));
    let literal =
        |call: &str| call.trim_start().strip_prefix('"').map(|rest| rest.split('"').next().unwrap().to_string());
    let written: BTreeSet<String> = calls.filter_map(literal).collect();
    assert_eq!(written.into_iter().collect::<Vec<_>>(), CODES);
}

#[test]
fn the_schema_knows_every_key() {
    let schema = schema();
    let survey = schema.get("$defs").get("Survey").get("properties");
    for key in ["id", "about", "ask", "questions", "placement", "position", "tab", "touchpoints", "frequency"] {
        assert!(!survey.get(key).get("description").text().unwrap().is_empty(), "{key}");
    }
    assert_eq!(schema.get("required").list(), [Value::from("delivery"), Value::from("surveys")]);
}
