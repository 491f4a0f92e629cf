//! What is to be sent, and by which rules.

use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::config::problem::nearest;
use asklet::core::platform::Codec;
use asklet::core::value::map;

use super::{Refusal, What, sample};
use crate::check::{self, Source};
use crate::json::Json;
use crate::presets;

/// The `delivery` block, with the values that were set. Of a config whose surveys are wrong it is all the same.
pub fn delivery(what: &What) -> Result<Value, Refusal> {
    let (mut delivery, source, alone) = match (&what.preset, &what.config) {
        (Some(name), _) => (presets::find(name).map_err(Refusal::Command)?.get("delivery").clone(), None, false),
        (_, file) => {
            let file = file.as_deref().unwrap_or_default();
            let (document, source) = document(file)?;
            let own = document.get("delivery").clone();
            // A block by itself has no `delivery`.
            let alone = own.is_null() && !document.get("url").is_null();
            (if alone { document } else { own }, Some((file, source)), alone)
        }
    };
    for pair in &what.values {
        set(&mut delivery, pair)?;
    }
    let (_, problems) = decode(&map([("delivery", delivery.clone())]));
    let own = problems.into_iter().filter(|problem| problem.path.starts_with("delivery"));
    let lines: Vec<String> = own
        .map(|mut problem| match &source {
            Some((file, source)) => {
                if let Some(inside) = problem.path.strip_prefix("delivery.").filter(|_| alone) {
                    problem.path = inside.into();
                }
                check::problem_line(file, source, problem)
            }
            None => format!("problem[{}] {} {}", problem.code, problem.path, problem.message),
        })
        .collect();
    if !lines.is_empty() {
        return Err(Refusal::Content(lines));
    }
    if !what.base.as_deref().is_none_or(|base| ["https://", "http://"].iter().any(|scheme| base.starts_with(scheme))) {
        return Err(Refusal::Command("--base is the page's site, such as https://shop.example".into()));
    }
    Ok(delivery)
}

/// `key=value`: a text, or what the value that it replaces is.
fn set(delivery: &mut Value, pair: &str) -> Result<(), Refusal> {
    let wrong = |message: String| Refusal::Command(format!("--set {pair}: {message}"));
    let Some((key, text)) = pair.split_once('=') else { return Err(wrong("write KEY=VALUE".into())) };
    let values = delivery.get("values").entries();
    let Some((_, old)) = values.iter().find(|(name, _)| name == key) else {
        let known = || values.iter().map(|(name, _)| name.as_str());
        return Err(wrong(match nearest(key, known()) {
            Some(name) => format!("there is no such value; did you mean `{name}`?"),
            None if values.is_empty() => "`delivery.values` has none".into(),
            None => format!("there is no such value; there are {}", known().collect::<Vec<_>>().join(", ")),
        }));
    };
    let value = match old {
        Value::Text(_) => text.into(),
        old => Some(Json.parse(text))
            .filter(|value| value.kind() == old.kind())
            .ok_or_else(|| wrong(format!("must be {}", old.kind())))?,
    };
    *delivery.at("values").at(key) = value;
    Ok(())
}

/// The response documents that go out.
pub fn responses(what: &What) -> Result<Vec<Value>, Refusal> {
    let given = match &what.response {
        Some(file) => match document(file)?.0 {
            Value::List(list) => list,
            one => vec![one],
        },
        None => vec![sample::response()],
    };
    if given.is_empty() || given.iter().any(|response| response.get("id").text().is_none()) {
        let name = what.response.as_deref().unwrap_or_default();
        return Err(Refusal::Content(vec![format!("{name}: a response is an object with an `id`")]));
    }
    let count = what.batch.map_or(given.len(), usize::from);
    let copy = |index: usize| sample::renumbered(&given[index % given.len()], (index / given.len()) as u64);
    Ok((0..count).map(copy).collect())
}

/// The JSON in a file.
fn document(file: &str) -> Result<(Value, Source), Refusal> {
    let bytes = check::read(file).map_err(|error| Refusal::Command(format!("cannot read {file}: {error}")))?;
    check::parse(&bytes).map_err(|(place, message)| {
        Refusal::Content(vec![format!("{file}:{}:{}: problem[syntax] {message}", place.line, place.column)])
    })
}
