//! Posting, with gloo-net.

use gloo_net::http::Request;
use js_sys::{Date, Object, Reflect};
use web_sys::{AbortSignal, RequestCredentials, RequestInit, RequestRedirect, ResponseType};

use super::to_js;
use crate::core::delivery::retry_after;
use crate::core::time::{DAY, Millis, SECOND};
use crate::core::value::Value;
use crate::ports::Reply;

/// How long an endpoint may take to answer.
const TIMEOUT: u32 = 15_000;

/// Posts a document as JSON. `None`: there was no answer.
///
/// No cookies go along; a redirect is not followed, since it would turn the post into an empty get; and the
/// request is `keepalive`, unless it is very long, so that it outlives the page. (web-sys has no such setting yet.)
pub(super) async fn post(url: &str, document: &Value) -> Option<Reply> {
    let body = js_sys::JSON::stringify(&to_js(document)).ok()?;
    let headers = Object::new();
    Reflect::set(&headers, &"content-type".into(), &"application/json".into()).ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body);
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)));
    // A page may have 64 KiB of such requests under way, and a larger one would fail at once.
    let keepalive = body.length() < 20_000;
    Reflect::set(&init, &"keepalive".into(), &keepalive.into()).ok()?;
    let request = web_sys::Request::new_with_str_and_init(url, &init).ok()?;
    let response = Request::from(request).send().await.ok()?;
    let status = if response.type_() == ResponseType::Opaqueredirect { 0 } else { response.status() };
    Some(Reply { status, retry_after: response.headers().get("retry-after").and_then(|header| wait(&header)) })
}

/// A `Retry-After` in seconds, or as a date.
fn wait(header: &str) -> Option<Millis> {
    retry_after(header).or_else(|| {
        let left = Date::parse(header) - Date::now();
        (!left.is_nan()).then(|| (left as Millis).clamp(SECOND, DAY))
    })
}
