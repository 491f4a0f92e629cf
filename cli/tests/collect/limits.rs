//! Nobody can make it hold more than it should.

use std::thread::sleep;
use std::time::Duration;

use super::support::*;

fn padded(length: usize) -> Vec<u8> {
    let mut body = fresh().to_string().into_bytes();
    body.resize(length, b' ');
    body
}

#[test]
fn a_body_of_the_limit_fits_and_one_byte_more_does_not() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--max-body", "4096"]);
    assert_eq!(server.request("POST", "/responses", &JSON, &padded(4096)).status, 201);
    let problem = server.request("POST", "/responses", &JSON, &padded(4097)).problem(413);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("4096")), "{problem}");

    // The same without a length said beforehand.
    let chunked = [("content-type", "application/json"), ("transfer-encoding", "chunked")];
    for (length, status) in [(4096, 201), (4097, 413)] {
        let mut body = format!("{length:x}\r\n").into_bytes();
        body.extend(padded(length));
        body.extend(b"\r\n0\r\n\r\n");
        assert_eq!(server.request("POST", "/responses", &chunked, &body).status, status);
    }
    assert_eq!(server.stored().len(), 2);
}

#[test]
fn a_sender_of_a_large_body_sees_why_it_was_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    // More than the system's buffers hold: an endpoint that answers and closes at once resets the connection.
    let body = vec![b' '; 4_000_000];
    let mut client = server.connect();
    client.request("POST", "/responses", &JSON, &body).expect("an answer").problem(413);
    // And the connection is still good.
    assert_eq!(client.post(&fresh()).expect("an answer").status, 201);
}

#[test]
fn a_sender_that_asks_first_is_told_before_it_sends() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    for (length, headers) in [("200000", [JSON[0], ("expect", "100-continue")].as_slice()), ("9999999999", &JSON)] {
        let mut client = server.connect();
        let mut headers = headers.to_vec();
        headers.push(("content-length", length));
        let head = client.head("POST", "/responses", &headers, 0);
        client.send(head.as_bytes()).expect("sent");
        client.reply(false).expect("an answer").problem(413);
    }
}

#[test]
fn who_comes_too_often_is_told_when_to_come_back() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--local-rate", "1"]);
    let mut client = server.connect();
    // All in one go, so that few seconds pass however slow the machine is. Ten are let through, and one more a second.
    let one = client.head("GET", "/nothing", &[("origin", "https://shop.example")], 0);
    client.send(one.repeat(100).as_bytes()).expect("sent");
    let replies: Vec<Reply> = (0..100).map(|_| client.reply(false).expect("an answer")).collect();
    assert!(replies[..10].iter().all(|reply| reply.status == 404));
    let refused: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(!refused.is_empty());
    for reply in refused {
        reply.problem(429);
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    // A preflight is not counted: the request that it is for will be.
    let asked = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    for _ in 0..20 {
        assert_eq!(client.request("OPTIONS", "/responses", &asked, b"").expect("an answer").status, 204);
    }
    // What was refused was not stored, and gets through later.
    let document = fresh();
    while client.post(&document).expect("an answer").status == 429 {
        sleep(Duration::from_millis(200));
    }
    assert_eq!(client.post(&document).map(|reply| reply.status != 201).ok(), Some(true));
}

#[test]
fn behind_a_proxy_each_visitor_has_a_rate() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--rate", "1", "--behind-proxy"]);
    let mut client = server.connect();
    let mut burst = |forwarded: &[&str]| {
        let headers: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
        let one = client.head("GET", "/nothing", &headers, 0);
        client.send(one.repeat(100).as_bytes()).expect("sent");
        let statuses: Vec<u16> = (0..100).map(|_| client.reply(false).expect("an answer").status).collect();
        (statuses[0], statuses.contains(&429))
    };
    assert_eq!(burst(&["192.0.2.1"]), (404, true));
    assert_eq!(burst(&["192.0.2.2"]), (404, true), "another visitor");
    // What the visitor writes in front does not make another of them.
    let (_, limited) = burst(&["198.51.100.1, 203.0.113.7", "192.0.2.1"]);
    assert!(limited);
    assert_eq!(burst(&["192.0.2.1, 192.0.2.3"]), (404, true), "the last one counts");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--timeout", "1"]);
    let mut client = server.connect();
    let body = fresh().to_string();
    let head = client.head("POST", "/responses", &JSON, body.len());
    client.send(head.as_bytes()).expect("sent");
    client.send(&body.as_bytes()[..100]).expect("sent");
    client.reply(false).expect("an answer").problem(408);
    assert!(client.ends());
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--timeout", "1"]);
    let (mut slow, silent) = (server.connect(), server.connect());
    slow.send(b"POST /responses HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-").expect("sent");
    assert!(slow.ends());
    assert!(silent.ends());
}

#[test]
fn slow_clients_do_not_keep_others_out() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--connections", "4", "--timeout", "1"]);
    let slow: Vec<Client> = (0..4)
        .map(|_| {
            let mut client = server.connect();
            client.send(b"POST /responses HTTP/1.1\r\n").expect("sent");
            client
        })
        .collect();
    assert_eq!(server.post(&fresh()).status, 201);
    assert!(slow.into_iter().all(Client::ends));
}

#[test]
fn what_waits_for_the_disk_is_bounded() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--queue", "1", "--timeout", "60"]);
    // Another program holds the file: one group of at most 256 waits for it, and one request in the queue.
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    db.execute_batch("BEGIN IMMEDIATE").expect("locked");
    let documents: Vec<_> = (0..300).map(|_| fresh()).collect();
    let mut clients: Vec<Client> = documents
        .iter()
        .map(|document| {
            let mut client = server.connect();
            let body = document.to_string();
            let request = client.head("POST", "/responses", &JSON, body.len()) + &body;
            client.send(request.as_bytes()).expect("sent");
            client
        })
        .collect();
    // Those that found no room are answered while the file is still locked.
    let waits =
        |reply: &Reply| reply.problem(503)["detail"].as_str().is_some_and(|why| why.contains("wait to be stored"));
    let mut last = clients.pop().expect("a client");
    let reply = last.reply(false).expect("an answer");
    assert!(waits(&reply), "{reply:?}");
    assert!(reply.header("retry-after").is_some());
    db.execute_batch("ROLLBACK").expect("unlocked");

    let mut stored = Vec::new();
    for (client, document) in clients.iter_mut().zip(documents) {
        let reply = client.reply(false).expect("an answer");
        match reply.status {
            201 => stored.push(document["id"].to_string()),
            _ => _ = reply.problem(503),
        }
    }
    let mut found: Vec<String> = server.stored().iter().map(|document| document["id"].to_string()).collect();
    stored.sort();
    found.sort();
    assert_eq!(found, stored, "what was acknowledged, and nothing else");
}
