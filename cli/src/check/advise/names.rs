//! Names in braces that stay in the text.
//!
//! A name is filled with `about`, or with an attribute of the visitor's; where there is none, with what is said after the bar:
//! `{since|a while}`. Without that the visitor reads the braces.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::{member, nearest};
use asklet::core::config::shape::Kind;
use asklet::core::touchpoint::Condition;

use super::super::platform::each;
use super::Case;

pub fn advise(case: &Case, document: &Value, warnings: &mut Vec<Problem>) {
    let (inside, about) = (case.at(""), case.at("about"));
    let conditions: Vec<Condition> = match case.comes_up() {
        true => case.survey.audience.get("attributes").list().iter().filter_map(read).collect(),
        false => Vec::new(),
    };
    // Whom the audience lets in has it.
    let sure = |name: &str| conditions.iter().any(|of| of.subject == name && !of.holds(&Value::Null));
    each(document, &mut |kind, value, path| {
        if !matches!(kind, Kind::Localized) || !path.starts_with(&inside) || path == about {
            return;
        }
        let by_language = value.entries().iter().map(|(tag, text)| (member(path, tag), text));
        for (path, text) in by_language.chain([(path.into(), value)]) {
            for (name, otherwise) in names(text.text().unwrap_or_default()) {
                if let Some(message) = objection(name, otherwise, &sure) {
                    warnings.push(Problem::new("no-fallback", &path, message));
                }
            }
        }
    });
}

fn read(condition: &Value) -> Option<Condition> {
    Condition::read(condition, "attribute")
}

/// The names in a text, each with whether something is said where there is no value.
fn names(text: &str) -> Vec<(&str, bool)> {
    let mut found: Vec<(&str, bool)> = Vec::new();
    for (start, _) in text.match_indices('{') {
        let Some((inside, _)) = text[start + 1..].split_once('}') else { break };
        let (name, otherwise) = inside.split_once('|').map_or((inside, false), |(name, _)| (name, true));
        let is_name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        if !name.trim().is_empty() && name.trim().chars().all(is_name) && !found.contains(&(name, otherwise)) {
            found.push((name, otherwise));
        }
    }
    found
}

/// What speaks against a name.
fn objection(name: &str, otherwise: bool, sure: &dyn Fn(&str) -> bool) -> Option<String> {
    let plain = name.trim();
    let written = if otherwise { format!("{{{name}|…}}") } else { format!("{{{name}}}") };
    if name == "about" {
        None
    } else if plain.eq_ignore_ascii_case("about") {
        Some(format!("has {written}, which is not filled; write {{about}}"))
    } else if plain != name {
        Some(format!("has {written}, which is not filled: blanks belong to the name; write {{{plain}|…}}"))
    } else if otherwise || sure(name) {
        None
    } else {
        let about = nearest(plain, ["about"].into_iter()).map_or("", |_| ", or {about} if that is meant");
        Some(format!(
            "has {written}, which stays as it is where the visitor has no attribute of that name; write {{{name}|…}} with what is said \
             then{about}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_texts() {
        let table: [(&str, &[(&str, bool)]); 7] = [
            ("{about} since {since|a while}", &[("about", false), ("since", true)]),
            ("{since} and {since}", &[("since", false)]),
            ("{{plan}}", &[("plan", false)]),
            ("{ about }", &[(" about ", false)]),
            ("{} {|x} { } {a b} {1, 2}", &[]),
            ("{open", &[]),
            ("{größe}", &[("größe", false)]),
        ];
        for (text, expect) in table {
            assert_eq!(names(text), expect, "{text}");
        }
    }
}
