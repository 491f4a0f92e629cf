//! The page: where we are, in which language, on what, and how to speak to its scripts.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, Element};

use super::{document, to_js, window};
use crate::core::value::Value;

pub(super) fn url() -> String {
    window().location().href().unwrap_or_default()
}

pub(super) fn languages() -> Vec<String> {
    let page = document().document_element().and_then(|root| root.get_attribute("lang"));
    let visitor = window().navigator().languages();
    page.into_iter().chain(visitor.iter().filter_map(|tag| tag.as_string())).filter(|tag| !tag.is_empty()).collect()
}

/// A finger on a small screen is a mobile, on a large one a tablet.
pub(super) fn device() -> &'static str {
    let fits = |query: &str| window().match_media(query).ok().flatten().is_some_and(|list| list.matches());
    if !fits("(pointer: coarse)") {
        "desktop"
    } else if fits("(max-width: 599px), (max-height: 479px)") {
        "mobile"
    } else {
        "tablet"
    }
}

/// The slot for a survey's inline prompt. Ids have no characters that a selector would mind.
pub(super) fn slot(survey: &str) -> Option<Element> {
    document().query_selector(&["asklet-survey[survey=\"", survey, "\"]"].concat()).ok().flatten()
}

pub(super) fn emit(event: &'static str, detail: &Value) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&to_js(detail));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(&["asklet:", event].concat(), &init) {
        let _ = document().dispatch_event(&event);
    }
}

pub(super) fn warn(message: &str) {
    web_sys::console::warn_1(&["asklet: ", message].concat().into());
}

/// `shadowRoot.activeElement`, and the like: a member that web-sys does not name on this type.
pub(super) fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}
