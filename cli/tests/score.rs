//! `asklet score` as its users run it: files in, figures out.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn asklet(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asklet"));
    command.arg("score").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

/// The JSON for `input`, and what was said besides.
fn figures(arguments: &[&str], input: &str) -> (Value, String) {
    let output = asklet(&[&["-", "--format", "json"], arguments].concat(), input);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    (serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}")), said)
}

/// A figure of a group, found by what it is split by.
fn figure<'a>(found: &'a Value, by: &[(&str, &str)], name: &str) -> &'a Value {
    let fits = |group: &&Value| by.iter().all(|(key, value)| group["by"][key] == *value);
    let group = found["groups"].as_array().expect("groups").iter().find(fits);
    let figures =
        group.unwrap_or_else(|| panic!("no group {by:?} in {found:#}"))["figures"].as_array().expect("figures");
    figures.iter().find(|figure| figure["figure"] == name).unwrap_or(&Value::Null)
}

fn response(id: u32, revision: u32, point: u32) -> Value {
    json!({
        "id": format!("0198f0a0-7c1e-7b3a-9d5e-{id:012x}"), "revision": revision, "status": "complete", "survey": "shop",
        "touchpoint": { "on": "event", "name": "order_placed", "stage": "purchase" },
        "answers": [{ "question": "score", "kind": "nps", "value": point, "points": 11 }],
        "metric": "nps", "score": point, "locale": "en", "direction": "ltr",
        "shown_at": "2026-11-22T12:59:00.000Z", "answered_at": "2026-11-22T13:00:00.000Z"
    })
}

fn lines(documents: &[Value]) -> String {
    documents.iter().map(|document| format!("{document}\n")).collect()
}

#[test]
fn the_highest_revision_counts_once() {
    let rows = [response(1, 1, 0), response(1, 2, 10), response(1, 1, 0), response(2, 1, 9), response(2, 1, 9)];
    let (found, _) = figures(&[], &lines(&rows));
    let nps = figure(&found, &[("survey", "shop")], "nps");
    assert_eq!((&nps["n"], &nps["value"]), (&json!(2), &json!(100.0)));
    assert_eq!((&found["rows"], &found["repeats"]), (&json!(5), &json!(3)));
    assert_eq!(figure(&found, &[], "completion_rate")["n"], 2);
}

#[test]
fn a_skipped_question_is_not_in_n() {
    let mut skipped = response(2, 1, 0);
    skipped["answers"] = json!([{ "question": "reason", "kind": "text", "value": "dear" }]);
    for key in ["metric", "score"] {
        skipped.as_object_mut().expect("an object").remove(key);
    }
    let (found, _) = figures(&[], &lines(&[response(1, 1, 10), skipped]));
    assert_eq!(figure(&found, &[], "nps")["n"], 1);
    assert_eq!(found["groups"][0]["responses"], 2);
}

#[test]
fn bad_rows_are_counted_and_named_and_the_rest_counts() {
    let mut beyond = response(2, 1, 0);
    beyond["answers"][0]["value"] = 11.into();
    let text = format!("{}\n{{\"id\":\n\n{beyond}\n[1]\n{}", response(1, 1, 9), response(3, 1, 3));
    let output = asklet(&["-", "--input", "jsonl", "--format", "json"], &text);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    for part in [
        "-:2: is not JSON",
        "-:4: score: 11 is not a point of nps's scale from 0 to 10",
        "-:5: is a list",
        "3 of 5 rows",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&found["bad"]["count"], &found["bad"]["rows"][1]["line"]), (&json!(3), &json!(4)));
    assert_eq!(figure(&found, &[], "nps")["n"], 2);
}

#[test]
fn the_same_answers_however_they_are_written() {
    let rows: Vec<Value> = (0..40).map(|id| response(id, 1, id % 11)).collect();
    let expect = figure(&figures(&[], &lines(&rows)).0, &[], "nps").clone();
    let list = serde_json::to_string_pretty(&rows).expect("JSON");
    assert_eq!(*figure(&figures(&[], &list).0, &[], "nps"), expect);

    let mut csv = String::from("\u{feff}Key;Grade\n").replace(';', ",");
    rows.iter().for_each(|row| csv += &format!("{},{}\n", row["id"], row["score"]));
    let map = [
        "--map",
        "id=Key",
        "--map",
        "score=Grade",
        "--set",
        "metric=nps",
        "--set",
        "survey=shop",
        "--set",
        "question=score",
    ];
    let (found, said) = figures(&map, &csv);
    let flat = figure(&found, &[("survey", "shop")], "nps");
    assert_eq!((&flat["value"], &flat["low"], &flat["n"]), (&expect["value"], &expect["low"], &expect["n"]), "{said}");

    let nested: Vec<Value> =
        rows.iter().map(|row| json!({ "data": [{ "id": row["id"], "grade": row["score"] }] })).collect();
    let map = ["--map", "id=data.0.id", "--map", "score=data.0.grade", "--set", "metric=nps", "--set", "survey=shop"];
    assert_eq!(figure(&figures(&map, &lines(&nested)).0, &[], "nps")["value"], expect["value"]);
}

#[test]
fn weeks_and_stages_and_attributes() {
    let mut rows = vec![response(1, 1, 10), response(2, 1, 0), response(3, 1, 9)];
    rows[1]["answered_at"] = "2027-01-01T00:30:00.000Z".into();
    rows[2]["visitor"] = json!({ "attributes": { "plan": "pro" } });
    rows[2]["touchpoint"]["stage"] = "decision".into();
    let text = lines(&rows);
    let n = |arguments: &[&str], by: &[(&str, &str)]| figure(&figures(arguments, &text).0, by, "nps")["n"].clone();
    assert_eq!(n(&["--by", "week"], &[("week", "2026-W47")]), 2);
    assert_eq!(n(&["--by", "week"], &[("week", "2026-W53")]), 1);
    assert_eq!(n(&["--by", "day", "--zone", "America/New_York"], &[("day", "2026-12-31")]), 1);
    assert_eq!(n(&["--by", "survey,stage,attribute:plan"], &[("stage", "decision"), ("attribute:plan", "pro")]), 1);
    assert_eq!(n(&["--by", "stage"], &[("stage", "purchase")]), 2);
}

/// A rate is of the days on which prompts were counted, and there is none where more answers came than prompts.
#[test]
fn response_rate() {
    let shown = |id: u32, at: &str| json!({ "id": format!("0198f0a0-7c1e-7b3a-9d5f-{id:012x}"), "event": "shown", "survey": "shop", "at": at });
    let mut rows: Vec<Value> = (0..40).map(|id| shown(id, "2026-11-22T12:00:00.000Z")).collect();
    rows.extend((0..10).map(|id| response(id, 1, 9)));
    let mut before = response(99, 1, 9);
    before["shown_at"] = "2026-10-01T12:00:00.000Z".into();
    rows.push(before);
    let found = figures(&[], &lines(&rows)).0;
    let rate = figure(&found, &[], "response_rate");
    assert_eq!((&rate["n"], &rate["value"]), (&json!(40), &json!(25.0)));

    let found = figures(&[], &lines(&rows[38..])).0;
    assert_eq!(figure(&found, &[], "response_rate")["value"], Value::Null);
}

#[test]
fn several_scales_and_languages_are_said() {
    let csat = |id: u32, points: u32, locale: &str| {
        let mut row = response(id, 1, 0);
        row["answers"][0] = json!({ "question": "score", "kind": "csat", "value": 1, "points": points });
        row["locale"] = locale.into();
        row
    };
    let (found, _) = figures(&[], &lines(&[csat(1, 5, "de"), csat(2, 7, "en"), csat(3, 5, "de")]));
    let figures_of = found["groups"][0]["figures"].as_array().expect("figures");
    let scored: Vec<_> =
        figures_of.iter().filter(|one| one["figure"] == "csat").map(|one| (&one["points"], &one["n"])).collect();
    assert_eq!(scored, [(&json!(5), &json!(2)), (&json!(7), &json!(1))], "never pooled");
    let notes = figures_of[0]["notes"].to_string();
    for part in ["too few to say anything", "several languages together: de 2, en 1", "several scales"] {
        assert!(notes.contains(part), "{part}: {notes}");
    }
    let printed =
        String::from_utf8(asklet(&["-", "--by", "locale"], &lines(&[csat(1, 5, "de")])).stdout).expect("UTF-8");
    assert!(printed.contains("not to be compared"), "{printed}");
}

#[test]
fn formats_and_what_a_name_may_hold() {
    let mut row = response(1, 1, 9);
    row["touchpoint"]["stage"] = "a|b\u{1b}[31m\n\"c\"".into();
    let print = |format| {
        let output = asklet(&["-", "--by", "stage", "--format", format], &lines(std::slice::from_ref(&row)));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for format in ["table", "markdown"] {
        let text = print(format);
        assert!(!text.contains('\u{1b}') && text.contains("+100.0"), "{text}");
    }
    assert!(print("markdown").contains("a\\|b"));
    assert_eq!(print("csv").lines().next(), Some("survey,stage,question,figure,points,n,value,low,high,notes"));
}

#[test]
fn what_cannot_be_done() {
    let missing: PathBuf = std::env::temp_dir().join("asklet-no-such-file.jsonl");
    let missing = missing.to_str().expect("a path");
    let table: [(&[&str], &str); 5] = [
        (&[missing], "cannot read"),
        (&["-", "--by", "colour"], "--by colour: there is survey, week"),
        (&["-", "--map", "scroe=x"], "there is no field scroe"),
        (&["-", "--zone", "Vienna"], "is not in the IANA database"),
        (&["-", "--input", "sqlite"], "cannot read"),
    ];
    for (arguments, sentence) in table {
        let output = asklet(arguments, "");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(sentence), "{arguments:?}: {said}");
    }
    let (found, said) = figures(&["--set", "metric=csat"], "score\n4\n");
    assert!(said.contains("Say --set points=5") && found["bad"]["count"] == 1, "{said}");
}
