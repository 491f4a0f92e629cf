//! Running other programs. Every failure is one sentence that says what to do.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The result of a step; the error is the sentence shown to whoever ran the command.
pub type Result<T = ()> = std::result::Result<T, String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Cargo's target folder: this program was built into `<target>/<profile>/`.
pub fn target() -> PathBuf {
    if let Some(dir) = std::env::var_os("CARGO_TARGET_DIR") {
        return root().join(dir);
    }
    std::env::current_exe()
        .ok()
        .and_then(|exe| exe.ancestors().nth(2).map(Path::to_path_buf))
        .unwrap_or_else(|| root().join("target"))
}

/// Files of xtask's own (stamps, intermediate builds), made on demand.
pub fn scratch() -> PathBuf {
    let dir = target().join("xtask");
    let _ = std::fs::create_dir_all(&dir);
    dir
}

/// The cargo that runs this program, for native builds.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The test runner's web server depends on two old crates: nothing to act on at every build.
    command.current_dir(root()).env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never");
    command
}

/// Builds a program of the workspace natively and returns its path. The dev profile: half the time to build.
pub fn native_bin(package: &str, bin: &str) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", package, "--bin", bin]);
    run(&mut command, &format!("{package} does not compile: mend what the compiler says above"))?;
    Ok(target().join("debug").join(format!("{bin}{}", std::env::consts::EXE_SUFFIX)))
}

/// A program that npm installed for the workspace.
pub fn npm_bin(name: &str) -> Command {
    let mut command = Command::new(root().join("node_modules/.bin").join(name));
    command.current_dir(root());
    command
}

/// Runs a program with its output shown; `failed` is the sentence for when it does not succeed.
pub fn run(command: &mut Command, failed: &str) -> Result {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(failed.to_string()),
        Err(error) => Err(cannot_start(command, &error)),
    }
}

/// Runs a program and returns what it printed; its error output goes into the message.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name(command);
    let out = command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).trim_end().to_string());
    }
    Err(format!("{name} failed: {}", String::from_utf8_lossy(&out.stderr).trim()))
}

/// Whether a program runs and succeeds, quietly.
pub fn succeeds(command: &mut Command) -> bool {
    quiet(command).status().is_ok_and(|status| status.success())
}

/// Runs a program quietly for at most `limit`, then ends it. `None` when it did not finish or did not start.
pub fn within(command: &mut Command, limit: Duration) -> Option<ExitStatus> {
    let mut child = quiet(command).spawn().ok()?;
    let end = Instant::now() + limit;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The first of `names` that is on PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file()))
}

/// Reads a file.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(|error| format!("cannot make {}: {error}", dir.display()))?;
    }
    std::fs::write(path, content).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Writes a file only when its content changes, so that cargo sees no change where there is none.
pub fn write_changed(path: &Path, content: &str) -> Result {
    if std::fs::read_to_string(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    write(path, content)
}

/// Copies a file.
pub fn copy(from: &Path, to: &Path) -> Result {
    std::fs::copy(from, to)
        .map(drop)
        .map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        return format!("{} is not installed: run `cargo xtask setup`", name(command));
    }
    format!("cannot start {}: {error}", name(command))
}
