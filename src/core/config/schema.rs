//! The config's shape as JSON Schema (draft 2020-12), for editors.

use super::shape::{ABSENT, IDS, Key, Kind, Shape, Sibling};
use super::{CONFIG, KINDS};
use crate::core::touchpoint::Operator;
use crate::core::value::{Value, map};

/// `asklet.schema.json`.
pub fn schema() -> Value {
    let mut definitions = Vec::new();
    let root = object(&CONFIG, &mut definitions);
    let mut members = vec![
        ("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into()),
        ("title".into(), "Asklet config".into()),
    ];
    members.extend_from_slice(root.entries());
    members.push(("$defs".into(), Value::Map(definitions)));
    Value::Map(members)
}

fn object(shape: &Shape, definitions: &mut Vec<(String, Value)>) -> Value {
    let mut properties = Vec::new();
    let mut conditions = Vec::new();
    let names = |keys: &[&Key]| required(keys.iter().map(|key| key.name));
    for key in shape.keys {
        let mut members = kind(&key.kind, definitions).entries().to_vec();
        members.push(("description".into(), key.doc.into()));
        members.extend(default(key).map(|value| ("default".into(), value)));
        properties.push((key.name.into(), Value::Map(members)));
        let where_one_of = |(sibling, values): Sibling| is_one_of(sibling, values);
        if let Some(sibling) = key.only {
            let absent = Value::Map(vec![(key.name.into(), Value::Bool(false))]);
            let needed = key.required && key.needed.is_none();
            conditions.push(map([
                ("if", where_one_of(*sibling)),
                ("then", if needed { names(&[key]) } else { Value::Null }),
                ("else", map([("properties", absent)])),
            ]));
        }
        if let Some(sibling) = key.needed {
            conditions.push(map([("if", where_one_of(*sibling)), ("then", names(&[key]))]));
        }
    }
    conditions.extend(beyond_the_table(shape.name));
    let needed: Vec<&Key> =
        shape.keys.iter().filter(|key| key.required && key.only.is_none() && key.needed.is_none()).collect();
    // A condition: its subject and one of the operators.
    let operators = shape.keys.iter().filter(|key| Operator::named(key.name).is_some()).count();
    let members = (operators > 1 && operators + 1 == shape.keys.len()).then_some(2_i64);
    map([
        ("type", "object".into()),
        ("description", shape.doc.into()),
        ("properties", Value::Map(properties)),
        ("required", names(&needed).get("required").clone()),
        ("minProperties", members.into()),
        ("maxProperties", members.into()),
        ("additionalProperties", if shape.open { Value::Null } else { Value::Bool(false) }),
        ("allOf", if conditions.is_empty() { Value::Null } else { Value::List(conditions) }),
    ])
}

/// What the tables cannot say and the decoder checks besides, as far as a schema can.
fn beyond_the_table(shape: &str) -> Vec<Value> {
    match shape {
        "Survey" => {
            let answered: Vec<&str> = KINDS.iter().copied().filter(|kind| *kind != "statement").collect();
            let questions = map([("contains", is_one_of("kind", &answered))]);
            vec![
                map([("oneOf", Value::List(vec![required(["ask"]), required(["questions"])]))]),
                map([("properties", map([("questions", questions)]))]),
            ]
        }
        "DeliveryOkIf" => {
            let operators = ["is", "not", "in", "contains", "gt", "gte", "lt", "lte", "exists"];
            vec![map([("oneOf", Value::List(operators.into_iter().map(|name| required([name])).collect()))])]
        }
        // In a file: what configure() is handed may have `send` in its place.
        "Delivery" => vec![required(["url"])],
        "Touchpoint" => vec![map([("not", required(["nth", "every"]))])],
        "Question" => {
            let points = map([("points", one_of([5_i64, 7].into_iter().map(Value::from)))]);
            let none = Value::Map(vec![("points".into(), Value::Bool(false))]);
            let several = Value::Map(vec![("several".into(), map([("const", true.into())]))]);
            vec![
                map([("if", is_one_of("kind", &["ces"])), ("then", map([("properties", points)]))]),
                map([("if", is_one_of("look", &["thumbs"])), ("then", map([("properties", none)]))]),
                map([
                    ("if", required(["most"])),
                    (
                        "then",
                        map([("properties", several), ("required", required(["several"]).get("required").clone())]),
                    ),
                ]),
            ]
        }
        _ => Vec::new(),
    }
}

/// An object that has these keys.
fn required<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    let names: Vec<Value> = names.into_iter().map(Value::from).collect();
    map([("required", if names.is_empty() { Value::Null } else { Value::List(names) })])
}

/// An object whose `key` is one of `words`, and there, unless it may be absent.
fn is_one_of(key: &str, words: &[&str]) -> Value {
    let needed = (!words.contains(&ABSENT)).then(|| Value::List(vec![key.into()]));
    let words = one_of(words.iter().filter(|word| **word != ABSENT).map(|word| (*word).into()));
    map([("properties", Value::Map(vec![(key.into(), words)])), ("required", needed.into())])
}

fn one_of(values: impl Iterator<Item = Value>) -> Value {
    map([("enum", Value::List(values.collect()))])
}

/// The default that a key's description ends with: "Default 30d."
fn default(key: &Key) -> Option<Value> {
    let (_, rest) = key.doc.split_once("Default ")?;
    let word = rest.strip_suffix('.')?;
    match &key.kind {
        Kind::Bool => Some(Value::Bool(word.parse().ok()?)),
        Kind::Number | Kind::Fraction | Kind::Whole(..) => Some(Value::Number(word.parse().ok()?)),
        Kind::OneOf(words) => words.contains(&word).then(|| word.into()),
        Kind::Duration => Value::from(word).duration().map(|_| word.into()),
        Kind::Text | Kind::Length => (!word.contains(' ')).then(|| word.into()),
        _ => None,
    }
}

/// What values of a kind look like, for editors to offer.
fn examples(of: &Kind) -> &'static [&'static str] {
    match of {
        Kind::Duration => &["2s", "5m", "12h", "30d"],
        Kind::Endpoint => &["https://collect.example/responses", "/responses"],
        Kind::Link => &["https://acme.example/help", "mailto:help@acme.example"],
        Kind::Colour => &["#3557d6"],
        Kind::Day => &["2026-11-22"],
        Kind::Time => &["09:30"],
        Kind::Regex => &["[?&]step=3(&|$)"],
        Kind::Zone => &["Europe/Vienna", "America/New_York", "UTC"],
        Kind::Glob(_) => &["/help/**", "!/help/internal/**", "https://acme.example/**"],
        _ => &[],
    }
}

fn kind(of: &Kind, definitions: &mut Vec<(String, Value)>) -> Value {
    let mut members = constraints(of, definitions).entries().to_vec();
    let examples: Vec<Value> = examples(of).iter().map(|example| (*example).into()).collect();
    if !examples.is_empty() {
        members.push(("examples".into(), Value::List(examples)));
    }
    Value::Map(members)
}

fn constraints(of: &Kind, definitions: &mut Vec<(String, Value)>) -> Value {
    let typed = |name: &str| map([("type", name.into())]);
    let pattern = |pattern: &str| map([("type", "string".into()), ("pattern", pattern.into())]);
    let nonempty = || map([("type", "string".into()), ("minLength", 1_i64.into())]);
    match of {
        Kind::Any => {
            let all = ["string", "number", "boolean", "object", "array", "null"];
            map([("type", Value::List(all.into_iter().map(Value::from).collect()))])
        }
        Kind::Text | Kind::Regex | Kind::Zone => nonempty(),
        Kind::Glob(shape) => map([("anyOf", Value::List(vec![nonempty(), kind(&Kind::Object(shape), definitions)]))]),
        Kind::Id => pattern("^[A-Za-z0-9_-]{1,64}$"),
        Kind::Localized => {
            let by_language =
                map([("type", "object".into()), ("additionalProperties", nonempty()), ("minProperties", 1_i64.into())]);
            map([("anyOf", Value::List(vec![nonempty(), by_language]))])
        }
        Kind::Bool => typed("boolean"),
        Kind::Number => typed("number"),
        Kind::Fraction => map([("type", "number".into()), ("minimum", 0_i64.into()), ("maximum", 1_i64.into())]),
        Kind::Day => map([
            ("type", "string".into()),
            ("format", "date".into()),
            ("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$".into()),
        ]),
        Kind::Time => pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
        Kind::Whole(low, high) => {
            map([("type", "integer".into()), ("minimum", i64::from(*low).into()), ("maximum", i64::from(*high).into())])
        }
        Kind::Duration => map([
            ("type", "string".into()),
            ("pattern", "^[0-9]{1,10}[smhd]$".into()),
            ("not", map([("pattern", more_than_a_century().into())])),
        ]),
        Kind::Endpoint => pattern(ENDPOINT),
        Kind::Link => pattern(r"^(https:|http:|mailto:|tel:)[\s\S]"),
        Kind::Colour => pattern("^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
        Kind::Length => pattern(r"^(0|([0-9]+|[0-9]*\.[0-9]+)(px|em|rem))$"),
        Kind::Answer => map([("anyOf", Value::List(vec![kind(&Kind::Scalar, definitions), kind(&IDS, definitions)]))]),
        Kind::Uuid => map([("type", "string".into()), ("format", "uuid".into())]),
        Kind::Moment => map([("type", "string".into()), ("format", "date-time".into())]),
        Kind::Scalar => map([("type", Value::List(vec!["string".into(), "number".into(), "boolean".into()]))]),
        Kind::OneOf(words) => one_of(words.iter().map(|word| (*word).into())),
        Kind::OneOfWhole(numbers) => one_of(numbers.iter().map(|number| i64::from(*number).into())),
        Kind::Object(shape) => {
            if !definitions.iter().any(|(name, _)| name == shape.name) {
                let definition = object(shape, definitions);
                definitions.push((shape.name.into(), definition));
            }
            map([("$ref", ["#/$defs/", shape.name].concat().into())])
        }
        Kind::List(inner) | Kind::Some(inner) => map([
            ("type", "array".into()),
            ("items", kind(inner, definitions)),
            ("minItems", matches!(of, Kind::List(_)).then_some(1_i64).into()),
        ]),
        Kind::MapOf(inner) => map([("type", "object".into()), ("additionalProperties", kind(inner, definitions))]),
    }
}

/// https, this very machine, a path of the page's own site, or a template's own value; without spaces, control characters, backslashes and `@`.
const ENDPOINT: &str = concat!(
    r"^(?![\s\S]*[@\\\u0000-\u0020])(",
    r"https://[^/]",
    r"|http://(localhost|127\.0\.0\.1|[^/?#:\[]*\.localhost)(:[^/?#]*)?([/?#]|$)",
    r"|http://\[::1\]",
    r"|/(?!/)",
    r"|\{\{config\.)",
);

/// Durations that are longer than the longest, 100 years: `0*(36526|...)d` and so on.
fn more_than_a_century() -> String {
    let days = 36_525_u64;
    let units = [("d", days), ("h", days * 24), ("m", days * 24 * 60), ("s", days * 24 * 60 * 60)];
    let patterns = units.map(|(unit, most)| format!("({}){unit}", more_than(most)));
    format!("^0*({})$", patterns.join("|"))
}

/// A pattern for the numbers, without leading zeros, that are greater than `most`.
fn more_than(most: u64) -> String {
    let digits = most.to_string();
    let mut patterns = vec![format!("[1-9][0-9]{{{},}}", digits.len())];
    for (at, digit) in digits.char_indices().filter(|(_, digit)| *digit < '9') {
        let next = char::from_u32(digit as u32 + 1).unwrap_or('9');
        patterns.push(format!("{}[{next}-9][0-9]{{{}}}", &digits[..at], digits.len() - at - 1));
    }
    patterns.join("|")
}
