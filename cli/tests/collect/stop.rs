//! Stopping cleanly.
#![cfg(unix)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::support::*;

/// Waits until no new connection is accepted.
fn wait_until_closed(server: &Server) {
    while Client::try_new(server.address).is_ok() {
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn both_signals_end_it_well() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new();
        let server = Server::start(&folder.db(), &[]);
        let document = fresh();
        server.post(&document);
        server.signal(signal);
        assert_eq!(server.wait().code(), Some(0), "{signal}");
        // Everything is in the one file: it can be copied away.
        assert!(!folder.file("responses.sqlite-wal").exists());
        let copy = folder.file("copy");
        std::fs::copy(folder.db(), &copy).expect("copied");
        assert_eq!(Server::start(&copy, &[]).stored(), [document]);
    }
}

#[test]
fn what_is_under_way_is_finished() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let document = fresh();
    let body = document.to_string();
    let (half, rest) = body.as_bytes().split_at(100);
    let mut client = server.connect();
    // Answered once, so that the endpoint has taken the connection; then half of a request.
    assert_eq!(client.request("GET", "/healthz", &[], b"").expect("an answer").status, 200);
    let head = client.head("POST", "/responses", &[JSON[0], ("expect", "100-continue")], body.len());
    client.send(head.as_bytes()).expect("sent");
    assert_eq!(client.reply(false).expect("an interim answer").status, 100);
    client.send(half).expect("sent");
    let silent = server.connect();
    server.signal("TERM");
    wait_until_closed(&server);
    client.send(rest).expect("sent");
    assert_eq!(client.reply(false).expect("an answer").status, 201);
    assert_eq!(server.wait().code(), Some(0));
    assert!(silent.ends());
    assert_eq!(Server::start(&folder.db(), &[]).stored(), [document]);
}

#[test]
fn nothing_acknowledged_is_lost_under_load() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let address = server.address;
    let enough = AtomicBool::new(false);
    let acknowledged: Vec<String> = thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let enough = &enough;
                scope.spawn(move || {
                    let mut connection = Client::new(address);
                    let mut acknowledged = Vec::new();
                    loop {
                        let document = fresh();
                        match connection.post(&document) {
                            Ok(reply) if reply.status == 201 => acknowledged.push(document["id"].to_string()),
                            // Told to stop, it may close, or say that it is stopping.
                            Ok(reply) => assert_eq!(reply.status, 503),
                            Err(_) => return acknowledged,
                        }
                        if client == 0 && acknowledged.len() == 30 {
                            enough.store(true, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        while !enough.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        server.signal("TERM");
        assert_eq!(server.wait().code(), Some(0));
        clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    });
    let stored = Server::start(&folder.db(), &[]).stored();
    let stored: Vec<String> = stored.iter().map(|document| document["id"].to_string()).collect();
    let lost = acknowledged.iter().filter(|id| !stored.contains(id)).count();
    assert_eq!((lost, acknowledged.len() >= 30), (0, true));
}
