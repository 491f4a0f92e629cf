//! Requests, with gloo-net. What they hold, and what is read of the answers, is in `edge.js`; in `form.js` where the config has a form of
//! its own.

use gloo_net::http::Request;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{edge, from_js, to_js};
use crate::core::delivery::template::Fault;
use crate::core::delivery::{Outcome, Reply, outcome};
use crate::core::value::Value;
use crate::ports::Sent;

/// Sends documents as `delivery` says, or hands them to the page's own function.
pub(super) async fn deliver(delivery: &Value, documents: &[&Value], attempt: u32) -> Result<Sent, Fault> {
    let (delivery, list): (_, Array) = (to_js(delivery), documents.iter().map(|document| to_js(document)).collect());
    let answer = match JsFuture::from(edge::request(&delivery, &list, attempt)).await {
        Ok(made) if made.is_object() => {
            let answer = Request::from(made.clone().unchecked_into::<web_sys::Request>()).send().await;
            let answer = answer.map_or(JsValue::UNDEFINED, |answer| web_sys::Response::from(answer).into());
            JsFuture::from(edge::reply(&delivery, &list, &made, &answer)).await
        }
        // What the page's own function says.
        Ok(meaning) => Ok(Array::of1(&meaning).into()),
        refused => refused,
    };
    let said = match answer {
        Ok(answer) => from_js(&answer),
        Err(reason) => match from_js(&reason).list() {
            // No request could be made, and this is why.
            [Value::Text(path), Value::Text(message)] => {
                return Err(Fault { path: path.clone(), message: message.clone().into() });
            }
            // The part that makes it cannot be had now, or the function has failed.
            _ => Value::Null,
        },
    };
    // `[meanings, status, wait, text]`; nothing where there was no answer.
    let said = |index: usize| said.list().get(index).unwrap_or(const { &Value::Null });
    let reply = said(1).number().map(|status| Reply {
        status: status as u16,
        retry_after: said(2).millis(),
        text: said(3).text().unwrap_or_default().into(),
    });
    // Without a form of its own, as every endpoint is understood.
    let usual = outcome(reply.as_ref().map(|reply| reply.status));
    let meant = |index: usize| match said(0) {
        Value::List(meanings) => meanings.get(index).and_then(Outcome::named).unwrap_or(usual),
        meaning => Outcome::named(meaning).unwrap_or(usual),
    };
    Ok(((0..documents.len()).map(meant).collect(), reply))
}
