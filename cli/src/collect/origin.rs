//! Web origins: which pages may post and which may read.

/// Reads an origin as an owner writes it, in the form in which browsers send it.
pub fn parse_origin(text: &str) -> Result<String, String> {
    let wrong = || "write scheme, host and port only, such as https://shop.example".to_string();
    let lower = text.to_ascii_lowercase();
    if lower == "null" {
        return Ok(lower);
    }
    let (scheme, rest) = lower.split_once("://").ok_or_else(wrong)?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    if scheme.is_empty() || host.is_empty() || !host.bytes().all(|b| b.is_ascii_graphic() && !b"/?#@*\\".contains(&b)) {
        return Err(wrong());
    }
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    Ok(format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(host)))
}

#[cfg(test)]
mod tests {
    use super::parse_origin;

    #[test]
    fn origins() {
        let table = [
            ("https://shop.example", Some("https://shop.example")),
            ("HTTPS://Shop.Example/", Some("https://shop.example")),
            ("https://shop.example:443", Some("https://shop.example")),
            ("http://shop.example:443", Some("http://shop.example:443")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://[::1]:80", Some("http://[::1]")),
            ("chrome-extension://abcdef", Some("chrome-extension://abcdef")),
            ("null", Some("null")),
            ("*", None),
            ("", None),
            ("shop.example", None),
            ("https://", None),
            ("https://*.shop.example", None),
            ("https://shop.example/path", None),
            ("https://me@shop.example", None),
            ("https://shop.example, https://b.example", None),
        ];
        for (text, expect) in table {
            assert_eq!(parse_origin(text).ok().as_deref(), expect, "{text:?}");
        }
    }
}
