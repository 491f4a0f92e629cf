//! `cargo xtask audit`: licences, bans, sources and advisories of all crates, by cargo-deny and `deny.toml`.

use std::process::Command;
use std::time::Duration;

use crate::sh::{self, Result};
use crate::tools;

/// How long the advisory database may take to fetch.
const FETCH_LIMIT: Duration = Duration::from_secs(120);

/// Checks what needs no network, then the advisories where their database can be had.
pub fn run() -> Result {
    let deny = tools::get(tools::CARGO_DENY)?;
    let deny = |arguments: &[&str]| {
        let mut command = Command::new(&deny);
        command.current_dir(sh::root()).args(arguments);
        command
    };
    sh::run(
        &mut deny(&["--all-features", "check", "licenses", "bans", "sources"]),
        "a dependency breaks a rule of deny.toml: replace it, or say in deny.toml why it may stay",
    )?;
    let fetched = sh::within(&mut deny(&["fetch", "db"]), FETCH_LIMIT).is_some_and(|status| status.success());
    if !fetched {
        println!("advisories were NOT checked: their database cannot be fetched from here");
        return Ok(());
    }
    sh::run(
        &mut deny(&["--all-features", "check", "--disable-fetch", "advisories"]),
        "a dependency has an advisory: update it, or say in deny.toml why it does not apply",
    )
}
