//! From a request's body to rows for the store: parse, check, refuse with reasons.

use asklet::core::Value;
use asklet::core::config::Problem as Fault;
use asklet::core::delivery::{check_document, is_event};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value as Json, json};

use super::alert::Rule;
use super::problem::Problem;
use super::store::Row;

/// Problems named in one refusal; a body can have a hundred thousand.
const NAMED: usize = 50;

/// Members of one object. The check compares each name with those before it, so that a body of nothing but
/// names would keep it busy.
const MEMBERS: usize = 1000;

/// Whether the body is of a kind that can be read here.
pub fn check_media(headers: &HeaderMap) -> Result<(), Problem> {
    let value = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("?").trim());
    if value(header::CONTENT_ENCODING).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, not compressed.");
        return Err(problem.header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")));
    }
    let Some(media) = value(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let mut parts = media.split(';').map(str::trim);
    let kind = parts.next().unwrap_or("").to_ascii_lowercase();
    let utf8 = parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
        !name.eq_ignore_ascii_case("charset") || ["utf-8", "\"utf-8\""].contains(&&*value.to_ascii_lowercase())
    });
    if ["application/json", "text/plain"].contains(&&*kind) && utf8 {
        return Ok(());
    }
    let detail = format!("Send JSON in UTF-8 as application/json or text/plain, not as {media}.");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

/// The rows of a body: one document, or an array of them. One that is wrong refuses all, so that an answer
/// of 2xx means that everything in the request is stored, and any other that nothing is.
pub fn read(body: &[u8], alert_when: &[Rule]) -> Result<Vec<Row>, Problem> {
    let value = parse(body)?;
    let (documents, is_array) = match value {
        Value::List(documents) => (documents, true),
        document => (vec![document], false),
    };
    let mut rows = Vec::with_capacity(documents.len());
    let mut errors = Vec::new();
    let mut count = 0;
    for (index, document) in documents.iter().enumerate() {
        let problems = check(document);
        count += problems.len();
        for problem in problems.iter().take(NAMED - errors.len()) {
            let mut error = json!({ "field": problem.path, "message": problem.message });
            if is_array {
                error["index"] = index.into();
            }
            errors.push(error);
        }
        if count == 0 {
            rows.push(row(document, alert_when));
        }
        if count >= NAMED {
            break;
        }
    }
    if count == 0 { Ok(rows) } else { Err(invalid(errors)) }
}

/// Every problem of a document.
fn check(document: &Value) -> Vec<Fault> {
    if widest(document) > MEMBERS {
        let message = format!("has an object with more than {MEMBERS} members");
        return vec![Fault { code: "wrong-value", path: String::new(), message }];
    }
    check_document(document)
}

fn widest(value: &Value) -> usize {
    let inner = value.list().iter().chain(value.entries().iter().map(|(_, inner)| inner));
    inner.map(widest).max().unwrap_or(0).max(value.entries().len())
}

fn invalid(errors: Vec<Json>) -> Problem {
    let said = |error: &Json| {
        let item = error.get("index").map_or(String::new(), |index| format!("item {index}: "));
        let (field, message) = (error["field"].as_str().unwrap_or(""), error["message"].as_str().unwrap_or(""));
        let what = if field.is_empty() { "the document" } else { field };
        format!("{item}{what} {message}")
    };
    let first = errors.first().map_or(String::new(), said);
    let more = match errors.len() {
        0 | 1 => String::new(),
        _ => ", and there is more: see errors".into(),
    };
    let detail = format!("Nothing was stored: {first}{more}.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail).with("errors", errors)
}

fn parse(body: &[u8]) -> Result<Value, Problem> {
    if body.trim_ascii().is_empty() {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "The body is empty: send a response document, or an array."));
    }
    serde_json::from_slice(body).or_else(|error| {
        let mended = mend(body).and_then(|mended| serde_json::from_slice(&mended).ok());
        mended.ok_or_else(|| {
            let problem = Problem::new(StatusCode::BAD_REQUEST, format!("The body is not JSON: {error}."));
            problem.with("line", error.line()).with("column", error.column())
        })
    })
}

/// Puts U+FFFD for each half of a surrogate pair that stands alone (`"\ud83d"`).
///
/// A page that cuts a text in the middle of an emoji makes one, and JSON.stringify writes it as an escape.
/// JSON allows that, UTF-8 cannot hold it; the rest of the answer is worth keeping. `None`: there is none.
fn mend(body: &[u8]) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut found = false;
    while let [first, ..] = rest {
        let take = match (first, unit(rest), rest.get(6..).and_then(unit)) {
            (_, Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (_, Some(0xd800..0xe000), _) => {
                found = true;
                mended.extend_from_slice(b"\\ufffd");
                rest = &rest[6..];
                continue;
            }
            (b'\\', ..) => rest.len().min(2),
            _ => 1,
        };
        mended.extend_from_slice(&rest[..take]);
        rest = &rest[take..];
    }
    found.then_some(mended)
}

/// The UTF-16 unit that a text beginning with an escape `\uXXXX` stands for.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// A checked document as a row.
fn row(document: &Value, alert_when: &[Rule]) -> Row {
    let text = |key| document.get(key).text().map(str::to_owned);
    Row {
        // One UUID can be written in two cases.
        id: text("id").unwrap_or_default().to_ascii_lowercase(),
        revision: document.get("revision").number().unwrap_or(1.0) as i64,
        status: text("status").unwrap_or_default(),
        survey: text("survey").unwrap_or_default(),
        metric: text("metric"),
        score: document.get("score").number(),
        // SQLite's functions take a text to end at U+0000. The document keeps it.
        comment: text("comment").map(|comment| comment.replace('\0', "\u{fffd}")),
        answered_at: text("answered_at").or_else(|| text("at")).unwrap_or_default(),
        // Printed anew: on one line, as JSON lines need it.
        document: serde_json::to_string(document).unwrap_or_default(),
        event: is_event(document).then(|| text("event").unwrap_or_default()),
        alert: !is_event(document) && alert_when.iter().any(|rule| rule.holds(document)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates() {
        let table = [
            (r#""a""#, None),
            (r#""\ud83d\ude00""#, None),
            (r#""\ud83d""#, Some(r#""\ufffd""#)),
            (r#""\ude00""#, Some(r#""\ufffd""#)),
            (r#""\ud83d\ud83d\ude00x""#, Some(r#""\ufffd\ud83d\ude00x""#)),
            (r#""\ude00\ud83d""#, Some(r#""\ufffd\ufffd""#)),
            (r#""\\ud83d""#, None),
            (r#""\\\ud83d\n""#, Some(r#""\\\ufffd\n""#)),
            (r#""\uD83D é""#, Some(r#""\ufffd é""#)),
            (r#""\ud83"#, None),
            (r"\", None),
            ("", None),
        ];
        for (text, expect) in table {
            let mended = mend(text.as_bytes()).map(|mended| String::from_utf8(mended).expect("UTF-8"));
            assert_eq!(mended.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn media() {
        let table = [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("text/plain;charset=\"utf-8\"", true),
            ("text/plain; format=flowed", true),
            ("application/json; charset=latin1", false),
            ("application/x-www-form-urlencoded", false),
            ("text/html", false),
            ("", false),
        ];
        for (media, expect) in table {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, media.parse().expect("a value"))]);
            assert_eq!(check_media(&headers).is_ok(), expect, "{media}");
        }
        assert!(check_media(&HeaderMap::new()).is_ok());
        let gzip = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        assert!(check_media(&gzip).is_err());
    }
}
