//! A request over the line.

use std::time::Duration;

use asklet::core::delivery::{Reply, Request};
use ureq::Agent;
use ureq::http;

/// As long as the widget waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The statuses that send a request elsewhere.
const REDIRECT: [u16; 5] = [301, 302, 303, 307, 308];
/// As many of them are followed.
const REDIRECTS: u32 = 10;
/// No more of an answer is read.
const LONGEST: u64 = 4 << 20;

/// What came back.
pub struct Answer {
    /// As the receiver wrote it.
    pub status: http::StatusCode,
    /// How long it asks to wait, in its own words.
    pub retry_after: Option<String>,
    /// As the widget would see it.
    pub reply: Reply,
}

/// Sends a request as the widget does: without cookies, and following a redirect only if that is asked for.
pub fn send(request: &Request) -> Result<Answer, String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("asklet/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    // Redirects are ours: the client would not send a body a second time, as browsers do.
    let (mut url, mut fetched) = (request.url.clone(), false);
    let mut left = if request.follow { REDIRECTS } else { 0 };
    let mut response = loop {
        let method = if fetched { "GET" } else { &request.method };
        let mut made = http::Request::builder().method(method).uri(&url);
        for (name, value) in &request.headers {
            let fits = match name.as_str() {
                // What is for one origin is not for another.
                "authorization" => origin(&url) == origin(&request.url),
                "content-type" => !fetched,
                _ => true,
            };
            if fits {
                made = made.header(name, value);
            }
        }
        let answer = match fetched {
            true => made.body(()).map(|made| agent.run(made)),
            false => made.body(request.body.as_str()).map(|made| agent.run(made)),
        };
        let response = answer.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        match response.headers().get("location").and_then(|value| value.to_str().ok()) {
            Some(location) if REDIRECT.contains(&status) && left > 0 => url = joined(&url, location),
            _ => break response,
        }
        left -= 1;
        fetched |= status == 303 || status < 303 && method == "POST";
    };
    let status = response.status();
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(String::from);
    let text = response.body_mut().with_config().limit(LONGEST).lossy_utf8(true).read_to_string();
    // A page does not see what a redirect says.
    let seen = if REDIRECT.contains(&status.as_u16()) { 0 } else { status.as_u16() };
    let reply = Reply { status: seen, retry_after: None, text: text.map_err(|error| error.to_string())? };
    Ok(Answer { status, retry_after, reply })
}

/// Scheme and authority of an address.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    &url[..end]
}

/// The address that `location` names, seen from `url`.
fn joined(url: &str, location: &str) -> String {
    let origin = origin(url);
    if location.starts_with("https://") || location.starts_with("http://") {
        return location.into();
    }
    if location.starts_with("//") {
        return format!("{}:{location}", url.split(':').next().unwrap_or_default());
    }
    if location.starts_with('/') {
        return format!("{origin}{location}");
    }
    let path = url[origin.len()..].split(['?', '#']).next().unwrap_or_default();
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    format!("{origin}{folder}{location}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_joined() {
        let table = [
            ("https://a.example/x/y?q=/z", "https://b.example/", "https://b.example/"),
            ("https://a.example/x/y?q=/z", "//b.example/", "https://b.example/"),
            ("https://a.example/x/y?q=/z", "/w", "https://a.example/w"),
            ("https://a.example/x/y?q=/z", "w?a", "https://a.example/x/w?a"),
            ("http://localhost:80", "w", "http://localhost:80/w"),
        ];
        for (url, location, expect) in table {
            assert_eq!(joined(url, location), expect, "{location}");
        }
    }
}
