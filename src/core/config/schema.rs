//! The config's shape as JSON Schema (draft 2020-12), for editors.

use super::CONFIG;
use super::shape::{Key, Kind, Shape, Sibling};
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
    let names = |keys: &[&Key]| Value::List(keys.iter().map(|key| key.name.into()).collect());
    for key in shape.keys {
        let mut members = kind(&key.kind, definitions).entries().to_vec();
        members.push(("description".into(), key.doc.into()));
        properties.push((key.name.into(), Value::Map(members)));
        let where_one_of = |(sibling, values): Sibling| {
            let is_one = one_of(values.iter().map(|word| (*word).into()));
            map([
                ("properties", Value::Map(vec![(sibling.into(), is_one)])),
                ("required", Value::List(vec![sibling.into()])),
            ])
        };
        if let Some(sibling) = key.only {
            let absent = Value::Map(vec![(key.name.into(), Value::Bool(false))]);
            conditions.push(map([
                ("if", where_one_of(sibling)),
                ("then", if key.required { map([("required", names(&[key]))]) } else { Value::Bool(true) }),
                ("else", map([("properties", absent)])),
            ]));
        }
        if let Some(sibling) = key.needed {
            conditions.push(map([("if", where_one_of(sibling)), ("then", map([("required", names(&[key]))]))]));
        }
    }
    let required: Vec<&Key> =
        shape.keys.iter().filter(|key| key.required && key.only.is_none() && key.needed.is_none()).collect();
    let some = |list: Vec<Value>| if list.is_empty() { Value::Null } else { Value::List(list) };
    map([
        ("type", "object".into()),
        ("description", shape.doc.into()),
        ("properties", Value::Map(properties)),
        ("required", some(names(&required).list().to_vec())),
        ("additionalProperties", if shape.open { Value::Null } else { Value::Bool(false) }),
        ("allOf", some(conditions)),
    ])
}

fn one_of(values: impl Iterator<Item = Value>) -> Value {
    map([("enum", Value::List(values.collect()))])
}

fn kind(of: &Kind, definitions: &mut Vec<(String, Value)>) -> Value {
    let typed = |name: &str| map([("type", name.into())]);
    let pattern = |pattern: &str| map([("type", "string".into()), ("pattern", pattern.into())]);
    let nonempty = || map([("type", "string".into()), ("minLength", 1_i64.into())]);
    match of {
        Kind::Any => Value::Map(Vec::new()),
        Kind::Text => nonempty(),
        Kind::Id => pattern("^[A-Za-z0-9_-]{1,64}$"),
        Kind::Localized => {
            let by_language =
                map([("type", "object".into()), ("additionalProperties", nonempty()), ("minProperties", 1_i64.into())]);
            map([("anyOf", Value::List(vec![nonempty(), by_language]))])
        }
        Kind::Bool => typed("boolean"),
        Kind::Number => typed("number"),
        Kind::Whole(low, high) => {
            map([("type", "integer".into()), ("minimum", i64::from(*low).into()), ("maximum", i64::from(*high).into())])
        }
        Kind::Duration => pattern("^[0-9]{1,10}[smhd]$"),
        Kind::Endpoint => pattern(
            r"^(https://[^/@\\\s][^@\\\s]*|http://(localhost|127\.0\.0\.1|\[::1\]|[^/@\\\s:]+\.localhost)(:[0-9]+)?([/?#][^@\\\s]*)?|/([^/@\\\s][^@\\\s]*)?)$",
        ),
        Kind::Link => pattern("^(https:|http:|mailto:|tel:)."),
        Kind::Colour => pattern("^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
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
