//! Language tags that no browser has, texts that lack a language which the rest of their survey speaks, and languages that have no
//! built-in texts.

use asklet::core::Value;
use asklet::core::config::Problem;
use asklet::core::config::problem::{element, member};
use asklet::core::config::shape::Kind;
use asklet::core::text::nearest;

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
    /// It is the published or otherwise built-in wording.
    built_in: bool,
}

/// Warns of texts without a language that other texts of the survey have.
pub fn advise(case: &Case, document: &Value, warnings: &mut Vec<Problem>) {
    let mut texts = Vec::new();
    for (index, question) in case.written.get("questions").list().iter().enumerate() {
        let path = element(&case.at("questions"), index);
        for keys in ["text", "hint", "low", "high", "label", "link.text"] {
            let value = keys.split('.').fold(question, |value, key| value.get(key));
            texts.extend(by_language(value, member(&path, keys)));
        }
        for (index, option) in question.get("options").list().iter().enumerate() {
            let path = element(&member(&path, "options"), index);
            texts.extend(by_language(option.get("text"), member(&path, "text")));
        }
        if question.get("text").is_null() {
            texts.push(Text { path, languages: Vec::new(), built_in: true });
        }
    }
    texts.extend(by_language(case.written.get("tab"), case.at("tab")));
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
    let about = by_language(about, path);
    let says = |words: &Value| {
        words.text().is_some_and(|words| ["{about}", "{about|"].iter().any(|name| words.contains(name)))
    };
    let speaks_of_it = case.survey.questions.iter().any(|question| {
        let own = question.0.get("text");
        own.is_null() && question.scale().is_some() || says(own) || own.entries().iter().any(|(_, words)| says(words))
    });
    for text in texts.iter().chain(about.iter().filter(|_| speaks_of_it)) {
        let speaks = |tag: &str| if text.built_in { is_built_in(tag) } else { speaks(&text.languages, tag) };
        let missing: Vec<&str> = wanted.iter().filter(|tag| !speaks(tag)).map(|tag| tag.as_str()).collect();
        if missing.is_empty()
            || warnings.iter().any(|warning| warning.code == "missing-translation" && warning.path == text.path)
        {
            continue;
        }
        let missing = missing.join(", ");
        let message = if text.built_in {
            format!(
                "has the built-in wording, and there is none in {missing}, so the survey is never asked in that; write its `text`"
            )
        } else {
            format!("has no text in {missing}, which the rest of the survey has; add it")
        };
        warnings.push(Problem::new("missing-translation", &text.path, &message));
    }
    locale(document, &texts, warnings);
}

/// A text that is written by language.
fn by_language(value: &Value, path: String) -> Option<Text> {
    let languages: Vec<String> = value.entries().iter().map(|(tag, _)| tag.clone()).collect();
    (!languages.is_empty()).then_some(Text { path, languages, built_in: false })
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

/// Warns of languages that are asked in and have no built-in texts, each once.
pub fn built_in(cases: &[Case], document: &Value, warnings: &mut Vec<Problem>) {
    let mut told: Vec<String> = Vec::new();
    let mut tell = |path: &str, tag: &str| {
        let language = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if is_tag(tag) && !is_built_in(tag) && !told.contains(&language) {
            let message = format!(
                "is a language without built-in texts (\"{tag}\"): buttons and messages are in English there; docs/translate.md says \
                 which languages there are, and how another is added"
            );
            warnings.push(Problem::new("no-built-in-texts", path, &message));
            told.push(language);
        }
    };
    if let Some(locale) = document.get("locale").text().filter(|locale| *locale != "auto") {
        tell("locale", locale);
    }
    for case in cases {
        let questions = case.written.get("questions").list();
        // With a built-in one among them the survey is not asked in such a language: see `missing-translation`.
        if questions.iter().any(|question| question.get("text").is_null()) {
            continue;
        }
        for (index, question) in questions.iter().enumerate() {
            let path = element(&case.at("questions"), index);
            for (tag, _) in question.get("text").entries() {
                tell(&member(&member(&path, "text"), tag), tag);
            }
        }
    }
    if document.get("locale").text().is_some_and(|locale| locale.eq_ignore_ascii_case(PSEUDO)) {
        let message = "is English in disguise, made for tests: visitors see accents and brackets; name a language before you deploy";
        warnings.push(Problem::new("pseudo-locale", "locale", message));
    }
}

/// The language that shows what is not translated.
const PSEUDO: &str = "en-XA";

/// Whether there are built-in texts in a language. (In what is not known they are in English.)
fn is_built_in(tag: &str) -> bool {
    nearest(tag) != "en" || tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// Whether one of `languages` is `tag`, or what it falls back to: `de` serves `de-AT`.
fn speaks(languages: &[String], tag: &str) -> bool {
    let is = |tag: &str| languages.iter().any(|language| language.eq_ignore_ascii_case(tag));
    let ends = tag.match_indices('-').map(|(at, _)| at);
    is(tag) || ends.into_iter().any(|end| is(&tag[..end]))
}
