//! The release widget's linker: the toolchain's own, without the exports that nobody imports.
//!
//! leptos brings wasm-streams, whose exported classes would keep 14 KB of code alive: taking the exports off after
//! linking is too late, since the futures behind them stay in the function table.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sh::{self, Result};

/// How the exports of wasm-streams' classes are named.
const FOREIGN: &str = "intounderlying";

/// A linker that links with `linker`, leaving those exports out: this very program, called by a script, since rustc passes
/// no arguments of ours on. Windows links as usual, some KB larger.
pub fn without_foreign_exports(linker: &Path) -> Result<PathBuf> {
    if !cfg!(unix) {
        return Ok(linker.into());
    }
    let own = std::env::current_exe().map_err(|error| format!("cannot tell where xtask itself is: {error}"))?;
    let file = sh::scratch().join("wasm-ld");
    let script = format!("#!/bin/sh\nexec '{}' link '{}' \"$@\"\n", own.display(), linker.display());
    sh::write_changed(&file, &script)?;
    make_executable(&file)?;
    Ok(file)
}

/// Links: passes every argument on, but for `--export NAME` with a name to leave out.
pub fn link(linker: &str, arguments: &[&str]) -> Result {
    let mut command = Command::new(linker);
    let mut arguments = arguments.iter().peekable();
    while let Some(argument) = arguments.next() {
        if *argument == "--export" && arguments.next_if(|name| name.contains(FOREIGN)).is_some() {
            continue;
        }
        command.arg(argument);
    }
    sh::run(&mut command, "the linker failed: see above")
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
        .map_err(|error| format!("cannot make {} executable: {error}", file.display()))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result {
    Ok(())
}
