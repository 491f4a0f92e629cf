//! The project's own commands. `cargo xtask` lists them.

mod apt;
mod audit;
mod demo;
mod dist;
mod endpoint;
mod faults;
mod files;
mod http;
mod linker;
mod loader;
mod locales;
mod receivers;
mod setup;
mod sh;
mod shrink;
mod sizes;
mod test;
mod toolchain;
mod tools;
mod trunk;
mod widget;

use std::process::ExitCode;

use setup::For;
use sh::Result;
use toolchain::Build;

const HELP: &str = "\
usage: cargo xtask <command>

  setup [demo|test]     find or get everything that the demo or the tests need
  demo [--port N]       set up, build, and serve the shop with its endpoint
  dist [--dev]          write dist/: loader, widget, types, hashes and sizes
  size                  the table of sizes of dist/
  audit                 licences, sources and advisories of all crates (cargo-deny)
  trunk [serve|...]     the development loop: trunk with everything it needs
  bench                 simulate a year of a shop: how often the widget is fetched
  bench prompt          the prompt beside its peers: time to show a choice, and what 200 shows leave behind
  bench faults          eight faults beside peers: of what was answered, how much arrives
  bench collect [S]     the endpoint under load for S seconds, and killed in the middle
  bench score [N]       N responses (150000: a million rows) through asklet score, beside awk
  year [--seed N ...]   a made-up year of a shop's responses, as JSON lines on standard output
  faults [pattern ...]  the fault matrix in Chromium and Firefox, all of it or the cells named so
  receivers [name ...]  receivers that are not ours, each started and posted to from a page: all, or the named ones
  test [suite ...]      set up and run all suites, or the named ones:
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[&str]) -> Result {
    match arguments {
        [] | ["help" | "--help" | "-h", ..] => {
            print!("{HELP}{}", test::names());
            Ok(())
        }
        ["setup"] | ["setup", "test"] => setup::run(For::Test),
        ["setup", "demo"] => setup::run(For::Demo),
        ["demo"] => demo::run(8080),
        ["demo", "--port", port] => {
            demo::run(port.parse().map_err(|_| format!("`{port}` is no port: give a number from 1 to 65535"))?)
        }
        ["dist"] => {
            setup::run(For::Demo)?;
            dist::build(Build::Release).map(|report| sizes::print(&report))
        }
        ["dist", "--dev"] => {
            setup::run(For::Demo)?;
            dist::build(Build::Dev).map(|report| sizes::print(&report))
        }
        ["link", linker, arguments @ ..] => linker::link(linker, arguments),
        ["loader"] => trunk::loader(),
        ["trunk", arguments @ ..] => trunk::run(arguments),
        ["audit"] => audit::run(),
        ["test", suites @ ..] => test::run(suites),
        ["bench"] => bench("year", "the year could not be simulated: read what it says above"),
        ["bench", "prompt"] => {
            bench("prompt", "the prompt could not be measured, or left something behind: read what it says above")
        }
        ["bench", "faults"] => bench("faults", "the faults could not be run to their end: read what it says above"),
        ["bench", "score", rows @ ..] => {
            setup::run(For::Demo)?;
            let mut build = sh::cargo();
            build.args(["build", "--release", "--package=asklet-cli", "--bin=asklet", "--example=year"]);
            sh::run(&mut build, "asklet-cli does not compile: mend what the compiler says above")?;
            let release = sh::target().join("release");
            let mut command = std::process::Command::new("node");
            command
                .current_dir(sh::root())
                .arg("tests/bench/score.mjs")
                .args(rows)
                .env("ASKLET_BIN", release.join("asklet"));
            command.env("ASKLET_YEAR", release.join("examples/year")).env("BENCH_SCRATCH", sh::scratch().join("bench"));
            sh::run(&mut command, "asklet score could not be measured: read what it says above")
        }
        ["bench", "collect", seconds @ ..] => {
            let mut build = sh::cargo();
            build.args(["build", "--release", "--package=asklet-cli"]);
            sh::run(&mut build, "asklet-cli does not compile: mend what the compiler says above")?;
            let mut command = sh::cargo();
            command.args(["run", "--release", "--package=asklet-cli", "--example=load", "--"]).args(seconds);
            sh::run(&mut command, "the endpoint could not be measured, or lost something: read what it says above")
        }
        ["year", arguments @ ..] => {
            let mut command = sh::cargo();
            command
                .args(["run", "--quiet", "--release", "--package=asklet-cli", "--example=year", "--"])
                .args(arguments);
            sh::run(&mut command, "the year could not be made: read what it says above")
        }
        ["faults", pattern @ ..] => faults::run(pattern),
        ["receivers", names @ ..] => receivers::run(names),
        ["size"] => sizes::read(&dist::folder()).map(|report| sizes::print(&report)),
        [other, ..] => {
            Err(format!("there is no command `{other}` with these arguments: run `cargo xtask` for the list"))
        }
    }
}

/// Runs a benchmark on a build of its own. What it gets for itself goes into a folder beside the other builds.
fn bench(name: &str, failed: &str) -> Result {
    setup::run(For::Test)?;
    dist::build(Build::Release)?;
    let mut command = std::process::Command::new("node");
    command.current_dir(sh::root()).arg(format!("tests/bench/{name}.mjs")).env("ASKLET_DIST", dist::folder());
    command.env("CHROMIUM", setup::browser(false)?.0).env("BENCH_SCRATCH", sh::scratch().join("bench"));
    sh::run(&mut command, failed)
}
