//! Killed at any moment, it has lost nothing that it had acknowledged.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::support::*;

const ROUNDS: usize = 40;
const CLIENTS: usize = 6;

/// The highest revision of each id.
type Revisions = HashMap<String, u64>;

/// Posts until the endpoint is gone: new responses, higher revisions, repeats, alone and in arrays. Returns what
/// was sent and what of it was acknowledged.
fn post_until_killed(address: SocketAddr, client: usize, answers: &AtomicUsize) -> (Revisions, Revisions) {
    let (mut sent, mut acknowledged) = (Revisions::new(), Revisions::new());
    let mut known: Vec<Value> = Vec::new();
    let Ok(mut connection) = Client::try_new(address) else { return (sent, acknowledged) };
    for step in client.. {
        let mut documents = vec![fresh()];
        if let Some(last) = known.last() {
            let id = last["id"].as_str().expect("an id");
            let revision = last["revision"].as_u64().expect("a revision") as u32;
            match step % 4 {
                0 => documents = vec![document(id, revision + 1, "more")],
                1 => documents.extend([fresh(), document(id, revision + 1, "more"), fresh()]),
                2 => documents.push(last.clone()),
                _ => {}
            }
        }
        for document in &documents {
            note(&mut sent, document);
        }
        let body = if documents.len() == 1 { documents[0].clone() } else { json!(documents) };
        match connection.post(&body) {
            Ok(reply) => assert!([200, 201].contains(&reply.status), "{}", reply.text()),
            Err(_) => break,
        }
        for document in &documents {
            note(&mut acknowledged, document);
        }
        answers.fetch_add(1, Ordering::Relaxed);
        known.extend(documents);
    }
    (sent, acknowledged)
}

fn note(revisions: &mut Revisions, document: &Value) {
    let id = document["id"].as_str().expect("an id").to_owned();
    let revision = document["revision"].as_u64().expect("a revision");
    let highest = revisions.entry(id).or_default();
    *highest = revision.max(*highest);
}

#[test]
fn nothing_acknowledged_is_lost() {
    let folder = Folder::new();
    let random = RandomState::new();
    let (mut sent, mut acknowledged) = (Revisions::new(), Revisions::new());
    let mut under_way = 0;
    for round in 0..ROUNDS {
        let server = Server::start(&folder.db(), &[]);
        let answers = AtomicUsize::new(0);
        let address = server.address;
        let histories: Vec<(Revisions, Revisions)> = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let answers = &answers;
                    scope.spawn(move || post_until_killed(address, client, answers))
                })
                .collect();
            // Some answers, then any moment.
            while answers.load(Ordering::Relaxed) < CLIENTS {
                thread::yield_now();
            }
            thread::sleep(Duration::from_micros(random.hash_one(round) % 150_000));
            server.kill();
            clients.into_iter().map(|client| client.join().expect("a client")).collect()
        });
        for (more_sent, more_acknowledged) in histories {
            under_way += more_sent.iter().filter(|(id, revision)| more_acknowledged.get(*id) != Some(revision)).count();
            sent.extend(more_sent);
            acknowledged.extend(more_acknowledged);
        }

        let server = Server::start(&folder.db(), &[]);
        let mut stored = Revisions::new();
        for document in server.stored() {
            let id = document["id"].as_str().expect("an id").to_owned();
            let revision = document["revision"].as_u64().expect("a revision");
            assert_eq!(stored.insert(id, revision), None, "stored twice");
        }
        for (id, revision) in &acknowledged {
            let found = stored.get(id);
            assert!(found >= Some(revision), "round {round}: {id} acknowledged as {revision}, stored as {found:?}");
        }
        for (id, revision) in &stored {
            assert!(sent.get(id) >= Some(revision), "round {round}: {id} was never sent as {revision}");
        }
        server.kill();
    }
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    let health: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(health, "ok");
    assert!(under_way > 0, "no request was under way at any kill");
    println!("{ROUNDS} kills, {} acknowledged, {under_way} under way when killed, 0 lost", acknowledged.len());
}
