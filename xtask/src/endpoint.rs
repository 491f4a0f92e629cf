//! The demo's collection endpoint: `asklet collect` as a child process that can really be stopped and started.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::sh::{self, Result};

/// How long the endpoint may take to answer its first connection, and to stop when asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// The endpoint and the child that runs it, if it runs.
pub struct Endpoint {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    /// The shop's port: its panel may read what is stored.
    shop: u16,
    child: Option<Child>,
}

/// Builds the command line tool and returns its path.
pub fn build_tool() -> Result<PathBuf> {
    sh::native_bin("asklet-cli", "asklet")
}

impl Endpoint {
    /// An endpoint that does not run yet, on `port` or the next free one.
    pub fn new(program: PathBuf, port: u16, shop: u16) -> Result<Self> {
        let folder = sh::target().join("demo");
        std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        Ok(Self { program, folder, port: free_port(port)?, shop, child: None })
    }

    /// Host and port that it listens on.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Whether the child runs.
    pub fn running(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Starts the child and waits until it accepts connections.
    pub fn start(&mut self) -> Result {
        if self.running() {
            return Ok(());
        }
        let log_path = self.folder.join("collect.log");
        let log = File::create(&log_path).map_err(|error| format!("cannot write {}: {error}", log_path.display()))?;
        let log_again = log.try_clone().map_err(|error| format!("cannot write {}: {error}", log_path.display()))?;
        let child = Command::new(&self.program)
            .args(["collect", "--listen", &self.address()])
            .args(["127.0.0.1", "localhost"].map(|host| format!("--read-origin=http://{host}:{}", self.shop)))
            .arg("--db")
            .arg(self.folder.join("responses.sqlite"))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(log_again)
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", self.program.display()))?;
        self.child = Some(child);
        let end = Instant::now() + PATIENCE;
        while self.running() && Instant::now() < end {
            if TcpStream::connect(self.address()).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.stop();
        Err(format!("the endpoint did not start: read {}", log_path.display()))
    }

    /// Asks the child to end, and ends it if it does not.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // The shell's own `kill`: a small Debian has no program of that name.
        let asked = sh::succeeds(Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]));
        let end = Instant::now() + PATIENCE;
        while asked && Instant::now() < end && matches!(child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// `port`, or the first free one after it.
fn free_port(port: u16) -> Result<u16> {
    (port..port.saturating_add(50))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| format!("no port from {port} on is free: stop something that listens there"))
}
