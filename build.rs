//! Puts what is data into the crate: the prompt's style sheet, as it stands or minified if the build says where that is; the
//! built-in texts in English; and the list of the languages that have a file of them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-env-changed=ASKLET_STYLE");
    let sheet = env::var_os("ASKLET_STYLE").map_or_else(|| PathBuf::from("style/prompt.css"), PathBuf::from);
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("prompt.css"), read(&sheet)).expect("OUT_DIR can be written");
    fs::write(out.join("wording.rs"), wording(Path::new("locales"))).expect("OUT_DIR can be written");
}

fn read(file: &Path) -> String {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read_to_string(file).unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()))
}

/// `ENGLISH`, a line for each text: its key, and after a tab each of its texts; and `LANGUAGES`.
fn wording(folder: &Path) -> String {
    println!("cargo::rerun-if-changed={}", folder.display());
    let english: Value = serde_json::from_str(&read(&folder.join("en.json"))).expect("locales/en.json is JSON");
    let texts = english.as_object().expect("locales/en.json is an object");
    let mut lines = String::new();
    for (key, text) in texts.iter().filter(|(key, _)| !key.starts_with('$')) {
        // Of a text in plural forms English has two, as its rules order them: one, other.
        let list = match text {
            Value::String(text) => vec![text.as_str()],
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            forms => ["one", "other"].into_iter().filter_map(|form| forms[form].as_str()).collect(),
        };
        lines += &format!("{key}\t{}\n", list.join("\t"));
    }
    let files = fs::read_dir(folder).expect("locales can be read").flatten();
    let mut tags: Vec<String> = files
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".json")?.to_string()))
        .chain(["en-XA".to_string()])
        .collect();
    tags.sort();
    tags.dedup();
    let tags = tags.join(" ");
    format!("static ENGLISH: &str = {lines:?};\n\nstatic LANGUAGES: &str = {tags:?};\n")
}
