//! `asklet schema` from outside; and that schema and decoder agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use asklet::core::config::shape::{Kind, Shape};
use asklet::core::config::{CONFIG, decode, schema};
use serde_json::{Value, json};

#[test]
fn it_prints_the_schema_of_the_config() {
    let output = Command::new(env!("CARGO_BIN_EXE_asklet")).arg("schema").output().expect("it runs");
    assert!(output.status.success());
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["properties"]["surveys"].is_object(), "{schema}");
    assert_eq!(schema, ours());
}

fn ours() -> Value {
    serde_json::to_value(schema()).expect("JSON")
}

/// What JSON Schema cannot say. Everything else it says as the decoder does.
const BEYOND: &[&str] = &[
    // Of two objects of a list, that one of their members differs; or that one names another.
    "same-id",
    "unknown-question",
    // That a text somewhere has a word in it.
    "no-about",
    // That a condition holds for the highest point of a scale and not for the lowest.
    "review-gate",
    // what stands in templates.
    "answer-in-header",
    "answer-in-origin",
    "unknown-filter",
    "unknown-operator",
    "unknown-path",
    "wrong-template",
];

/// The codes of everything that the decoder finds.
fn codes(document: &Value) -> Vec<&'static str> {
    let document = serde_json::from_value(document.clone()).expect("any JSON will do");
    decode(&document).1.iter().map(|problem| problem.code).collect()
}

/// Good configs, from `tests/tables/configs`.
fn corpus() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/tables/configs");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let corpus: Vec<Value> =
        files.map(|file| serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON")).collect();
    assert!(corpus.len() >= 5);
    corpus
}

/// Values on both sides of what each kind allows, and some of no kind at all.
fn values(kind: &Kind) -> Vec<Value> {
    let mut values = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("x"),
        json!("5"),
        json!([]),
        json!(["x"]),
        json!([null]),
        json!({}),
        json!({ "x": "y" }),
        json!({ "regex": "x" }),
    ];
    values.extend(match kind {
        Kind::Whole(low, high) => vec![
            json!(low),
            json!(low - 1),
            json!(high),
            json!(high + 1),
            json!(f64::from(*low) + 0.5),
            json!(f64::from(*high)),
        ],
        Kind::Fraction => vec![json!(0), json!(1), json!(0.5), json!(-0.1), json!(1.1)],
        Kind::OneOfWhole(_) => (0..9).map(|n| json!(n)).collect(),
        Kind::OneOf(words) => words.iter().flat_map(|word| [json!(word), json!(word.to_uppercase())]).collect(),
        Kind::Duration => [
            "0s",
            "2s",
            "5m",
            "12h",
            "30d",
            "0000000030d",
            "36525d",
            "36526d",
            "0036526d",
            "99999d",
            "876600h",
            "876601h",
            "52596000m",
            "52596001m",
            "3155760000s",
            "3155760001s",
            "9999999999s",
            "9999999999d",
            "99999999999s",
            "-2s",
            "1.5h",
            "2 s",
            "2ss",
            "30",
            "s",
            "2w",
            "٣s",
            "2S",
        ]
        .map(Value::from)
        .to_vec(),
        Kind::Endpoint => [
            "https://c.example",
            "https://c.example:8443/r?x=1#y",
            "/responses",
            "/",
            "//evil.example",
            "http://c.example",
            "http://localhost",
            "http://localhost:8787/r",
            "http://localhost/r",
            "http://localhost?x",
            "http://localhost@evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1:1",
            "http://127.0.0.2",
            "http://[::1]:1/r",
            "http://[::2]",
            "http://a.localhost/",
            "http://alocalhost",
            "ftp://x",
            "https://",
            "https:///x",
            "https://u@c.example",
            "https://c.example/a b",
            "https://c.example\\x",
            "/a\tb",
            "HTTPS://c.example",
            "c.example",
        ]
        .map(Value::from)
        .to_vec(),
        Kind::Link => [
            "https://x",
            "http://x",
            "mailto:a@b",
            "tel:+43",
            "tel:",
            "javascript:alert(1)",
            "data:text/html,x",
            "/x",
            " https://x",
            "HTTPS://x",
        ]
        .map(Value::from)
        .to_vec(),
        Kind::Colour => {
            ["#fff", "#FFFFFF", "#3557d6", "#ffff", "#ggg", "fff", "red", "#12345"].map(Value::from).to_vec()
        }
        Kind::Length => [
            "0", "4px", "1.5em", ".5rem", "0px", "00em", "00", "4", "px", ".px", "1.px", "1..5px", "1.2.3px", "-1px",
            "+1px", "4 px", "4PX", "4%", "1e1px", "4vw", " 4px", "٣px", "4remem",
        ]
        .map(Value::from)
        .to_vec(),
        Kind::Day => {
            ["2026-11-22", "2024-02-29", "2025-02-29", "2026-13-01", "2026-1-1", "2026-11-22T00:00", "0000-01-01"]
                .map(Value::from)
                .to_vec()
        }
        Kind::Time => ["00:00", "23:59", "24:00", "9:30", "09:60", "09:30:00", "0a:00"].map(Value::from).to_vec(),
        Kind::Id => vec![json!("a_b-C9"), json!("a b"), json!("ü"), json!("a".repeat(64)), json!("a".repeat(65))],
        Kind::Localized => {
            vec![json!({ "de": "x" }), json!({ "de": "" }), json!({ "de": "x", "en": 3 }), json!({ "de": {} })]
        }
        Kind::Scalar => vec![json!("a"), json!(1e300)],
        _ => Vec::new(),
    });
    values
}

/// A value that a kind allows.
fn sample(kind: &Kind) -> Value {
    match kind {
        Kind::Bool => json!(true),
        Kind::Number => json!(5),
        Kind::Fraction => json!(0.5),
        Kind::Whole(low, _) => json!(low),
        Kind::Duration => json!("5m"),
        Kind::Endpoint | Kind::Link => json!("https://acme.example"),
        Kind::Colour => json!("#fff"),
        Kind::Length => json!("4px"),
        Kind::Day => json!("2026-11-22"),
        Kind::Time => json!("09:30"),
        Kind::OneOf(words) => json!(words[0]),
        Kind::OneOfWhole(numbers) => json!(numbers[1]),
        Kind::List(inner) | Kind::Some(inner) => json!([sample(inner)]),
        Kind::Object(shape) => {
            let keys = shape.keys.iter().filter(|key| key.required && key.only.is_none());
            let mut object: serde_json::Map<_, _> = keys.map(|key| (key.name.into(), sample(&key.kind))).collect();
            // A condition needs an operator.
            if shape.keys.iter().any(|key| key.name == "is") {
                object.insert("is".into(), json!(3));
            }
            Value::Object(object)
        }
        _ => json!("a"),
    }
}

/// Each document that comes of `value` by one change, with what was changed.
fn mutants(value: &Value, kind: &Kind, path: &str, visit: &mut dyn FnMut(Value, String)) {
    for other in values(kind) {
        visit(other.clone(), format!("{path} = {other}"));
    }
    match (kind, value) {
        (Kind::Object(shape) | Kind::Glob(shape), Value::Object(_)) => of_object(value, shape, path, visit),
        (Kind::List(inner) | Kind::Some(inner), Value::Array(list)) => {
            for (index, item) in list.iter().enumerate() {
                let path = format!("{path}[{index}]");
                mutants(item, inner, &path, &mut |new, what| {
                    let mut list = list.clone();
                    list[index] = new;
                    visit(Value::Array(list), what);
                });
                let mut longer = list.clone();
                longer.insert(index, item.clone());
                visit(Value::Array(longer), format!("{path} twice"));
                let mut shorter = list.clone();
                shorter.remove(index);
                visit(Value::Array(shorter), format!("no {path}"));
            }
        }
        _ => {}
    }
}

fn of_object(value: &Value, shape: &Shape, path: &str, visit: &mut dyn FnMut(Value, String)) {
    let with = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut object = value.as_object().expect("an object").clone();
        change(&mut object);
        Value::Object(object)
    };
    visit(with(&|object| drop(object.insert("colour".into(), json!(1)))), format!("{path}.colour"));
    for key in shape.keys {
        let path = format!("{path}.{}", key.name);
        let Some(inner) = value.get(key.name) else {
            // Perhaps it may not be here: the decoder says.
            visit(with(&|object| drop(object.insert(key.name.into(), sample(&key.kind)))), format!("{path} as well"));
            continue;
        };
        visit(with(&|object| drop(object.remove(key.name))), format!("no {path}"));
        visit(
            with(&|object| {
                let inner = object.remove(key.name).expect("there");
                object.insert(format!("{}s", key.name), inner);
            }),
            format!("{path}s"),
        );
        mutants(inner, &key.kind, &path, &mut |new, what| {
            visit(with(&|object| drop(object.insert(key.name.into(), new.clone()))), what);
        });
    }
}

#[test]
fn schema_and_decoder_agree() {
    let schema = ours();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let (mut good, mut bad, mut by_code) = (0, 0, BTreeMap::<&str, usize>::new());
    let mut disagreements = Vec::new();
    let mut judge = |document: &Value, what: &str| {
        let codes = codes(document);
        codes.iter().for_each(|code| *by_code.entry(code).or_default() += 1);
        let beyond = codes.iter().all(|code| BEYOND.contains(code));
        let valid = validator.is_valid(document);
        *if valid { &mut good } else { &mut bad } += 1;
        if (codes.is_empty() && !valid) || (!beyond && valid) {
            disagreements.push(format!("{what}: the decoder says {codes:?}, the schema {valid}"));
        }
    };
    for document in corpus() {
        assert_eq!(codes(&document), [""; 0]);
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        judge(&document, "as it is");
        mutants(&document, &Kind::Object(&CONFIG), "", &mut |mutant, what| judge(&mutant, &what));
    }
    assert!(disagreements.is_empty(), "{} of {}:\n{}", disagreements.len(), good + bad, disagreements.join("\n"));
    assert!(good > 300 && bad > 3_000, "{good} good, {bad} bad");
    // Every code of the decoder came up, but for what JSON parsers do not pass on.
    let expect = [
        "either-or",
        "misplaced-key",
        "missing-key",
        "no-about",
        "no-question",
        "one-operator",
        "review-gate",
        "same-id",
        "unknown-key",
        "unknown-path",
        "unknown-question",
        "unknown-word",
        "wrong-template",
        "wrong-value",
    ];
    assert_eq!(by_code.keys().copied().collect::<Vec<_>>(), expect);
}

/// docs/configure.md and asklet.d.ts have every key, and every word that one may be.
#[test]
fn docs_and_types_know_every_key() {
    fn words<'a>(kind: &'a Kind, found: &mut Vec<&'a str>) {
        match kind {
            Kind::Object(shape) | Kind::Glob(shape) => {
                for key in shape.keys {
                    found.push(key.name);
                    words(&key.kind, found);
                }
            }
            Kind::List(inner) | Kind::Some(inner) => words(inner, found),
            Kind::OneOf(known) => found.extend(*known),
            _ => {}
        }
    }
    let (whole, mut known) = (Kind::Object(&CONFIG), Vec::new());
    words(&whole, &mut known);
    let docs = include_str!("../../docs/configure.md");
    let types = include_str!("../../loader/asklet.d.ts");
    let docs: Vec<&str> = docs.split('`').skip(1).step_by(2).collect();
    for word in known {
        // `{ "regex": ... }`, and `mon` to `sun`.
        let in_object = || docs.iter().any(|code| !code.contains('\n') && code.contains(&format!("{{ \"{word}\":")));
        let written = docs.contains(&word) || in_object() || ["tue", "wed", "thu", "fri", "sat"].contains(&word);
        assert!(written, "docs/configure.md does not have `{word}`");
        let [required, optional, quoted] = [format!(" {word}:"), format!(" {word}?:"), format!("\"{word}\"")];
        assert!(
            [required, optional, quoted].iter().any(|form| types.contains(form)),
            "asklet.d.ts does not have {word}"
        );
    }
}

/// So every key has been right somewhere, and wrong in every way.
#[test]
fn the_corpus_has_every_key() {
    fn walk(shape: &Shape, values: &[&Value], seen: &mut usize) {
        // The operators are the same wherever they stand.
        let operators = shape.keys.iter().any(|key| key.name == "is")
            && !["PropertyCondition", "AnswerCondition"].contains(&shape.name);
        for key in shape.keys.iter().filter(|_| !operators) {
            let inner: Vec<&Value> = values.iter().filter_map(|value| value.get(key.name)).collect();
            assert!(!inner.is_empty(), "{}.{}", shape.name, key.name);
            *seen += 1;
            descend(&key.kind, inner, seen);
        }
    }
    fn descend(kind: &Kind, values: Vec<&Value>, seen: &mut usize) {
        match kind {
            Kind::Object(shape) | Kind::Glob(shape) => {
                walk(shape, &values.into_iter().filter(|value| value.is_object()).collect::<Vec<_>>(), seen);
            }
            Kind::List(inner) | Kind::Some(inner) => {
                descend(inner, values.into_iter().flat_map(|value| value.as_array().expect("a list")).collect(), seen);
            }
            _ => {}
        }
    }
    let (corpus, mut seen) = (corpus(), 0);
    walk(&CONFIG, &corpus.iter().collect::<Vec<_>>(), &mut seen);
    assert!(seen > 130, "{seen}");
}

/// Editors show a description for each key, and offer what it may be.
#[test]
fn every_key_is_explained() {
    fn walk(value: &Value, path: &str, seen: &mut usize) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object)
            && value.get("type").is_some()
        {
            assert!(value["description"].as_str().is_some_and(|text| text.ends_with(['.', '!'])), "{path}");
            for (key, of) in properties {
                let text = of["description"].as_str().unwrap_or_default();
                assert!(text.len() > 5 && text.ends_with(['.', '"']), "{path}.{key}: {text:?}");
                let type_or_ref = ["type", "$ref", "enum", "anyOf"].iter().any(|word| of.get(word).is_some());
                assert!(type_or_ref, "{path}.{key}");
                // A default that the text names is there for programs too.
                let named = text.split_once("Default ").map(|(_, rest)| rest.trim_end_matches('.'));
                // A text in quotes is another in each language.
                if let Some(word) = named.filter(|word| !word.contains([' ', '"']) && *word != "none") {
                    assert_eq!(of["default"].to_string().trim_matches('"'), word, "{path}.{key}");
                }
                *seen += 1;
            }
        }
        for (key, inner) in value.as_object().into_iter().flatten() {
            walk(inner, &format!("{path}/{key}"), seen);
        }
    }
    let schema = ours();
    let mut seen = 0;
    walk(&schema, "", &mut seen);
    assert!(seen > 120, "{seen}");
    let of = |shape: &str, key: &str| schema["$defs"][shape]["properties"][key].clone();
    assert_eq!(of("Frequency", "quiet")["default"], "30d");
    assert_eq!(of("Frequency", "per_session")["default"], 1);
    assert_eq!(of("Touchpoint", "ratio")["default"], 0.5);
    assert_eq!(of("After", "measure")["default"], false);
    assert_eq!(of("Survey", "placement")["default"], "popover");
    assert_eq!(of("Survey", "position")["default"], "bottom-end");
    assert_eq!(of("Theme", "radius")["default"], ".75em");
    assert_eq!(schema["properties"]["shortcut"]["default"], "F6");
    assert_eq!(of("Touchpoint", "delay")["examples"], json!(["2s", "5m", "12h", "30d"]));
    assert_eq!(of("Survey", "ask")["enum"], json!(["nps", "csat", "ces"]));
}
