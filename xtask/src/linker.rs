//! The release widget's linker: the toolchain's own, without the exports that nobody imports.
//!
//! leptos brings wasm-streams, whose exported classes would keep 14 KB of code alive: taking the exports off after
//! linking is too late, since the futures behind them stay in the function table.

use std::path::{Path, PathBuf};

use crate::sh::{self, Result};

/// How the exports of wasm-streams' classes are named.
const FOREIGN: &str = "intounderlying";

/// A script that links with `linker`, leaving those exports out. Windows links as usual, some KB larger.
pub fn without_foreign_exports(linker: &Path) -> Result<PathBuf> {
    let script = format!(
        r#"#!/bin/sh
# Written by xtask/src/linker.rs. Passes every argument on, but for `--export NAME` with a NAME to leave out.
option=
count=$#
while [ "$count" -gt 0 ]; do
    argument=$1
    shift
    count=$((count - 1))
    case "$option $argument" in
        " --export") option=--export; continue ;;
        *"{FOREIGN}"*) option=; continue ;;
    esac
    if [ -n "$option" ]; then set -- "$@" "$option"; option=; fi
    set -- "$@" "$argument"
done
exec '{}' "$@"
"#,
        linker.display()
    );
    if !cfg!(unix) {
        return Ok(linker.into());
    }
    let file = sh::scratch().join("wasm-ld");
    sh::write_changed(&file, &script)?;
    make_executable(&file)?;
    Ok(file)
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
