//! Requests and their answers, for people and for programs.

use asklet::core::delivery::{Outcome, Request};
use serde_json::json;

use super::Refusal;
use super::send::Answer;

/// How requests are written.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Http,
    Json,
    Curl,
}

/// A request and what came of it.
pub struct Sent<'a> {
    pub request: &'a Request,
    pub answer: &'a Result<Answer, String>,
    pub ids: &'a [&'a str],
    pub outcomes: &'a [Outcome],
}

/// All requests as one text.
pub fn requests(requests: &[Request], format: Format) -> Result<String, Refusal> {
    let each = requests.iter();
    Ok(match format {
        // The line between requests is that of `.http` files.
        Format::Http => each.map(http).collect::<Vec<_>>().join("\n###\n\n"),
        Format::Json => each.map(|request| line(&as_object(request))).collect(),
        Format::Curl => each.map(curl).collect::<Result<_, _>>()?,
    })
}

fn as_object(request: &Request) -> serde_json::Value {
    let Request { method, url, headers, body, .. } = request;
    let headers: serde_json::Map<String, serde_json::Value> =
        headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    json!({ "method": method, "url": url, "headers": headers, "body": body })
}

/// Why a request without an origin goes nowhere.
pub fn needs_base(url: &str) -> String {
    format!("{url} is a path on the page's own site; say which with --base https://shop.example")
}

fn http(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for (name, value) in &request.headers {
        text += &format!("{name}: {value}\n");
    }
    text += &format!("\n{}", request.body);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A command for a POSIX shell.
fn curl(request: &Request) -> Result<String, Refusal> {
    if request.url.starts_with('/') {
        return Err(Refusal::Command(needs_base(&request.url)));
    }
    if request.body.contains('\0') {
        return Err(Refusal::Content(vec![
            "the body has a NUL, which no command line can hold; take --format http".into(),
        ]));
    }
    // Brackets and braces in the address are no pattern.
    let mut parts =
        vec!["curl --globoff".to_string(), format!("--request {} {}", request.method, quoted(&request.url))];
    if request.follow {
        parts[0] += " --location";
    }
    for (name, value) in &request.headers {
        // So curl is told of a header without a value.
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        parts.push(format!("--header {}", quoted(&header)));
    }
    parts.push(format!("--data-raw {}", quoted(&request.body)));
    Ok(parts.join(" \\\n  ") + "\n")
}

/// A text as a shell takes it literally.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// What came of a request.
pub fn told(sent: &Sent) -> String {
    let Request { method, url, body, .. } = sent.request;
    let mut text = format!("{method} {url} ({} bytes)\n", body.len());
    match sent.answer {
        Ok(answer) => {
            text += &format!("answer: {}\n", answer.status);
            if let Some(wait) = &answer.retry_after {
                text += &format!("retry after: {}\n", harmless(wait));
            }
            for line in answer.reply.text.lines().filter(|line| !line.trim().is_empty()).take(LINES) {
                text += &format!("  {}\n", harmless(line));
            }
        }
        Err(error) => text += &format!("no answer: {error}\n"),
    }
    for (id, outcome) in sent.ids.iter().zip(sent.outcomes) {
        text += &format!("{}: {id}\n", name(*outcome));
    }
    text
}

/// So much of an answer is shown.
const LINES: usize = 8;
const WIDTH: usize = 200;

/// A line that a terminal takes for nothing but text.
fn harmless(line: &str) -> String {
    let plain = |char: char| if char.is_control() { '\u{fffd}' } else { char };
    let mut text: String = line.chars().take(WIDTH).map(plain).collect();
    if line.chars().nth(WIDTH).is_some() {
        text.push('…');
    }
    text
}

/// The same as one JSON object in a line: the request, `status` (null without an answer), `reply`, and `outcomes`.
pub fn as_json(sent: &Sent) -> String {
    let mut object = as_object(sent.request);
    let answer = sent.answer.as_ref();
    object["status"] = json!(answer.ok().map(|answer| answer.status.as_u16()));
    object["reply"] = json!(answer.ok().map(|answer| &answer.reply.text));
    object["error"] = json!(answer.err());
    let outcomes = sent.ids.iter().zip(sent.outcomes);
    object["outcomes"] =
        outcomes.map(|(id, outcome)| json!({ "id": id, "means": name(*outcome) })).collect::<Vec<_>>().into();
    line(&object)
}

fn line(object: &serde_json::Value) -> String {
    format!("{object}\n")
}

/// An outcome as a config writes it.
fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::Retry => "retry",
        Outcome::Hold | Outcome::Unsent => "hold",
        Outcome::Reject => "reject",
    }
}
