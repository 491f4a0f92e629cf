//! `cargo xtask setup [demo|test]`: finds what a command needs, or gets it. Safe to run again, and quick then.

use std::path::PathBuf;
use std::process::Command;

use crate::sh::{self, Result};
use crate::{apt, toolchain};

/// What to set up for.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub enum For {
    /// Building the widget and serving the demo.
    Demo,
    /// The same, and the browsers and the test libraries.
    Test,
}

/// The oldest Node that the tools and the tests run on.
const NODE: u32 = 18;

/// Sets everything up, one line a step.
pub fn run(purpose: For) -> Result {
    let steps = if purpose == For::Test { 5 } else { 3 };
    let step = |number: u32, what: &str, found: &str| println!("[{number}/{steps}] {what}: {found}");
    step(1, "Rust for wasm", &toolchain::find(true)?.name);
    step(2, "Node.js", &node()?);
    step(3, "npm packages", npm_packages(purpose)?);
    if purpose == For::Test {
        let (chromium, _) = browser(true)?;
        step(4, "Chromium and ChromeDriver", &chromium.display().to_string());
        step(5, "Firefox", &firefox(true)?.display().to_string());
    }
    Ok(())
}

fn node() -> Result<String> {
    if let Ok(version) = node_version()
        && sh::find(&["npm"]).is_some()
    {
        return Ok(version);
    }
    let sentence = |reason: String| format!("{reason}: install Node.js {NODE} or later with npm, then run this again");
    // A Node without npm needs npm only: another Node beside it would clash.
    let packages: &[&str] = if node_version().is_ok() { &["npm"] } else { &["nodejs", "npm"] };
    apt::install(packages).map_err(sentence)?;
    node_version().map_err(sentence)
}

fn node_version() -> Result<String> {
    let version = sh::output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    if major.is_some_and(|major| major >= NODE) {
        return Ok(version);
    }
    Err(format!("node is {version}, older than {NODE}"))
}

/// Installs what package-lock.json says; the demo does without the packages of the tests.
pub fn npm_packages(purpose: For) -> Result<&'static str> {
    let lock = sh::read(&sh::root().join("package-lock.json"))?;
    let stamp = sh::root().join("node_modules/.asklet");
    // The stamp is the purpose, then the lock file that was installed.
    if let Ok(old) = std::fs::read_to_string(&stamp)
        && let Some((installed, old_lock)) = old.split_once('\n')
        && old_lock == lock
        && (installed == "test" || purpose == For::Demo)
    {
        return Ok("installed");
    }
    println!("      npm ci");
    let mut command = Command::new("npm");
    command.current_dir(sh::root());
    // No package of ours needs its install script.
    command.args(["ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]);
    if purpose == For::Demo {
        command.arg("--omit=dev");
    }
    sh::run(&mut command, "npm could not install the packages: read what it says above; it needs a registry")?;
    let name = if purpose == For::Test { "test" } else { "demo" };
    sh::write(&stamp, format!("{name}\n{lock}"))?;
    Ok("installed now")
}

/// Chromium and its driver: the variables `CHROMIUM` and `CHROMEDRIVER`, else PATH, else apt.
pub fn browser(install: bool) -> Result<(PathBuf, PathBuf)> {
    let find =
        |variable: &str, names: &[&str]| std::env::var_os(variable).map(PathBuf::from).or_else(|| sh::find(names));
    let both = || {
        let chromium = find("CHROMIUM", &["chromium", "chromium-browser", "google-chrome", "chrome"])?;
        Some((chromium, find("CHROMEDRIVER", &["chromedriver"])?))
    };
    if let Some(found) = both() {
        return Ok(found);
    }
    let sentence = "install Chromium and a ChromeDriver of the same version, or name them in CHROMIUM and CHROMEDRIVER";
    if install {
        apt::install(&["chromium", "chromium-driver"]).map_err(|reason| format!("{reason}; or {sentence}"))?;
    }
    both().ok_or_else(|| format!("there is no browser for the tests: {sentence}"))
}

/// Firefox: the variable `FIREFOX`, else PATH, else apt. The tests drive it without a driver of its own.
pub fn firefox(install: bool) -> Result<PathBuf> {
    let find = || std::env::var_os("FIREFOX").map(PathBuf::from).or_else(|| sh::find(&["firefox-esr", "firefox"]));
    if let Some(found) = find() {
        return Ok(found);
    }
    let sentence = "install Firefox, or name it in FIREFOX";
    if install {
        apt::install(&["firefox-esr"]).map_err(|reason| format!("{reason}; or {sentence}"))?;
    }
    find().ok_or_else(|| format!("there is no Firefox for the tests: {sentence}"))
}
