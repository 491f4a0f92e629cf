//! `asklet check` from outside.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use asklet::core::delivery::check_response;
use serde_json::{Value, json};

const GOOD: &str = r#"{
  "about": "Acme",
  "delivery": { "url": "https://collect.example/responses" },
  "surveys": [{ "id": "s", "ask": "nps", "touchpoints": [{ "on": "page" }] }]
}
"#;

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn asklet(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asklet"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // It may have gone without reading.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// What is found in each of some documents, as `code path`.
fn found(name: &str, documents: &[Value], more: &[&str]) -> Vec<Vec<String>> {
    let folder = folder(name);
    let names: Vec<String> = (0..documents.len()).map(|index| format!("{index}.json")).collect();
    for (name, document) in names.iter().zip(documents) {
        fs::write(folder.join(name), document.to_string()).expect("written");
    }
    let arguments: Vec<&str> =
        names.iter().map(String::as_str).chain(["--format", "json"]).chain(more.iter().copied()).collect();
    let output = asklet(&folder, &arguments, "");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["files"], documents.len());
    let of = |name: &String| {
        let list = report["findings"].as_array().expect("a list").iter();
        let own = list.filter(|finding| finding["file"] == name.as_str());
        own.map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["path"].as_str().unwrap()))
            .collect()
    };
    names.iter().map(of).collect()
}

#[test]
fn findings_are_told_as_compilers_tell_them() {
    let folder = folder("text");
    let broken = r#"{
  "about": "Acme",
  "delivery": { "url": "http://collect.example/responses" },
  "surveys": [
    {
      "id": "s", "ask": "nps",
      "audience": { "sample": 0, "window": { "zone": "Europe/Vienne" } },
      "touchpoints": [{ "on": "page", "dealy": "2s", "pages": [{ "regex": "(" }] }, {}]
    },
    { "id": "ü", "ask": "nps", "touchpoints": [{ "on": "page" }], "audience": { "sample": 0 } },
    { "id": "t", "ask": "nps", "touchpoints": [{ "on": "page" }], "audience": { "sample": 0 } }
  ]
}"#;
    fs::write(folder.join("asklet.json"), broken).expect("written");
    fs::write(folder.join("good.json"), GOOD).expect("written");
    let output = asklet(&folder, &["asklet.json", "good.json"], "");
    let expect = "\
asklet.json:3:24: problem[wrong-value] delivery.url must be an https URL (http only for localhost) or a path, not \"http://collect.example/responses\"
asklet.json:7:54: problem[not-understood] surveys[0].audience.window.zone is no time zone that is known; did you mean \"Europe/Vienna\"?
asklet.json:8:39: problem[unknown-key] surveys[0].touchpoints[0].dealy is not a known key; did you mean `delay`?
asklet.json:8:75: problem[not-understood] surveys[0].touchpoints[0].pages[0].regex is no regular expression: unbalanced parenthesis
asklet.json:8:85: problem[missing-key] surveys[0].touchpoints[1].on is missing
asklet.json:10:13: problem[wrong-value] surveys[1].id must be a name of letters, digits, _ and -, not \"ü\"
asklet.json:11:91: warning[sample-zero] surveys[2].audience.sample is nobody, so the survey is never asked; write a share such as 0.1, or take the survey out
2 files, 6 problems, 1 warning
";
    assert_eq!(text(&output.stdout), expect);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_wrong_in_templates_has_its_place() {
    let folder = folder("templates");
    let broken = r##"{
  "about": "Acme",
  "delivery": {
    "url": "https://a{{survey}}.example/",
    "headers": { "x-who": "{{visitor.id}}", "x key": "1" },
    "batch": { "max": 5 },
    "body": {
      "a": [1, "{{scroe}}"], "b": "{{sent_at|isoo}}", "c": "{{attempt",
      "d": { "#eech": "{{records}}" },
      "e": { "#each": "{{records}}", "as": "r", "do": ["{{q.id}}", "{{config.tabel}}", "{{r.id|or:none}}"] },
      "{{survey}}": { "#if": true }
    },
    "values": { "table": "t" }
  },
  "surveys": [{ "id": "s", "ask": "nps", "touchpoints": [{ "on": "page" }] }]
}"##;
    fs::write(folder.join("asklet.json"), broken).expect("written");
    let output = asklet(&folder, &["asklet.json"], "");
    let places: Vec<String> = text(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("asklet.json:"))
        .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    let expect = [
        "4:12: problem[unknown-path] delivery.url",
        "4:12: problem[answer-in-origin] delivery.url",
        "5:27: problem[unknown-path] delivery.headers.x-who",
        "5:54: problem[wrong-value] delivery.headers.x",
        "8:16: problem[unknown-path] delivery.body.a[1]",
        "8:35: problem[unknown-filter] delivery.body.b",
        "8:60: problem[wrong-template] delivery.body.c",
        "9:14: problem[unknown-operator] delivery.body.d.#eech",
        "10:56: problem[unknown-path] delivery.body.e.do[0]",
        "10:68: problem[unknown-path] delivery.body.e.do[1]",
        "10:88: problem[not-understood] delivery.body.e.do[2]",
        "11:21: problem[wrong-template] delivery.body.{{survey}}",
        "11:21: problem[missing-key] delivery.body.{{survey}}.then",
    ];
    assert_eq!(places, expect, "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("did you mean `config.table`?"), "{}", text(&output.stdout));
    assert!(
        text(&output.stdout).contains("has the default `none`, which is no JSON; a text has quotes: `or:\\\"none\\\"`")
    );
}

#[test]
fn findings_are_told_to_programs() {
    let folder = folder("json");
    let output = asklet(&folder, &["-", "--format", "json"], &GOOD.replace("\"page\"", "\"evnet\""));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expect = json!({
        "files": 1,
        "problems": 1,
        "warnings": 0,
        "findings": [{
            "file": "<stdin>",
            "line": 4,
            "column": 66,
            "severity": "problem",
            "code": "unknown-word",
            "path": "surveys[0].touchpoints[0].on",
            "message": "must be event, page, click, visible, scroll, dwell, idle, exit_intent or call, not \"evnet\"; did you mean \"event\"?",
        }],
    });
    assert_eq!(report, expect);
}

#[test]
fn the_exit_status_says_what_came_of_it() {
    let folder = folder("status");
    let warned = GOOD.replace("\"ask\"", "\"audience\": { \"sample\": 0 }, \"ask\"");
    for (name, content) in [("good", GOOD), ("warned", warned.as_str()), ("wrong", "{}"), ("no", "// no")] {
        fs::write(folder.join(format!("{name}.json")), content).expect("written");
    }
    let table: &[(&[&str], i32, &str)] = &[
        (&["good.json"], 0, "1 file, 0 problems, 0 warnings"),
        (&["good.json", "--strict"], 0, "1 file, 0 problems, 0 warnings"),
        (&["warned.json"], 0, "1 file, 0 problems, 1 warning"),
        (&["warned.json", "--strict"], 1, "1 file, 0 problems, 1 warning"),
        (&["warned.json", "--strict", "--allow", "sample-zero"], 0, "1 file, 0 problems, 0 warnings"),
        (&["wrong.json"], 1, "1 file, 2 problems, 0 warnings"),
        (&["good.json", "no.json"], 1, "2 files, 1 problem, 0 warnings"),
        (&["missing.json", "good.json"], 2, "2 files, 0 problems, 0 warnings"),
        (&["wrong.json", "."], 2, "2 files, 2 problems, 0 warnings"),
        (&[], 2, ""),
        (&["good.json", "--format", "xml"], 2, ""),
        (&["good.json", "--allow", "syntax"], 2, ""),
    ];
    for (arguments, status, last) in table {
        let output = asklet(&folder, arguments, "");
        assert_eq!(output.status.code(), Some(*status), "{arguments:?}");
        assert_eq!(text(&output.stdout).lines().last().unwrap_or_default(), *last, "{arguments:?}");
        assert_eq!(output.stderr.is_empty(), *status != 2, "{arguments:?}: {}", text(&output.stderr));
    }
    assert!(text(&asklet(&folder, &["missing.json"], "").stderr).starts_with("asklet: cannot read missing.json: "));
}

/// A config with these surveys and these other keys.
fn config(surveys: Value, more: Value) -> Value {
    let mut config = json!({ "about": "Acme", "delivery": { "url": "/r" }, "surveys": surveys });
    for (key, value) in more.as_object().expect("an object") {
        config[key] = value.clone();
    }
    config
}

/// One popover at each page, with `more`.
fn survey(more: Value) -> Value {
    let mut survey = json!({ "id": "s", "ask": "nps", "touchpoints": [{ "on": "page" }] });
    for (key, value) in more.as_object().expect("an object") {
        survey[key] = value.clone();
    }
    if !survey["questions"].is_null() {
        survey.as_object_mut().expect("an object").remove("ask");
    }
    survey
}

fn one(more: Value) -> Value {
    config(json!([survey(more)]), json!({}))
}

fn touchpoint(touchpoint: Value) -> Value {
    one(json!({ "touchpoints": [touchpoint] }))
}

fn questions(questions: Value) -> Value {
    one(json!({ "questions": questions }))
}

fn audience(audience: Value) -> Value {
    one(json!({ "audience": audience }))
}

/// A config whose `delivery` has these members too.
fn delivered(more: Value) -> Value {
    let mut delivery = json!({ "url": "/r" });
    delivery.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    config(json!([survey(json!({}))]), json!({ "delivery": delivery }))
}

/// A campaign of a week in a far future, beside a survey that is always there.
fn week(frequency: Value, own: Value) -> Value {
    let window = json!({ "window": { "from": "2999-06-03", "until": "2999-06-09" } });
    let campaign = survey(json!({ "id": "week", "audience": window, "frequency": own }));
    config(json!([survey(json!({})), campaign]), json!({ "frequency": frequency }))
}

/// Each code with configs that get it and nothing else, and with the path at which they get it.
fn warned() -> Vec<(&'static str, &'static str, Value)> {
    let nps = json!({ "id": "score", "kind": "nps" });
    let text = |when: Value| json!({ "id": "why", "kind": "text", "text": "Why?", "when": when });
    let both = |id: &str| json!({ "id": id, "kind": "text", "text": { "en": "Why?", "de": "Warum?" } });
    let choice = |more: Value| {
        let options = json!([{ "id": "price", "text": "The price" }, { "id": "size", "text": "The size" }]);
        let mut choice = json!({ "id": "what", "kind": "choice", "text": "What?", "options": options });
        choice.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        choice
    };
    let after = |earlier: Value, when: Value| questions(json!([earlier, text(json!([when]))]));
    let themed = |theme: Value| config(json!([survey(json!({}))]), json!({ "theme": theme }));
    let key = |name: &str, value: &str| delivered(json!({ "values": { name: value } }));
    let asking = |words: Value| questions(json!([{ "id": "q", "kind": "text", "text": words }]));
    vec![
        ("sample-zero", "surveys[0].audience.sample", audience(json!({ "sample": 0 }))),
        ("window-over", "surveys[0].audience.window.until", audience(json!({ "window": { "until": "2020-01-31" } }))),
        (
            "window-over",
            "surveys[0].audience.window.until",
            audience(json!({ "window": { "from": "2020-01-01", "until": "2020-01-31", "zone": "Asia/Kolkata" } })),
        ),
        (
            "window-never",
            "surveys[0].audience.window",
            audience(json!({ "window": { "from": "2999-02-01", "until": "2999-01-31" } })),
        ),
        // 3 June 2999 is a Monday.
        (
            "window-never",
            "surveys[0].audience.window",
            audience(json!({ "window": { "from": "2999-06-03", "until": "2999-06-05", "weekdays": ["sat", "sun"] } })),
        ),
        ("wait-over-window", "surveys[1].audience.window", week(json!({}), json!({}))),
        ("wait-over-window", "surveys[1].audience.window", week(json!({ "quiet": "8d" }), json!({}))),
        ("wait-over-window", "surveys[1].frequency.later", week(json!({ "quiet": "1d" }), json!({ "later": "30d" }))),
        ("wait-over-window", "frequency.later", week(json!({ "quiet": "1d", "later": "8d" }), json!({}))),
        ("page-never", "surveys[0].touchpoints[0].pages[0]", touchpoint(json!({ "on": "page", "pages": ["help"] }))),
        (
            "page-never",
            "surveys[0].touchpoints[0].pages[0].regex",
            touchpoint(json!({ "on": "page", "pages": [{ "regex": "^/help" }] })),
        ),
        ("page-never", "surveys[0].audience.referrer[0]", audience(json!({ "referrer": ["google.com/**"] }))),
        ("page-never", "surveys[0].audience.referrer[0]", audience(json!({ "referrer": ["https://google.com"] }))),
        (
            "pages-none",
            "surveys[0].touchpoints[0].pages",
            touchpoint(json!({ "on": "scroll", "percent": 50, "pages": ["/help/*", "!/help/**"] })),
        ),
        (
            "after-never",
            "surveys[0].touchpoints[0].after.within",
            touchpoint(json!({ "on": "page", "after": { "event": "opened", "within": "0s" } })),
        ),
        ("for-too-long", "surveys[0].touchpoints[0].for", touchpoint(json!({ "on": "dwell", "for": "30d" }))),
        ("never-holds", "surveys[0].audience.query[0]", audience(json!({ "query": [{ "parameter": "n", "gte": 5 }] }))),
        ("never-holds", "surveys[0].audience.query[0]", audience(json!({ "query": [{ "parameter": "n", "is": 5 }] }))),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            questions(json!([nps, text(json!([{ "question": "score", "is": 11 }]))])),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            questions(json!([nps, text(json!([{ "question": "score", "bucket": "dissatisfied" }]))])),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            questions(
                json!([{ "id": "score", "kind": "ces", "points": 5 }, text(json!([{ "question": "score", "gt": 5 }]))]),
            ),
        ),
        (
            "never-holds",
            "surveys[0].questions[2].when[0]",
            questions(
                json!([nps, { "id": "hi", "kind": "statement", "text": "Hi" }, text(json!([{ "question": "hi", "answered": true }]))]),
            ),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(choice(json!({})), json!({ "question": "what", "is": "colour" })),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(choice(json!({ "several": true })), json!({ "question": "what", "is": "price" })),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(choice(json!({ "several": true })), json!({ "question": "what", "contains": "other" })),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(json!({ "id": "ok", "kind": "consent", "text": "Well?" }), json!({ "question": "ok", "is": "yes" })),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(
                json!({ "id": "ok", "kind": "consent", "text": "Well?", "required": true }),
                json!({ "question": "ok", "is": false }),
            ),
        ),
        (
            "never-holds",
            "surveys[0].questions[1].when[0]",
            after(
                json!({ "id": "score", "kind": "csat", "look": "thumbs" }),
                json!({ "question": "score", "bucket": "neutral" }),
            ),
        ),
        (
            "always-holds",
            "surveys[0].questions[1].when[0]",
            after(choice(json!({ "several": true })), json!({ "question": "what", "not": "price" })),
        ),
        (
            "always-holds",
            "surveys[0].audience.query[0]",
            audience(json!({ "query": [{ "parameter": "n", "not": 5 }] })),
        ),
        (
            "always-holds",
            "surveys[0].questions[1].when[0]",
            questions(json!([nps, text(json!([{ "question": "score", "not": 11 }]))])),
        ),
        (
            "contradiction",
            "surveys[0].touchpoints[0].where[1]",
            touchpoint(
                json!({ "on": "event", "name": "x", "where": [{ "property": "n", "gte": 5 }, { "property": "n", "lt": 3 }] }),
            ),
        ),
        (
            "contradiction",
            "surveys[0].audience.attributes[2]",
            audience(json!({ "attributes": [
                { "attribute": "plan", "in": ["pro", "team"] },
                { "attribute": "plan", "not": "pro" },
                { "attribute": "plan", "not": "team" },
                { "attribute": "age", "gte": 5 },
            ] })),
        ),
        ("contradiction", "surveys[0].audience.sessions", audience(json!({ "sessions": { "gte": 5, "lt": 3 } }))),
        ("contradiction", "surveys[0].audience.sessions", audience(json!({ "sessions": { "gt": 3, "lt": 4 } }))),
        ("contradiction", "surveys[0].audience.pages_seen", audience(json!({ "pages_seen": { "lt": 1 } }))),
        (
            "contradiction",
            "surveys[0].audience.first_seen",
            audience(json!({ "first_seen": { "gte": "30d", "lt": "7d" } })),
        ),
        (
            "contradiction",
            "surveys[0].questions[1].when[1]",
            questions(json!([
                nps,
                text(json!([{ "question": "score", "bucket": "promoter" }, { "question": "score", "lte": 6 }]))
            ])),
        ),
        (
            "contradiction",
            "surveys[0].questions[1].when[1]",
            questions(json!([
                choice(json!({})),
                text(json!([{ "question": "what", "is": "price" }, { "question": "what", "is": "size" }]))
            ])),
        ),
        // No more than two.
        (
            "contradiction",
            "surveys[0].questions[1].when[2]",
            questions(json!([
                choice(json!({ "several": true, "most": 2, "other": true })),
                text(json!([
                    { "question": "what", "contains": "price" },
                    { "question": "what", "contains": "size" },
                    { "question": "what", "contains": "other" }
                ]))
            ])),
        ),
        // A box that is not ticked is an answer.
        (
            "question-never",
            "surveys[0].questions[1]",
            after(
                json!({ "id": "ok", "kind": "consent", "text": "Well?" }),
                json!({ "question": "ok", "answered": false }),
            ),
        ),
        // Who chose the price is asked more, and nobody else is.
        (
            "question-never",
            "surveys[0].questions[2]",
            questions(json!([
                choice(json!({ "several": true })),
                text(json!([{ "question": "what", "contains": "price" }])),
                { "id": "more", "kind": "text", "text": "More?",
                  "when": [{ "question": "why", "answered": true }, { "question": "what", "answered": false }] },
            ])),
        ),
        // It is required, so never passed over.
        (
            "question-never",
            "surveys[0].questions[1]",
            questions(json!([nps, text(json!([{ "question": "score", "answered": false }]))])),
        ),
        // `why` is asked detractors only.
        (
            "question-never",
            "surveys[0].questions[2]",
            questions(json!([
                nps,
                text(json!([{ "question": "score", "bucket": "detractor" }])),
                { "id": "more", "kind": "text", "text": "More?",
                  "when": [{ "question": "why", "answered": true }, { "question": "score", "gte": 9 }] },
            ])),
        ),
        (
            "one-option",
            "surveys[0].questions[0].options",
            questions(json!([choice(json!({ "options": [{ "id": "a", "text": "A" }] }))])),
        ),
        (
            "regex-runaway",
            "surveys[0].touchpoints[0].where[0].matches",
            touchpoint(
                json!({ "on": "event", "name": "x", "where": [{ "property": "p", "matches": "^(\\w+\\s?)*$" }] }),
            ),
        ),
        (
            "regex-runaway",
            "surveys[0].touchpoints[0].pages[0].regex",
            touchpoint(json!({ "on": "page", "pages": [{ "regex": "/(a|a)*/x" }] })),
        ),
        ("contrast", "theme.accent", config(json!([survey(json!({}))]), json!({ "theme": { "accent": "#ffe100" } }))),
        (
            "contrast",
            "theme.accent",
            config(json!([survey(json!({}))]), json!({ "theme": { "accent": "#17604a", "scheme": "dark" } })),
        ),
        ("contrast", "theme.accent", themed(json!({ "accent": "#ffe100", "light": { "text": "#333" } }))),
        ("contrast", "theme.light.accent", themed(json!({ "light": { "accent": "#ffe100" } }))),
        ("contrast", "theme.dark.accent", themed(json!({ "accent": "#17604a", "dark": { "accent": "#17604a" } }))),
        // It is for the dark scheme alone then.
        ("contrast", "theme.accent", themed(json!({ "accent": "#17604a", "light": { "accent": "#17604a" } }))),
        ("contrast", "theme.light.text", themed(json!({ "light": { "text": "#808080" } }))),
        (
            "contrast",
            "theme.dark.text",
            themed(json!({ "scheme": "dark", "dark": { "background": "#222", "text": "#777777" } })),
        ),
        ("contrast", "theme.light.background", themed(json!({ "light": { "background": "#444", "accent": "#fff" } }))),
        ("contrast", "theme.light.background", themed(json!({ "light": { "background": "#888" } }))),
        ("contrast", "theme.dark.background", themed(json!({ "dark": { "background": "#ddd", "accent": "#000" } }))),
        ("shortcut", "shortcut", config(json!([survey(json!({}))]), json!({ "shortcut": "f" }))),
        ("shortcut", "shortcut", config(json!([survey(json!({}))]), json!({ "shortcut": "Alt+F6" }))),
        ("shortcut", "shortcut", config(json!([survey(json!({}))]), json!({ "shortcut": "f6" }))),
        ("shortcut", "shortcut", config(json!([survey(json!({}))]), json!({ "shortcut": "Tab" }))),
        ("language-tag", "locale", config(json!([survey(json!({}))]), json!({ "locale": "de_AT" }))),
        ("language-tag", "surveys[0].audience.languages[0]", audience(json!({ "languages": ["en_US"] }))),
        (
            "language-tag",
            "surveys[0].questions[0].text.pt_BR",
            questions(json!([{ "id": "q", "kind": "text", "text": { "pt_BR": "Por quê?" } }])),
        ),
        (
            "missing-translation",
            "surveys[0].questions[1].hint",
            questions(
                json!([both("a"), { "id": "b", "kind": "text", "text": { "en": "And?", "de": "Und?" }, "hint": { "en": "Hint" } }]),
            ),
        ),
        // What is built in speaks no Icelandic.
        (
            "missing-translation",
            "surveys[0].questions[0]",
            questions(
                json!([nps, { "id": "why", "kind": "text", "text": { "en": "Why?", "de": "Warum?", "is": "Hvers vegna?" } }]),
            ),
        ),
        (
            "missing-translation",
            "surveys[0].questions[1].options[1].text",
            questions(json!([
                both("why"),
                choice(json!({ "options": [
                { "id": "a", "text": { "en": "The price", "de": "Der Preis" } },
                { "id": "b", "text": { "en": "The size" } },
            ] }))
            ])),
        ),
        (
            "missing-translation",
            "surveys[0].questions[1].label",
            questions(json!([
                both("why"),
                { "id": "ok", "kind": "consent", "text": { "en": "Well?", "de": "Gut?" }, "label": { "en": "Yes" } },
            ])),
        ),
        (
            "missing-translation",
            "surveys[0].tab",
            one(json!({ "placement": "tab", "tab": { "en": "Tell us" }, "questions": [both("why")] })),
        ),
        (
            "missing-translation",
            "about",
            config(
                json!([survey(json!({ "questions": [nps, both("why")] }))]),
                json!({ "about": { "en": "the shop" } }),
            ),
        ),
        (
            "missing-translation",
            "about",
            config(
                json!([survey(
                    json!({ "questions": [{ "id": "q", "kind": "text", "text": { "en": "{about}?", "de": "{about}?" } }] })
                )]),
                json!({ "about": { "en": "the shop" } }),
            ),
        ),
        (
            "missing-translation",
            "surveys[0].questions[0].text",
            config(json!([survey(json!({ "questions": [both("q")] }))]), json!({ "locale": "fr" })),
        ),
        (
            "no-built-in-texts",
            "surveys[0].questions[0].text.is",
            asking(json!({ "en": "Why?", "is": "Hvers vegna?", "is-IS": "Hvers vegna?" })),
        ),
        ("no-built-in-texts", "locale", config(json!([survey(json!({}))]), json!({ "locale": "is" }))),
        (
            "no-built-in-texts",
            "locale",
            config(
                json!([survey(
                    json!({ "questions": [{ "id": "q", "kind": "text", "text": { "is": "Hvers vegna?" } }] })
                )]),
                json!({ "locale": "is-IS" }),
            ),
        ),
        ("pseudo-locale", "locale", config(json!([survey(json!({}))]), json!({ "locale": "en-XA" }))),
        ("no-fallback", "surveys[0].questions[0].text", asking(json!("With us since {since}?"))),
        (
            "no-fallback",
            "surveys[0].questions[0].text.de",
            asking(json!({ "en": "With us since {since|a while}?", "de": "Dabei seit {since}?" })),
        ),
        ("no-fallback", "surveys[0].questions[0].text", asking(json!("Why {About}?"))),
        ("no-fallback", "surveys[0].questions[0].text", asking(json!("Why { about }?"))),
        ("no-fallback", "surveys[0].questions[0].text", asking(json!("Why { plan | free }?"))),
        (
            "no-fallback",
            "surveys[0].questions[0].options[0].text",
            questions(json!([choice(
                json!({ "options": [{ "id": "a", "text": "{plan}" }, { "id": "b", "text": "B" }] })
            )])),
        ),
        ("no-fallback", "surveys[0].tab", one(json!({ "placement": "tab", "tab": "Hello {name}" }))),
        // Nobody is sure to have it: show() asks everybody.
        (
            "no-fallback",
            "surveys[0].questions[0].text",
            one(json!({
                "questions": [{ "id": "q", "kind": "text", "text": "Since {since}?" }],
                "audience": { "attributes": [{ "attribute": "since", "not": "1999" }] },
            })),
        ),
        (
            "inline-exit",
            "surveys[0].touchpoints[0].on",
            one(json!({ "placement": "inline", "touchpoints": [{ "on": "exit_intent" }] })),
        ),
        ("modal-unasked", "surveys[0].placement", one(json!({ "placement": "modal" }))),
        (
            "no-effect",
            "surveys[0].audience",
            one(json!({ "touchpoints": [{ "on": "call" }], "audience": { "sample": 0 } })),
        ),
        ("no-effect", "surveys[0].priority", one(json!({ "placement": "inline", "priority": 5 }))),
        (
            "no-effect",
            "surveys[0].frequency.later",
            one(json!({ "placement": "inline", "frequency": { "later": "5d" } })),
        ),
        (
            "no-effect",
            "frequency.quiet",
            config(json!([survey(json!({ "placement": "inline" }))]), json!({ "frequency": { "quiet": "5d" } })),
        ),
        (
            "no-effect",
            "frequency.quiet",
            config(json!([survey(json!({ "placement": "tab" }))]), json!({ "frequency": { "quiet": "5d" } })),
        ),
        (
            "no-effect",
            "frequency.answered",
            config(json!([survey(json!({ "placement": "tab" }))]), json!({ "frequency": { "answered": "5d" } })),
        ),
        (
            "no-effect",
            "surveys[0].frequency.declined",
            one(json!({ "placement": "tab", "frequency": { "declined": "5d" } })),
        ),
        ("no-effect", "surveys[0].priority", one(json!({ "placement": "tab", "priority": 5 }))),
        (
            "no-effect",
            "surveys[0].interrupt",
            one(json!({
                "placement": "modal",
                "interrupt": true,
                "touchpoints": [{ "on": "click", "selector": "#tell" }, { "on": "call" }],
            })),
        ),
        (
            "no-effect",
            "surveys[0].questions[0].most",
            questions(json!([choice(json!({ "several": true, "most": 3, "other": true }))])),
        ),
        (
            "no-effect",
            "surveys[0].questions[0].shuffle",
            questions(json!([choice(
                json!({ "options": [{ "id": "a", "text": "A" }], "other": true, "shuffle": true })
            )])),
        ),
        ("no-effect", "theme.dark", themed(json!({ "scheme": "light", "dark": { "accent": "#fff" } }))),
        (
            "no-effect",
            "theme.accent",
            themed(json!({ "accent": "#000", "light": { "accent": "#000" }, "dark": { "accent": "#fff" } })),
        ),
        (
            "no-effect",
            "frequency.per_session",
            config(json!([survey(json!({}))]), json!({ "frequency": { "per_session": 3 } })),
        ),
        ("no-effect", "delivery.headers.Cookie", delivered(json!({ "headers": { "Cookie": "a=b" } }))),
        (
            "same-touchpoints",
            "surveys[1].touchpoints",
            config(json!([survey(json!({})), survey(json!({ "id": "t", "ask": "csat" }))]), json!({})),
        ),
        (
            "same-touchpoints",
            "surveys[1].touchpoints",
            config(json!([survey(json!({})), survey(json!({ "id": "t", "placement": "sheet" }))]), json!({})),
        ),
        (
            "same-touchpoints",
            "surveys[1].touchpoints",
            config(
                json!([
                    survey(json!({ "placement": "tab" })),
                    survey(json!({ "id": "t", "placement": "tab", "position": "bottom-end" })),
                ]),
                json!({}),
            ),
        ),
        (
            "local-endpoint",
            "delivery.url",
            config(json!([survey(json!({}))]), json!({ "delivery": { "url": "http://localhost:8787/responses" } })),
        ),
        (
            "local-endpoint",
            "delivery.url",
            delivered(json!({ "url": "{{config.host}}/r", "values": { "host": "http://localhost:8080" } })),
        ),
        ("public-secret", "delivery.values.api_secret", key("api_secret", "x")),
        ("public-secret", "delivery.values.accessToken", key("accessToken", "x")),
        ("public-secret", "delivery.values.key", key("key", "sk_live_0123456789")),
        (
            "public-secret",
            "delivery.headers.Authorization",
            delivered(json!({ "headers": { "Authorization": "Bearer 0123456789" } })),
        ),
        (
            "public-secret",
            "delivery.headers.x-auth-token",
            delivered(json!({ "headers": { "x-auth-token": "0123456789" } })),
        ),
        ("public-secret", "delivery.url", delivered(json!({ "url": "https://a.example/r?token=0123" }))),
        (
            "public-secret",
            "delivery.single.headers.x-api-key",
            delivered(json!({ "single": { "headers": { "x-api-key": "0123456789" } } })),
        ),
        (
            "unstable-body",
            "delivery.body.n",
            delivered(
                json!({ "headers": { "Idempotency-Key": "{{id}}" }, "body": { "id": "{{id}}", "n": "{{attempt}}" } }),
            ),
        ),
        (
            "unstable-body",
            "delivery.body[1]",
            delivered(json!({ "headers": { "idempotency-key": "{{id}}" }, "body": ["{{id}}", "at {{sent_at|s}}"] })),
        ),
        ("no-id", "delivery.body", delivered(json!({ "body": { "score": "{{score}}", "who": "{{visitor.id}}" } }))),
        (
            "no-id",
            "delivery.body",
            delivered(
                json!({ "batch": { "max": 5 }, "body": { "#each": "{{records}}", "as": "r", "do": "{{r.visitor.id}}" } }),
            ),
        ),
        (
            "no-id",
            "delivery.single.body",
            delivered(json!({ "batch": { "max": 5 }, "single": { "body": "{{comment}}" } })),
        ),
    ]
}

#[test]
fn what_is_surely_not_meant_is_warned_of() {
    let table = warned();
    let documents: Vec<Value> = table.iter().map(|(.., document)| document.clone()).collect();
    for ((code, path, document), found) in table.iter().zip(found("warned", &documents, &[])) {
        assert_eq!(found, [format!("{code} {path}")], "{document:#}");
    }
}

/// The codes of docs/check.md's tables, in their order.
fn documented() -> [Vec<String>; 2] {
    let page = include_str!("../../docs/check.md");
    let (_, tables) = page.split_once("### Problems").expect("problems");
    let (problems, warnings) = tables.split_once("### Warnings").expect("warnings");
    [problems, warnings].map(|table| {
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.filter_map(|row| row.split_once('`')).map(|(code, _)| code.to_string()).collect()
    })
}

#[test]
fn every_warning_is_documented_and_tested() {
    let mut tested: Vec<&str> = warned().iter().map(|(code, ..)| *code).collect();
    tested.dedup();
    assert_eq!(documented()[1], tested);
}

/// Legal, and maybe meant: no word about it.
#[test]
fn nothing_else_is_warned_of() {
    let nps = json!({ "id": "score", "kind": "nps" });
    let plain = |id: &str, when: Value| json!({ "id": id, "kind": "text", "text": "Why?", "when": when });
    let table = [
        serde_json::from_str(GOOD).expect("JSON"),
        // Only show() asks.
        one(json!({ "touchpoints": [{ "on": "call", "stage": "purchase" }] })),
        // Once in a campaign, as the only popover.
        config(
            json!([survey(
                json!({ "audience": { "window": { "from": "2999-01-01", "until": "2999-01-07" } }, "frequency": { "answered": "365d", "shown": "365d" } })
            )]),
            json!({ "frequency": { "quiet": "90d" } }),
        ),
        audience(json!({ "window": { "hours": { "from": "22:00", "until": "06:00" }, "weekdays": ["sat"] } })),
        audience(
            json!({ "window": { "from": "2999-06-03", "until": "2999-06-08", "weekdays": ["sat"], "hours": { "from": "00:00", "until": "00:01" } } }),
        ),
        audience(json!({ "sample": 0.0001, "sessions": { "gte": 1, "lte": 1 }, "pages_seen": { "gt": 2, "lt": 4 } })),
        audience(json!({ "first_seen": { "gte": "7d", "lt": "30d" }, "languages": ["de", "zh-Hant-TW"] })),
        audience(json!({ "query": [{ "parameter": "n", "in": ["5", "6"] }, { "parameter": "n", "not": "5" }] })),
        audience(
            json!({ "attributes": [{ "attribute": "age", "gte": 18 }, { "attribute": "age", "lt": 65 }, { "attribute": "name", "lt": 3 }] }),
        ),
        audience(
            json!({ "referrer": ["https://*.google.com/**", "https://**", { "regex": "^https://(www\\.)?bing\\." }] }),
        ),
        touchpoint(
            json!({ "on": "event", "name": "x", "after": { "event": "x", "within": "1m" }, "every": 2, "delay": "3d", "cancel_on": ["x"] }),
        ),
        touchpoint(
            json!({ "on": "event", "name": "x", "where": [{ "property": "n", "gt": 3 }, { "property": "n", "lt": 4 }, { "property": "n", "not": 3.5 }] }),
        ),
        touchpoint(json!({ "on": "page", "pages": ["/help/**", "!/help/*/print", { "regex": "[?&]step=3" }] })),
        touchpoint(json!({ "on": "page", "pages": [{ "regex": "^https://shop\\.example/(?:[^/]+/)*basket$" }] })),
        touchpoint(json!({ "on": "idle", "for": "12h" })),
        // A question for those who skipped one, and one that only comes if another did not.
        questions(json!([
            { "id": "score", "kind": "nps", "required": false },
            plain("a", json!([{ "question": "score", "answered": false }])),
            plain("b", json!([{ "question": "a", "answered": false }, { "question": "score", "gte": 9 }])),
        ])),
        questions(json!([
            nps,
            plain("a", json!([{ "question": "score", "bucket": "detractor" }])),
            plain("b", json!([{ "question": "a", "answered": false }, { "question": "score", "lte": 6 }])),
            plain("c", json!([{ "question": "a", "contains": "late" }, { "question": "a", "not": "late" }])),
        ])),
        // Each reason has its own follow-up, and whoever gave any is asked for more.
        questions(json!([
            {
                "id": "what", "kind": "choice", "text": "What?", "several": true, "most": 2, "shuffle": true, "other": true,
                "options": (0..14).map(|n| json!({ "id": format!("o{n}"), "text": "?" })).collect::<Vec<_>>(),
            },
            plain("a", json!([{ "question": "what", "contains": "o3" }])),
            plain("b", json!([{ "question": "what", "contains": "other" }, { "question": "a", "answered": false }])),
            plain("c", json!([{ "question": "a", "answered": true }, { "question": "b", "answered": false }])),
            plain("d", json!([{ "question": "what", "answered": false }])),
        ])),
        questions(json!([
            { "id": "what", "kind": "choice", "text": "What?", "options": [{ "id": "a", "text": "A" }], "other": true },
            plain("a", json!([{ "question": "what", "in": ["other", "b"] }])),
            { "id": "mail", "kind": "email", "text": "Your address?", "when": [{ "question": "what", "is": "a" }] },
            { "id": "ok", "kind": "consent", "text": "May we write to you?", "when": [{ "question": "mail", "answered": true }] },
            plain("b", json!([{ "question": "ok", "is": false }])),
            plain("c", json!([{ "question": "ok", "answered": false }, { "question": "mail", "answered": false }])),
        ])),
        // A link for everybody, in two sentences.
        questions(json!([
            nps,
            { "id": "glad", "kind": "statement", "text": "Glad!", "when": [{ "question": "score", "gte": 7 }],
              "link": { "text": "Review us", "url": "https://reviews.example/acme" } },
            { "id": "sorry", "kind": "statement", "text": "Sorry!", "when": [{ "question": "score", "lt": 7 }],
              "link": { "text": "Tell others", "url": "https://reviews.example/acme" } },
        ])),
        // Names that are filled, or are none.
        questions(json!([
            { "id": "a", "kind": "text", "text": "Since {since|a while}, {name|}: {about}, {} {x, y} {a|}?", "hint": "{about|it}" },
        ])),
        one(json!({
            "questions": [{ "id": "q", "kind": "text", "text": "How is {plan}?" }],
            "audience": { "attributes": [{ "attribute": "plan", "exists": true }] },
        })),
        // Acts of the visitor's, and an owner who insists.
        one(json!({ "placement": "modal", "touchpoints": [{ "on": "page" }, { "on": "click", "selector": "a" }] })),
        one(json!({ "placement": "modal", "interrupt": true })),
        one(json!({ "placement": "modal", "interrupt": false })),
        one(json!({ "placement": "modal", "touchpoints": [{ "on": "call" }] })),
        // A tab for everybody; and two that stand apart.
        config(
            json!([
                survey(
                    json!({ "placement": "tab", "tab": { "en": "Tell us", "de": "Sagen Sie es uns" }, "frequency": { "answered": "30d" } })
                ),
                survey(json!({ "id": "b", "placement": "tab", "position": "top" })),
                survey(json!({ "id": "c", "placement": "popover", "beside": "#price" })),
            ]),
            json!({ "frequency": { "answered": "30d", "quiet": "10d" }, "shortcut": "F8" }),
        ),
        one(json!({ "placement": "tab", "touchpoints": [{ "on": "exit_intent" }] })),
        // Plain texts fit every language; de serves de-AT.
        questions(json!([
            { "id": "a", "kind": "text", "text": { "en": "Why?", "de": "Warum?" }, "hint": "…" },
            { "id": "b", "kind": "text", "text": { "en": "And?", "de": "Und?", "de-AT": "Und?" } },
            { "id": "c", "kind": "text", "text": "?" },
        ])),
        config(json!([survey(json!({}))]), json!({ "about": { "en": "Acme", "de": "Acme GmbH" }, "locale": "de" })),
        // Each its own moment, or its own people, or its turn.
        config(
            json!([
                survey(json!({ "priority": 1 })),
                survey(json!({ "id": "b" })),
                survey(json!({ "id": "c", "audience": { "devices": ["mobile"] } })),
                survey(json!({ "id": "d", "touchpoints": [{ "on": "page", "delay": "1s" }] })),
                survey(json!({ "id": "e", "placement": "inline" })),
                survey(json!({ "id": "f", "placement": "inline" })),
                survey(json!({ "id": "g", "touchpoints": [{ "on": "call" }] })),
                survey(json!({ "id": "h", "touchpoints": [{ "on": "call" }] })),
            ]),
            json!({}),
        ),
        // Several in a row are meant.
        config(
            json!([survey(json!({})), survey(json!({ "id": "t" }))]),
            json!({ "frequency": { "quiet": "0s", "per_session": 2 } }),
        ),
        config(json!([survey(json!({}))]), json!({ "frequency": { "quiet": "1h", "per_session": 3 } })),
        // A share each; and campaigns far apart.
        config(
            json!([
                survey(json!({ "audience": { "sample": 0.5 } })),
                survey(json!({ "id": "b", "audience": { "sample": 0.5 } })),
            ]),
            json!({}),
        ),
        config(
            json!([
                survey(json!({ "audience": { "window": { "from": "2999-01-01", "until": "2999-01-07" } } })),
                survey(json!({ "id": "b", "audience": { "window": { "from": "2999-03-01", "until": "2999-03-07" } } })),
            ]),
            json!({}),
        ),
        week(json!({ "quiet": "7d", "later": "3d" }), json!({ "declined": "90d" })),
        config(json!([survey(json!({}))]), json!({ "theme": { "accent": "#a9baff", "scheme": "dark" } })),
        config(json!([survey(json!({}))]), json!({ "theme": { "accent": "#17604a", "scheme": "auto" } })),
        config(
            json!([survey(json!({}))]),
            json!({ "theme": {
                "accent": "#17604a",
                "light": { "background": "#fffaf0", "text": "#222222" },
                "dark": { "accent": "#8fd", "background": "#000", "text": "#eee" },
                "radius": "0", "font": "Georgia, serif", "density": "compact", "spacing": ".75rem",
            } }),
        ),
        // The metrics' own wording, in a language that has it.
        questions(json!([nps, { "id": "why", "kind": "text", "text": { "en": "Why?", "de": "Warum?" } }])),
        config(json!([survey(json!({}))]), json!({ "locale": "en-GB" })),
        config(json!([survey(json!({}))]), json!({ "locale": "zh-TW" })),
        config(json!([]), json!({ "frequency": { "quiet": "5d" } })),
        // Keys that are made for the public; ids in any place; times beside no idempotency key.
        delivered(
            json!({ "values": { "anon_key": "eyJ", "write_key": "x", "publicToken": "x", "key": "x", "table": "secretary" } }),
        ),
        delivered(
            json!({ "headers": { "authorization": "Bearer {{config.key}}", "x-api-key": "pk_public_0123" }, "values": { "key": "k" } }),
        ),
        delivered(json!({ "url": "/r?api_key={{config.key}}&token_type=x", "values": { "key": "k" } })),
        delivered(json!({ "url": "/r/{{id}}", "body": { "score": "{{score}}" } })),
        delivered(json!({ "headers": { "x-id": "{{id}}" }, "body": { "score": "{{score}}" } })),
        delivered(json!({ "body": { "id": "{{id}}", "at": "{{sent_at}}", "n": "{{attempt}}" } })),
        delivered(
            json!({ "headers": { "idempotency-key": "{{id}}" }, "body": { "id": "{{id}}", "at": "{{answered_at}}" } }),
        ),
        delivered(json!({ "batch": { "max": 5 }, "encode": "ndjson" })),
        delivered(json!({ "batch": { "max": 5 }, "body": { "all": "{{records}}" } })),
        delivered(
            json!({ "batch": { "max": 5 }, "body": { "#each": "{{ records }}", "do": { "#merge": ["{{it}}", { "a": 1 }] } } }),
        ),
        delivered(
            json!({ "batch": { "max": 5 }, "body": { "#map": "{{records}}", "as": "r", "key": "{{r.id|hex}}", "value": "{{r.score}}" } }),
        ),
        delivered(
            json!({ "batch": { "max": 5 }, "body": { "key": "{{batch.id}}" }, "single": { "url": "/one/{{id}}", "body": "{{comment|or:\"\"}}" } }),
        ),
    ];
    for (document, found) in table.iter().zip(found("unwarned", &table, &[])) {
        assert_eq!(found, [""; 0], "{document:#}");
    }
}

/// The demo posts to its own endpoint on this machine. Of everything else nothing is wrong.
#[test]
fn the_demo_is_fine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = asklet(&root, &["demo/asklet.json", "--strict", "--allow", "local-endpoint"], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

/// Every config in the docs, and every part of one, is right. Their days may pass.
#[test]
fn the_docs_are_fine() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(docs).expect("docs").map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    let (mut documents, mut responses) = (Vec::new(), Vec::new());
    for page in &pages {
        let content = fs::read_to_string(page).expect("a page");
        for block in content.split("```json\n").skip(1) {
            let block = block.split("```").next().unwrap_or_default();
            let part: Value = serde_json::from_str(block)
                .or_else(|_| serde_json::from_str(&format!("{{{block}}}")))
                .unwrap_or_else(|error| panic!("{}: {error} in {block}", page.display()));
            let has = |key: &str| part.get(key).is_some();
            let is_survey = ["audience", "ask", "questions"].iter().any(|key| has(key));
            let is_config = ["frequency", "privacy", "theme", "delivery"].iter().any(|key| has(key)) && !has("id");
            documents.extend(match () {
                () if has("surveys") => Some(part.clone()),
                () if is_survey => Some(one(part.clone())),
                () if is_config => Some(config(json!([survey(json!({}))]), part.clone())),
                () if has("on") => Some(touchpoint(part.clone())),
                // A response document, an answer of an endpoint.
                () => None,
            });
            responses.extend(has("answers").then_some(part));
        }
    }
    assert!(documents.len() >= 28, "{}", documents.len());
    assert!(responses.len() >= 2, "{}", responses.len());
    for mut response in responses {
        // Some show their answers only.
        let whole = json!({ "id": "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e", "revision": 1, "status": "partial", "survey": "s",
            "shown_at": "2026-11-22T13:00:00.000Z", "answered_at": "2026-11-22T13:00:07.412Z" });
        for (key, value) in whole.as_object().expect("an object") {
            response.as_object_mut().expect("an object").entry(key).or_insert(value.clone());
        }
        let document = serde_json::from_value(response.clone()).expect("any JSON will do");
        assert_eq!(check_response(&document), [], "{response:#}");
    }
    let allowed = ["--allow", "window-over"];
    for (document, found) in documents.iter().zip(found("docs", &documents, &allowed)) {
        assert_eq!(found, [""; 0], "{document:#}");
    }
}

/// Anything at all can be handed in.
#[test]
fn nothing_breaks_it() {
    let folder = folder("odd");
    let pieces = [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"x\"",
        "{\"surveys\": {}}",
        "{\"surveys\": [[[]]]}",
        "{\"a.b[0]\": {\"[\": 1}}",
        "\u{0}",
        "{\"surveys\": [{\"questions\": [{}, 3, null]}]}",
    ];
    for piece in pieces {
        let output = asklet(&folder, &["-"], piece);
        assert_eq!(output.status.code(), Some(1), "{piece}: {}", text(&output.stderr));
        assert!(output.stderr.is_empty(), "{piece}: {}", text(&output.stderr));
    }
    let deep = "[".repeat(1_000_000);
    assert_eq!(asklet(&folder, &["-"], &deep).status.code(), Some(1));
}
