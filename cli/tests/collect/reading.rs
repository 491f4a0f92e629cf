//! `GET /responses`: who may, and what comes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::support::*;

const TOKEN: &str = "0123456789abcdef0123";

/// Fills the file with `count` documents of about `size` bytes, past the endpoint.
fn fill(folder: &Folder, count: usize, size: usize) {
    let mut db = rusqlite::Connection::open(folder.db()).expect("the file");
    let rows = db.transaction().expect("a transaction");
    let comment = "x".repeat(size);
    for _ in 0..count {
        let id = id();
        let document = document(&id, 1, &comment).to_string();
        let sql = "INSERT INTO response (id, revision, status, survey, answered_at, received_at, document)
                   VALUES (?, 1, 'complete', 'after-order', '2026', '2026', ?)";
        rows.execute(sql, [&id, &document]).expect("a row");
    }
    rows.commit().expect("committed");
}

#[test]
fn an_empty_file_is_no_lines() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let reply = server.get("/responses");
    assert_eq!((reply.status, reply.text().as_str()), (200, ""));
    assert_eq!(reply.header("content-type"), Some("application/jsonl; charset=utf-8"));
}

#[test]
fn the_newest_and_those_since() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    for comment in ["a", "b", "c", "d"] {
        server.post(&document(&id(), 1, comment));
    }
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    for (seq, at) in [
        (1, "2026-11-21T23:59:59.999Z"),
        (2, "2026-11-22T13:00:00.000Z"),
        (3, "2026-11-22T13:00:30.500Z"),
        (4, "2026-11-23T00:00:00.000Z"),
    ] {
        db.execute("UPDATE response SET received_at = ? WHERE seq = ?", rusqlite::params![at, seq]).expect("a row");
    }
    let table = [
        ("", "abcd"),
        ("?limit=1", "d"),
        ("?limit=3", "bcd"),
        ("?limit=4", "abcd"),
        ("?limit=5", "abcd"),
        ("?since=2026", "abcd"),
        ("?since=2026-11-22", "bcd"),
        ("?since=2026-11-22T13:00Z", "bcd"),
        ("?since=2026-11-22T13:00:00.000Z", "bcd"),
        ("?since=2026-11-22T13%3A00%3A00.001Z", "cd"),
        ("?since=2026-11-22T13:00:30.500", "cd"),
        ("?since=2026-11-23", "d"),
        ("?since=2026-11-24", ""),
        ("?since=2026-11-22&limit=2", "cd"),
        ("?limit=9&since=2026-11-23", "d"),
    ];
    for (query, expect) in table {
        let reply = server.get(&format!("/responses{query}"));
        let comments: String = reply.lines().iter().filter_map(|line| line["comment"].as_str()).collect();
        assert_eq!((reply.status, comments.as_str()), (200, expect), "{query}");
    }
    for query in ["?limit=0", "?limit=x", "?limit=-1", "?limit=", "?since=yesterday", "?since=", "?until=2026"] {
        server.get(&format!("/responses{query}")).problem(400);
    }
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    let folder = Folder::new();
    let mut command = asklet(&folder.db(), &["--listen", "127.0.0.1:0"]);
    command.env("ASKLET_READ_TOKEN", TOKEN);
    let by_environment = Server::run(command);
    let by_flag = Server::start(&folder.db(), &["--read-token", TOKEN]);
    for server in [by_environment, by_flag] {
        let read = |value: &str| server.request("GET", "/responses", &[("authorization", value)], b"");
        let reply = server.get("/responses");
        reply.problem(401);
        assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"asklet\""));
        read("Bearer 0123456789abcdef0124").problem(401);
        assert_eq!(read(&format!("Bearer {TOKEN}")).status, 200);
        // Posting needs none.
        assert_eq!(server.post(&fresh()).status, 201);
    }
}

#[test]
fn without_a_token_only_the_machine_itself_reads() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    server.post(&fresh());
    let read = |headers: &[(&str, &str)]| server.request("GET", "/responses", headers, b"");
    assert_eq!(read(&[("host", "localhost:8787")]).status, 200);
    read(&[("host", "rebound.example:8787")]).problem(403);
    read(&[("x-forwarded-for", "203.0.113.7")]).problem(403);
    read(&[("via", "1.1 proxy")]).problem(403);

    let proxied = Server::start(&folder.db(), &["--behind-proxy"]);
    proxied.get("/responses").problem(403);
    let mut command = asklet(&folder.db(), &[]);
    command.args(["--listen", "0.0.0.0:0"]);
    let open = Server::run(command);
    open.request("GET", "/responses", &[("host", "localhost")], b"").problem(403);
    assert_eq!(open.request("GET", "/healthz", &[], b"").status, 200);
    assert_eq!(open.post(&fresh()).status, 201);
}

#[test]
fn a_reader_sees_everything_acknowledged_before_it_asked() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    // Enough for several pages, so that reading is in the middle while writing goes on.
    fill(&folder, 40, 10_000);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                let lines = server.stored().len();
                assert!(lines >= most, "{lines} after {most}");
                most = lines;
            }
        });
        let mut client = server.connect();
        for count in 1..=200 {
            assert_eq!(client.post(&fresh()).expect("an answer").status, 201);
            if count % 50 == 0 {
                assert_eq!(server.stored().len(), 40 + count);
            }
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_what_is_read() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    fill(&folder, 2_000, 30_000);
    let reply = server.get("/responses");
    assert_eq!(reply.body.iter().filter(|byte| **byte == b'\n').count(), 2_000);
    assert!(reply.body.len() > 60_000_000);
    let peak = server.peak_memory();
    assert!(peak < 40_000_000, "{peak} bytes for {}", reply.body.len());
}

#[test]
fn what_breaks_off_is_seen_to_break_off() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    // More than the system's buffers between the two, so that much is unread when the table goes.
    fill(&folder, 1_000, 30_000);
    let mut client = server.connect();
    let head = client.head("GET", "/responses", &[], 0);
    client.send(head.as_bytes()).expect("sent");
    let mut first = [0; 100];
    std::io::Read::read_exact(&mut client.stream, &mut first).expect("a beginning");
    assert!(first.starts_with(b"HTTP/1.1 200"));
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    db.busy_timeout(Duration::from_secs(60)).expect("set");
    db.execute_batch("ALTER TABLE response RENAME TO gone").expect("renamed");
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut client.stream, &mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it looks complete");
}

#[test]
fn readers_are_bounded_and_stuck_ones_are_let_go() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--timeout", "5"]);
    fill(&folder, 1_000, 30_000);
    let stuck = |server: &Server| {
        let mut client = server.connect();
        let head = client.head("GET", "/responses", &[], 0);
        client.send(head.as_bytes()).expect("sent");
        let mut first = [0; 12];
        std::io::Read::read_exact(&mut client.stream, &mut first).expect("a status");
        (client, first)
    };
    // They read the status and nothing more, until no further one is let in ...
    let mut readers: Vec<Client> = Vec::new();
    let refused = loop {
        let (mut client, first) = stuck(&server);
        if first.ends_with(b"503") {
            let mut rest = [0; 500];
            let length = std::io::Read::read(&mut client.stream, &mut rest).expect("the rest");
            break String::from_utf8_lossy(&rest[..length]).into_owned();
        }
        assert!(first.ends_with(b"200"));
        readers.push(client);
    };
    assert!(refused.contains("retry-after: "), "{refused}");
    assert!(readers.len() >= 8);
    // ... and then they are, one after the other, given up. Posting goes on meanwhile.
    assert_eq!(server.post(&fresh()).status, 201);
    let let_in = (0..1200).any(|_| {
        thread::sleep(Duration::from_millis(100));
        server.get("/responses?limit=1").status == 200
    });
    assert!(let_in, "they still hold their places");
    let none: Vec<Value> = server.get("/responses?since=2100").lines();
    assert_eq!(none, [] as [Value; 0]);
}
