//! What the owner does with what was collected: events, alerts, the report, and what a data request needs.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Folder, Server, document, fresh, id};

/// Another of the program's commands, and what it printed.
fn run(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_asklet")).args(arguments).output().expect("it runs");
    (
        output.status.success(),
        String::from_utf8(output.stdout).expect("text") + &String::from_utf8(output.stderr).expect("text"),
    )
}

fn event(id: &str, event: &str) -> Value {
    json!({ "id": id, "event": event, "survey": "after-order", "at": "2026-11-22T13:00:00.000Z" })
}

fn of_visitor(visitor: &str, comment: &str) -> Value {
    let mut response = document(&id(), 1, comment);
    response["visitor"] = json!({ "id": visitor });
    response
}

#[test]
fn events_are_stored_once_and_are_no_responses() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let (shown, response) = (event(&id(), "shown"), fresh());
    let reply = server.post(&json!([shown, response, event(&id(), "dismissed")]));
    assert_eq!((reply.status, reply.json()["stored"].clone()), (201, json!(3)));
    let reply = server.post(&shown);
    assert_eq!((reply.status, reply.json()["repeats"].clone()), (200, json!(1)));
    let problem = server.post(&event(&id(), "clicked")).problem(422);
    assert_eq!(problem["errors"][0]["field"], "event");
    assert_eq!(server.stored().len(), 1);

    let db = folder.db();
    let db = db.to_str().expect("a path");
    let (_, lines) = run(&["export", "--db", db, "--events"]);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    let (_, figures) = run(&["score", db, "--format", "json"]);
    let figures: Value = serde_json::from_str(&figures).expect("JSON");
    assert_eq!(figures["groups"][0]["shown"], 1, "{figures:#}");
}

/// A webhook that answers with one status after the other, the last one for ever; it hands on what was posted.
fn webhook(statuses: &'static [u16]) -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let (to, from) = channel();
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().enumerate() {
            let mut stream = stream.expect("a connection");
            let mut text = Vec::new();
            let mut buffer = [0; 4096];
            let body = loop {
                let count = stream.read(&mut buffer).expect("readable");
                text.extend_from_slice(&buffer[..count]);
                let whole = String::from_utf8_lossy(&text).into_owned();
                if let Some((_, body)) = whole.split_once("\r\n\r\n")
                    && let Ok(body) = serde_json::from_str::<Value>(body)
                {
                    break body;
                }
            };
            let status = statuses[index.min(statuses.len() - 1)];
            let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("writable");
            if to.send(body).is_err() {
                return;
            }
        }
    });
    (url, from)
}

/// Ends a test that hangs. Nothing is measured against it.
const HANGS: Duration = Duration::from_secs(120);

#[test]
fn an_alert_is_posted_until_it_is_accepted_also_by_the_next_process() {
    let folder = Folder::new();
    let (url, posted) = webhook(&[503, 500, 200]);
    let server = Server::start(&folder.db(), &["--alert", &url, "--alert-when", "nps<7"]);
    let mut bad = fresh();
    bad["metric"] = "nps".into();
    bad["score"] = 3.into();
    let mut good = fresh();
    good["metric"] = "nps".into();
    good["score"] = 10.into();
    assert_eq!(server.post(&json!([good, bad])).status, 201);
    assert_eq!(posted.recv_timeout(HANGS).expect("an alert")["id"], bad["id"]);
    server.kill();
    // What was not accepted stands in the file.
    let server = Server::start(&folder.db(), &["--alert", &url, "--alert-when", "nps<7"]);
    assert_eq!(posted.recv_timeout(HANGS).expect("an alert")["id"], bad["id"]);
    assert_eq!(posted.recv_timeout(HANGS).expect("an alert")["id"], bad["id"]);
    // Accepted: neither a repeat nor a later state of it is told again, but the next one is.
    let mut later = bad.clone();
    later["revision"] = 2.into();
    let mut next = bad.clone();
    next["id"] = id().into();
    assert_eq!(server.post(&json!([bad, later, next])).status, 201);
    assert_eq!(posted.recv_timeout(HANGS).expect("an alert")["id"], next["id"]);
}

#[test]
fn an_alert_in_the_form_of_a_receiver() {
    let folder = Folder::new();
    let (url, posted) = webhook(&[200]);
    let file = folder.file("alert.json");
    let block = json!({ "url": url, "body": { "text": "{{score}} of {{survey}}" } });
    std::fs::write(&file, block.to_string()).expect("written");
    let file = file.to_str().expect("a path");
    let server = Server::start(&folder.db(), &["--alert-delivery", file, "--alert-when", "nps<7"]);
    let mut bad = fresh();
    bad["metric"] = "nps".into();
    bad["score"] = 3.into();
    assert_eq!(server.post(&bad).status, 201);
    let text = posted.recv_timeout(HANGS).expect("an alert");
    assert_eq!(text["text"], format!("3 of {}", bad["survey"].as_str().expect("a text")));
    let (started, said) = run(&["collect", "--listen", "127.0.0.1:0", "--db", file, "--alert", "nowhere"]);
    assert!(!started, "{said}");
}

#[test]
fn a_visitor_is_forgotten_for_good_while_it_runs() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mine = of_visitor("u-1", "SECRET-OF-ONE-VISITOR");
    let other = of_visitor("u-2", "somebody else's");
    assert_eq!(server.post(&json!([mine, other])).status, 201);
    let db = folder.db();
    let db = db.to_str().expect("a path");

    let (_, lines) = run(&["export", "--db", db, "--visitor", "u-1"]);
    let exported: Value = serde_json::from_str(&lines).expect("one document");
    assert_eq!(exported["id"], mine["id"]);
    assert!(exported["received_at"].is_string());

    assert_eq!(run(&["forget", "--db", db, "--visitor", "u-1"]), (true, "1 responses erased\n".into()));
    // The device did not hear that it had arrived.
    let reply = server.post(&mine);
    assert_eq!((reply.status, reply.json()["repeats"].clone()), (200, json!(1)));
    assert_eq!(server.stored(), [other]);
    assert_eq!(run(&["export", "--db", db, "--visitor", "u-1"]).1, "");
    server.signal("TERM");
    server.wait();
    for end in ["", "-wal"] {
        let bytes = std::fs::read(format!("{db}{end}")).unwrap_or_default();
        assert!(!bytes.windows(21).any(|part| part == b"SECRET-OF-ONE-VISITOR"), "it is still in {db}{end}");
    }
    let missing = folder.file("none.sqlite");
    let (done, said) = run(&["forget", "--db", missing.to_str().expect("a path"), "--visitor", "u-1"]);
    assert!(!done && said.contains("there is no such database") && !missing.exists(), "{said}");
}

#[test]
fn what_is_older_than_it_is_kept_goes() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let (old, young) = (fresh(), fresh());
    assert_eq!(server.post(&json!([old, young, event(&id(), "shown")])).status, 201);
    server.kill();
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    db.execute("UPDATE response SET received_at = '2024-01-01T00:00:00.000Z' WHERE id = ?", [old["id"].as_str()])
        .expect("changed");
    drop(db);
    let server = Server::start(&folder.db(), &["--keep", "400d"]);
    // It is erased by the writer, in the order of the requests: this one comes after it, or soon.
    let deadline = std::time::Instant::now() + HANGS;
    while server.stored().len() > 1 {
        assert!(std::time::Instant::now() < deadline, "it is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.stored(), [young]);
}

const TOKEN: &str = "0123456789abcdef";

#[test]
fn the_report_is_off_unless_asked_for_and_has_the_same_lock_as_reading() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    assert_eq!(server.get("/report").status, 404);
    drop(server);
    let server = Server::start(&folder.db(), &["--report", "--read-token", TOKEN]);
    let refused = server.get("/report");
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").expect("a challenge").starts_with("Basic "));
    // `owner:0123456789abcdef`
    let basic = ("authorization", "Basic b3duZXI6MDEyMzQ1Njc4OWFiY2RlZg==");
    let page = server.request("GET", "/report", &[basic], b"");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Nobody has answered yet"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(server.request("GET", "/responses", &[basic], b"").status, 401);
}

#[test]
fn a_response_is_marked_as_replied_and_the_time_counts() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--report"]);
    let response = fresh();
    assert_eq!(server.post(&response).status, 201);
    let key = response["id"].as_str().expect("an id");
    let form = format!("id={key}");
    let mark = |body: &str, more: &[(&str, &str)]| {
        server.request(
            "POST",
            "/report/replied",
            &[&[("content-type", "application/x-www-form-urlencoded")], more].concat(),
            body.as_bytes(),
        )
    };
    assert_eq!(mark(&form, &[("origin", "https://elsewhere.example")]).status, 403);
    assert_eq!(mark(&form, &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(mark("id=nothing", &[]).status, 400);
    let exported = || {
        serde_json::from_str::<Value>(&run(&["export", "--db", folder.db().to_str().expect("a path")]).1).expect("JSON")
    };
    assert!(exported()["replied_at"].is_null());

    let origin = format!("http://{}", server.address);
    let done = mark(&form, &[("origin", &origin), ("sec-fetch-site", "same-origin")]);
    assert_eq!((done.status, done.header("location")), (303, Some(&*format!("../report#r-{key}"))));
    assert!(exported()["replied_at"].is_string());
    let page = server.get("/report").text();
    assert!(page.contains("data-figure=\"reply_median\"") && page.contains("Not replied after all"), "{page}");
    mark(&format!("{form}&undo=1"), &[]);
    assert!(exported()["replied_at"].is_null());
}
