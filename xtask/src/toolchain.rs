//! The compiler that builds wasm. Two routes lead to the same kind of build, std rebuilt from source:
//! the active toolchain with its `rust-src` component, or Debian's `rustc-web` packages.
//!
//! `ASKLET_TOOLCHAIN=rustup` or `ASKLET_TOOLCHAIN=debian` takes one route and no other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::apt;
use crate::linker;
use crate::sh::{self, Result};

/// The target triple of the widget.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may take to fetch 3 MB of library source before the other route is tried.
const FETCH_LIMIT: Duration = Duration::from_secs(60);

const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// A cargo and rustc that can rebuild std for wasm, and the linker they use.
pub struct Toolchain {
    /// One line for people: which route, which version.
    pub name: String,
    cargo: PathBuf,
    rustc: PathBuf,
    linker: PathBuf,
    /// Cargo's target folder for wasm builds: one a compiler, because the name of the wasm is the same for all
    /// and cargo would take one compiler's file for the other's.
    pub target: PathBuf,
}

/// Flags of one wasm build.
#[derive(Clone, Copy, PartialEq)]
pub enum Build {
    /// Small: no panic messages, std optimised for size.
    Release,
    /// Quick to build, with panic messages.
    Dev,
}

/// Bytes of stack that the widget gets; linear memory counts for the visitor.
const STACK: u32 = 64 * 1024;

impl Toolchain {
    /// A cargo command for wasm, without its subcommand's own arguments.
    pub fn cargo(&self, subcommand: &str, build: Build) -> Result<Command> {
        let mut flags = Vec::new();
        let mut command = Command::new(&self.cargo);
        command.current_dir(sh::root()).arg(subcommand);
        command.args(["--target", TARGET, "-Zbuild-std=std,panic_abort"]);
        if build == Build::Release {
            command.arg("-Zbuild-std-features=optimize_for_size");
            flags.extend(["-Zunstable-options".to_string(), "-Cpanic=immediate-abort".to_string()]);
            flags.push(format!("-Clink-arg=-zstack-size={STACK}"));
            // Even `opt-level = "z"` copies small functions into their callers, more than pays here.
            flags.push("-Cllvm-args=--inline-threshold=0".to_string());
        }
        self.environment(&mut command);
        if build == Build::Release {
            let linker = linker::without_foreign_exports(&self.linker)?;
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        Ok(command)
    }

    /// The variables that make a cargo use this toolchain.
    pub fn environment(&self, command: &mut Command) {
        command
            .env("RUSTC", &self.rustc)
            .env("CARGO", &self.cargo)
            // Lets a stable compiler rebuild std.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.linker)
            // Its own folder: the flags and the compiler differ from the native build's.
            .env("CARGO_TARGET_DIR", &self.target)
            // What `cargo run` set for this program is not for another compiler.
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTDOC");
    }
}

/// Finds the toolchain, or gets it when `install` is set.
pub fn find(install: bool) -> Result<Toolchain> {
    let forced = std::env::var("ASKLET_TOOLCHAIN").unwrap_or_default();
    let (rustup, debian) = match forced.as_str() {
        "" => (true, true),
        "rustup" => (true, false),
        "debian" => (false, true),
        other => return Err(format!("ASKLET_TOOLCHAIN is `{other}`: set it to rustup or debian, or unset it")),
    };
    // What is there already comes first; only then is anything fetched.
    let mut reasons = Vec::new();
    if rustup {
        match active() {
            Ok(toolchain) => return Ok(toolchain),
            Err(reason) => reasons.push(reason),
        }
    }
    if debian {
        match debians() {
            Ok(toolchain) => return Ok(toolchain),
            Err(reason) => reasons.push(reason),
        }
    }
    if install && rustup {
        match fetch_source().and_then(|()| active()) {
            Ok(toolchain) => return Ok(toolchain),
            Err(reason) => reasons.push(reason),
        }
    }
    if install && debian {
        match install_debian().and_then(|()| debians()) {
            Ok(toolchain) => return Ok(toolchain),
            Err(reason) => reasons.push(reason),
        }
    }
    if !install {
        return Err(format!("no toolchain for wasm here ({}): run `cargo xtask setup`", reasons.join("; ")));
    }
    Err(format!(
        "no toolchain for wasm could be set up ({}): run `rustup component add rust-src` with a network, \
         or on Debian `{}`",
        reasons.join("; "),
        apt::command(DEBIAN_PACKAGES),
    ))
}

/// The machine's own target triple.
pub fn host() -> Result<String> {
    about(&active_programs().1).map(|(_, host, _)| host)
}

/// The toolchain that runs this program, if it has the source of std.
fn active() -> Result<Toolchain> {
    let (cargo, rustc) = active_programs();
    check("the active toolchain", cargo, rustc)
}

/// The cargo that runs this program and the rustc beside it: asking rustup again would take longer.
fn active_programs() -> (PathBuf, PathBuf) {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let rustc = cargo.with_file_name("rustc");
    let rustc = if rustc.is_file() { rustc } else { PathBuf::from("rustc") };
    (cargo, rustc)
}

fn debians() -> Result<Toolchain> {
    let (cargo, rustc) = (PathBuf::from("/usr/bin/cargo"), PathBuf::from("/usr/bin/rustc"));
    if !cargo.is_file() || !rustc.is_file() {
        return Err("Debian's rustc-web is not installed".into());
    }
    check("Debian's rustc-web", cargo, rustc)
}

fn check(name: &str, cargo: PathBuf, rustc: PathBuf) -> Result<Toolchain> {
    let (sysroot, host, version) = about(&rustc)?;
    if !sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file() {
        return Err(format!("{name} (rustc {version}) has no library source"));
    }
    let linker = linker(&sysroot, &host)?;
    let mut probe = Command::new(&rustc);
    probe.args(["-Zunstable-options", "-Cpanic=immediate-abort", "--print=cfg"]);
    if !sh::succeeds(probe.env("RUSTC_BOOTSTRAP", "1").env_remove("LD_LIBRARY_PATH")) {
        return Err(format!("{name} (rustc {version}) is too old for panic=immediate-abort, 1.92 will do"));
    }
    let target = sh::target().join("widget").join(&version);
    Ok(Toolchain { name: format!("{name}, rustc {version}"), cargo, rustc, linker, target })
}

/// Sysroot, host triple and version of a compiler.
fn about(rustc: &Path) -> Result<(PathBuf, String, String)> {
    let ask = |argument| sh::output(Command::new(rustc).arg(argument).env_remove("LD_LIBRARY_PATH"));
    let (sysroot, version) = (ask("--print=sysroot")?, ask("-vV")?);
    let field = |key| version.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().to_string();
    Ok((PathBuf::from(sysroot), field("host: "), field("release: ")))
}

/// The compiler's own rust-lld, else rustup's, else LLVM's.
fn linker(sysroot: &Path, host: &str) -> Result<PathBuf> {
    let inside = |sysroot: &Path| sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    let own = inside(sysroot);
    if own.is_file() {
        return Ok(own);
    }
    if let Some(cargo) = std::env::var_os("CARGO")
        && let Some(sysroot) = Path::new(&cargo).ancestors().nth(2)
        && inside(sysroot).is_file()
    {
        return Ok(inside(sysroot));
    }
    // wasm-ld by its versioned names: Debian installs no plain one with lld-22.
    sh::find(&["rust-lld", "wasm-ld-22", "wasm-ld", "wasm-ld-21", "wasm-ld-20", "wasm-ld-19"])
        .ok_or_else(|| format!("there is no linker for wasm, run `{}`", apt::command(&["lld-22"])))
}

fn fetch_source() -> Result {
    if sh::find(&["rustup"]).is_none() {
        return Err("rustup is not installed".into());
    }
    println!("      asking rustup for the library source (at most {} s)", FETCH_LIMIT.as_secs());
    let mut command = Command::new("rustup");
    command.args(["component", "add", "rust-src"]).env("RUSTUP_MAX_RETRIES", "1");
    match sh::within(&mut command, FETCH_LIMIT) {
        Some(status) if status.success() => Ok(()),
        Some(_) => Err("rustup could not fetch rust-src".into()),
        None => Err(format!("rustup did not fetch rust-src within {} s", FETCH_LIMIT.as_secs())),
    }
}

fn install_debian() -> Result {
    apt::install(DEBIAN_PACKAGES)?;
    // The linker comes with rustup's toolchain; where there is none, LLVM's does.
    match debians() {
        Err(reason) if reason.contains("no linker") => apt::install(&["lld-22"]),
        _ => Ok(()),
    }
}
