//! [`Value`] from and to JavaScript.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::core::value::Value;

/// Objects nested deeper than this, cyclic ones among them, are cut off.
const DEPTH: u32 = 32;
/// So many values are read of what a page hands in: an element of the page leads to everything.
const BUDGET: u32 = 20_000;

/// Copies a JavaScript value. What JSON has no word for (functions, symbols) becomes `Null`.
pub fn from_js(value: &JsValue) -> Value {
    read(value, DEPTH, &mut { u32::MAX })
}

/// The same for what a page hands in, which may be anything: what is too much is cut off.
pub fn from_page(value: &JsValue) -> Value {
    read(value, DEPTH, &mut { BUDGET })
}

fn read(value: &JsValue, depth: u32, left: &mut u32) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return if number.is_finite() { Value::Number(number) } else { Value::Null };
    }
    if let Some(truth) = value.as_bool() {
        return Value::Bool(truth);
    }
    if depth == 0 || *left == 0 || !value.is_object() || value.is_function() {
        return Value::Null;
    }
    *left -= 1;
    if Array::is_array(value) {
        return Value::List(value.unchecked_ref::<Array>().iter().map(|item| read(&item, depth - 1, left)).collect());
    }
    let entries = Object::entries(value.unchecked_ref());
    let members = entries.iter().map(|entry| {
        let entry: Array = entry.unchecked_into();
        (entry.get(0).as_string().unwrap_or_default(), read(&entry.get(1), depth - 1, left))
    });
    Value::Map(members.collect())
}

/// Copies a value to JavaScript.
pub fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.into(),
        Value::List(list) => list.iter().map(to_js).collect::<Array>().into(),
        Value::Map(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                let _ = Reflect::set(&object, &key.into(), &to_js(value));
            }
            object.into()
        }
    }
}
