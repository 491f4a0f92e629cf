//! Language tags that no browser has, and texts that lack a language which the rest of their survey speaks.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::{element, member};
use asklet::core::config::shape::Kind;

use super::super::platform::each;
use super::Case;

/// Warns of tags that match nothing.
pub fn tags(document: &Value, problems: &[Problem], warnings: &mut Vec<Problem>) {
    let mut found: Vec<(String, String)> = Vec::new();
    each(document, &mut |kind, value, path| {
        if matches!(kind, Kind::Localized) {
            let named = value.entries().iter().map(|(tag, _)| (member(path, tag), tag.clone()));
            found.extend(named);
        }
        let is_tag = path == "locale" || path.contains("audience.languages[");
        if let Some(tag) = value.text().filter(|tag| is_tag && *tag != "auto") {
            found.push((path.into(), tag.into()));
        }
    });
    for (path, tag) in found {
        let known = problems.iter().any(|problem| problem.path == path);
        if !known && !is_tag(&tag) {
            let hint = tag.replace('_', "-");
            let hint =
                if is_tag(&hint) { format!("; write \"{hint}\"") } else { "; write it as \"de\" or \"de-AT\"".into() };
            let message = format!("is no language tag (\"{tag}\"), so no visitor's language is it{hint}");
            warnings.push(Problem::new("language-tag", &path, &message));
        }
    }
}

/// Whether it has the form of a BCP 47 tag: `de`, `de-AT`, `zh-Hant-TW`.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A text of a survey: where it is, what it is called, and the languages that it is in.
struct Text {
    path: String,
    languages: Vec<String>,
    /// It is the metric's own wording, which is built in.
    built_in: bool,
}

/// Warns of texts without a language that other texts of the survey have.
pub fn advise(case: &Case, document: &Value, warnings: &mut Vec<Problem>) {
    let mut texts = Vec::new();
    for (index, question) in case.written.get("questions").list().iter().enumerate() {
        let path = element(&case.at("questions"), index);
        for keys in ["text", "hint", "low", "high", "link.text"] {
            let value = keys.split('.').fold(question, |value, key| value.get(key));
            let languages: Vec<String> = value.entries().iter().map(|(tag, _)| tag.clone()).collect();
            if !languages.is_empty() {
                texts.push(Text { path: member(&path, keys), languages, built_in: false });
            }
        }
        if question.get("text").is_null() {
            texts.push(Text { path, languages: vec!["en".into()], built_in: true });
        }
    }
    let spoken: Vec<&String> = texts.iter().filter(|text| !text.built_in).flat_map(|text| &text.languages).collect();
    let mut wanted: Vec<&String> = Vec::new();
    for tag in spoken {
        if is_tag(tag) && !wanted.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
            wanted.push(tag);
        }
    }
    let about = case.written.get("about");
    let (path, about) =
        if about.is_null() { ("about".into(), document.get("about")) } else { (case.at("about"), about) };
    let languages: Vec<String> = about.entries().iter().map(|(tag, _)| tag.clone()).collect();
    let mut all: Vec<&Text> = texts.iter().collect();
    let about = Text { path, languages, built_in: false };
    let speaks_of_it = |text: &str| {
        let says = |words: &Value| words.text().is_some_and(|words| words.contains(text));
        case.survey.questions.iter().any(|question| {
            let own = question.0.get("text");
            says(own) || own.entries().iter().any(|(_, words)| says(words))
        })
    };
    if !about.languages.is_empty() && speaks_of_it("{about}") {
        all.push(&about);
    }
    for text in all {
        let missing: Vec<&str> =
            wanted.iter().filter(|tag| !speaks(&text.languages, tag)).map(|tag| tag.as_str()).collect();
        if missing.is_empty()
            || warnings.iter().any(|warning| warning.code == "missing-translation" && warning.path == text.path)
        {
            continue;
        }
        let missing = missing.join(", ");
        let message = if text.built_in {
            format!(
                "has the built-in wording, which is in English only, so the survey is never asked in {missing}; write its `text`"
            )
        } else {
            format!("has no text in {missing}, which the rest of the survey has; add it")
        };
        warnings.push(Problem::new("missing-translation", &text.path, &message));
    }
    locale(document, &texts, warnings);
}

/// Warns where the config's one language is missing.
fn locale(document: &Value, texts: &[Text], warnings: &mut Vec<Problem>) {
    let Some(locale) = document.get("locale").text().filter(|locale| *locale != "auto" && is_tag(locale)) else {
        return;
    };
    let questions = texts.iter().filter(|text| !text.built_in && text.path.ends_with("].text"));
    for text in questions.filter(|text| !speaks(&text.languages, locale)) {
        if !warnings.iter().any(|warning| warning.code == "missing-translation" && warning.path == text.path) {
            let message = format!("has no text in {locale}, the config's `locale`; add it");
            warnings.push(Problem::new("missing-translation", &text.path, &message));
        }
    }
}

/// Whether one of `languages` is `tag`, or what it falls back to: `de` serves `de-AT`.
fn speaks(languages: &[String], tag: &str) -> bool {
    let is = |tag: &str| languages.iter().any(|language| language.eq_ignore_ascii_case(tag));
    let ends = tag.match_indices('-').map(|(at, _)| at);
    is(tag) || ends.into_iter().any(|end| is(&tag[..end]))
}
