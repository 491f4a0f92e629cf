//! Suites that need no browser: formatting, clippy, cargo's own tests.

use std::process::Command;

use super::counts::{self, Counts};
use crate::sh::{self, Result};
use crate::widget;

/// rustfmt over the workspace, and clippy over each way the crates are built.
pub fn lint() -> Result<Option<Counts>> {
    let mut total = Counts::default();
    total += step("cargo fmt --check", sh::cargo().args(["fmt", "--all", "--check"]));
    let style = widget::style()?;
    for arguments in [
        &["--package=asklet", "--no-default-features", "--all-targets"][..],
        &["--package=asklet", "--features=embed", "--all-targets"],
        &["--package=asklet-example-leptos", "--all-targets"],
        &["--package=asklet-cli", "--package=xtask", "--package=xtask-runner", "--all-targets"],
    ] {
        let mut command = sh::cargo();
        command.arg("clippy").args(arguments).args(["--", "-D", "warnings"]);
        if let Some(style) = &style {
            command.env("ASKLET_STYLE", style);
        }
        total += step(&format!("cargo clippy {}", arguments.join(" ")), &mut command);
    }
    Ok(Some(total))
}

/// Unit, integration and doc tests of the members that run natively.
pub fn native() -> Result<Option<Counts>> {
    let mut total = Counts::default();
    for arguments in [
        &["--package=asklet", "--package=asklet-cli", "--package=xtask"][..],
        // The components: what of them needs no browser, and that the examples in their documentation compile.
        &["--package=asklet", "--features=prompt", "--lib", "prompt::"],
        &["--package=asklet", "--features=prompt", "--doc"],
    ] {
        let mut command = sh::cargo();
        command.args(["test", "--no-fail-fast"]).args(arguments);
        total += counts::run(&mut command)?;
    }
    Ok(Some(total))
}

fn step(name: &str, command: &mut Command) -> Counts {
    println!("{name}");
    counts::check(command.status().is_ok_and(|status| status.success()))
}
