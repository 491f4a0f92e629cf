//! Requests of an owner's own form are made twice: in the core, for the command line tool, and in `src/browser/form.js`, for pages. Here both
//! make the same ones: of every preset, and of templates and replies drawn at random. What they should be is in tests/template.rs and
//! tests/outcome.rs.

mod draw;

use std::io::Write;
use std::process::{Command, Stdio};

use asklet::core::Value;
use asklet::core::delivery::{Outcome, Reply, judge, request};
use asklet::core::platform::Codec;
use serde_json::{Value as Json, from_value, json, to_value};

struct Text;

impl Codec for Text {
    fn json(&self, value: &Value) -> String {
        serde_json::to_string(value).expect("every value can be printed")
    }

    fn parse(&self, text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_default()
    }
}

const NOW: i64 = 1_795_352_407_412;

fn value(json: &Json) -> Value {
    from_value(json.clone()).expect("a value takes all JSON")
}

/// What the core makes of a case.
fn core(case: &Json) -> Json {
    let delivery = value(&case["delivery"]);
    if let Some(status) = case["status"].as_u64() {
        let ids: Vec<&str> = case["ids"].as_array().expect("ids").iter().filter_map(Json::as_str).collect();
        let text = case["text"].as_str().unwrap_or_default().to_string();
        let reply = Reply { status: status as u16, text, ..Reply::default() };
        let name = |outcome: Outcome| match outcome {
            Outcome::Delivered => "delivered",
            Outcome::Retry => "retry",
            Outcome::Hold => "hold",
            Outcome::Reject => "reject",
            Outcome::Unsent => "unsent",
        };
        return judge(&delivery, &ids, Some(&reply), &Text).into_iter().map(name).collect();
    }
    let records: Vec<Value> = case["records"].as_array().expect("records").iter().map(value).collect();
    let records: Vec<&Value> = records.iter().collect();
    match request(&delivery, &records, 3, NOW, &Text) {
        Ok(made) => {
            let headers: serde_json::Map<String, Json> =
                made.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
            let redirect = if made.follow { "follow" } else { "manual" };
            json!({ "url": made.url, "method": made.method, "headers": headers, "body": made.body, "redirect": redirect,
                "reads": made.reads })
        }
        Err(fault) => json!([fault.path, fault.message]),
    }
}

/// What the page's part makes of the cases.
fn page(cases: &[Json]) -> Vec<Json> {
    let mut node = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/twins/page.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js runs: `cargo xtask setup` gets it");
    let input = serde_json::to_string(&json!({ "now": NOW, "cases": cases })).expect("cases can be printed");
    let mut stdin = node.stdin.take().expect("it is piped");
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = node.wait_with_output().expect("Node.js ends");
    writing.join().expect("the writer ends").expect("Node.js reads");
    assert!(output.status.success(), "page.mjs failed: read what it says above");
    serde_json::from_slice(&output.stdout).expect("page.mjs prints JSON")
}

/// Bodies that are JSON are compared as such: the two print numbers and the order of some keys differently.
fn readable(mut made: Json) -> Json {
    if let Some(body) = made["body"].as_str().map(String::from) {
        let lines: Result<Vec<Json>, _> = body.lines().map(serde_json::from_str).collect();
        if let Ok(lines) = lines {
            made["body"] = to_value(lines).expect("it was JSON");
        }
    }
    made
}

fn compare(cases: &[Json]) {
    for (case, page) in cases.iter().zip(page(cases)) {
        assert_eq!(
            readable(page),
            readable(core(case)),
            "the page's part on the left, the core on the right, of\n{case:#}"
        );
    }
}

fn presets() -> Vec<(String, Json)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
    let files = std::fs::read_dir(folder).expect("presets/ is there").flatten().map(|entry| entry.path());
    let presets = files.filter(|file| file.extension().is_some_and(|end| end == "json")).map(|file| {
        let text = std::fs::read_to_string(&file).expect("a preset can be read");
        let preset: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file.display().to_string(), preset["delivery"].clone())
    });
    presets.collect()
}

#[test]
fn every_preset() {
    let presets = presets();
    assert!(presets.len() > 20, "presets/ has moved");
    let samples = draw::samples();
    let cases: Vec<Json> = presets
        .iter()
        .flat_map(|(_, delivery)| {
            let most = if delivery["batch"].is_null() { 1 } else { 3 };
            let alone = samples.iter().map(move |record| json!({ "delivery": delivery, "records": [record] }));
            let together =
                samples.windows(most).map(move |records| json!({ "delivery": delivery, "records": records }));
            alone.chain(together)
        })
        .collect();
    compare(&cases);
}

#[test]
fn random_templates() {
    compare(&(0..4_000).map(draw::template).collect::<Vec<_>>());
}

#[test]
fn random_replies() {
    compare(&(0..4_000).map(draw::reply).collect::<Vec<_>>());
}
