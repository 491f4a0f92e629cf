//! `asklet presets`, `preset`, `render` and `send` from outside, and every preset with every kind of response.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use asklet::core::Value as Document;
use asklet::core::delivery::{Request, most, request};
use asklet::core::platform::Codec;
use serde_json::{Value, json};

struct Json;

impl Codec for Json {
    fn json(&self, value: &Document) -> String {
        serde_json::to_string(value).expect("a tree can be printed")
    }

    fn parse(&self, text: &str) -> Document {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deliver-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn asklet(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asklet"));
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    // It may have gone without reading.
    let _ = child.stdin.take().expect("piped").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// What it prints, where everything went well.
fn printed(arguments: &[&str], input: &str) -> String {
    let output = asklet(arguments, input);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// The exit status, and what is said on standard error.
fn refused(arguments: &[&str], input: &str) -> (i32, String) {
    let output = asklet(arguments, input);
    assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
    (output.status.code().expect("a status"), text(&output.stderr))
}

/// A config whose `delivery` is this.
fn config(delivery: Value) -> String {
    json!({ "delivery": delivery, "surveys": [] }).to_string()
}

const ID: &str = "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6e";
const NEXT: &str = "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d6f";

#[test]
fn presets_are_listed_and_printed() {
    let list = printed(&["presets"], "");
    let presets = presets();
    assert_eq!(list.lines().count(), presets.len() + 1);
    for (name, preset) in &presets {
        let line = list.lines().find(|line| line.split(' ').next() == Some(name)).expect("a line");
        assert!(line.contains(preset["title"].as_str().expect("a title")), "{line}");
        assert!(line.ends_with(preset["tried"].as_str().expect("a word")), "{line}");
        let block: Value = serde_json::from_str(&printed(&["preset", name], "")).expect("JSON");
        assert_eq!(block, preset["delivery"], "{name}");
        let about = printed(&["preset", name, "--about"], "");
        for key in ["setup", "once", "title", "public"] {
            assert!(about.contains(preset[key].as_str().unwrap_or_default()), "{name} {key}");
        }
        assert!(about.contains(preset["source"][0].as_str().expect("a source")), "{name}");
    }
    let (status, said) = refused(&["preset", "webhok"], "");
    assert_eq!((status, said.as_str()), (1, "asklet: there is no preset `webhok`; did you mean `webhook`?\n"));
    assert_eq!(refused(&["render", "--preset", "webhok"], ""), (2, said));
}

#[test]
fn a_request_is_shown() {
    let delivery = json!({
        "url": "https://collect.example/{{config.table}}/{{id}}", "headers": { "Authorization": "Bearer {{config.key}}" },
        "body": { "score": "{{score}}", "text": "it's {{comment}}" }, "values": { "table": "t", "key": "k" },
    });
    let config = config(delivery);
    let shown = printed(&["render", "--config", "-", "--set", "table=u"], &config);
    let expect = format!(
        "POST https://collect.example/u/{ID}\ncontent-type: application/json\nauthorization: Bearer k\n\n\
        {{\"score\":9,\"text\":\"it's Quick & good\"}}\n"
    );
    assert_eq!(shown, expect);
    let shown = printed(&["render", "--config", "-", "--format", "json"], &config);
    let expect = json!({
        "method": "POST", "url": format!("https://collect.example/t/{ID}"), "body": "{\"score\":9,\"text\":\"it's Quick & good\"}",
        "headers": { "content-type": "application/json", "authorization": "Bearer k" },
    });
    assert_eq!(serde_json::from_str::<Value>(&shown).expect("JSON"), expect);
    // Without a batch one after the other, with other ids.
    let shown = printed(&["render", "--config", "-", "--format", "json", "--batch", "3"], &config);
    let urls: Vec<Value> =
        shown.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["url"].clone()).collect();
    assert_eq!(urls.len(), 3);
    assert_eq!(urls[1], format!("https://collect.example/t/{NEXT}"));
    let shown = printed(&["render", "--config", "-", "--batch", "2"], &config);
    assert_eq!(shown.split("\n###\n\n").count(), 2);
    // A path goes to the page's own site, where that is said.
    let block = r#"{ "url": "/r/{{id}}", "body": "{{id}}", "encode": "text" }"#;
    assert!(printed(&["render", "--config", "-"], block).starts_with("POST /r/0198"));
    let shown = printed(&["render", "--config", "-", "--base", "https://shop.example/"], block);
    assert!(shown.starts_with("POST https://shop.example/r/0198"), "{shown}");
}

#[test]
fn a_batch_goes_in_as_few_requests_as_it_may() {
    let block =
        r##"{ "url": "/r", "batch": { "max": 2 }, "body": { "#each": "{{records}}", "as": "r", "do": "{{r.id}}" } }"##;
    let shown = printed(&["render", "--config", "-", "--format", "json", "--batch", "3"], block);
    let bodies: Vec<String> = shown
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["body"].as_str().expect("text").to_string())
        .collect();
    assert_eq!(bodies, [format!("[\"{ID}\",\"{NEXT}\"]"), "[\"0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d70\"]".into()]);
}

#[test]
fn responses_of_the_owners() {
    let folder = folder("responses");
    fs::write(folder.join("block.json"), r#"{ "url": "/{{id}}", "body": "{{comment}}" }"#).expect("written");
    let block = folder.join("block.json");
    let render = |input: &str, more: &[&str]| {
        let mut arguments =
            vec!["render", "--config", block.to_str().expect("text"), "--format", "json", "--response", "-"];
        arguments.extend(more);
        let shown = printed(&arguments, input);
        let parse = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
        shown
            .lines()
            .map(parse)
            .map(|request| format!("{} {}", request["url"].as_str().unwrap(), request["body"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(render(r#"{ "id": "a", "comment": "x" }"#, &[]), [r#"/a "x""#]);
    let two = r#"[{ "id": "a-0", "comment": "x" }, { "id": "b-0", "comment": "y" }]"#;
    assert_eq!(render(two, &[]), [r#"/a-0 "x""#, r#"/b-0 "y""#]);
    assert_eq!(render(two, &["--batch", "3"]), [r#"/a-0 "x""#, r#"/b-0 "y""#, r#"/a-000000000001 "x""#]);
    let arguments = ["render", "--config", block.to_str().expect("text"), "--response", "-"];
    for (input, said) in [
        ("{}", "-: a response is an object with an `id`\n"),
        ("[]", "-: a response is an object with an `id`\n"),
        ("{", "-:1:1: problem[syntax] is not JSON: unterminated object\n"),
        (r#"{ "id": "a" }"#, "delivery.body makes nothing that can be sent\n"),
    ] {
        assert_eq!(refused(&arguments, input), (1, said.into()), "{input}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let wrong = "{\n  \"delivery\": {\n    \"url\": \"/r\",\n    \"body\": { \"a\": \"{{scroe}}\" }\n  }\n}";
    let line =
        "-:4:20: problem[unknown-path] delivery.body.a names `scroe`, which is nothing here; did you mean `score`?\n";
    assert_eq!(refused(&["render", "--config", "-"], wrong), (1, line.into()));
    assert_eq!(refused(&["send", "--config", "-"], wrong), (1, line.into()));
    // The block by itself has shorter paths.
    let (status, said) = refused(&["render", "--config", "-"], r#"{ "url": "/r", "encode": "xml" }"#);
    assert_eq!(status, 1);
    assert!(said.starts_with("-:1:26: problem[unknown-word] encode must be json, ndjson, form or text"), "{said}");
    // What is wrong elsewhere does not matter here.
    printed(&["render", "--config", "-"], r#"{ "delivery": { "url": "/r" }, "surveys": [{ "id": 7 }], "x": 1 }"#);
    let webhook = |more: &[&str]| refused(&[&["render", "--preset", "webhook"], more].concat(), "");
    let (status, said) = webhook(&["--set", "url=http://a.example/"]);
    assert_eq!(status, 1);
    assert!(said.starts_with("problem[wrong-value] delivery.url becomes \"http://a.example/\""), "{said}");
    for (set, said) in [
        ("urls=x", "asklet: --set urls=x: there is no such value; did you mean `url`?\n"),
        ("table=x", "asklet: --set table=x: there is no such value; there are url\n"),
        ("url", "asklet: --set url: write KEY=VALUE\n"),
    ] {
        assert_eq!(webhook(&["--set", set]), (2, said.into()));
    }
    let block = r#"{ "url": "/r", "values": { "n": 1 } }"#;
    assert_eq!(
        refused(&["render", "--config", "-", "--set", "n=x"], block),
        (2, "asklet: --set n=x: must be a number\n".into())
    );
    assert_eq!(refused(&["render"], "").0, 2);
    assert_eq!(refused(&["render", "--preset", "webhook", "--config", "-"], "").0, 2);
    assert_eq!(refused(&["render", "--preset", "webhook", "--base", "shop.example"], "").0, 2);
    let missing = refused(&["render", "--config", "/no/such/file"], "");
    assert!(missing.0 == 2 && missing.1.starts_with("asklet: cannot read /no/such/file: "), "{missing:?}");
    for command in [&["send"][..], &["render", "--format", "curl"]] {
        let (status, said) = refused(&[command, &["--config", "-"]].concat(), r#"{ "url": "/r" }"#);
        assert_eq!(status, 2);
        assert!(said.contains("--base https://shop.example"), "{said}");
    }
}

/// A shell hands curl what was meant, whatever is in it.
#[test]
fn a_command_for_curl_is_quoted() {
    let odd = "it's \"$HOME\" `id` $(id) \\ ! {a,b} * ? # ; & |\n\ttwo\u{7f}\u{202e}";
    let block = json!({
        "url": "https://a.example/[x]/{{config.odd|hex}}?q={{comment}}", "method": "PUT", "redirect": "follow", "encode": "text",
        "headers": { "x-empty": "{{config.none|or:\"\"}}", "x-odd": "it's $HOME" }, "body": "{{comment}}", "values": { "odd": "o" },
    });
    let folder = folder("curl");
    fs::write(folder.join("response.json"), json!({ "id": "a", "comment": odd }).to_string()).expect("written");
    let response = folder.join("response.json");
    let arguments = ["render", "--config", "-", "--format", "curl", "--response", response.to_str().expect("text")];
    let line = printed(&arguments, &block.to_string());
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}");
    let output = Command::new("sh").arg("-c").arg(script).output().expect("a shell");
    let received = text(&output.stdout);
    let mut handed: Vec<&str> = received.split('\0').collect();
    assert_eq!(handed.pop(), Some(""));
    assert_eq!(handed[..5], ["--globoff", "--location", "--request", "PUT", handed[4]]);
    assert!(handed[4].starts_with("https://a.example/[x]/6f?q=it%27s%20%22%24HOME%22"), "{}", handed[4]);
    let rest = [
        "--header",
        "content-type: text/plain;charset=UTF-8",
        "--header",
        "x-empty;",
        "--header",
        "x-odd: it's $HOME",
        "--data-raw",
        odd,
    ];
    assert_eq!(handed[5..], rest);
    fs::write(&response, json!({ "id": "a", "comment": "\0" }).to_string()).expect("written");
    assert_eq!(refused(&arguments, &block.to_string()).0, 1);
}

/// A server that answers each request with the next of some answers; then it gives back what it was asked.
fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it does not wait");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let served = std::thread::spawn(move || answers.iter().map(|answer| serve(&listener, answer)).collect());
    (origin, served)
}

fn serve(listener: &TcpListener, answer: &str) -> String {
    // Nobody may come.
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut stream = loop {
        match listener.accept() {
            Ok((stream, _)) => break stream,
            Err(_) if Instant::now() > deadline => return "nobody came".into(),
            Err(_) => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    stream.set_nonblocking(false).expect("it waits");
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        head += &line;
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    stream.write_all(answer.as_bytes()).expect("it listens");
    head + &text(&body)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// Sends with these rules to a server that answers so; the exit status, what is told, and what was asked.
fn sent(rules: Value, answers: Vec<String>, more: &[&str]) -> (i32, String, Vec<String>) {
    let (origin, served) = server(answers);
    let mut delivery = json!({ "url": "{{config.origin}}/r", "values": { "origin": origin } });
    delivery.as_object_mut().expect("an object").extend(rules.as_object().expect("an object").clone());
    let output = asklet(&[&["send", "--config", "-"], more].concat(), &config(delivery));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let told = text(&output.stdout).replace(&origin, "http://x");
    (output.status.code().expect("a status"), told, served.join().expect("served"))
}

#[test]
fn sent_for_real() {
    let (status, told, asked) = sent(
        json!({ "headers": { "x-key": "k" } }),
        vec![answer("201 Created", "set-cookie: a=b\r\n", "{\"ok\":true}\n")],
        &[],
    );
    assert_eq!(status, 0);
    let body = asked[0].split_once("\r\n\r\n").expect("a head").1;
    assert_eq!(
        told,
        format!("POST http://x/r ({} bytes)\nanswer: 201 Created\n  {{\"ok\":true}}\ndelivered: {ID}\n", body.len())
    );
    let shown = printed(&["render", "--config", "-"], r#"{ "url": "/r" }"#);
    assert_eq!(shown.split_once("\n\n").expect("a head").1.trim_end(), body);
    let head = asked[0].to_ascii_lowercase();
    assert!(head.starts_with("post /r http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/json\r\n") && head.contains("\r\nx-key: k\r\n"), "{head}");
    assert!(!head.contains("\r\ncookie:"), "{head}");
}

#[test]
fn what_an_answer_means() {
    let rules = json!({
        "status": [{ "code": 409, "means": "duplicate" }], "ok_if": { "path": "ok", "is": true, "else": "reject" },
    });
    let table = [
        (json!({}), answer("204 No Content", "", ""), 0, "answer: 204 No Content\ndelivered"),
        (
            json!({}),
            answer("503 Service Unavailable", "retry-after: 7\r\n", "later"),
            1,
            "answer: 503 Service Unavailable\nretry after: 7\n  later\nretry",
        ),
        (json!({}), answer("401 Unauthorized", "", ""), 1, "answer: 401 Unauthorized\nhold"),
        (json!({}), answer("302 Found", "location: /elsewhere\r\n", ""), 1, "answer: 302 Found\nhold"),
        (
            json!({}),
            answer("422 Unprocessable Entity", "", "\n\nno\u{1b}[31m\nb\r\n"),
            1,
            "answer: 422 Unprocessable Entity\n  no\u{fffd}[31m\n  b\nreject",
        ),
        (rules.clone(), answer("409 Conflict", "", ""), 0, "answer: 409 Conflict\ndelivered"),
        (rules.clone(), answer("200 OK", "", "{\"ok\":true}"), 0, "answer: 200 OK\n  {\"ok\":true}\ndelivered"),
        (rules, answer("200 OK", "", "{\"ok\":false}"), 1, "answer: 200 OK\n  {\"ok\":false}\nreject"),
    ];
    for (rules, answer, status, expect) in table {
        let (found, told, _) = sent(rules.clone(), vec![answer], &[]);
        let (_, rest) = told.split_once(" bytes)\n").expect("the request");
        assert_eq!((found, rest), (status, format!("{expect}: {ID}\n").as_str()), "{rules}");
    }
    // A long answer is cut.
    let (_, told, _) = sent(json!({}), vec![answer("400 Bad Request", "", &"long ".repeat(1_000))], &[]);
    assert!(told.len() < 500 && told.contains('…'), "{told}");
}

#[test]
fn a_redirect_is_followed_where_the_config_says_so() {
    let answers = vec![answer("307 Temporary Redirect", "location: /s\r\n", ""), answer("200 OK", "", "")];
    let (status, _, asked) = sent(json!({ "redirect": "follow" }), answers, &[]);
    assert_eq!(status, 0);
    assert!(asked[1].starts_with("POST /s ") && asked[1].contains(ID), "{}", asked[1]);
    // As browsers do: what was found elsewhere is fetched.
    let answers = vec![answer("302 Found", "location: /s\r\n", ""), answer("200 OK", "", "{\"ok\":1}")];
    let (status, _, asked) = sent(json!({ "redirect": "follow", "ok_if": { "path": "ok", "is": 1 } }), answers, &[]);
    assert_eq!(status, 0);
    assert!(asked[1].starts_with("GET /s ") && !asked[1].contains(ID), "{}", asked[1]);
}

#[test]
fn each_response_of_a_batch_has_its_verdict() {
    let rules = json!({ "batch": { "max": 2 }, "items": { "id": "id", "status": "status" } });
    let said = json!([{ "id": NEXT, "status": 429 }, { "id": ID, "status": 201 }]).to_string();
    let third = "0198f0a0-7c1e-7b3a-9d5e-1f2a3b4c5d70";
    let answers = vec![answer("200 OK", "", &said), answer("500 Internal Server Error", "", "")];
    let (status, told, asked) = sent(rules, answers, &["--batch", "3", "--format", "json"]);
    assert_eq!((status, asked.len()), (1, 2));
    let parse = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
    let told: Vec<Value> = told.lines().map(parse).collect();
    assert_eq!(told[0]["outcomes"], json!([{ "id": ID, "means": "delivered" }, { "id": NEXT, "means": "retry" }]));
    assert_eq!((&told[0]["status"], &told[0]["reply"], &told[0]["error"]), (&json!(200), &json!(said), &Value::Null));
    assert_eq!(told[1]["outcomes"], json!([{ "id": third, "means": "retry" }]));
    assert_eq!((&told[1]["method"], &told[1]["url"]), (&json!("POST"), &json!("http://x/r")));
}

#[test]
fn nobody_answers() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let block = json!({ "url": "/r" }).to_string();
    let base = format!("http://127.0.0.1:{port}");
    let output = asklet(&["send", "--config", "-", "--base", &base], &block);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("\nno answer: ") && told.ends_with(&format!("\nretry: {ID}\n")), "{told}");
    let output = asklet(&["send", "--config", "-", "--base", &base, "--format", "json"], &block);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(told["status"].is_null() && told["error"].is_string(), "{told}");
}

/// Every preset, by its name.
fn presets() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets");
    let files = fs::read_dir(folder).expect("presets").map(|entry| entry.expect("an entry").path());
    let mut presets: Vec<(String, Value)> = files
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .map(|file| {
            let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).expect("text");
            let preset = serde_json::from_str(&text).unwrap_or_else(|error| panic!("presets/{name}.json: {error}"));
            (name, preset)
        })
        .collect();
    presets.sort_by(|(one, _), (other, _)| one.cmp(other));
    presets
}

fn document(value: &Value) -> Document {
    serde_json::from_value(value.clone()).expect("any JSON will do")
}

/// The response of the docs.
fn sample() -> Value {
    let shown = printed(&["render", "--config", "-", "--format", "json"], r#"{ "url": "/r" }"#);
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    serde_json::from_str(shown["body"].as_str().expect("text")).expect("a response")
}

/// The requests that a preset makes of responses, at one moment.
fn requests(name: &str, preset: &Value, responses: &[Value]) -> Vec<Request> {
    let delivery = document(&preset["delivery"]);
    let documents: Vec<Document> = responses.iter().map(document).collect();
    let borrowed: Vec<&Document> = documents.iter().collect();
    let made = borrowed.chunks(most(&delivery)).map(|chunk| {
        request(&delivery, chunk, 1, 1_795_352_700_000, &Json)
            .unwrap_or_else(|fault| panic!("presets/{name}.json: delivery.{} {}", fault.path, fault.message))
    });
    made.collect()
}

/// What a receiver makes of a body.
fn read(preset: &Value, request: &Request) -> Value {
    let (delivery, body) = (&preset["delivery"], request.body.as_str());
    let parse = |text: &str| {
        serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{}: {error}: {text}", preset["name"]))
    };
    match delivery["encode"].as_str() {
        Some("ndjson") => body.lines().map(parse).collect(),
        Some("form") => body
            .split('&')
            .map(|pair| {
                let (name, value) = pair.split_once('=').expect("a field");
                json!([unescaped(name), unescaped(value)])
            })
            .collect(),
        Some("text") => body.into(),
        _ => parse(body),
    }
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().expect("there is one").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The JSON within a text, plain or in Base64.
fn inside(text: &str) -> Option<Value> {
    let parse =
        |text: &str| serde_json::from_str::<Value>(text).ok().filter(|inner| inner.is_object() || inner.is_array());
    parse(text).or_else(|| parse(&base64(text)?))
}

fn base64(text: &str) -> Option<String> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for digit in text.trim_end_matches('=').chars() {
        bits = bits << 6 | DIGITS.find(digit)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[test]
fn every_preset_takes_every_response() {
    let full = sample();
    let mut bare = full.clone();
    for key in ["comment", "score", "metric", "visitor", "page", "turnaround_seconds"] {
        bare.as_object_mut().expect("an object").remove(key);
    }
    bare["touchpoint"] = json!({ "on": "call" });
    bare["answers"] = json!([{ "question": "may", "kind": "consent", "value": true }]);
    let mut none = bare.clone();
    none["answers"] = json!([]);
    let mut many = full.clone();
    many["answers"] = json!([
        { "question": "from", "kind": "choice", "value": "other", "other": "On the radio", "shown": ["ad", "friend"] },
        { "question": "better", "kind": "choice", "value": ["price", "help"] },
        { "question": "may", "kind": "consent", "value": false },
        { "question": "address", "kind": "email", "value": "name@acme.example" },
    ]);
    many["visitor"] = json!({ "id": "u", "attributes": { "n": 1, "t": true } });
    let numbered = |index: usize| {
        let mut next = if index.is_multiple_of(2) { full.clone() } else { bare.clone() };
        next["id"] = format!("0198f0a0-7c1e-7b3a-9d5e-{index:012x}").into();
        next
    };
    for (name, preset) in presets() {
        for one in [&full, &bare, &none, &many] {
            let made = requests(&name, &preset, std::slice::from_ref(one));
            read(&preset, &made[0]);
        }
        let batch: Vec<Value> = (0..7).map(numbered).collect();
        for request in requests(&name, &preset, &batch) {
            read(&preset, &request);
        }
        printed(&["render", "--preset", &name, "--batch", "5"], "");
    }
}

/// `asklet check` has nothing against a preset; but for one whose key is a secret of its receiver's, and one with readers who are no machines.
#[test]
fn every_preset_is_fine() {
    for (name, preset) in presets() {
        let config = json!({
            "about": "Acme", "delivery": preset["delivery"], "surveys": [{ "id": "s", "ask": "nps", "touchpoints": [{ "on": "page" }] }],
        });
        let allowed: &[&str] = match name.as_str() {
            "ga4" => &["--allow", "public-secret"],
            "slack" => &["--allow", "no-id"],
            _ => &[],
        };
        let output = asklet(&[&["check", "-", "--strict"], allowed].concat(), &config.to_string());
        assert_eq!(output.status.code(), Some(0), "presets/{name}.json: {}", text(&output.stdout));
    }
}

const HARMLESS: &str = "harmless words";

/// A response in which a visitor, and the page, say these words wherever they can.
fn with_text(sample: &Value, words: &str) -> Value {
    let mut response = sample.clone();
    response["answers"] = json!([
        { "question": "score", "kind": "nps", "value": 9, "points": 11, "bucket": "promoter" },
        { "question": "reason", "kind": "text", "value": words },
        { "question": "from", "kind": "choice", "value": "other", "other": words },
        { "question": "address", "kind": "email", "value": words },
    ]);
    response["comment"] = words.into();
    response["page"] = format!("https://shop.example/{words}").into();
    response["visitor"] = json!({ "id": words, "attributes": { "plan": words } });
    response["touchpoint"]["name"] = words.into();
    response
}

/// What a text may become on its way: nothing else, or what its receiver wants escaped.
fn forms(words: &str) -> Vec<String> {
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    vec![words.into(), escaped, format!("'{words}")]
}

/// The hostile body is the harmless one with other words, and nothing else.
fn compare(harmless: &Value, hostile: &Value, words: &str, place: &str) {
    match (harmless, hostile) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(one, other, words, &format!("{place}[{index}]"));
            }
        }
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for (key, one) in one {
                compare(one, &other[key], words, &format!("{place}.{key}"));
            }
        }
        (Value::String(one), Value::String(other)) => {
            // A document within a text has to be one with other words too.
            if let Some(inner) = inside(one) {
                let other = inside(other).unwrap_or_else(|| panic!("{place}: {other:?} is no JSON"));
                return compare(&inner, &other, words, place);
            }
            // Of words in Base64 what they stand for.
            let decoded = |text: &str| base64(text).filter(|text| text.contains(HARMLESS));
            let (one, other) = match decoded(one) {
                Some(inner) => (inner, base64(other).unwrap_or_default()),
                None => (one.clone(), other.clone()),
            };
            let meant = forms(words).iter().any(|form| one.replace(HARMLESS, form) == other);
            assert!(meant, "{place}: {one:?} became {other:?}");
        }
        (one, other) => assert_eq!(one, other, "{place}"),
    }
}

#[test]
fn hostile_answers_change_nothing_but_their_text() {
    let long = "\"'\\{{id}}<&>\u{0}\n".repeat(32 * 1024 / 14);
    let table = [
        "\"",
        "'",
        "\\",
        "\\\"},{\"id\":\"x\"}",
        "}]}",
        "{{id}}",
        "{{config.key}}",
        "{{",
        "}}",
        "{{visitor.id!}}",
        "#each",
        "##x",
        "{\"#each\":\"{{answers}}\",\"do\":1}",
        "{\"a\":1}",
        "[1]",
        "null",
        "true",
        "12",
        "a&b=c&d",
        "a+b %41 %zz",
        "../../x",
        "..",
        ".",
        "/",
        "?",
        "#",
        "//evil.example/",
        "https://evil.example",
        "x@evil.example",
        "\r\nx-evil: 1",
        "\r\n\r\nbody",
        "\n{\"create\":{}}\n",
        "\u{0}\u{1}\u{7f}\u{80}",
        "\t\u{b}\u{c}\u{8}",
        "\u{2028}\u{2029}",
        "\u{202e}evil\u{202c}\u{200f}\u{feff}",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "<!channel> <@U1> *b* _i_ `c`",
        "'); drop table responses; --",
        "${jndi:ldap://x}",
        "$(id) `id`",
        "%s%n",
        "😀 ü ﷺ",
        " ",
        &long,
    ];
    let sample = sample();
    for (name, preset) in presets() {
        let forms: &[usize] = if preset["delivery"]["batch"].is_null() { &[1] } else { &[1, 2] };
        for &batch in forms {
            let make = |words: &str| {
                let mut second = with_text(&sample, words);
                second["id"] = NEXT.into();
                requests(&name, &preset, &[with_text(&sample, words), second][..batch])
            };
            let harmless = make(HARMLESS);
            for words in table {
                let hostile = make(words);
                assert_eq!(harmless.len(), hostile.len());
                for (one, other) in harmless.iter().zip(&hostile) {
                    let start: String = words.chars().take(40).collect();
                    let place = format!("presets/{name}.json, {start:?}");
                    assert_eq!(
                        (&one.url, &one.method, &one.headers),
                        (&other.url, &other.method, &other.headers),
                        "{place}"
                    );
                    let (one, other) = (read(&preset, one), read(&preset, other));
                    compare(&one, &other, words, &place);
                }
            }
        }
    }
}

/// docs/deliver.md has a line for each preset, and none for another.
#[test]
fn docs_list_every_preset() {
    let docs = include_str!("../../docs/deliver.md");
    let table = docs.split("<!-- presets -->").nth(1).and_then(|rest| rest.split("<!-- /presets -->").next());
    let listed: Vec<&str> = table.expect("the table").lines().filter(|line| line.starts_with("| `")).collect();
    let of = |(name, preset): &(String, Value)| {
        let said = |member: &str| preset[member].as_str().expect("a text").to_string();
        format!("| `{name}` | {} | {} |", said("title"), said("tried"))
    };
    let mut expect: Vec<String> = presets().iter().map(of).collect();
    expect.sort();
    assert_eq!(listed, expect);
}
