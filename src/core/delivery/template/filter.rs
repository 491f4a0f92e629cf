//! What can be done to a value on its way into a body.

use super::Filler;
use crate::core::text::find;
use crate::core::time::{DAY, HOUR, MINUTE, Millis, SECOND, day, iso};
use crate::core::value::Value;

/// The filters' names. `or` has an argument: `or:<json>`.
pub const FILTERS: &[&str] =
    &["iso", "s", "ms", "us", "ns", "str", "int", "json", "b64", "hex", "type", "count", "or", "cell", "amp"];

/// Applies the filter that `written` names, with its argument after a colon; `None` if there is none of that name. Absent stays
/// absent, but for `or`.
pub(super) fn apply(filler: &Filler, value: Value, written: &str) -> Option<Value> {
    let (name, argument) = written.split_once(':').unwrap_or((written, ""));
    if !FILTERS.contains(&name) {
        return None;
    }
    if value.is_null() {
        return Some(if name == "or" { filler.codec.parse(argument) } else { value });
    }
    let text = || filler.say(&value);
    Some(match name {
        "iso" | "s" | "ms" | "us" | "ns" => time(name, &value),
        "str" => text().into(),
        "int" => filler.codec.parse(&text()).number().map(f64::trunc).into(),
        "json" => filler.codec.json(&value).into(),
        "b64" => base64(text().as_bytes()).into(),
        "hex" => hex(text().bytes()).into(),
        "type" => match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::List(_) => "list",
            Value::Map(_) => "object",
            _ => "text",
        }
        .into(),
        "count" => count(&value).into(),
        // A spreadsheet takes these for the beginning of a formula.
        "cell" => match text() {
            text if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => ["'", &text].concat().into(),
            text => text.into(),
        },
        "amp" => {
            let mut said = String::new();
            for char in text().chars() {
                match char {
                    '&' => said.push_str("&amp;"),
                    '<' => said.push_str("&lt;"),
                    '>' => said.push_str("&gt;"),
                    char => said.push(char),
                }
            }
            said.into()
        }
        _ => value,
    })
}

fn count(value: &Value) -> i64 {
    let count = match value {
        Value::Text(text) => text.chars().count(),
        Value::Map(members) => members.len(),
        other => other.list().len(),
    };
    count as i64
}

/// A moment in another unit: seconds, milliseconds and microseconds are numbers, nanoseconds (more than a number holds) digits.
fn time(unit: &str, value: &Value) -> Value {
    let Some(at) = value.millis().or_else(|| moment(value.text()?)) else { return Value::Null };
    match unit {
        "iso" => iso(at).into(),
        "s" => at.div_euclid(SECOND).into(),
        "ms" => at.into(),
        "us" => at.saturating_mul(1_000).into(),
        _ => [&crate::core::config::problem::whole(at), "000000"].concat().into(),
    }
}

/// The moment that `text` writes as the response document does: `2026-11-22T13:00:07.412Z`.
fn moment(text: &str) -> Option<Millis> {
    let at = find(text, "T").filter(|at| *at == 10 && text.len() == 24 && text.is_ascii())?;
    let number =
        |from: usize, to: usize| text[from..to].bytes().fold(0, |n, byte| n * 10 + i64::from(byte.wrapping_sub(b'0')));
    let clock = number(11, 13) * HOUR + number(14, 16) * MINUTE + number(17, 19) * SECOND + number(20, 23);
    Some(day(&text[..at])? * DAY + clock)
}

/// Bytes as hexadecimal digits.
pub(in crate::core::delivery) fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
    let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n & 15)]);
    bytes.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte)]).collect()
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() { '=' } else { digit.into() });
        }
    }
    text
}
