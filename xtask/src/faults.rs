//! `cargo xtask faults [pattern ...]`: every fault between an answer and the endpoint, in real browsers.

use std::process::Command;

use crate::dist;
use crate::setup::{self, For};
use crate::sh::{self, Result};
use crate::toolchain::Build;

/// Runs the cells whose names have one of the patterns in them, or all, on a build of its own.
pub fn run(pattern: &[&str]) -> Result {
    setup::run(For::Test)?;
    dist::build(Build::Release)?;
    let mut command = Command::new("node");
    command.current_dir(sh::root()).arg("tests/faults/faults.mjs").args(pattern);
    command.env("ASKLET_DIST", dist::folder());
    command.env("CHROMIUM", setup::browser(false)?.0).env("FIREFOX", setup::firefox(false)?);
    sh::run(&mut command, "an answer was lost, or a fault met otherwise than it must be: read what it says above")
}
