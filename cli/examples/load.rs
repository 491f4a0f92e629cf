//! How many responses does `asklet collect` store in a second, and does it keep what it acknowledged when it is killed
//! under that load?
//!
//! ```sh
//! cargo build --release -p asklet-cli
//! cargo run --release -p asklet-cli --example load -- 20
//! ```
//!
//! Posts from 64 connections, one response a request, for so many seconds (10 unless told): once to the end, once killed
//! (SIGKILL) in the middle and started again on the same file. Times depend on the machine and are only printed. It fails
//! where anything that was acknowledged is not there afterwards, is there twice, or was never sent.
//!
//! The program is the one beside this one, or `ASKLET_BIN`. The file is beside it too: on a disk, not in memory.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

const CONNECTIONS: usize = 64;
/// Ends a connection that hangs. Nothing is measured against it.
const HANGS: Duration = Duration::from_secs(60);

/// Where the id stands in `DOCUMENT`.
const ID: &str = "00000000-0000-7000-8000-000000000000";

/// What a visitor's browser sends.
const DOCUMENT: &str = r#"{"id":"00000000-0000-7000-8000-000000000000","revision":1,"status":"complete","survey":"after-order","touchpoint":{"on":"event","name":"order_placed","stage":"purchase"},"answers":[{"question":"score","kind":"nps","value":9,"points":11,"bucket":"promoter"},{"question":"reason","kind":"text","value":"Schnell & gut"}],"metric":"nps","score":9,"comment":"Schnell & gut","shown_at":"2026-11-22T13:00:00.000Z","answered_at":"2026-11-22T13:00:07.412Z","seconds":7.4,"page":"https://shop.example/thanks","locale":"de","direction":"ltr","placement":"popover","device":"mobile","visitor":{"id":"v1","attributes":{"plan":"pro"}},"asklet":"0.1.0"}"#;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let seconds = match std::env::args().nth(1) {
        None => 10,
        Some(text) => text
            .parse()
            .ok()
            .filter(|seconds| (2..=600).contains(seconds))
            .ok_or_else(|| format!("`{text}` is not a number of seconds from 2 to 600"))?,
    };
    let beside = std::env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let beside = beside.parent().unwrap_or(Path::new("."));
    let program = match std::env::var_os("ASKLET_BIN") {
        Some(path) => PathBuf::from(path),
        None => beside.join(format!("../asklet{}", std::env::consts::EXE_SUFFIX)),
    };
    if !program.is_file() {
        return Err(format!("{} is missing: build it first, in the same profile", program.display()));
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("{CONNECTIONS} connections, one response a request, {} bytes each, {cores} cores", DOCUMENT.len());

    let time = Duration::from_secs(seconds);
    println!("\nto the end");
    let folder = Folder::new(beside, "whole")?;
    let server = Server::start(&program, &folder.db())?;
    let load = Load::run(server.address, || thread::sleep(time))?;
    load.print(time);
    check(&load, &server)?;
    drop(server);

    println!("\nkilled in the middle");
    let folder = Folder::new(beside, "killed")?;
    let mut server = Server::start(&program, &folder.db())?;
    let address = server.address;
    let load = Load::run(address, || {
        thread::sleep(time / 2);
        server.kill();
    })?;
    load.print(time / 2);
    check(&load, &Server::start(&program, &folder.db())?)
}

// --- the load -------------------------------------------------------------------------------------------------------

/// What one connection has done.
#[derive(Default)]
struct Work {
    /// It posts its n-th only after the one before has been acknowledged: these are the first so many.
    acknowledged: u64,
    /// Whether one more was sent.
    under_way: bool,
    /// When each was acknowledged, and how long it took, in microseconds.
    times: Vec<(u64, u32)>,
}

struct Load(Vec<Work>);

impl Load {
    /// Posts from all connections until `meanwhile` is over.
    fn run(address: SocketAddr, meanwhile: impl FnOnce()) -> Result<Load, String> {
        let over = AtomicBool::new(false);
        let streams: Vec<_> = (0..CONNECTIONS)
            .map(|_| connect(address).map_err(|error| format!("no connection: {error}")))
            .collect::<Result<_, _>>()?;
        let start = Instant::now();
        thread::scope(|scope| {
            let over = &over;
            let workers: Vec<_> = streams
                .into_iter()
                .enumerate()
                .map(|(worker, stream)| scope.spawn(move || post(stream, worker, start, over)))
                .collect();
            meanwhile();
            over.store(true, Ordering::Relaxed);
            workers.into_iter().map(|worker| worker.join().expect("a worker")).collect::<Result<_, _>>().map(Load)
        })
    }

    fn acknowledged(&self) -> u64 {
        self.0.iter().map(|work| work.acknowledged).sum()
    }

    fn print(&self, time: Duration) {
        let all = || self.0.iter().flat_map(|work| &work.times);
        let mut took: Vec<u32> = all().map(|&(_, took)| took).collect();
        took.sort_unstable();
        let share = |part: usize| took.get(took.len() * part / 100).map_or(0.0, |&took| f64::from(took) / 1_000.0);
        // Whole seconds only: what comes after the end is not one.
        let mut seconds = vec![0_u32; time.as_secs() as usize];
        for (at, _) in all() {
            if let Some(second) = seconds.get_mut((at / 1_000_000) as usize) {
                *second += 1;
            }
        }
        let rate = self.acknowledged() as f64 / time.as_secs_f64();
        println!("  {rate:.0} responses a second, in the slowest second {}", seconds.iter().min().unwrap_or(&0));
        let worst = f64::from(took.last().copied().unwrap_or(0)) / 1_000.0;
        println!(
            "  latency: half within {:.1} ms, 99 % within {:.1} ms, the worst {worst:.1} ms",
            share(50),
            share(99)
        );
    }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(HANGS))?;
    stream.set_write_timeout(Some(HANGS))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The id of a worker's n-th response: shaped like those that browsers make.
fn id(worker: usize, n: u64) -> String {
    format!("0198f0a0-7c1e-7000-8{worker:03x}-{n:012x}")
}

/// Posts one after the other until it is over or the server is gone.
fn post(mut stream: TcpStream, worker: usize, start: Instant, over: &AtomicBool) -> Result<Work, String> {
    let mut request = format!(
        "POST /responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{DOCUMENT}",
        DOCUMENT.len()
    )
    .into_bytes();
    let at = request.len() - DOCUMENT.len() + DOCUMENT.find(ID).expect("an id");
    let mut work = Work::default();
    let mut reply = Vec::new();
    while !over.load(Ordering::Relaxed) {
        request[at..at + ID.len()].copy_from_slice(id(worker, work.acknowledged).as_bytes());
        let sent = Instant::now();
        work.under_way = true;
        // The server was killed; or it hangs, which shows in the count.
        let Ok(status) = stream.write_all(&request).and_then(|()| answer(&mut stream, &mut reply)) else { break };
        if status != 201 {
            return Err(format!("answered {status}: {}", String::from_utf8_lossy(&reply)));
        }
        work.under_way = false;
        work.acknowledged += 1;
        let took = sent.elapsed().as_micros().try_into().unwrap_or(u32::MAX);
        work.times.push((start.elapsed().as_micros() as u64, took));
    }
    Ok(work)
}

/// Reads an answer, which is short and has a length, to its end.
fn answer(stream: &mut TcpStream, reply: &mut Vec<u8>) -> io::Result<u16> {
    reply.clear();
    loop {
        let mut piece = [0; 2048];
        let length = stream.read(&mut piece)?;
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        reply.extend_from_slice(&piece[..length]);
        let Some(head) = reply.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&reply[..head]).to_ascii_lowercase();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(ErrorKind::InvalidData)?;
        let body = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let body: usize = body.and_then(|length| length.trim().parse().ok()).ok_or(ErrorKind::InvalidData)?;
        if reply.len() >= head + 4 + body {
            return Ok(status);
        }
    }
}

// --- what is left of it ---------------------------------------------------------------------------------------------

/// Compares what was acknowledged with what is there.
fn check(load: &Load, server: &Server) -> Result<(), String> {
    let mut stored = HashSet::new();
    let mut twice = 0;
    for line in server.stored().map_err(|error| format!("GET /responses: {error}"))? {
        let line = line.map_err(|error| format!("GET /responses broke off: {error}"))?;
        let document: Value = serde_json::from_str(&line).map_err(|error| format!("GET /responses: {error}"))?;
        twice += usize::from(!stored.insert(document["id"].as_str().unwrap_or("").to_owned()));
    }
    let there = stored.len();
    let (mut lost, mut under_way, mut kept) = (0, 0, 0);
    for (worker, work) in load.0.iter().enumerate() {
        lost += (0..work.acknowledged).filter(|&n| !stored.remove(&id(worker, n))).count();
        under_way += usize::from(work.under_way);
        kept += usize::from(work.under_way && stored.remove(&id(worker, work.acknowledged)));
    }
    println!("  {} acknowledged, {there} there, {lost} lost, {twice} there twice", load.acknowledged());
    println!("  {under_way} under way at the end, {kept} of them there");
    match (lost, twice, stored.len()) {
        (0, 0, 0) if load.acknowledged() > 0 => Ok(()),
        (0, 0, 0) => Err("nothing was acknowledged".into()),
        (_, _, strange) => Err(format!("{lost} lost, {twice} there twice, {strange} there that were never sent")),
    }
}

// --- the program ----------------------------------------------------------------------------------------------------

/// A new empty folder, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(beside: &Path, name: &str) -> Result<Folder, String> {
        let path = beside.join(format!("load-{}-{name}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }

    fn db(&self) -> PathBuf {
        self.0.join("responses.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running endpoint; killed when dropped.
struct Server {
    address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts it on a free port and waits for the line that says it listens. All load comes from one address: the
    /// limit for that is out of the way.
    fn start(program: &Path, db: &Path) -> Result<Server, String> {
        let mut command = Command::new(program);
        command.args(["collect", "--listen", "127.0.0.1:0", "--local-rate", "1000000", "--db"]).arg(db);
        command.env_remove("ASKLET_READ_TOKEN").stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let mut line = String::new();
        let _ = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(',').next()?.parse().ok());
        match address {
            Some(address) => Ok(Server { address, child }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("the endpoint does not listen; it said {line:?}"))
            }
        }
    }

    /// SIGKILL: nothing is finished, nothing is closed.
    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Everything stored, a line each.
    fn stored(&self) -> io::Result<impl Iterator<Item = io::Result<String>>> {
        let mut stream = connect(self.address)?;
        stream.write_all(b"GET /responses HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        if !head.starts_with("HTTP/1.1 200 ") || !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
            return Err(io::Error::other(head));
        }
        Ok(BufReader::new(Chunks { stream, left: 0, over: false }).lines())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A body that comes in chunks. One that breaks off is an error.
struct Chunks {
    stream: BufReader<TcpStream>,
    left: usize,
    over: bool,
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.over {
            return Ok(0);
        }
        if self.left == 0 {
            let mut size = String::new();
            self.stream.read_line(&mut size)?;
            self.left = usize::from_str_radix(size.trim(), 16).map_err(|_| ErrorKind::InvalidData)?;
            if self.left == 0 {
                self.over = true;
                return Ok(0);
            }
        }
        let room = into.len().min(self.left);
        let length = self.stream.read(&mut into[..room])?;
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= length;
        if self.left == 0 {
            self.stream.read_line(&mut String::new())?;
        }
        Ok(length)
    }
}
