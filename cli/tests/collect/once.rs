//! A response is stored once, in its highest revision.

use std::sync::Barrier;
use std::thread;

use serde_json::json;

use super::support::*;

#[test]
fn a_repeat_is_told_so() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let document = fresh();
    assert_eq!(server.post(&document).status, 201);
    let reply = server.post(&document);
    assert_eq!((reply.status, reply.json()), (200, json!({ "stored": 0, "replaced": 0, "repeats": 1 })));
    // The same id in capitals is the same response.
    let mut shouted = document.clone();
    shouted["id"] = json!(document["id"].as_str().expect("an id").to_uppercase());
    assert_eq!(server.post(&shouted).json()["repeats"], 1);
    assert_eq!(server.stored(), [document]);
}

#[test]
fn the_highest_revision_stays() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let id = id();
    let stored = |n| json!({ "stored": u8::from(n == 0), "replaced": u8::from(n == 1), "repeats": u8::from(n == 2) });
    let table = [(2, 201, stored(0), 2), (1, 200, stored(2), 2), (5, 200, stored(1), 5), (4, 200, stored(2), 5)];
    for (revision, status, body, highest) in table {
        let reply = server.post(&document(&id, revision, &revision.to_string()));
        assert_eq!((reply.status, reply.json()), (status, body), "revision {revision}");
        assert_eq!(server.stored(), [document(&id, highest, &highest.to_string())]);
    }
}

#[test]
fn a_higher_revision_arrives_anew() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let (first, second) = (id(), id());
    for (id, revision) in [(&first, 1), (&second, 1), (&first, 2), (&second, 1)] {
        server.post(&document(id, revision, ""));
    }
    assert_eq!(server.stored(), [document(&second, 1, ""), document(&first, 2, "")]);
}

#[test]
fn an_array_may_hold_repeats() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let (first, second) = (id(), id());
    let body = json!([
        document(&first, 1, "a"),
        document(&first, 1, "a"),
        document(&first, 2, "b"),
        document(&second, 7, "c"),
        document(&first, 1, "a"),
    ]);
    let reply = server.post(&body);
    assert_eq!((reply.status, reply.json()), (201, json!({ "stored": 2, "replaced": 1, "repeats": 2 })));
    assert_eq!(server.stored(), [document(&first, 2, "b"), document(&second, 7, "c")]);
    assert_eq!(server.post(&body).json(), json!({ "stored": 0, "replaced": 0, "repeats": 5 }));
}

#[test]
fn many_at_once_are_stored_once_each() {
    const CLIENTS: usize = 8;
    const RESPONSES: usize = 20;
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let ids: Vec<String> = (0..RESPONSES).map(|_| id()).collect();
    let start = Barrier::new(CLIENTS);
    // Each client sends every response, each in a revision of its own and in an order of its own.
    let counts: Vec<[u64; 3]> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (server, ids, start) = (&server, &ids, &start);
                scope.spawn(move || {
                    let mut connection = server.connect();
                    start.wait();
                    let mut sum = [0; 3];
                    for step in 0..RESPONSES {
                        let id = &ids[(step * 7 + client * 3) % RESPONSES];
                        let reply = connection.post(&document(id, client as u32 + 1, &client.to_string()));
                        let body = reply.expect("an answer").json();
                        for (sum, key) in sum.iter_mut().zip(["stored", "replaced", "repeats"]) {
                            *sum += body[key].as_u64().expect("a count");
                        }
                    }
                    sum
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let sum = |key: usize| counts.iter().map(|counts| counts[key]).sum::<u64>();
    assert_eq!(sum(0), RESPONSES as u64, "each is new once");
    assert_eq!(sum(0) + sum(1) + sum(2), (CLIENTS * RESPONSES) as u64);
    let mut stored = server.stored();
    stored.sort_by_key(|document| document["id"].to_string());
    let mut expect: Vec<_> = ids.iter().map(|id| document(id, CLIENTS as u32, &(CLIENTS - 1).to_string())).collect();
    expect.sort_by_key(|document| document["id"].to_string());
    assert_eq!(stored, expect);
}

#[test]
fn two_endpoints_may_share_a_file() {
    let folder = Folder::new();
    let servers = [Server::start(&folder.db(), &[]), Server::start(&folder.db(), &[])];
    let ids: Vec<String> = (0..30).map(|_| id()).collect();
    let new: u64 = thread::scope(|scope| {
        let clients = servers.each_ref().map(|server| {
            let ids = &ids;
            scope.spawn(move || {
                let mut connection = server.connect();
                let post = |id: &String| connection.post(&document(id, 1, "x")).expect("an answer").json();
                ids.iter().map(post).filter_map(|body| body["stored"].as_u64()).sum::<u64>()
            })
        });
        clients.into_iter().map(|client| client.join().expect("a client")).sum()
    });
    assert_eq!(new, 30);
    assert_eq!(servers[0].stored().len(), 30);
}
