//! `cargo xtask test [suite]`: every level of tests, each run even where another failed.

mod browser;
mod counts;
mod licences;
mod native;
mod web;

use crate::setup::{self, For};
use crate::sh::Result;
use counts::Counts;

/// A suite: its name, what it shows, and how it runs. `None` means that it has no tests in the tree yet.
struct Suite {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Option<Counts>>,
}

const SUITES: &[Suite] = &[
    Suite { name: "lint", about: "formatting and clippy", run: native::lint },
    Suite { name: "native", about: "the core, the endpoint and xtask", run: native::native },
    Suite { name: "licences", about: "licences of all dependencies", run: licences::suite },
    Suite { name: "loader", about: "the loader on Node", run: web::loader },
    Suite { name: "sizes", about: "dist/ against its budgets", run: web::sizes },
    Suite { name: "types", about: "asklet.d.ts through the TypeScript compiler", run: web::types },
    Suite { name: "browser", about: "browser code in headless Chromium", run: browser::suite },
    Suite { name: "e2e", about: "dist/ in Chromium against the endpoint", run: web::e2e },
    Suite { name: "receivers", about: "dist/ against three receivers that are not ours", run: web::receivers },
];

/// The names of the suites, for the help text.
pub fn names() -> String {
    SUITES.iter().map(|suite| format!("    {:<20}{}\n", suite.name, suite.about)).collect()
}

/// Runs the named suites, or all. Fails when a test failed, or a suite failed or ran nothing.
pub fn run(names: &[&str]) -> Result {
    if let Some(unknown) = names.iter().find(|name| !SUITES.iter().any(|suite| suite.name == **name)) {
        return Err(format!("there is no suite `{unknown}`: `cargo xtask` lists them"));
    }
    setup::run(For::Test)?;
    let chosen = SUITES.iter().filter(|suite| names.is_empty() || names.contains(&suite.name));
    let results: Vec<(&Suite, Counts)> = chosen
        .map(|suite| {
            println!("\n== {}: {}", suite.name, suite.about);
            (suite, settle((suite.run)()))
        })
        .collect();

    println!();
    let mut total = Counts::default();
    for (suite, counts) in &results {
        println!("{:<10}{counts}", suite.name);
        total += *counts;
    }
    println!("\n{total}");
    // The line above is the last one: whoever reads it has the reasons further up.
    if total.failed > 0 { std::process::exit(1) } else { Ok(()) }
}

/// A suite that could not run, or ran nothing, counts as one failure.
fn settle(outcome: Result<Option<Counts>>) -> Counts {
    let sentence = match outcome {
        Ok(Some(counts)) if counts.passed + counts.failed > 0 => return counts,
        Ok(Some(_)) => "it ran no test".to_string(),
        Ok(None) => "it has no tests in the tree".to_string(),
        Err(sentence) => sentence,
    };
    println!("error: {sentence}");
    Counts { failed: 1, ..Counts::default() }
}
