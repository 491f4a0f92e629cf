//! [`Value`] from and to JavaScript.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::core::value::Value;

/// Objects nested deeper than this, cyclic ones among them, are cut off.
const DEPTH: u32 = 32;

/// Copies a JavaScript value. What JSON has no word for (functions, symbols) becomes `Null`.
pub fn from_js(value: &JsValue) -> Value {
    read(value, DEPTH)
}

fn read(value: &JsValue, depth: u32) -> Value {
    if let Some(text) = value.as_string() {
        Value::Text(text)
    } else if let Some(number) = value.as_f64() {
        if number.is_finite() { Value::Number(number) } else { Value::Null }
    } else if let Some(truth) = value.as_bool() {
        Value::Bool(truth)
    } else if depth == 0 || !value.is_object() || value.is_function() {
        Value::Null
    } else if Array::is_array(value) {
        Value::List(value.unchecked_ref::<Array>().iter().map(|item| read(&item, depth - 1)).collect())
    } else {
        let entries = Object::entries(value.unchecked_ref());
        let members = entries.iter().map(|entry| {
            let entry: Array = entry.unchecked_into();
            (entry.get(0).as_string().unwrap_or_default(), read(&entry.get(1), depth - 1))
        });
        Value::Map(members.collect())
    }
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
