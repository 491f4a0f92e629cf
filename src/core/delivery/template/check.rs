//! What is wrong with the templates of a `delivery`, before anything is sent.

use super::{FILTERS, IN_HEADERS, OPERATORS, has_origin};
use crate::core::config::Problem;
use crate::core::config::problem::{element, member, nearest};
use crate::core::config::shape::is_endpoint;
use crate::core::delivery::{EVENT, RESPONSE};
use crate::core::value::Value;

/// Adds every problem of the templates to `problems`.
pub fn check(delivery: &Value, problems: &mut Vec<Problem>) {
    let batch = !delivery.get("batch").is_null();
    let single = delivery.get("single");
    for (form, path, in_batch) in [(delivery, "delivery", batch), (single, "delivery.single", false)] {
        let values = delivery.get("values");
        let mut checker = Checker { names: names(in_batch), in_batch, values, problems };
        let url = form.get("url").text().unwrap_or_default();
        checker.url(url, &member(path, "url"));
        for (name, value) in form.get("headers").entries() {
            checker.header(name, value.text().unwrap_or_default(), &member(&member(path, "headers"), name));
        }
        checker.value(form.get("body"), &member(path, "body"), &mut Vec::new());
        if form.get("encode").text() == Some("form") {
            checker.form(form.get("body"), in_batch, path);
        }
    }
}

/// An address with the owner's own values filled in, and `x` for everything else.
pub fn address(template: &str, values: &Value) -> String {
    let (mut address, mut at) = (String::new(), 0);
    for (place, before) in places(template).0 {
        address.push_str(&template[at..before.len()]);
        let own = place.strip_prefix("config.").map(|name| values.get(name));
        match own {
            Some(Value::Text(text)) => address.push_str(text),
            _ => address.push('x'),
        }
        at = before.len() + template[before.len()..].find("}}").map_or(0, |end| end + 2);
    }
    [&address, &template[at..]].concat()
}

/// What a template can name from the start.
fn names(in_batch: bool) -> Vec<&'static str> {
    let fields = RESPONSE.keys.iter().chain(EVENT.keys).map(|key| key.name).filter(|_| !in_batch);
    fields.chain(["records", "config", "batch", "sent_at", "attempt"]).collect()
}

struct Checker<'p> {
    names: Vec<&'static str>,
    in_batch: bool,
    values: &'p Value,
    problems: &'p mut Vec<Problem>,
}

/// The placeholders of a text: what is between the braces, and the text before it. And whether each is closed.
pub fn places(text: &str) -> (Vec<(&str, &str)>, bool) {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text[at..].find("{{").map(|start| at + start) {
        let Some(end) = text[start..].find("}}").map(|end| start + end) else { return (found, false) };
        found.push((text[start + 2..end].trim(), &text[..start]));
        at = end + 2;
    }
    (found, true)
}

impl Checker<'_> {
    fn say(&mut self, code: &'static str, path: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(code, path, message));
    }

    fn url(&mut self, text: &str, path: &str) {
        self.text(text, path, &[]);
        for (place, before) in places(text).0 {
            if !place.starts_with("config.") && !has_origin(before) && before != "/" {
                return self.say(
                    "answer-in-origin",
                    path,
                    format!("lets {{{{{place}}}}} decide where answers go; only `config.*` may stand before the path"),
                );
            }
        }
        // Of one without values of the owner's the table of shapes has seen to it.
        let address = address(text, self.values);
        if text.contains("{{config.") && !is_endpoint(&address) {
            self.say(
                "wrong-value",
                path,
                format!("becomes {address:?}, which is no https URL (http only for localhost) and no path"),
            );
        }
    }

    /// The body of a form is an object; its members are the fields.
    fn form(&mut self, body: &Value, in_batch: bool, path: &str) {
        let first = body.entries().iter().find(|(key, _)| OPERATORS.contains(&key.as_str()));
        let makes_a_list = match body {
            Value::Null => in_batch,
            Value::Map(_) => first.is_some_and(|(key, _)| key == "#each"),
            // One placeholder may stand for an object.
            Value::Text(text) => !text.starts_with("{{"),
            _ => true,
        };
        if makes_a_list {
            self.say(
                "wrong-template",
                &member(path, "body"),
                "is no object, and a form has the members of one as its fields",
            );
        }
    }

    fn header(&mut self, name: &str, text: &str, path: &str) {
        self.text(text, path, &[]);
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            self.say("wrong-value", path, "is not a name that a header can have");
        }
        for (place, _) in places(text).0 {
            let root = root_of(place);
            if self.names.contains(&root) && !IN_HEADERS.contains(&root) {
                self.say(
                    "answer-in-header",
                    path,
                    format!("has {{{{{place}}}}}; a header takes only `config.*`, ids and times"),
                );
            }
        }
    }

    /// Placeholders of a text: their names and filters.
    fn text(&mut self, text: &str, path: &str, own: &[&str]) {
        let (places, closed) = places(text);
        if !closed {
            self.say("wrong-template", path, "has a {{ without its }}");
        }
        for (place, _) in places {
            let root = root_of(place);
            if !self.names.contains(&root) && !own.contains(&root) {
                let hint = match nearest(root, self.names.iter().chain(own).copied()) {
                    Some(name) => format!("; did you mean `{name}`?"),
                    None if self.in_batch && names(false).contains(&root) => {
                        format!(
                            "; in a batch it is a member of each of `records`: {{\"#each\": \"{{{{records}}}}\", \"as\": \"r\", \"do\": ... \"{{{{r.{root}}}}}\"}}"
                        )
                    }
                    None => String::new(),
                };
                self.say("unknown-path", path, format!("names `{root}`, which is nothing here{hint}"));
            }
            self.own_value(place, path);
            for filter in place.trim_end_matches('!').split('|').skip(1).map(str::trim) {
                let name = filter.split(':').next().unwrap_or_default();
                if !FILTERS.contains(&name) {
                    let hint = match nearest(name, FILTERS.iter().copied()) {
                        Some(name) => format!("did you mean `{name}`?"),
                        None => format!("there are {}", FILTERS.join(", ")),
                    };
                    self.say("unknown-filter", path, format!("has the filter `{name}`, which does not exist; {hint}"));
                }
            }
        }
    }

    /// What `config.*` names is there, unless there is a default for it.
    fn own_value(&mut self, place: &str, path: &str) {
        let Some(rest) = place.strip_prefix("config.") else { return };
        let name = rest.split(['|', '!']).next().unwrap_or_default().trim();
        if !self.values.get(name).is_null() || rest.contains("|or:") {
            return;
        }
        let known = || self.values.entries().iter().map(|(name, _)| name.as_str());
        let hint = nearest(name, known()).map_or(String::new(), |name| format!("; did you mean `config.{name}`?"));
        self.say("unknown-path", path, format!("names `config.{name}`, which is not in `delivery.values`{hint}"));
    }

    fn value<'t>(&mut self, template: &'t Value, path: &str, own: &mut Vec<&'t str>) {
        match template {
            Value::Text(text) => self.text(text, path, own),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &element(path, index), own);
                }
            }
            Value::Map(members) => self.object(members, template, path, own),
            _ => {}
        }
    }

    fn object<'t>(&mut self, members: &'t [(String, Value)], template: &'t Value, path: &str, own: &mut Vec<&'t str>) {
        let operators: Vec<&str> =
            members.iter().map(|(key, _)| key.as_str()).filter(|key| OPERATORS.contains(key)).collect();
        for (key, _) in members.iter().filter(|(key, _)| key.starts_with('#') && !key.starts_with("##")) {
            if !OPERATORS.contains(&key.as_str()) {
                let known = OPERATORS.join(", ");
                self.say(
                    "unknown-operator",
                    &member(path, key),
                    format!("is no operator (there are {known}); a key that really begins with # is written ##"),
                );
            }
        }
        for (key, _) in members.iter().filter(|(key, _)| key.contains("{{")) {
            self.say(
                "wrong-template",
                &member(path, key),
                "is a key, in which nothing is filled in; make the object with `#map`",
            );
        }
        let [operator] = operators[..] else {
            if operators.len() > 1 {
                self.say(
                    "one-operator",
                    path,
                    format!("has {} side by side; one is possible", operators.join(" and ")),
                );
            }
            for (key, value) in members {
                self.value(value, &member(path, key), own);
            }
            return;
        };
        let wanted: &[&str] = match operator {
            "#each" => &["as", "do"],
            "#map" => &["as", "key", "value"],
            "#if" => &["eq", "then", "else"],
            "#switch" => &["case", "else"],
            _ => &[],
        };
        let needed: &[&str] = match operator {
            "#each" => &["do"],
            "#map" => &["key", "value"],
            "#if" if template.get("else").is_null() => &["then"],
            "#switch" => &["case"],
            _ => &[],
        };
        for key in needed.iter().filter(|key| template.get(key).is_null()) {
            self.say("missing-key", &member(path, key), format!("is missing beside `{operator}`"));
        }
        let loops = ["#each", "#map"].contains(&operator);
        for (key, value) in members {
            let at = member(path, key);
            match key.as_str() {
                key if key == operator => self.value(value, &at, own),
                key if !wanted.contains(&key) => {
                    self.say(
                        "unknown-key",
                        &at,
                        format!("is not a key beside `{operator}`; those are {}", wanted.join(", ")),
                    );
                }
                "as" => {}
                "case" => {
                    for (word, value) in value.entries() {
                        self.value(value, &member(&at, word), own);
                    }
                }
                _ => {
                    own.extend(loops.then(|| template.get("as").text().unwrap_or("it")));
                    self.value(value, &at, own);
                    if loops {
                        own.pop();
                    }
                }
            }
        }
    }
}

/// The first word of a placeholder's path.
fn root_of(place: &str) -> &str {
    place.split(['|', '.', '!']).next().unwrap_or_default().trim()
}
