//! What every request passes first: whose page it comes from (CORS), and how many there have been.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::http::{App, REPORT, RESPONSES, discard};
use super::problem::Problem;

/// The address at the other end of the connection.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Seconds for which a browser may keep a preflight's answer. Chromium keeps none for longer.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST");

/// What `Access-Control-Allow-Origin` says.
enum Verdict {
    /// No page asks.
    NoPage,
    /// Any page may.
    Any,
    /// This one may.
    This(HeaderValue),
    /// This one may not.
    Refused(HeaderValue),
}

/// Refuses pages of sites that may not, and clients that come too often; marks every answer for the browser.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let verdict = verdict(&app, &request);
    let mut response = if let Verdict::Refused(origin) = &verdict {
        let problem = foreign(origin, reads(&request));
        discard(request.into_body(), app.timeout).await;
        problem.into_response()
    } else if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else if let Err(wait) = app.rate.count(client(&app, &request), Instant::now()) {
        discard(request.into_body(), app.timeout).await;
        let detail = "Too many requests from this address: send fewer, or more documents in each.";
        let seconds = wait.as_secs() + 1;
        Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(seconds).into_response()
    } else {
        next.run(request).await
    };
    mark(response.headers_mut(), verdict);
    response
}

/// Whether the request reads what is stored, or asks if it might.
fn reads(request: &Request) -> bool {
    let method = match request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD) {
        Some(asked) if request.method() == Method::OPTIONS => asked.as_bytes(),
        _ => request.method().as_str().as_bytes(),
    };
    request.uri().path() == RESPONSES && [b"GET".as_slice(), b"HEAD"].contains(&method)
}

fn verdict(app: &App, request: &Request) -> Verdict {
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        return Verdict::NoPage;
    };
    if request.uri().path().starts_with(REPORT) {
        // It looks after itself: its own page has an origin too.
        return Verdict::NoPage;
    }
    let reads = reads(request);
    if !reads && app.origins.is_empty() {
        return Verdict::Any;
    }
    let known = if reads { &app.read_origins } else { &app.origins };
    let listed = known.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(origin.as_bytes()));
    if listed { Verdict::This(origin.clone()) } else { Verdict::Refused(origin.clone()) }
}

fn foreign(origin: &HeaderValue, reads: bool) -> Problem {
    let origin = String::from_utf8_lossy(origin.as_bytes());
    let (may, flag) = if reads { ("read", "--read-origin") } else { ("post", "--origin") };
    let detail = format!("Pages of {origin} may not {may} here: start asklet collect with {flag} {origin}.");
    Problem::new(StatusCode::FORBIDDEN, detail)
}

/// Answers a preflight. Whatever headers the sender wants are fine: they give no rights here.
fn preflight(asked: &HeaderMap) -> Response {
    let mut response = (StatusCode::NO_CONTENT, [(header::ALLOW, METHODS)]).into_response();
    if !asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        headers.append(header::VARY, HeaderValue::from_static("access-control-request-headers"));
    }
    // A public page that posts to this machine or this network: https://wicg.github.io/private-network-access/
    // and the name that its draft gave the header later.
    for (ask, allow) in [
        ("access-control-request-private-network", "access-control-allow-private-network"),
        ("access-control-request-local-network", "access-control-allow-local-network"),
    ] {
        if asked.contains_key(ask) {
            headers.insert(HeaderName::from_static(allow), HeaderValue::from_static("true"));
        }
    }
    response
}

fn mark(headers: &mut HeaderMap, verdict: Verdict) {
    let origin = match verdict {
        Verdict::Any => HeaderValue::from_static("*"),
        Verdict::This(origin) => {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            origin
        }
        Verdict::NoPage | Verdict::Refused(_) => {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            return;
        }
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
}

/// Whose allowance a request uses.
fn client(app: &App, request: &Request) -> IpAddr {
    // `serve` gives every request one.
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    if !app.behind_proxy {
        return peer;
    }
    // The last entry is the proxy's own; those before it are whatever the client claimed.
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}
