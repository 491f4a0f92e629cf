//! Browser code through wasm-bindgen-test in headless Chromium: `tests/browser*.rs`. And `examples/leptos`, which is built.

use super::counts::{self, Counts};
use crate::setup;
use crate::sh::{self, Result};
use crate::toolchain::{self, Build};
use crate::widget;

/// Builds the tests for wasm and runs them in a browser. `webdriver.json` holds the browser's options.
pub fn suite() -> Result<Option<Counts>> {
    let tests = names()?;
    if tests.is_empty() {
        return Ok(None);
    }
    let (_, driver) = setup::browser(false)?;
    let toolchain = toolchain::find(false)?;
    let runner = sh::native_bin("xtask-runner", "test-runner")?;

    let mut command = toolchain.cargo("test", Build::Dev)?;
    command.args(["--package=asklet", "--features=embed", "--no-fail-fast"]);
    for test in &tests {
        command.arg(format!("--test={test}"));
    }
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // Generous: a shared machine is slow, and a test that hangs is still found.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    let mut example = toolchain.cargo("build", Build::Dev)?;
    example.arg("--package=asklet-example-leptos");
    if let Some(style) = widget::style()? {
        command.env("ASKLET_STYLE", &style);
        // The same for both, or each would build the other's anew.
        example.env("ASKLET_STYLE", &style);
    }
    let mut total = counts::run(&mut command)?;
    println!("cargo build --package=asklet-example-leptos");
    total += counts::check(example.status().is_ok_and(|status| status.success()));
    Ok(Some(total))
}

/// The test targets that are for the browser.
fn names() -> Result<Vec<String>> {
    let folder = sh::root().join("tests");
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_string()))
        .filter(|name| name.starts_with("browser"))
        .collect();
    names.sort();
    Ok(names)
}
