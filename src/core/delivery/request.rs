//! From records to a request, as `delivery` says.

use super::template::{Fault, Filler, Into, Scope, percent};
use crate::core::config::shape::is_endpoint;
use crate::core::platform::Codec;
use crate::core::time::{Millis, iso};
use crate::core::value::{Value, map};

/// What is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// `POST`, `PUT` or `PATCH`.
    pub method: String,
    /// Names in lower case, with their values. The content type is among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// Whether a redirect is followed.
    pub follow: bool,
    /// Whether the reply's text decides what its status does not.
    pub reads: bool,
}

/// Names a set of records: a hash of their ids with their revisions, in any order (FNV-1a, four times 32 bits).
fn name_of(records: &[&Value], codec: &dyn Codec) -> String {
    let mut names: Vec<String> = records
        .iter()
        .map(|record| [record.get("id").text().unwrap_or_default(), " ", &codec.json(record.get("revision"))].concat())
        .collect();
    names.sort();
    let all = names.join("\n");
    let hash = |basis: u32| {
        all.bytes().fold(basis, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)).to_be_bytes()
    };
    super::template::hex([0x811c_9dc5, 0x1f12_3bb5, 0xbd4a_d9a5, 0x5b83_7795].into_iter().flat_map(hash))
}

/// How many records a request may take: 1 where each goes by itself.
pub fn most(delivery: &Value) -> usize {
    delivery.get("batch").get("max").number().map_or(1, |max| max as usize)
}

/// The request that carries these response documents; `delivery` is that of a config. `attempt`: how often they were tried, this time
/// included. A [`Fault`] names its place below `delivery`.
pub fn request(
    delivery: &Value,
    records: &[&Value],
    attempt: u32,
    now: Millis,
    codec: &dyn Codec,
) -> Result<Request, Fault> {
    let single = if records.len() == 1 { delivery.get("single") } else { const { &Value::Null } };
    let in_single = |key: &str| !single.get(key).is_null();
    let part = |key: &str| if in_single(key) { single.get(key) } else { delivery.get(key) };
    let place = |key: &str| if in_single(key) { ["single.", key].concat() } else { key.into() };
    let alone = !single.is_null() || most(delivery) == 1;

    let surroundings = map([
        ("config", delivery.get("values").clone()),
        ("records", Value::List(records.iter().map(|record| (*record).clone()).collect())),
        ("batch", map([("id", name_of(records, codec).into())])),
        ("sent_at", iso(now).into()),
        ("attempt", i64::from(attempt).into()),
    ]);
    let record = if alone { records[0] } else { const { &Value::Null } };
    let fields = Scope::open(record, None);
    let scope = Scope::open(&surroundings, Some(&fields));
    let filler = Filler::new(codec);
    let text = |key: &str, template: &Value, into: Into| {
        let filled =
            filler.text(template.text().unwrap_or_default(), &scope, into).map_err(|fault| fault.within(key))?;
        Ok(filler.say(&filled))
    };

    let url = text(&place("url"), part("url"), Into::Url)?;
    if !is_endpoint(&url) {
        return Err(Fault::new("is no https URL (http only for localhost) and no path").within(&place("url")));
    }
    let body = match part("body") {
        Value::Null if alone => record.clone(),
        Value::Null => surroundings.get("records").clone(),
        template => filler.fill(template, &scope, 0).map_err(|fault| fault.within(&place("body")))?,
    };
    let how = part("encode").text().unwrap_or("json");
    if body.is_null() || how == "form" && !matches!(body, Value::Map(_)) {
        return Err(Fault::new("makes nothing that can be sent").within(&place("body")));
    }
    let (content_type, body) = encode(how, &body, &filler);
    let mut headers = vec![("content-type".to_string(), content_type.to_string())];
    for (name, template) in part("headers").entries() {
        let path = [&place("headers"), ".", name].concat();
        let value = text(&path, template, Into::Header)?;
        if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Fault::new("has a character that no header can have").within(&path));
        }
        let name = name.to_ascii_lowercase();
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value));
    }
    Ok(Request {
        url,
        method: part("method").text().unwrap_or("POST").into(),
        headers,
        body,
        follow: delivery.get("redirect").text() == Some("follow"),
        reads: ["status", "ok_if", "items"].into_iter().any(|key| !delivery.get(key).is_null()),
    })
}

/// The body's media type, and the body as text.
fn encode(how: &str, body: &Value, filler: &Filler) -> (&'static str, String) {
    let mut text = String::new();
    match how {
        "ndjson" => {
            let one = std::slice::from_ref(body);
            for line in if let Value::List(lines) = body { lines } else { one } {
                text.push_str(&filler.codec.json(line));
                text.push('\n');
            }
            ("application/x-ndjson", text)
        }
        "form" => {
            for (name, value) in body.entries() {
                // A list is a field that is there several times.
                let one = std::slice::from_ref(value);
                for value in if let Value::List(values) = value { values } else { one } {
                    if !text.is_empty() {
                        text.push('&');
                    }
                    text.push_str(&[&percent(name), "=", &percent(&filler.say(value))].concat());
                }
            }
            ("application/x-www-form-urlencoded", text)
        }
        "text" => ("text/plain;charset=UTF-8", filler.say(body)),
        _ => ("application/json", filler.codec.json(body)),
    }
}
