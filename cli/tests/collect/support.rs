//! Starts the program in a folder of its own, and talks to it.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// Ends a test that hangs. Nothing is measured against it.
const HANGS: Duration = Duration::from_secs(120);

/// A new empty folder, removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("asklet-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("a folder");
        Folder(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn db(&self) -> PathBuf {
        self.file("responses.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with arguments, not started yet.
pub fn asklet(db: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asklet"));
    command.arg("collect").arg("--db").arg(db).args(arguments).env_remove("ASKLET_READ_TOKEN");
    command
}

/// A running endpoint; killed when dropped.
pub struct Server {
    pub address: SocketAddr,
    pub line: String,
    child: Child,
}

impl Server {
    /// Starts it on a free port and waits for the line that says it listens.
    pub fn start(db: &Path, arguments: &[&str]) -> Server {
        let mut command = asklet(db, arguments);
        command.args(["--listen", "127.0.0.1:0"]);
        Server::run(command)
    }

    pub fn run(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or("");
        let address = address.parse().unwrap_or_else(|_| panic!("no address in {line:?}"));
        Server { address, line, child }
    }

    /// SIGKILL: nothing is finished, nothing is closed.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Asks it to stop.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &pid]).status().expect("sh");
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().expect("ended")
    }

    /// The most memory it has had, in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its peak");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a number") * 1024
    }

    pub fn connect(&self) -> Client {
        Client::new(self.address)
    }

    /// One request on a connection of its own.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.connect().request(method, path, headers, body).expect("an answer")
    }

    pub fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &[], b"")
    }

    pub fn post(&self, document: &Value) -> Reply {
        self.request("POST", "/responses", &JSON, document.to_string().as_bytes())
    }

    /// Everything stored, in the order of arrival.
    pub fn stored(&self) -> Vec<Value> {
        let reply = self.get("/responses");
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.lines()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

/// A connection that is kept.
pub struct Client {
    pub stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Client {
    pub fn new(address: SocketAddr) -> Client {
        Client::try_new(address).expect("a connection")
    }

    pub fn try_new(address: SocketAddr) -> std::io::Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(HANGS))?;
        stream.set_write_timeout(Some(HANGS))?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream), address })
    }

    pub fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// The head of a request. `Host` and `Content-Length` are added unless they are given.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        let given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        if !given("host") {
            head += &format!("host: {}\r\n", self.address);
        }
        if !given("content-length") && !given("transfer-encoding") && (length > 0 || method == "POST") {
            head += &format!("content-length: {length}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + "\r\n"
    }

    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Reply> {
        let mut bytes = self.head(method, path, headers, body.len()).into_bytes();
        bytes.extend_from_slice(body);
        self.send(&bytes)?;
        self.reply(method == "HEAD")
    }

    pub fn post(&mut self, document: &Value) -> std::io::Result<Reply> {
        self.request("POST", "/responses", &JSON, document.to_string().as_bytes())
    }

    /// Reads one answer to its end; an error if it breaks off.
    pub fn reply(&mut self, head_only: bool) -> std::io::Result<Reply> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(ErrorKind::InvalidData)?;
        let mut reply = Reply { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            reply.headers.push((name.to_ascii_lowercase(), value.trim().into()));
        }
        if head_only || status == 204 || status == 100 {
            return Ok(reply);
        }
        if reply.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = usize::from_str_radix(&self.line()?, 16).map_err(|_| ErrorKind::InvalidData)?;
                let chunk = self.exactly(size)?;
                reply.body.extend_from_slice(&chunk);
                self.line()?;
                if size == 0 {
                    break;
                }
            }
        } else {
            let length = reply.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            reply.body = self.exactly(length)?;
        }
        Ok(reply)
    }

    fn exactly(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.into()),
            None => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Waits until the other side has closed, and returns whether it has.
    pub fn ends(mut self) -> bool {
        let end = self.stream.read_to_end(&mut Vec::new());
        // A reset is an end too.
        end.map_or_else(|error| !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), |_| true)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body as JSON lines.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// The body as problem details, of this status.
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{problem}");
        problem
    }
}

/// A UUIDv7-shaped id that no other call returns.
pub fn id() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("0198f0a0-7c1e-7b3a-9d5e-{:04x}{count:08x}", std::process::id() & 0xffff)
}

/// A good document, as a visitor's browser sends it.
pub fn document(id: &str, revision: u32, comment: &str) -> Value {
    json!({
        "id": id,
        "revision": revision,
        "status": "complete",
        "survey": "after-order",
        "touchpoint": { "on": "event", "name": "order_placed", "stage": "purchase" },
        "answers": [
            { "question": "score", "kind": "nps", "value": 9, "points": 11, "bucket": "promoter" },
            { "question": "reason", "kind": "text", "value": comment }
        ],
        "metric": "nps",
        "score": 9,
        "comment": comment,
        "shown_at": "2026-11-22T13:00:00.000Z",
        "answered_at": "2026-11-22T13:00:07.412Z",
        "seconds": 7.4,
        "page": "https://shop.example/thanks",
        "locale": "de",
        "direction": "ltr",
        "placement": "popover",
        "device": "mobile",
        "visitor": { "id": "v1", "attributes": { "plan": "pro" } },
        "asklet": "0.1.0"
    })
}

/// A good document with an id of its own.
pub fn fresh() -> Value {
    document(&id(), 1, "Schnell & gut")
}
