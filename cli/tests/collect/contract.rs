//! What each request is answered with.

use serde_json::{Value, json};

use super::support::*;

#[test]
fn a_document_is_stored_and_read_back() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let document = fresh();
    let reply = server.post(&document);
    assert_eq!((reply.status, reply.json()), (201, json!({ "stored": 1, "replaced": 0, "repeats": 0 })));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(server.stored(), [document]);
}

#[test]
fn an_array_is_stored_in_its_order() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let documents = [fresh(), fresh(), fresh()];
    let reply = server.post(&json!(documents));
    assert_eq!((reply.status, reply.json()), (201, json!({ "stored": 3, "replaced": 0, "repeats": 0 })));
    assert_eq!(server.stored(), documents);

    let reply = server.post(&json!([]));
    assert_eq!((reply.status, reply.json()), (200, json!({ "stored": 0, "replaced": 0, "repeats": 0 })));
}

#[test]
fn every_kind_of_answer_is_taken() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mut all = fresh();
    all["answers"] = json!([
        { "question": "like", "kind": "csat", "value": 2, "points": 2, "bucket": "satisfied" },
        { "question": "one", "kind": "choice", "value": "price" },
        { "question": "field", "kind": "choice", "value": "other", "other": "'Twas the colour \u{202e}" },
        {
            "question": "some",
            "kind": "choice",
            "value": ["size", "other"],
            "other": "all of it",
            "shown": ["size", "price", "colour"]
        },
        { "question": "mail", "kind": "email", "value": "name@acme.example" },
        { "question": "yes", "kind": "consent", "value": true },
        { "question": "no", "kind": "consent", "value": false },
    ]);
    let placed = ["popover", "inline", "modal", "sheet", "tab"].map(|placement| {
        let mut document = fresh();
        document["placement"] = json!(placement);
        document
    });
    let documents: Vec<Value> = [all].into_iter().chain(placed).collect();
    let reply = server.post(&json!(documents));
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert_eq!(server.stored(), documents);
}

#[test]
fn answers_that_were_taken_back_replace_what_was_there() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mut document = fresh();
    document["status"] = json!("partial");
    assert_eq!(server.post(&document).status, 201);
    // The visitor went back and passed over the question.
    document["revision"] = json!(2);
    document["answers"] = json!([]);
    for key in ["metric", "score", "comment"] {
        document.as_object_mut().expect("an object").remove(key);
    }
    let reply = server.post(&document);
    assert_eq!((reply.status, reply.json()), (200, json!({ "stored": 0, "replaced": 1, "repeats": 0 })));
    assert_eq!(server.stored(), [document]);
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    let sql = "SELECT metric IS NULL AND score IS NULL AND comment IS NULL FROM response";
    assert!(db.query_row(sql, [], |row| row.get::<_, bool>(0)).expect("a row"));
}

#[test]
fn columns_hold_what_the_document_says() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mut second = document(&id().to_uppercase(), 3, "nul \u{0} inside");
    second["score"] = json!(7.5);
    assert_eq!(server.post(&json!([fresh(), second])).status, 201);

    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    let row = |seq: i64| {
        let sql = "SELECT json_array(id, revision, status, survey, metric, score, comment, answered_at,
                          received_at GLOB '20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*Z', json_valid(document))
                   FROM response WHERE seq = ?";
        let text: String = db.query_row(sql, [seq], |row| row.get(0)).expect("a row");
        serde_json::from_str::<Value>(&text).expect("JSON")
    };
    let at = "2026-11-22T13:00:07.412Z";
    let first = row(1);
    assert_eq!(first, json!([first[0], 1, "complete", "after-order", "nps", 9, "Schnell & gut", at, 1, 1]));
    let id = second["id"].as_str().expect("an id").to_lowercase();
    assert_eq!(row(2), json!([id, 3, "complete", "after-order", "nps", 7.5, "nul \u{fffd} inside", at, 1, 1]));
    // The document itself is kept as it came.
    assert_eq!(server.stored()[1], second);
}

#[test]
fn hostile_texts_arrive_intact() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let long = "ä".repeat(16_000);
    let texts =
        ["'); DROP TABLE response; --", "a\nb\r\n{\"id\":1}\n", "\u{202e}abc\u{0}\u{7f}", "😀\"\\/{{id}}", &long, "'"];
    let documents: Vec<Value> = texts.iter().map(|text| document(&id(), 1, text)).collect();
    assert_eq!(server.post(&json!(documents)).status, 201);
    assert_eq!(server.stored(), documents);
}

#[test]
fn half_an_emoji_does_not_cost_the_answer() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let body = document(&id(), 1, "CUT").to_string().replace("CUT", r"gut \ud83d");
    let reply = server.request("POST", "/responses", &JSON, body.as_bytes());
    assert_eq!(reply.status, 201, "{}", reply.text());
    assert_eq!(server.stored()[0]["comment"], "gut \u{fffd}");
}

#[test]
fn both_media_types_are_taken_and_others_are_named() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let post = |headers: &[(&str, &str)]| server.request("POST", "/responses", headers, fresh().to_string().as_bytes());
    assert_eq!(post(&[("content-type", "text/plain;charset=UTF-8")]).status, 201);
    assert_eq!(post(&[("content-type", "application/json; charset=utf-8")]).status, 201);
    assert_eq!(post(&[]).status, 201);
    let problem = post(&[("content-type", "application/x-www-form-urlencoded")]).problem(415);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("application/json")), "{problem}");
    post(&[("content-type", "application/json"), ("content-encoding", "gzip")]).problem(415);
    assert_eq!(server.stored().len(), 3);
}

#[test]
fn what_is_no_json_is_refused_with_the_place() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let table = [
        (b"{\n  \"id\": 1,,\n}".as_slice(), Some((2, 11))),
        (b"{\"id\": \"x\"", Some((1, 10))),
        (b"hello", Some((1, 1))),
        (b"{} {}", Some((1, 4))),
        (b"\"\xff\"", Some((1, 2))),
        (b"", None),
        (b" \n", None),
    ];
    for (body, place) in table {
        let problem = server.request("POST", "/responses", &JSON, body).problem(400);
        let found = problem["line"].as_u64().zip(problem["column"].as_u64());
        assert_eq!(found, place, "{problem}");
    }
    // Nested deeper than anybody needs: refused, not a crash.
    let deep = "[".repeat(50_000);
    server.request("POST", "/responses", &JSON, deep.as_bytes()).problem(400);
    assert_eq!(server.stored(), [] as [Value; 0]);
}

#[test]
fn every_wrong_field_is_named() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mut document = fresh();
    document["answers"][0]["value"] = json!(11);
    document["revision"] = json!(0);
    document["status"] = json!("done");
    document.as_object_mut().expect("an object").remove("survey");
    let problem = server.post(&document).problem(422);
    let errors = problem["errors"].as_array().expect("errors");
    let mut fields: Vec<&str> = errors.iter().map(|error| error["field"].as_str().expect("a field")).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["answers[0].value", "revision", "status", "survey"]);
    assert!(errors.iter().all(|error| error["message"].as_str().is_some_and(|message| message.len() > 5)));
    assert!(errors.iter().all(|error| error.get("index").is_none()));
    assert_eq!(server.stored(), [] as [Value; 0]);
}

#[test]
fn wrong_documents_are_refused() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let change = |key: &str, value: Value| {
        let mut document = fresh();
        document[key] = value;
        document
    };
    let answer = |mut answer: Value| {
        answer["question"] = json!("q");
        change("answers", json!([answer]))
    };
    let table = [
        (json!(7), ""),
        (json!("text"), ""),
        (json!(null), ""),
        (change("id", json!("not-a-uuid")), "id"),
        (change("id", json!(7)), "id"),
        (change("revision", json!(1.5)), "revision"),
        (change("revision", json!("1")), "revision"),
        (change("survey", json!("a b")), "survey"),
        (change("answered_at", json!("yesterday")), "answered_at"),
        (change("score", json!(-1)), "score"),
        (change("answers", json!({})), "answers"),
        (change("placement", json!("corner")), "placement"),
        (answer(json!({ "kind": "choice", "value": [] })), "answers[0].value"),
        (answer(json!({ "kind": "choice", "value": ["a", "b c"] })), "answers[0].value[1]"),
        (answer(json!({ "kind": "choice", "value": [1] })), "answers[0].value[0]"),
        (answer(json!({ "kind": "choice", "value": { "a": true } })), "answers[0].value"),
        (answer(json!({ "kind": "choice", "value": "other", "other": 7 })), "answers[0].other"),
        (answer(json!({ "kind": "choice", "value": "a", "shown": "a" })), "answers[0].shown"),
        (answer(json!({ "kind": "colour", "value": "red" })), "answers[0].kind"),
        (answer(json!({ "kind": "csat", "points": 2, "value": 3 })), "answers[0].value"),
        (answer(json!({ "kind": "csat", "points": 4, "value": 3 })), "answers[0].points"),
    ];
    for (document, field) in table {
        let problem = server.post(&document).problem(422);
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    assert_eq!(server.stored(), [] as [Value; 0]);
}

#[test]
fn one_wrong_document_refuses_its_array_and_says_which() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let mut documents = [fresh(), fresh(), fresh(), fresh()];
    documents[1]["score"] = json!("nine");
    documents[3]["id"] = json!("x");
    let problem = server.post(&json!(documents)).problem(422);
    let errors = problem["errors"].as_array().expect("errors");
    let found: Vec<_> = errors.iter().map(|error| (&error["index"], &error["field"])).collect();
    assert_eq!(found, [(&json!(1), &json!("score")), (&json!(3), &json!("id"))]);
    assert!(
        problem["detail"].as_str().is_some_and(|detail| detail.contains("Nothing was stored: item 1")),
        "{problem}"
    );
    assert_eq!(server.stored(), [] as [Value; 0]);

    // Sent one by one, as the outbox does after a refusal, the good ones get through.
    let statuses = documents.map(|document| server.post(&document).status);
    assert_eq!(statuses, [201, 422, 201, 422]);
    assert_eq!(server.stored().len(), 2);
}

#[test]
fn a_refusal_stays_short() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let many = vec![0; 50_000];
    let problem = server.post(&json!(many)).problem(422);
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(50));

    // A body of nothing but names is refused as a whole.
    let mut document = fresh();
    for member in 0..1000 {
        document[member.to_string()] = json!(member);
    }
    let problem = server.post(&document).problem(422);
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
    assert!(problem["errors"][0]["message"].as_str().is_some_and(|message| message.contains("1000")), "{problem}");
}

#[test]
fn other_paths_and_methods() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    for path in ["/", "/response", "/responses/", "/responses/1"] {
        server.get(path).problem(404);
        server.request("POST", path, &JSON, b"{}").problem(404);
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let reply = server.request(method, "/responses", &[], b"");
        reply.problem(405);
        assert_eq!(reply.header("allow"), Some("GET, HEAD, POST"), "{method}");
    }
    let reply = server.request("POST", "/healthz", &JSON, b"{}");
    reply.problem(405);
    assert_eq!(reply.header("allow"), Some("GET, HEAD"));
    let reply = server.request("OPTIONS", "/responses", &[], b"");
    assert_eq!((reply.status, reply.header("allow")), (204, Some("GET, HEAD, POST")));
}

#[test]
fn head_says_what_get_says() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    server.post(&fresh());
    for path in ["/responses", "/healthz", "/nothing"] {
        let (head, get) = (server.request("HEAD", path, &[], b""), server.get(path));
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[test]
fn health_is_a_commit_and_a_read() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let reply = server.get("/healthz");
    assert_eq!((reply.status, reply.json()), (200, json!({ "status": "ok" })));
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    let checked: i64 = db.query_row("SELECT count(*) FROM health", [], |row| row.get(0)).expect("a count");
    assert_eq!(checked, 1);
}

#[test]
fn while_the_database_cannot_be_written_clients_are_asked_to_come_back() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    // The schema is ours; a trigger stands in for a disk that is full.
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    let refuse = "CREATE TRIGGER r BEFORE INSERT ON response BEGIN SELECT RAISE(FAIL, 'no'); END;
                  CREATE TRIGGER h BEFORE INSERT ON health BEGIN SELECT RAISE(FAIL, 'no'); END";
    db.execute_batch(refuse).expect("triggers");
    let document = fresh();
    for reply in [server.post(&document), server.get("/healthz")] {
        reply.problem(503);
        assert!(reply.header("retry-after").is_some());
    }
    db.execute_batch("DROP TRIGGER r; DROP TRIGGER h").expect("no triggers");
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.post(&document).status, 201);
    assert_eq!(server.stored(), [document]);
}
