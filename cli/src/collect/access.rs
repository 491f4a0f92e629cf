//! Who may read what is stored: it is what visitors wrote.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header};

use super::problem::Problem;

/// Who asks.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    /// A program, which has a header for the token.
    Program,
    /// A person in front of a browser, which asks for a name and a password: the token is the password.
    Person,
}

/// The rule for `GET /responses` and the report.
pub struct Access {
    /// The token to ask for.
    pub token: Option<String>,
    /// Whether only programs on this machine can connect.
    pub local: bool,
}

impl Access {
    /// Whether a request of this version and with these headers may read.
    pub fn check(&self, version: Version, headers: &HeaderMap, way: Way) -> Result<(), Problem> {
        if let Some(token) = &self.token {
            let value = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
            let basic = if way == Way::Person { password(value) } else { None };
            let given = bearer(value).map(<[u8]>::to_vec).or(basic);
            return if given.is_some_and(|given| same(&given, token.as_bytes())) {
                Ok(())
            } else {
                let detail = "Reading needs the token: send it as `Authorization: Bearer TOKEN`.";
                let challenge = HeaderValue::from_static(match way {
                    Way::Program => "Bearer realm=\"asklet\"",
                    Way::Person => "Basic realm=\"asklet: any name, and the token as password\", charset=\"UTF-8\"",
                });
                Err(Problem::new(StatusCode::UNAUTHORIZED, detail).header(header::WWW_AUTHENTICATE, challenge))
            };
        }
        if self.local && !was_forwarded(version, headers) && names_this_machine(headers) {
            return Ok(());
        }
        let detail = "Without a token, reading works only on the machine itself, directly and by its own name: \
                      start asklet collect with --read-token, or ask at http://127.0.0.1.";
        Err(Problem::new(StatusCode::FORBIDDEN, detail))
    }
}

fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
}

/// The password of HTTP's Basic authentication (RFC 7617), whatever the name.
fn password(value: &[u8]) -> Option<Vec<u8>> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let pair = scheme.eq_ignore_ascii_case(b"basic ").then(|| base64(rest.trim_ascii()))??;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some(pair[colon + 1..].to_vec())
}

/// The bytes that Base64 (RFC 4648) stands for.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for byte in text.iter().take_while(|byte| **byte != b'=') {
        let six = ALPHABET.iter().position(|letter| letter == byte)?;
        bits = (bits << 6 | six as u32) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

/// Whether a request that changes something comes from our own page: a browser sends what it knows of the user along from any page.
pub fn check_same_origin(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text("host").unwrap_or_default();
    let site = text("sec-fetch-site").is_none_or(|site| ["same-origin", "none"].contains(&site));
    let origin = text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, rest)| rest == host));
    if site && origin {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "Only the report's own page may do this."))
}

/// Compares without telling by its duration where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// A proxy on this machine connects from loopback too. Most say for whom; one set up in two lines may not, but
/// nginx then speaks HTTP/1.0, as hardly anything else does.
fn was_forwarded(version: Version, headers: &HeaderMap) -> bool {
    let names = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
    version < Version::HTTP_11 || names.iter().any(|name| headers.contains_key(*name))
}

/// A page can make its own name lead to 127.0.0.1 (DNS rebinding) and is then no stranger to the browser.
/// The name still stands in the Host header.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_for_people_only() {
        let access = Access { token: Some("0123456789abcdef".into()), local: true };
        // `me:0123456789abcdef`, and one letter less.
        let table = [
            ("Basic bWU6MDEyMzQ1Njc4OWFiY2RlZg==", true),
            ("basic bWU6MDEyMzQ1Njc4OWFiY2Rl", false),
            ("Basic !", false),
        ];
        for (value, expect) in table {
            let given = headers(&[("authorization", value)]);
            assert_eq!(access.check(Version::HTTP_11, &given, Way::Person).is_ok(), expect, "{value}");
            assert!(access.check(Version::HTTP_11, &given, Way::Program).is_err());
        }
    }

    #[test]
    fn only_our_own_page_changes_something() {
        let table: [(&[(&'static str, &str)], bool); 5] = [
            (&[("host", "a.example")], true),
            (&[("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "same-origin")], true),
            (&[("host", "a.example"), ("origin", "https://b.example")], false),
            (&[("host", "a.example"), ("origin", "null")], false),
            (&[("host", "a.example"), ("sec-fetch-site", "cross-site")], false),
        ];
        for (given, expect) in table {
            assert_eq!(check_same_origin(&headers(given)).is_ok(), expect, "{given:?}");
        }
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn without_a_token_only_this_machine_reads() {
        let table = [
            ("127.0.0.1:8787", true),
            ("127.1.2.3", true),
            ("localhost:8787", true),
            ("LOCALHOST", true),
            ("asklet.localhost:8787", true),
            ("[::1]:8787", true),
            ("[::1]", true),
            ("evil.example:8787", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("192.168.0.7:8787", false),
            ("0.0.0.0:8787", false),
            ("", false),
        ];
        for (host, expect) in table {
            for local in [true, false] {
                let access = Access { token: None, local };
                assert_eq!(
                    access.check(Version::HTTP_11, &headers(&[("host", host)]), Way::Program).is_ok(),
                    expect && local,
                    "{host} {local}"
                );
            }
        }
        let access = Access { token: None, local: true };
        assert!(access.check(Version::HTTP_11, &headers(&[]), Way::Program).is_err());
        for name in ["via", "x-forwarded-for", "forwarded"] {
            assert!(
                access.check(Version::HTTP_11, &headers(&[("host", "localhost"), (name, "x")]), Way::Program).is_err(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_proxy_that_says_nothing() {
        let access = Access { token: None, local: true };
        assert!(access.check(Version::HTTP_10, &headers(&[("host", "127.0.0.1:8787")]), Way::Program).is_err());
    }

    #[test]
    fn a_token_is_always_asked_for() {
        let access = Access { token: Some("0123456789abcdef".into()), local: true };
        let table = [
            ("Bearer 0123456789abcdef", true),
            ("bearer  0123456789abcdef", true),
            ("Bearer 0123456789abcdeF", false),
            ("Bearer 0123456789abcde", false),
            ("Bearer 0123456789abcdef0", false),
            ("Bearer", false),
            ("Bearer ", false),
            ("Basic 0123456789abcdef", false),
            ("0123456789abcdef", false),
        ];
        for (value, expect) in table {
            let given = headers(&[("host", "localhost"), ("authorization", value)]);
            assert_eq!(access.check(Version::HTTP_11, &given, Way::Program).is_ok(), expect, "{value}");
        }
        assert!(access.check(Version::HTTP_11, &headers(&[("host", "localhost")]), Way::Program).is_err());
    }
}
