//! Who may read what is stored: it is what visitors wrote.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header};

use super::problem::Problem;

/// The rule for `GET /responses`.
pub struct Access {
    /// The token to ask for.
    pub token: Option<String>,
    /// Whether only programs on this machine can connect.
    pub local: bool,
}

impl Access {
    /// Whether a request of this version and with these headers may read.
    pub fn check(&self, version: Version, headers: &HeaderMap) -> Result<(), Problem> {
        if let Some(token) = &self.token {
            let given = headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
            return if given.is_some_and(|given| same(given, token.as_bytes())) {
                Ok(())
            } else {
                let detail = "Reading needs the token: send it as `Authorization: Bearer TOKEN`.";
                let challenge = HeaderValue::from_static("Bearer realm=\"asklet\"");
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
                    access.check(Version::HTTP_11, &headers(&[("host", host)])).is_ok(),
                    expect && local,
                    "{host} {local}"
                );
            }
        }
        let access = Access { token: None, local: true };
        assert!(access.check(Version::HTTP_11, &headers(&[])).is_err());
        for name in ["via", "x-forwarded-for", "forwarded"] {
            assert!(access.check(Version::HTTP_11, &headers(&[("host", "localhost"), (name, "x")])).is_err(), "{name}");
        }
    }

    #[test]
    fn a_proxy_that_says_nothing() {
        let access = Access { token: None, local: true };
        assert!(access.check(Version::HTTP_10, &headers(&[("host", "127.0.0.1:8787")])).is_err());
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
            assert_eq!(access.check(Version::HTTP_11, &given).is_ok(), expect, "{value}");
        }
        assert!(access.check(Version::HTTP_11, &headers(&[("host", "localhost")])).is_err());
    }
}
