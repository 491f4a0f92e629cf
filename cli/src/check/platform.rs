//! What the core cannot tell by itself: regular expressions as JavaScript has them, and the world's time zones.

use asklet::core::Value;
use asklet::core::config::problem::{element, member, nearest};
use asklet::core::config::shape::{Kind, Shape};
use asklet::core::config::{CONFIG, Problem};
use asklet::core::delivery::template::places;
use asklet::core::platform::Platform;
use asklet::core::time::Millis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The world, as browsers see it. The visitor's own zone, which nobody knows here, is the one in which every day ends last.
pub struct World;

impl Platform for World {
    fn is_match(&self, pattern: &str, text: &str) -> bool {
        regress::Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_some())
    }

    fn replace(&self, pattern: &str, text: &str, by: &str) -> String {
        let regex = regress::Regex::with_flags(pattern, "gu").expect("our own patterns are right");
        regex.replace_all(text, by)
    }

    fn wall(&self, zone: &str, at: Millis) -> Option<String> {
        let zone = if zone.is_empty() { "Etc/GMT+12" } else { zone };
        let at = Timestamp::from_millisecond(at).ok()?;
        let shown = at.to_zoned(TimeZone::get(zone).ok()?);
        Some(shown.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

/// Visits every value of a document that the shapes know, with its kind and path.
pub fn each<'a>(document: &'a Value, visit: &mut dyn FnMut(&'static Kind, &'a Value, &str)) {
    in_object(document, &CONFIG, "", visit);
}

fn in_object<'a>(
    value: &'a Value,
    shape: &'static Shape,
    path: &str,
    visit: &mut dyn FnMut(&'static Kind, &'a Value, &str),
) {
    for (name, inner) in value.entries() {
        if let Some(key) = shape.keys.iter().find(|key| key.name == name) {
            in_kind(inner, &key.kind, &member(path, name), visit);
        }
    }
}

fn in_kind<'a>(
    value: &'a Value,
    kind: &'static Kind,
    path: &str,
    visit: &mut dyn FnMut(&'static Kind, &'a Value, &str),
) {
    visit(kind, value, path);
    match kind {
        Kind::Object(shape) | Kind::Glob(shape) => in_object(value, shape, path, visit),
        Kind::List(inner) | Kind::Some(inner) => {
            for (index, item) in value.list().iter().enumerate() {
                in_kind(item, inner, &element(path, index), visit);
            }
        }
        _ => {}
    }
}

/// What no browser would understand.
pub fn not_understood(document: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    each(document, &mut |kind, value, path| {
        let Some(text) = value.text().filter(|text| !text.is_empty()) else { return };
        let message = match kind {
            Kind::Regex => regress::Regex::new(text)
                .err()
                .map(|error| format!("is no regular expression: {}", error.text.trim_end_matches('.').to_lowercase())),
            Kind::Zone => TimeZone::get(text).err().map(|_| {
                let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
                match nearest(text, known.iter().map(String::as_str)) {
                    Some(name) => format!("is no time zone that is known; did you mean \"{name}\"?"),
                    None => "is no time zone that is known; write it as \"Europe/Vienna\"".into(),
                }
            }),
            _ => None,
        };
        problems.extend(message.map(|message| Problem::new("not-understood", path, &message)));
    });
    defaults(document.get("delivery"), "delivery", &mut problems);
    problems
}

/// Defaults in templates that are no JSON, and so would be nothing.
fn defaults(value: &Value, path: &str, problems: &mut Vec<Problem>) {
    for (name, inner) in value.entries() {
        defaults(inner, &member(path, name), problems);
    }
    for (index, inner) in value.list().iter().enumerate() {
        defaults(inner, &element(path, index), problems);
    }
    for (place, _) in places(value.text().unwrap_or_default()).0 {
        let place = place.strip_suffix('!').unwrap_or(place);
        for default in place.split('|').skip(1).filter_map(|filter| filter.trim().strip_prefix("or:")) {
            if serde_json::from_str::<Value>(default).is_err() {
                let text = default.trim_matches('"');
                let message =
                    format!("has the default `{default}`, which is no JSON; a text has quotes: `or:\\\"{text}\\\"`");
                problems.push(Problem::new("not-understood", path, message));
            }
        }
    }
}
