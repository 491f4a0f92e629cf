//! Wording: which language a text is shown in, and the texts that are built in.

mod wording;

pub use wording::{Wording, languages, nearest};

use crate::core::value::Value;

/// The text in `language`, or in the language it falls back to (`de-AT`, then `de`, then `en`), or the first one there
/// is. `text` is a text, in whatever language the page is, or a map from language tag to text, as a config writes it.
pub fn pick<'a>(text: &'a Value, language: &str) -> &'a str {
    let tag = speaks(has(text), language).or(speaks(has(text), "en")).unwrap_or_default();
    let first = text.entries().first().map(|(_, text)| text);
    text.text().or(in_exactly(text, tag)).or(first.and_then(Value::text)).unwrap_or_default()
}

fn in_exactly<'a>(text: &'a Value, tag: &str) -> Option<&'a str> {
    text.entries().iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).and_then(|(_, text)| text.text())
}

fn has(text: &Value) -> impl Fn(&str) -> bool + '_ {
    |tag| in_exactly(text, tag).is_some()
}

/// The longest beginning of the tag that is there: of `de-AT-1996` that, `de-AT`, or `de`.
fn speaks(is_there: impl Fn(&str) -> bool, mut tag: &str) -> Option<&str> {
    while !is_there(tag) {
        tag = &tag[..tag.bytes().rposition(|byte| byte == b'-')?];
    }
    Some(tag)
}

/// The language in which to ask: the first of `wanted` that every one of `texts` can be said in. A text is one of the
/// owner's, plain (it fits every language) or a map from language tag to text; or `Null`, for a built-in one. Without a match
/// English, or the first language of the first map.
pub fn negotiate(wanted: &[String], texts: &[&Value]) -> String {
    let built_in = texts.iter().any(|text| text.is_null());
    let maps: Vec<_> = texts.iter().filter(|text| !text.entries().is_empty()).collect();
    let said = |tag: &str| {
        let map = maps.first().map(|map| speaks(has(map), tag));
        let own = maps.iter().all(|map| speaks(has(map), tag).is_some());
        let known = speaks(|tag| wording::known(tag).is_some(), tag);
        match map {
            _ if !own || built_in && known.is_none() => None,
            Some(map) => map.map(String::from),
            None if built_in => known.and_then(wording::known).map(String::from),
            None => Some(tag.into()),
        }
    };
    wanted.iter().find_map(|tag| said(tag)).unwrap_or_else(|| match maps.first() {
        Some(map) if in_exactly(map, "en").is_none() => map.entries()[0].0.clone(),
        _ => "en".into(),
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

/// Replaces each `{name}` in `text` for which there is a value, and each `{name|otherwise}` by its value or else by what it
/// says after the bar. The values are not looked at again.
pub fn fill(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        let place = rest.find('}').and_then(|end| {
            let (name, otherwise) = match rest[1..end].find('|') {
                Some(bar) => (&rest[1..=bar], Some(&rest[bar + 2..end])),
                None => (&rest[1..end], None),
            };
            Some((end, value(name).or(otherwise.map(String::from))?))
        });
        let (end, said) = place.unwrap_or_else(|| (0, "{".into()));
        filled.push_str(&said);
        rest = &rest[end + 1..];
    }
    filled + rest
}

/// [`fill`] from a list of names and values.
pub fn fill_in(text: &str, values: &[(&str, &str)]) -> String {
    fill(text, &|name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into()))
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
        let (built_in, icelandic) = (Value::Null, localized(&["is", "fr"]));
        let table: [(&[&str], &[&Value], &str); 12] = [
            (&["de-AT", "en"], &[&both, &german], "de"),
            (&["en", "de"], &[&both, &german], "de"),
            (&["fr"], &[&both], "en"),
            (&["fr"], &[&german], "de"),
            (&["fr"], &[&plain], "fr"),
            (&["xx", "de-AT"], &[&built_in], "de"),
            (&["zh-hant-HK"], &[&built_in, &plain], "zh-Hant"),
            (&["xx"], &[&built_in], "en"),
            (&["is"], &[&icelandic], "is"),
            (&["is", "fr-CA"], &[&icelandic, &built_in], "fr"),
            (&["fr"], &[&both, &built_in], "en"),
            (&["pt-BR", "en"], &[&built_in], "pt"),
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
            ("since {since|a while}", "since a while"),
            ("{other|nothing}{since|}{|}", "!"),
            ("", ""),
        ];
        for (text, expect) in table {
            assert_eq!(fill_in(text, &values), expect);
        }
    }

    #[test]
    fn wording_falls_back_to_english() {
        let most = Value::Map(vec![("few".into(), "{count} x".into()), ("other".into(), "{count} y".into())]);
        let wording = Wording(Value::Map(vec![("next".into(), "Weiter".into()), ("most".into(), most)]));
        assert_eq!((wording.get("next", 0), wording.get("back", 0)), ("Weiter", "Back"));
        assert_eq!(wording.form("most", 2), "{count} y");
        assert_eq!(Wording::default().form("most", 1), "Choose up to {count} answer.");
        assert_eq!(Wording::default().form("most", 3), "Choose up to {count} answers.");
        assert_eq!(Wording::default().get("satisfied", 6), "Very satisfied");
        let table = [
            ("de-AT", "de"),
            ("xx", "en"),
            ("ZH-HANT-tw", "zh-Hant"),
            ("zh-TW", "zh-Hant"),
            ("zh-SG", "zh-Hans"),
            ("no", "nb"),
        ];
        for (tag, expect) in table {
            assert_eq!(nearest(tag), expect, "{tag}");
        }
    }
}
