//! A config as text: the value in it, and where in the text everything stands.

use std::collections::HashMap;

use asklet::core::Value;
use asklet::core::config::problem::{element, member};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// A place in a text, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Eq, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// Where a key (if it has one) and its value begin, in bytes.
#[derive(Clone, Copy)]
struct Span {
    key: Option<usize>,
    value: usize,
}

/// A text that is JSON.
#[derive(Debug)]
pub struct Source {
    text: String,
    spans: Spans,
}

#[derive(Default)]
struct Spans(HashMap<String, Span>);

impl std::fmt::Debug for Spans {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(to, "{} places", self.0.len())
    }
}

/// What is wrong with a text that is not JSON.
pub type Mistake = (Place, String);

/// Nothing that JSON has not: what `fetch().json()` refuses is refused here.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads JSON. Two parsers read it: serde's knows all the rules, the other one where things stand, and it has the better words.
pub fn read(bytes: &[u8]) -> Result<(Value, Source), Mistake> {
    // A byte order mark is passed over by browsers too.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            return Err((place(&good, good.len()), "is not UTF-8 from here on; save the file as UTF-8".into()));
        }
    };
    if text.trim().is_empty() {
        return Err((Place { line: 1, column: 1 }, "the file is empty; a config begins with `{`".into()));
    }
    let parsed = serde_json::from_str::<Value>(text);
    if let Err(error) = &parsed
        && error.to_string().starts_with("recursion limit")
    {
        return Err((at(text, error.line(), error.column()), "is nested too deeply for a config".into()));
    }
    let tree = parse_to_ast(text, &CollectOptions::default(), &STRICT);
    match (parsed, tree) {
        (Ok(value), Ok(tree)) => {
            let mut spans = HashMap::new();
            if let Some(root) = &tree.value {
                note(root, None, String::new(), &mut spans);
            }
            Ok((value, Source { text: text.into(), spans: Spans(spans) }))
        }
        (_, Err(error)) => {
            let start = error.range().start;
            Err((place(text, start), sentence(&error.kind().to_string(), &text[start..])))
        }
        (Err(error), Ok(_)) => {
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            Err((at(text, error.line(), error.column()), format!("is not JSON: {words}")))
        }
    }
}

fn sentence(kind: &str, rest: &str) -> String {
    let hint = match rest.as_bytes().first() {
        Some(b'/') => "; take the comment out",
        Some(b'\'') => "; write texts in double quotes",
        Some(b',') if kind.starts_with("Trailing") => "; take the last comma out",
        _ => "",
    };
    let kind = kind.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_lowercase() } else { c });
    format!("is not JSON: {}{hint}", kind.collect::<String>())
}

fn note(value: &ast::Value, key: Option<usize>, path: String, spans: &mut HashMap<String, Span>) {
    match value {
        ast::Value::Object(object) => {
            for property in &object.properties {
                let key = property.range.start;
                note(&property.value, Some(key), member(&path, property.name.as_str()), spans);
            }
        }
        ast::Value::Array(list) => {
            for (index, item) in list.elements.iter().enumerate() {
                note(item, None, element(&path, index), spans);
            }
        }
        _ => {}
    }
    // Of a key that is written twice the last one counts.
    spans.insert(path, Span { key, value: value.start() });
}

impl Source {
    /// Where the value at `path` begins, or its key; where there is none, the object that it is missing from.
    pub fn place(&self, path: &str, at_key: bool) -> Place {
        let mut path = path;
        let mut found = self.spans.0.get(path).map(|span| span.key.filter(|_| at_key).unwrap_or(span.value));
        while found.is_none() && !path.is_empty() {
            path = &path[..path.rfind(['.', '[']).unwrap_or(0)];
            found = self.spans.0.get(path).map(|span| span.value);
        }
        place(&self.text, found.unwrap_or(0))
    }
}

/// The place of a byte.
fn place(text: &str, byte: usize) -> Place {
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
}

/// A place as serde_json gives it: with the column in bytes, 0 for the end of the line before.
fn at(text: &str, line: usize, column: usize) -> Place {
    let bytes = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().as_bytes();
    let before = &bytes[..column.saturating_sub(1).min(bytes.len())];
    Place { line: line.max(1), column: String::from_utf8_lossy(before).chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let text = "{\n  \"ä\": [1, \"öü\", {\"b\": true}],\n\t\"c.d\": null, \"c.d\": 2\r\n}";
        let (_, source) = read(text.as_bytes()).unwrap();
        let table = [
            ("", false, (1, 1)),
            ("ä", true, (2, 3)),
            ("ä", false, (2, 8)),
            ("ä[1]", false, (2, 12)),
            ("ä[2].b", true, (2, 19)),
            ("ä[2].b", false, (2, 24)),
            // Missing: where it is missing from.
            ("ä[2].x", false, (2, 18)),
            ("ä[2].x.y[3].z", true, (2, 18)),
            ("x", true, (1, 1)),
            // Of two the second.
            ("c.d", true, (3, 15)),
        ];
        for (path, at_key, (line, column)) in table {
            assert_eq!(source.place(path, at_key), Place { line, column }, "{path}");
        }
        let (_, marked) = read(format!("\u{feff}{text}").as_bytes()).unwrap();
        assert_eq!(marked.place("ä", true), Place { line: 2, column: 3 });
    }

    #[test]
    fn what_is_not_json_is_said_with_its_place() {
        let table: &[(&[u8], (usize, usize), &str)] = &[
            (b"", (1, 1), "the file is empty; a config begins with `{`"),
            (b" \n", (1, 1), "the file is empty; a config begins with `{`"),
            (b"{\n\"a\": 1,\n}", (2, 7), "is not JSON: trailing commas are not allowed; take the last comma out"),
            (b"{\n // x\n}", (2, 2), "is not JSON: comments are not allowed; take the comment out"),
            (
                "{\"ä\": 'x'}".as_bytes(),
                (1, 7),
                "is not JSON: single-quoted strings are not allowed; write texts in double quotes",
            ),
            (b"{\"a\": 1 \"b\": 2}", (1, 8), "is not JSON: expected comma"),
            (b"{\"a\": [1}", (1, 9), "is not JSON: unexpected close brace"),
            (b"{\"a\": 1", (1, 1), "is not JSON: unterminated object"),
            (b"{} {}", (1, 4), "is not JSON: text cannot contain more than one JSON value"),
            (
                "{\"ä\": \"a\tb\"}".as_bytes(),
                (1, 9),
                "is not JSON: control character (\\u0000-\\u001F) found while parsing a string",
            ),
            (b"{\"a\": 1e999}", (1, 11), "is not JSON: number out of range"),
            (b"{\"a\": \"\xff\"}", (1, 8), "is not UTF-8 from here on; save the file as UTF-8"),
        ];
        for (text, (line, column), words) in table {
            let (place, found) = read(text).map(|_| ()).unwrap_err();
            let text = String::from_utf8_lossy(text);
            assert_eq!((place, found.as_str()), (Place { line: *line, column: *column }, *words), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(read(deep.as_bytes()).unwrap_err().1.contains("nested too deeply"));
    }
}
