//! Who may use whom: the rules of ARCHITECTURE.md, read off the source.

use std::fs;
use std::path::{Path, PathBuf};

/// A part of the crate, and what of the project and of the web it may name.
const RULES: &[(&str, &[&str])] = &[
    ("core", &["core"]),
    ("ports", &["core"]),
    ("agent", &["core", "ports", "agent"]),
    ("browser", &["core", "ports", "browser"]),
    ("prompt", &["core", "prompt"]),
    ("embed", &["core", "ports", "agent", "browser", "prompt"]),
];

/// Crates that only some parts may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("web_sys", &["browser"]),
    ("js_sys", &["browser", "embed"]),
    ("gloo_net", &["browser"]),
    ("wasm_bindgen", &["browser", "embed"]),
    ("wasm_bindgen_futures", &["browser", "embed"]),
    ("leptos", &["prompt"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The code of a file without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names that stand behind `crate::`, and those in `use crate::{...}` lists.
fn parts_named(code: &str) -> Vec<String> {
    let words = code.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect::<Vec<_>>(),
        None => vec![rest],
    });
    words.map(|word| word.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

/// Whether `name` is used as a crate: `name::`, and nothing before it.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::"))
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

fn breaches(part: &str, code: &str) -> Vec<String> {
    let (_, allowed) = RULES.iter().find(|(name, _)| *name == part).unwrap();
    let foreign = parts_named(code)
        .into_iter()
        .filter(|named| RULES.iter().any(|(name, _)| name == named) && !allowed.contains(&named.as_str()));
    let reserved = RESERVED.iter().filter(|(name, who)| !who.contains(&part) && names_crate(code, name));
    foreign.chain(reserved.map(|(name, _)| (*name).to_string())).collect()
}

#[test]
fn parts_use_only_what_they_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for file in files(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let part = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if part == "lib" {
            continue;
        }
        let found = breaches(part, &code(&file));
        assert!(found.is_empty(), "{} may not use {}: see ARCHITECTURE.md", inside.display(), found.join(", "));
        seen += 1;
    }
    assert!(seen > 30, "the source has moved: {seen} files");
}

#[test]
fn a_breach_is_seen() {
    assert_eq!(breaches("core", "use crate::ports::Clock;"), ["ports"]);
    assert_eq!(breaches("core", "use crate::{agent, core};"), ["agent"]);
    assert_eq!(breaches("prompt", "fn f() { crate::browser::window() }"), ["browser"]);
    assert_eq!(breaches("agent", "let now = js_sys::Date::now();"), ["js_sys"]);
    assert_eq!(breaches("prompt", "use leptos::web_sys::Element;"), [""; 0]);
}

/// The core neither reads a clock nor draws numbers, and uses nothing but std and serde.
#[test]
fn the_core_is_pure() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core");
    for file in files(&core) {
        let code = code(&file);
        let product = code.split("#[cfg(test)]").next().unwrap();
        for word in ["std::time", "std::fs", "std::env::", "std::net", "println!", "panic!", ".unwrap()", "unsafe "] {
            assert!(!product.contains(word) || file.ends_with("tests.rs"), "{} has {word}", file.display());
        }
    }
}
