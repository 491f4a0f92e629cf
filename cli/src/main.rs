//! `asklet`, the command line tool. Arguments are read here; each subcommand has a module.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod check;
mod collect;

#[derive(Parser)]
#[command(name = "asklet", version, about = "Asklet's command line tool", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks configs: everything that is wrong in them, and what is surely not meant.
    #[command(
        after_help = "Exit status: 0 where nothing is wrong (there may be warnings), 1 where there are problems, or warnings \
        with --strict, 2 where a file cannot be read or the command is not understood.\n\n\
        Every code is explained in docs/check.md."
    )]
    Check(check::Options),
    /// Collects responses: an HTTP endpoint that stores them in a SQLite file.
    Collect(collect::Options),
    /// Prints the JSON Schema of the config, which editors complete and check it by.
    Schema,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(options) => check::run(&options),
        Command::Collect(options) => collect::run(options).map(|()| ExitCode::SUCCESS),
        Command::Schema => print(&schema()).map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(sentence) => {
            say(&format!("asklet: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

/// The config's schema as a file of its own.
fn schema() -> String {
    // A tree of texts and lists: nothing in it cannot be printed.
    serde_json::to_string_pretty(&asklet::core::config::schema()).unwrap_or_default() + "\n"
}

/// Writes what was asked for to standard output.
fn print(text: &str) -> Result<(), String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // `asklet schema | head` has seen enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write the output: {error}")),
        _ => Ok(()),
    }
}

/// Writes a line for the owner to standard error. Nobody listening is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
