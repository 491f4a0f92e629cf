//! Rust programs that are installed on demand, each at one version, into `target/tools`.

use std::path::PathBuf;
use std::process::Command;

use crate::sh::{self, Result};

/// The development server.
pub const TRUNK: (&str, &str) = ("trunk", "0.21.14");
/// The auditor of dependencies.
pub const CARGO_DENY: (&str, &str) = ("cargo-deny", "0.20.2");

/// The path of a tool, which is built the first time.
pub fn get((name, version): (&str, &str)) -> Result<PathBuf> {
    let folder = sh::root().join("target/tools");
    let program = folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let right = sh::output(Command::new(&program).arg("--version")).is_ok_and(|text| text.ends_with(version));
    if right {
        return Ok(program);
    }
    println!("installing {name} {version} into target/tools (about five minutes, once)");
    let mut command = sh::cargo();
    // Its own lock file: without it, a dependency of trunk no longer compiles.
    command.args(["install", "--locked", name, "--version", version, "--root"]).arg(&folder);
    command.env("CARGO_TARGET_DIR", sh::target().join("tools-build"));
    sh::run(&mut command, &format!("{name} {version} could not be installed: read what cargo says above"))?;
    Ok(program)
}
