//! `cargo xtask receivers [name ...]`: real receivers that are not ours, each installed as its users install it, take what the
//! presets send. Debian packages need root or sudo; the rest goes into a folder beside the other builds.

use std::process::Command;

use crate::dist;
use crate::setup::{self, For};
use crate::sh::{self, Result};
use crate::toolchain::Build;

/// Those of CI: light, quick to start, and of three kinds. Lines in a batch that needs no preflight; documents with a verdict each;
/// a command in the address whose errors come with 200.
pub const QUICK: &[&str] = &["clickhouse", "couchdb", "webdis"];

/// Runs the named ones, or all.
pub fn run(names: &[&str]) -> Result {
    setup::run(For::Test)?;
    sh::run(
        &mut command(names)?,
        "a receiver could not be installed, or did not store what was sent: read what it says above",
    )
}

/// What runs them, on a build of its own.
pub fn command(names: &[&str]) -> Result<Command> {
    dist::build(Build::Release)?;
    let mut command = Command::new("node");
    command.current_dir(sh::root()).args(["--test", "--test-reporter=spec", "tests/receivers/receivers.test.mjs"]);
    command.env("ASKLET_DIST", dist::folder()).env("ASKLET_BIN", sh::native_bin("asklet-cli", "asklet")?);
    command.env("CHROMIUM", setup::browser(false)?.0).env("RECEIVERS_SCRATCH", sh::scratch().join("receivers"));
    if names.is_empty() {
        // And what libraries of a receiver's makers say of presets whose receiver cannot be had.
        command.args(["tests/presets/aws.test.mjs", "tests/presets/sdk.test.mjs"]);
    } else {
        command.env("RECEIVERS", names.join(","));
    }
    Ok(command)
}
