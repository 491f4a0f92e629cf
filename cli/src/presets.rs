//! `asklet presets` and `asklet preset`: ready `delivery` blocks for receivers that many have.

use asklet::core::Value;
use asklet::core::config::problem::nearest;

use super::json::pretty;

/// The files of `presets/`: their names and texts.
const PRESETS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// The flags of `asklet preset`.
#[derive(clap::Args)]
pub struct Options {
    /// The preset; `asklet presets` lists them.
    name: String,

    /// Tells what the receiver needs, which value visitors can read, and how a repeat is dropped.
    #[arg(long)]
    about: bool,
}

/// The preset of that name; or a sentence with the one that may be meant.
pub fn find(name: &str) -> Result<Value, String> {
    if let Some((_, text)) = PRESETS.iter().find(|(known, _)| *known == name) {
        return serde_json::from_str(text).map_err(|error| format!("the preset {name} is no JSON: {error}"));
    }
    let hint = match nearest(name, PRESETS.iter().map(|(known, _)| *known)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "`asklet presets` lists them".into(),
    };
    Err(format!("there is no preset `{name}`; {hint}"))
}

/// A line for each preset.
pub fn list() -> String {
    let mut rows = vec![["NAME", "RECEIVER", "TRIED"].map(String::from)];
    for (name, _) in PRESETS {
        let preset = find(name).unwrap_or_default();
        let said = |key: &str| preset.get(key).text().unwrap_or_default().to_string();
        rows.push([(*name).into(), said("title"), said("tried")]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    rows.iter().map(|[name, title, tried]| format!("{name:first$}  {title:second$}  {tried}\n")).collect()
}

/// The `delivery` block; or what there is to know about it, and then the block.
pub fn print(options: &Options) -> Result<(), String> {
    let preset = find(&options.name)?;
    let block = pretty(preset.get("delivery"));
    super::print(&if options.about { format!("{}\n{block}", about(&preset)) } else { block })
}

fn about(preset: &Value) -> String {
    let said = |key: &str| preset.get(key).text().unwrap_or_default();
    let tried = match said("tried") {
        "server" => "a real receiver has accepted it",
        "schema" => "it fits the schema that the receiver publishes",
        "sdk" => "the receiver's own library reads it",
        _ => "by the receiver's documentation only",
    };
    let with = if said("tried_with").is_empty() { String::new() } else { format!(" ({})", said("tried_with")) };
    let mut text = format!("{}\n\nTried: {tried}{with}.\n", said("title"));
    for (title, key) in [("Setup", "setup"), ("Once", "once"), ("Public", "public")] {
        if !said(key).is_empty() {
            text += &format!("{title}: {}\n", said(key));
        }
    }
    for source in preset.get("source").list() {
        text += &format!("Source: {}\n", source.text().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use asklet::core::config::decode;
    use asklet::core::value::map;

    #[test]
    fn every_preset_is_right() {
        assert!(!PRESETS.is_empty());
        for (name, text) in PRESETS {
            let preset: Value =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("presets/{name}.json: {error}"));
            let said = |key: &str| preset.get(key).text().unwrap_or_default();
            assert_eq!(said("name"), *name, "presets/{name}.json has another name inside");
            for key in ["title", "once", "setup"] {
                assert!(!said(key).is_empty(), "presets/{name}.json has no `{key}`");
            }
            assert!(!preset.get("source").list().is_empty(), "presets/{name}.json has no `source`");
            assert!(["server", "schema", "sdk", "book"].contains(&said("tried")), "presets/{name}.json: `tried`");
            assert_eq!(said("tried") == "book", said("tried_with").is_empty(), "presets/{name}.json: `tried_with`");
            let known = ["name", "title", "source", "tried", "tried_with", "once", "setup", "public", "delivery"];
            for (key, _) in preset.entries() {
                assert!(known.contains(&key.as_str()), "presets/{name}.json: `{key}` is not known");
            }
            let (_, problems) = decode(&map([("delivery", preset.get("delivery").clone())]));
            let own: Vec<String> = problems
                .iter()
                .filter(|problem| problem.path.starts_with("delivery"))
                .map(ToString::to_string)
                .collect();
            assert_eq!(own, [""; 0], "presets/{name}.json");
        }
    }

    #[test]
    fn a_name_that_is_not_there() {
        assert!(find("webhok").unwrap_err().contains("did you mean `webhook`?"));
        assert!(find("nothing-like-it").unwrap_err().contains("`asklet presets`"));
    }
}
