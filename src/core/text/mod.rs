//! Wording: which language a text is shown in, and the texts that are built in.

mod wording;

pub use wording::{ENGLISH, Wording};

use crate::core::value::Value;

/// The text in `language`, or in the language it falls back to (`de-AT`, then `de`, then `en`), or the first one there
/// is. `text` is a text, in whatever language the page is, or a map from language tag to text, as a config writes it.
pub fn pick<'a>(text: &'a Value, language: &str) -> &'a str {
    let tag = speaks(text, language).or(speaks(text, "en")).unwrap_or_default();
    let first = text.entries().first().map(|(_, text)| text);
    text.text().or(in_exactly(text, tag)).or(first.and_then(Value::text)).unwrap_or_default()
}

fn in_exactly<'a>(text: &'a Value, tag: &str) -> Option<&'a str> {
    text.entries().iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).and_then(|(_, text)| text.text())
}

/// The longest beginning of the tag that there is a text for: of `de-AT-1996` that, `de-AT`, or `de`.
fn speaks<'a>(text: &Value, mut tag: &'a str) -> Option<&'a str> {
    while in_exactly(text, tag).is_none() {
        tag = &tag[..tag.bytes().rposition(|byte| byte == b'-')?];
    }
    Some(tag)
}

/// The language in which to ask: the first of `wanted` for which every one of `texts` has a translation, with the
/// built-in English as one more; plain texts fit every language. Without a match English, or the first
/// language of the first text.
pub fn negotiate(wanted: &[String], texts: &[&Value]) -> String {
    let translated: Vec<_> = texts.iter().filter(|text| !text.entries().is_empty()).collect();
    if translated.is_empty() {
        // The owner's texts are in the page's language, the built-in ones in English: the page's counts where
        // the question itself is the owner's, which is when there is a text at all.
        let page = wanted.first().map_or("en", String::as_str);
        return if texts.is_empty() { "en".into() } else { page.into() };
    }
    wanted
        .iter()
        .find_map(|tag| {
            let spoken = speaks(translated[0], tag)?;
            translated.iter().all(|text| speaks(text, tag).is_some()).then(|| spoken.into())
        })
        .unwrap_or_else(|| match in_exactly(translated[0], "en") {
            Some(_) => "en".into(),
            None => translated[0].entries()[0].0.clone(),
        })
}

/// Whether a language is written from right to left.
pub fn is_rtl(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    match parts.next() {
        Some(script) if script.len() == 4 => {
            ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm"].contains(&script.to_ascii_lowercase().as_str())
        }
        _ => ["ar", "he", "iw", "fa", "ur", "yi", "ps", "dv", "ckb", "sd", "ug"].contains(&language.as_str()),
    }
}

/// Where `part` begins in `text`. (The standard library's search is made for long texts, and large.)
pub fn find(text: &str, part: &str) -> Option<usize> {
    (0..=text.len().checked_sub(part.len())?).find(|start| text.as_bytes()[*start..].starts_with(part.as_bytes()))
}

/// Replaces each `{name}` in `text` for which there is a value. The values are not looked at again.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let value =
            rest.find('}').and_then(|end| Some((end, values.iter().find(|(name, _)| *name == &rest[1..end])?.1)));
        match value {
            Some((end, value)) => {
                filled.push_str(value);
                rest = &rest[end + 1..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn localized(tags: &[&str]) -> Value {
        match tags {
            [""] => "".into(),
            tags => Value::Map(tags.iter().map(|tag| ((*tag).into(), (*tag).into())).collect()),
        }
    }

    #[test]
    fn the_nearest_language_is_picked() {
        let table = [
            (&["en", "de"][..], "de-AT", "de"),
            (&["en", "de-AT", "de"], "de-at", "de-AT"),
            (&["en", "de"], "fr", "en"),
            (&["de", "fr"], "it", "de"),
            (&[""], "de", ""),
            (&["pt", "pt-BR"], "pt-BR", "pt-BR"),
        ];
        for (tags, wanted, expect) in table {
            assert_eq!(pick(&localized(tags), wanted), expect, "{tags:?} {wanted}");
        }
        assert_eq!(pick(&Value::Null, "de"), "");
        assert_eq!(pick(&"plain".into(), "de"), "plain");
    }

    #[test]
    fn a_survey_is_asked_in_one_language() {
        let (both, german, plain) = (localized(&["en", "de"]), localized(&["de"]), Value::from("plain"));
        let table: [(&[&str], &[&Value], &str); 6] = [
            (&["de-AT", "en"], &[&both, &german], "de"),
            (&["en", "de"], &[&both, &german], "de"),
            (&["fr"], &[&both], "en"),
            (&["fr"], &[&german], "de"),
            (&["fr"], &[&plain], "fr"),
            (&["de"], &[], "en"),
        ];
        for (wanted, texts, expect) in table {
            let wanted: Vec<String> = wanted.iter().map(|tag| (*tag).into()).collect();
            assert_eq!(negotiate(&wanted, texts), expect, "{wanted:?}");
        }
    }

    #[test]
    fn directions() {
        for (tag, rtl) in [("ar", true), ("AR-EG", true), ("az-Arab", true), ("ar-Latn", false), ("de", false)] {
            assert_eq!(is_rtl(tag), rtl, "{tag}");
        }
    }

    #[test]
    fn filling_never_looks_at_values_again() {
        let values = [("about", "{other} & {about}"), ("other", "!")];
        let table = [
            ("Recommend {about}?", "Recommend {other} & {about}?"),
            ("{unknown} {about", "{unknown} {about"),
            ("{{about}}", "{{other} & {about}}"),
            ("", ""),
        ];
        for (text, expect) in table {
            assert_eq!(fill(text, &values), expect);
        }
    }
}
