//! Deliveries that give something away, or by which no repeat can be told.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::{element, member};
use asklet::core::delivery::template::{address, places};

pub fn advise(delivery: &Value, warnings: &mut Vec<Problem>) {
    secrets(delivery, warnings);
    local(delivery, warnings);
    let single = delivery.get("single");
    for (form, path) in [(delivery, "delivery"), (single, "delivery.single")] {
        if form.is_null() {
            continue;
        }
        // What the one form leaves out is as in the other.
        let part = |key: &str| if form.get(key).is_null() { delivery.get(key) } else { form.get(key) };
        headers(form.get("headers"), &member(path, "headers"), warnings);
        // What all comes from the other form was looked at there.
        if ["url", "headers", "body"].iter().all(|key| form.get(key).is_null()) {
            continue;
        }
        let mut body = Vec::new();
        visit(part("body"), &member(path, "body"), &mut Vec::new(), &mut |place, path, _| {
            body.push((place.to_string(), path.to_string()));
        });
        if part("headers").entries().iter().any(|(name, _)| name.to_ascii_lowercase().contains("idempotency")) {
            for (place, path) in &body {
                unstable(root(place), path, warnings);
            }
        }
        if !part("body").is_null() && !carries_id(part("url"), part("headers"), part("body")) {
            let message = "carries no `{{id}}`, nor do url and headers, so the receiver cannot tell a repeat from a second answer; \
                add it, in a batch as `{{r.id}}` of each of `records`";
            let path = if form.get("body").is_null() { path.into() } else { member(path, "body") };
            warnings.push(Problem::new("no-id", &path, message));
        }
    }
}

/// An endpoint on the machine of whoever visits.
fn local(delivery: &Value, warnings: &mut Vec<Problem>) {
    let url = address(delivery.get("url").text().unwrap_or_default(), delivery.get("values"));
    if url.starts_with("http://") {
        let message = format!(
            "is this very machine ({url}): visitors' answers go nowhere; name the real endpoint before you deploy"
        );
        warnings.push(Problem::new("local-endpoint", "delivery.url", &message));
    }
}

/// A body that is another one at the next attempt, under the same key: receivers refuse that.
fn unstable(root: &str, path: &str, warnings: &mut Vec<Problem>) {
    if ["attempt", "sent_at"].contains(&root) {
        let message = format!(
            "has `{root}`, which differs with each attempt, beside a header with an idempotency key: a receiver that compares refuses \
             the repeat; leave it out, or write `{{{{answered_at}}}}`"
        );
        warnings.push(Problem::new("unstable-body", path, message));
    }
}

/// Headers that browsers keep to themselves (the Fetch standard's forbidden request-headers).
fn headers(headers: &Value, path: &str, warnings: &mut Vec<Problem>) {
    const FORBIDDEN: &[&str] = &[
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    for (name, _) in headers.entries() {
        let lower = name.to_ascii_lowercase();
        if FORBIDDEN.contains(&lower.as_str()) || lower.starts_with("sec-") || lower.starts_with("proxy-") {
            let message = "has no effect: browsers let no page set this header";
            warnings.push(Problem::new("no-effect", &member(path, name), message));
        }
    }
}

const INSTEAD: &str = "every visitor can read it. Take a key that is made for the public and may only add, under a name that says so \
    (`public_key`), or send to a relay of your own that adds the secret: `asklet collect`, or a function at your site";

/// Secrets, in a config that every visitor can read.
fn secrets(delivery: &Value, warnings: &mut Vec<Problem>) {
    let mut warn = |path: &str, why: &str| {
        warnings.push(Problem::new("public-secret", path, format!("{why}, and {INSTEAD}")));
    };
    for (name, value) in delivery.get("values").entries() {
        let path = member("delivery.values", name);
        if says_secret(name) {
            warn(&path, "is a secret by its name");
        } else if is_secret(value.text().unwrap_or_default()) {
            warn(&path, "is a secret by its looks");
        }
    }
    for (form, path) in [(delivery, "delivery"), (delivery.get("single"), "delivery.single")] {
        for (name, value) in form.get("headers").entries() {
            let written = literal(value.text().unwrap_or_default());
            let lower = name.to_ascii_lowercase();
            let credential = ["authorization", "x-api-key", "api-key", "apikey"].contains(&lower.as_str());
            // The word before it is the scheme: `Bearer`.
            let written = written.trim().rsplit(' ').next().unwrap_or_default();
            if (credential || says_secret(name)) && written.len() >= 8 && !says_public(written) || is_secret(written) {
                warn(&member(&member(path, "headers"), name), "has a key");
            }
        }
        let url = form.get("url").text().unwrap_or_default();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            // A value of `values` is looked at there.
            if says_secret(name) && !literal(value).is_empty() {
                warn(&member(path, "url"), &format!("has a secret, `{name}`"));
            }
        }
    }
}

/// A text without what is filled in.
fn literal(text: &str) -> String {
    let (mut rest, mut found) = (text, String::new());
    while let Some((before, after)) = rest.split_once("{{") {
        found += before;
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    found + rest
}

/// The words of a name, however they are joined: `apiSecret`, `api_secret`, `x-api-secret`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for char in name.chars() {
        if !char.is_alphanumeric() || char.is_uppercase() && lower {
            words.push(String::new());
        }
        if char.is_alphanumeric() {
            words.last_mut().expect("there is one").extend(char.to_lowercase());
        }
        lower = char.is_lowercase();
    }
    words
}

/// Whether a name says that nobody else should know: by its last word, since a `token_type` is no token.
fn says_secret(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match words.last().map_or("", String::as_str) {
        "secret" | "secrets" | "password" | "passwd" | "passphrase" | "apisecret" | "secretkey" | "privatekey" => true,
        "key" => has(&["secret", "private"]),
        "token" | "tokens" => !says_public(name),
        _ => false,
    }
}

/// Whether a name says that everybody may know.
fn says_public(name: &str) -> bool {
    // Those are what receivers call keys that belong into pages.
    const PUBLIC: &[&str] = &[
        "anon",
        "public",
        "publishable",
        "write",
        "client",
        "browser",
        "site",
        "project",
        "ingest",
        "ingestion",
        "insert",
    ];
    words(name).iter().any(|word| PUBLIC.contains(&word.as_str()))
}

/// Whether a text begins as well-known secrets do.
fn is_secret(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "sk_live_",
        "sk_test_",
        "rk_live_",
        "sb_secret_",
        "ghp_",
        "github_pat_",
        "xoxb-",
        "xoxp-",
        "phx_",
        "-----BEGIN",
    ];
    BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
}

/// The first word of a placeholder's path.
fn root(place: &str) -> &str {
    place.split(['|', '.', '!']).next().unwrap_or_default().trim()
}

/// Whether a request says which responses it carries.
fn carries_id(url: &Value, headers: &Value, body: &Value) -> bool {
    let mut carries = false;
    let mut look = |place: &str, _: &str, records: &[&str]| {
        let path = place.split(['|', '!']).next().unwrap_or_default().trim();
        let (first, below) = path.split_once('.').unwrap_or((path, ""));
        carries |= match first {
            "id" => true,
            "batch" => below == "id",
            // One of them: `records.0`, `records.0.id`.
            "records" => below.split_once('.').is_none_or(|(_, below)| below == "id"),
            name => records.contains(&name) && ["", "id"].contains(&below),
        };
    };
    visit(url, "", &mut Vec::new(), &mut look);
    for (_, value) in headers.entries() {
        visit(value, "", &mut Vec::new(), &mut look);
    }
    visit(body, "", &mut Vec::new(), &mut look);
    carries
}

/// What is told of each placeholder: what is between its braces, its path, and which names stand for a response.
type Visit<'v> = &'v mut dyn FnMut(&str, &str, &[&str]);

/// Visits every placeholder of a template.
fn visit<'t>(template: &'t Value, path: &str, records: &mut Vec<&'t str>, seen: Visit) {
    match template {
        Value::Text(text) => places(text).0.into_iter().for_each(|(place, _)| seen(place, path, records)),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(item, &element(path, index), records, seen));
        }
        Value::Map(members) => {
            let list = ["#each", "#map"].iter().find(|key| !template.get(key).is_null());
            let subject = list.map(|key| template.get(key));
            let each_record = subject.and_then(Value::text).is_some_and(|text| text.replace(' ', "") == "{{records}}");
            let name = template.get("as").text().unwrap_or("it");
            for (key, value) in members {
                // The list that is gone through is not what comes of it.
                if Some(&key.as_str()) == list && each_record {
                    continue;
                }
                records.extend(each_record.then_some(name));
                visit(value, &member(path, key), records, seen);
                if each_record {
                    records.pop();
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_secret() {
        for name in [
            "secret",
            "api_secret",
            "apiSecret",
            "API_SECRET",
            "x-auth-token",
            "accessToken",
            "private-key",
            "dbPassword",
        ] {
            assert!(says_secret(name), "{name}");
        }
        for name in [
            "key",
            "anon_key",
            "publicToken",
            "write_key",
            "client_token",
            "tokenizer",
            "secretary",
            "table",
            "ingest-token",
            "token_type",
            "secretName",
        ] {
            assert!(!says_secret(name), "{name}");
        }
    }
}
