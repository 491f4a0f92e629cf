//! The built-in texts: `locales/` as browsers fetch it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sh::{self, Result};

/// Writes each language's file without what is for translators, and `en-XA`, English in disguise: with accents, brackets and
/// 40 % longer, so that a text that is not translated, or does not fit, is seen.
pub fn write(out: &Path) -> Result {
    for tag in tags()? {
        let file = folder().join(if tag == PSEUDO { "en" } else { &tag }.to_string() + ".json");
        let text = sh::read(&file)?;
        let mut texts: Value =
            serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", file.display()))?;
        if let Some(texts) = texts.as_object_mut() {
            texts.retain(|key, _| !key.starts_with('$'));
        }
        let texts = if tag == PSEUDO { disguised(&texts) } else { texts };
        sh::write(&out.join(format!("{tag}.json")), texts.to_string())?;
    }
    Ok(())
}

/// The languages that have a file, but English, which is in the widget.
pub fn tags() -> Result<Vec<String>> {
    let folder = folder();
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut tags: Vec<String> = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_string())).collect();
    tags.retain(|tag| tag != "en");
    tags.push(PSEUDO.into());
    tags.sort();
    Ok(tags)
}

const PSEUDO: &str = "en-XA";

fn folder() -> PathBuf {
    sh::root().join("locales")
}

fn disguised(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(disguise(text)),
        Value::Array(list) => list.iter().map(disguised).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), disguised(value))).collect()),
        other => other.clone(),
    }
}

fn disguise(text: &str) -> String {
    const PLAIN: &str = "AaCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    const ACCENTED: &str = "ÅåÇçÐðÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž";
    let mut in_place = false;
    let accented: String = text
        .chars()
        .map(|char| {
            in_place = char == '{' || in_place && char != '}';
            let at = PLAIN.chars().position(|plain| plain == char).filter(|_| !in_place);
            at.and_then(|at| ACCENTED.chars().nth(at)).unwrap_or(char)
        })
        .collect();
    format!(
        "[{accented} {}]",
        "~~~~~ ".chars().cycle().take(text.chars().count() * 2 / 5).collect::<String>().trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_as_they_are() {
        assert_eq!(disguise("Choose {low} or {high}."), "[Çĥööšé {low} öŕ {high}. ~~~~~ ~~~]");
    }
}
