//! `asklet`, the command line tool. Arguments are read here; each subcommand has a module.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use asklet::core::time::Millis;
use clap::{Parser, Subcommand};

mod check;
mod collect;
mod deliver;
mod json;
mod presets;
mod report;
mod score;

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
    /// Prints what was collected as JSON lines: everything, or what one visitor answered.
    Export(collect::ExportOptions),
    /// Erases what a visitor answered, for good.
    Forget(collect::ForgetOptions),
    /// Lists the ready `delivery` blocks for receivers that many have.
    Presets,
    /// Prints one of them, to be pasted into a config.
    Preset(presets::Options),
    /// Prints the request that a config sends for a response, without sending it.
    #[command(after_help = deliver::STATUS)]
    Render(deliver::RenderOptions),
    /// Writes a page with scores, charts and comments: one HTML file that needs nothing else.
    Report(report::Options),
    /// Reckons scores, rates and spans of time from responses, with how many they rest on and 95 % intervals.
    #[command(after_help = score::STATUS)]
    Score(score::Options),
    /// Sends a response as a config says, and tells what the answer means.
    #[command(after_help = deliver::STATUS)]
    Send(deliver::SendOptions),
    /// Prints the JSON Schema of the config, which editors complete and check it by.
    Schema,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check(options) => check::run(&options),
        Command::Collect(options) => collect::run(options).map(|()| ExitCode::SUCCESS),
        Command::Export(options) => collect::export(&options).map(|()| ExitCode::SUCCESS),
        Command::Forget(options) => collect::forget(&options).map(|()| ExitCode::SUCCESS),
        Command::Presets => print(&presets::list()).map(|()| ExitCode::SUCCESS),
        Command::Preset(options) => presets::print(&options).map(|()| ExitCode::SUCCESS),
        Command::Render(options) => deliver::render(&options),
        Command::Report(options) => report::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Score(options) => score::run(&options),
        Command::Send(options) => deliver::send(&options),
        Command::Schema => print(&json::pretty(&asklet::core::config::schema())).map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(sentence) => {
            say(&format!("asklet: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

/// The time now.
fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
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
