//! Suites on Node: the loader alone, the types, and the built `dist/` in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::counts::{self, Counts};
use crate::sh::{self, Result};
use crate::toolchain::Build;
use crate::{dist, endpoint, receivers, setup, sizes as table};

/// What every page fetches at most, in bytes after brotli.
const LOADER_BUDGET: u64 = 3_000;
/// What a page that shows a prompt fetches at most, in bytes after brotli; the config not counted.
const PROMPT_BUDGET: u64 = 80_000;

/// The README's rows of sizes: what, how the row begins, and by how many KB it may be off. The widget's size differs a
/// little from compiler to compiler, the loader's does not.
const README: &[(&str, &str, f64)] = &[
    ("every_page", "| asklet.js (every page) |", 0.05),
    ("prompt_shown", "| everything for an NPS prompt with its follow-up |", 0.5),
    ("with_form", "| the same, and what sends it in a form of your own |", 0.5),
];

/// `loader/tests/*.mjs`.
pub fn loader() -> Result<Option<Counts>> {
    let files = scripts("loader/tests", "mjs");
    if files.is_empty() {
        return Ok(None);
    }
    counts::run(node_test().args(files)).map(Some)
}

/// The budgets, and the figures that the README gives.
pub fn sizes() -> Result<Option<Counts>> {
    let report = dist::build(Build::Release)?;
    table::print(&report);
    let bytes = |what: &str| report[what]["brotli"].as_u64().unwrap_or(u64::MAX);
    let mut total = Counts::default();
    for (what, budget) in [("every_page", LOADER_BUDGET), ("prompt_shown", PROMPT_BUDGET)] {
        let (size, within) = (bytes(what), bytes(what) <= budget);
        println!("{what}: {size} of {budget} bytes{}", if within { "" } else { ": over the budget" });
        total += counts::check(within);
    }
    let readme = sh::read(&sh::root().join("README.md"))?;
    for (what, row, slack) in README {
        let said =
            readme.lines().find_map(|line| line.strip_prefix(row)?.strip_suffix(" KB |")?.trim().parse::<f64>().ok());
        let size = bytes(what) as f64 / 1000.0;
        let right = said.is_some_and(|said| (said - size).abs() <= *slack);
        println!("README.md: `{row}` says {said:?} KB, it is {size:.1} KB{}", if right { "" } else { ": mend it" });
        total += counts::check(right);
    }
    Ok(Some(total))
}

/// `tests/types/*.ts` against the `asklet.d.ts` of `dist/`, strictly.
pub fn types() -> Result<Option<Counts>> {
    let files = scripts("tests/types", "ts");
    if files.is_empty() {
        return Ok(None);
    }
    dist::build(Build::Release)?;
    let mut total = Counts::default();
    for file in files {
        println!("{}", file.display());
        let config = sh::scratch().join("tsconfig.json");
        let options = json!({
            "extends": sh::root().join("tests/types/tsconfig.json"),
            // What is shipped, found the way that a bundler finds it.
            "compilerOptions": { "paths": { "asklet": [dist::folder()] } },
            "include": [],
            "files": [file],
        });
        sh::write(&config, options.to_string())?;
        total += counts::check(sh::npm_bin("tsc").arg("--project").arg(&config).status().is_ok_and(|s| s.success()));
    }
    Ok(Some(total))
}

/// `tests/e2e/*.mjs`, one after the other: each starts a browser.
pub fn e2e() -> Result<Option<Counts>> {
    let files = scripts("tests/e2e", "mjs");
    if files.is_empty() {
        return Ok(None);
    }
    dist::build(Build::Release)?;
    let tool = endpoint::build_tool()?;
    let (chromium, _) = setup::browser(false)?;
    let firefox = setup::firefox(false)?;
    let mut total = Counts::default();
    for file in files {
        println!("{}", file.display());
        let mut command = node_test();
        command.arg(file).env("ASKLET_DIST", dist::folder()).env("ASKLET_BIN", &tool);
        command.env("CHROMIUM", &chromium).env("FIREFOX", &firefox);
        let counts = counts::run(&mut command)?;
        // A file in which nothing ran would go unnoticed among the others.
        total += if counts == Counts::default() { counts::check(false) } else { counts };
    }
    Ok(Some(total))
}

/// Three receivers that are not ours, of three kinds; `cargo xtask receivers` has the others.
pub fn receivers() -> Result<Option<Counts>> {
    counts::run(&mut receivers::command(receivers::QUICK)?).map(Some)
}

fn node_test() -> Command {
    let mut command = Command::new("node");
    command.current_dir(sh::root()).args(["--test", "--test-reporter=spec"]);
    command
}

/// The test scripts of a folder, sorted: `*.test.<extension>` where some are named so, else all.
fn scripts(folder: &str, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(sh::root().join(folder)) else { return Vec::new() };
    let ends = |file: &Path, end: &str| file.to_string_lossy().ends_with(end);
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.is_file() && ends(file, &format!(".{extension}")) && !ends(file, ".d.ts"))
        .collect();
    let named = format!(".test.{extension}");
    if files.iter().any(|file| ends(file, &named)) {
        files.retain(|file| ends(file, &named));
    }
    files.sort();
    files
}
