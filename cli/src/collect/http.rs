//! What is at which path, and what each answer says.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::access::{self, Access, Way};
use super::alert::{Bell, Rule};
use super::guard::guard;
use super::intake;
use super::limits::Rate;
use super::options::Options;
use super::problem::Problem;
use super::reader::{Range, Reader};
use super::store;
use super::writer::{Failure, Queue};

/// Where responses are posted and read.
pub const RESPONSES: &str = "/responses";
/// Where the report is.
pub const REPORT: &str = "/report";

/// Readers at a time. Each holds a connection to the database and a page in memory.
const READERS: usize = 8;

/// How much of a body is read and thrown away so that the sender sees the refusal: one that is still sending
/// when the connection closes sees an error of the network instead, and would try for ever.
const DISCARDED: usize = 4 * 1024 * 1024;

/// Seconds after which to come back when there is too much to do.
const BUSY: u64 = 5;

/// What the handlers need.
pub struct App {
    /// Sites that may post; none listed means all.
    pub origins: Vec<String>,
    /// Sites that may read.
    pub read_origins: Vec<String>,
    /// Whether a proxy says who the client is.
    pub behind_proxy: bool,
    /// How long a body may take to arrive, and its rows to be stored.
    pub timeout: Duration,
    /// How many requests each client may make.
    pub rate: Rate,
    access: Access,
    /// Whether the report is served.
    report: bool,
    /// Whose turn it is to make one.
    making: tokio::sync::Mutex<()>,
    alert_when: Vec<Rule>,
    bell: Option<Bell>,
    max_body: usize,
    queue: Queue,
    db: PathBuf,
    readers: Arc<Semaphore>,
}

impl App {
    /// Joins the options with what has been started.
    pub fn new(options: Options, address: SocketAddr, queue: Queue, bell: Option<Bell>) -> Self {
        App {
            behind_proxy: options.behind_proxy,
            timeout: options.timeout(),
            rate: Rate::new(options.rate, options.local_rate, Instant::now()),
            // Whoever connects through a proxy may be anybody.
            access: Access { token: options.read_token, local: address.ip().is_loopback() && !options.behind_proxy },
            max_body: options.max_body as usize,
            queue,
            report: options.report,
            making: tokio::sync::Mutex::new(()),
            alert_when: if bell.is_some() { options.alert_when } else { Vec::new() },
            bell,
            db: store::file(&options.db),
            origins: options.origins,
            read_origins: options.read_origins,
            readers: Arc::new(Semaphore::new(READERS)),
        }
    }
}

impl App {
    /// Whether the report is served, and to this one.
    fn reports(&self, version: Version, headers: &HeaderMap) -> Result<(), Problem> {
        if !self.report {
            let detail = "The report is off: start asklet collect with --report.";
            return Err(Problem::new(StatusCode::NOT_FOUND, detail));
        }
        self.access.check(version, headers, Way::Person)
    }
}

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route(RESPONSES, post(take).get(give).fallback(|| wrong_method("GET, HEAD, POST")))
        .route(REPORT, get(report))
        .route("/report/replied", post(replied))
        .route("/healthz", get(health).fallback(|| wrong_method("GET, HEAD")))
        .fallback(nothing_here)
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

/// `POST /responses`
async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(problem) = intake::check_media(&parts.headers) {
        discard(body, app.timeout).await;
        return problem.into_response();
    }
    let rows = match receive(&app, &parts.headers, body).await.and_then(|body| intake::read(&body, &app.alert_when)) {
        Ok(rows) => rows,
        Err(problem) => return problem.into_response(),
    };
    let alert = rows.iter().any(|row| row.alert);
    match timeout(app.timeout, app.queue.store(rows)).await.unwrap_or(Err(Failure::Full)) {
        Ok(counts) => {
            if let Some(bell) = app.bell.as_ref().filter(|_| alert) {
                bell.ring();
            }
            let status = if counts.stored > 0 { StatusCode::CREATED } else { StatusCode::OK };
            let body = json!({ "stored": counts.stored, "replaced": counts.replaced, "repeats": counts.repeats });
            (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
        }
        Err(failure) => refusal(failure).into_response(),
    }
}

fn refusal(failure: Failure) -> Problem {
    let detail = match failure {
        Failure::Full => "Too many responses wait to be stored: send again later.",
        Failure::Disk => "The database cannot be written to at the moment: send again later.",
        Failure::Stopping => "The endpoint is being stopped: send again later.",
    };
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(BUSY)
}

/// The body, unless it is too large or too slow.
async fn receive(app: &App, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let too_large = || {
        let detail = format!("The body is larger than {} bytes: send fewer documents in each request.", app.max_body);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    // Who asks before sending is told at once; so is who announces more than would be thrown away.
    let over = declared.unwrap_or(0).saturating_sub(app.max_body);
    if over > DISCARDED || (over > 0 && headers.contains_key(header::EXPECT)) {
        return Err(too_large());
    }
    match timeout(app.timeout, gather(body, app.max_body, DISCARDED)).await {
        Ok(Ok(Some(body))) => Ok(body),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "The body broke off: send it again.")),
        Err(_) => {
            let detail = format!("The body did not arrive within {} s: send it again.", app.timeout.as_secs());
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, detail))
        }
    }
}

/// Reads a body of at most `max` bytes; `None` for a longer one, of which `beyond` bytes are thrown away.
async fn gather(body: Body, max: usize, beyond: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        length += chunk.len();
        if length <= max {
            bytes.extend_from_slice(&chunk);
        } else if length > max + beyond {
            break;
        }
    }
    Ok((length <= max).then_some(bytes))
}

/// Lets a body that nobody wants arrive, within bounds.
pub async fn discard(body: Body, limit: Duration) {
    let _ = timeout(limit, gather(body, 0, DISCARDED)).await;
}

/// `GET /responses`
async fn give(
    State(app): State<Arc<App>>,
    version: Version,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    app.access.check(version, &headers, Way::Program)?;
    let range = range(&uri)?;
    let busy = |_| {
        let detail = "Too many are reading at the moment: ask again later.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(BUSY)
    };
    let permit = app.readers.clone().try_acquire_owned().map_err(busy)?;
    let db = app.db.clone();
    let reader = spawn_blocking(move || Reader::open(&db, &range)).await;
    let Ok(Ok(reader)) = reader else {
        return Err(unreadable());
    };
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // No page gets at it without CORS, not even as a script or an image.
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    Ok((headers, Body::from_stream(pages(reader, permit))).into_response())
}

/// `GET /report`
async fn report(State(app): State<Arc<App>>, version: Version, headers: HeaderMap) -> Result<Response, Problem> {
    app.reports(version, &headers)?;
    // One at a time: each reads everything.
    let turn = app.making.lock().await;
    let db = app.db.clone();
    let page = spawn_blocking(move || crate::report::page(&db, true)).await;
    drop(turn);
    let Ok(Ok(page)) = page else { return Err(unreadable()) };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    Ok((headers, page).into_response())
}

/// `POST /report/replied`: `id=UUID`, and `undo=1` to take it back.
async fn replied(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    app.reports(parts.version, &parts.headers)?;
    access::check_same_origin(&parts.headers)?;
    let body = receive(&app, &parts.headers, body).await?;
    let uri: Uri = format!("/?{}", String::from_utf8_lossy(&body)).parse().unwrap_or_default();
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri).unwrap_or_default();
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    // It goes into a header below.
    let id = value("id").filter(|id| id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'));
    let Some(id) = id.map(str::to_ascii_lowercase) else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "id: say which response, by its UUID."));
    };
    let to = format!("../report#r-{id}");
    timeout(app.timeout, app.queue.reply(id, value("undo").is_some()))
        .await
        .unwrap_or(Err(Failure::Full))
        .map_err(refusal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

fn unreadable() -> Problem {
    let detail = "The database cannot be read at the moment: ask again later.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(BUSY)
}

/// Page after page, each read when the one before has been taken. An error breaks the transfer off, so that
/// the other side knows that it has not got everything.
fn pages(reader: Reader, permit: OwnedSemaphorePermit) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((reader, permit), |(mut reader, permit)| async move {
        let read = spawn_blocking(move || reader.page().map(|page| (page, reader)));
        let (page, reader) = read.await?.map_err(std::io::Error::other)?;
        Ok((!page.is_empty()).then(|| (page.into(), (reader, permit))))
    })
}

fn range(uri: &Uri) -> Result<Range, Problem> {
    let wrong = |detail: String| Problem::new(StatusCode::BAD_REQUEST, detail);
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|error| wrong(error.body_text()))?;
    let mut range = Range::default();
    for (name, value) in pairs {
        match name.as_str() {
            // Moments are compared as texts, of which a beginning comes first.
            "since" if is_moment(&value) => range.since = Some(value.trim_end_matches('Z').into()),
            "limit" if value.parse::<u32>().is_ok_and(|limit| limit > 0) => range.limit = value.parse().ok(),
            "since" => {
                return Err(wrong("since: write a moment in UTC, such as 2026-11-22 or 2026-11-22T13:00Z.".into()));
            }
            "limit" => return Err(wrong("limit: write a whole number from 1.".into())),
            _ => return Err(wrong(format!("There is no parameter {name}: use since or limit."))),
        }
    }
    Ok(range)
}

/// Whether it is `2026-11-22T13:00:07.412Z` or a beginning of it that means something.
pub fn is_moment(text: &str) -> bool {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let fits = |(given, place): (u8, u8)| if place == b'0' { given.is_ascii_digit() } else { given == place };
    [4, 7, 10, 13, 16, 19, 23].contains(&text.len()) && text.bytes().zip(*b"0000-00-00T00:00:00.000").all(fits)
}

/// `GET /healthz`: whether the database takes a commit and can be read.
async fn health(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    timeout(app.timeout, app.queue.check()).await.unwrap_or(Err(Failure::Full)).map_err(refusal)?;
    let db = app.db.clone();
    let range = Range { since: None, limit: Some(1) };
    let read = spawn_blocking(move || Reader::open(&db, &range)?.page()).await;
    if !matches!(read, Ok(Ok(_))) {
        return Err(unreadable());
    }
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, json!({ "status": "ok" }).to_string()).into_response())
}

async fn wrong_method(allowed: &'static str) -> Problem {
    let detail = format!("This path knows {allowed} only.");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).header(header::ALLOW, HeaderValue::from_static(allowed))
}

async fn nothing_here(uri: Uri) -> Problem {
    let detail = format!("There is nothing at {}: use /responses (POST, GET) or /healthz (GET).", uri.path());
    Problem::new(StatusCode::NOT_FOUND, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let table = [
            ("2026", true),
            ("2026-11", true),
            ("2026-11-22", true),
            ("2026-11-22T13", true),
            ("2026-11-22T13:00", true),
            ("2026-11-22T13:00Z", true),
            ("2026-11-22T13:00:07.412Z", true),
            ("", false),
            ("Z", false),
            ("2026-", false),
            ("2026-11-22 13:00", false),
            ("2026-11-22T13:00:07.412Z0", false),
            ("2026-11-22T13:00:00+01:00", false),
            ("yesterday", false),
        ];
        for (text, expect) in table {
            assert_eq!(is_moment(text), expect, "{text:?}");
        }
    }
}
