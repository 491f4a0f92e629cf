//! The built-in texts: every language has all of them, with the same places to fill, and says how it was made.

use std::path::Path;

use asklet::core::text::{Wording, languages};
use serde_json::Value;

fn read(tag: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(tag.to_string() + ".json");
    serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap_or_else(|error| panic!("{tag}: {error}"))
}

/// The names in braces, sorted.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    places.sort_unstable();
    places
}

fn tags() -> impl Iterator<Item = &'static str> {
    languages().filter(|tag| *tag != "en-XA")
}

#[test]
fn there_are_many() {
    let wanted = "ar he fa hi bn th zh-Hans zh-Hant ja ko de fr es pt ru tr pl vi id sw en";
    assert!(tags().count() >= 25);
    for tag in wanted.split(' ') {
        assert!(tags().any(|known| known == tag), "{tag}");
    }
}

#[test]
fn each_has_every_text() {
    let english = read("en");
    let keys = |texts: &Value| texts.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for tag in tags() {
        let texts = read(tag);
        assert_eq!(keys(&texts), keys(&english), "{tag}");
        for (key, wanted) in english.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('$')) {
            let text = &texts[key];
            match wanted {
                Value::String(wanted) => {
                    let text = text.as_str().unwrap_or_else(|| panic!("{tag}: {key}"));
                    assert_eq!(places(text), places(wanted), "{tag}: {key}");
                    assert!(!text.is_empty() && text.trim() == text, "{tag}: {key}");
                }
                Value::Array(wanted) => {
                    let mut list: Vec<&str> = text.as_array().unwrap().iter().filter_map(Value::as_str).collect();
                    assert_eq!(list.len(), wanted.len(), "{tag}: {key}");
                    list.sort_unstable();
                    list.dedup();
                    assert_eq!(list.len(), wanted.len(), "{tag}: {key} names two points alike");
                }
                _ => {
                    let other = text["other"].as_str().unwrap_or_else(|| panic!("{tag}: {key}.other"));
                    assert_eq!(places(other), ["count"], "{tag}: {key}");
                }
            }
        }
        let control = |char: char| char.is_control() || ('\u{202a}'..='\u{202e}').contains(&char);
        assert!(!texts.to_string().contains(control), "{tag}");
    }
}

/// Nobody is to take a draft for a reviewed text.
#[test]
fn each_says_how_it_was_made() {
    for tag in tags().filter(|tag| *tag != "en") {
        let about = &read(tag)["$about"];
        match about["review"].as_str().unwrap() {
            "none" => assert!(about["made"].as_str().unwrap().contains("awaits a review"), "{tag}"),
            by => assert!(by.len() > 4, "{tag}: who reviewed it, and when?"),
        }
    }
}

#[test]
fn what_is_built_in_is_the_english_file() {
    let english = read("en");
    let wording = Wording::default();
    for (key, text) in english.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('$')) {
        let list = match text {
            Value::String(text) => vec![text.as_str()],
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            forms => vec![forms["one"].as_str().unwrap(), forms["other"].as_str().unwrap()],
        };
        for (index, text) in list.into_iter().enumerate() {
            assert_eq!(wording.get(key, index), text, "{key}");
        }
    }
    assert_eq!(wording.get("no such key", 0), "");
}
