//! The element that a prompt lives in: `<asklet-prompt>` with an open shadow root.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, HtmlElement, ShadowRootInit, ShadowRootMode};

use super::{document, page};

/// How a host looks from outside.
pub struct Look<'a> {
    /// The survey's id.
    pub survey: &'a str,
    /// `popover` or `inline`.
    pub placement: &'a str,
    /// `auto`, `light` or `dark`; empty for `auto`.
    pub scheme: &'a str,
    /// The accent colour.
    pub accent: Option<&'a str>,
    /// The style sheet's text.
    pub style: &'a str,
}

/// An `<asklet-prompt>` in the page; dropping it takes it out.
pub struct Host {
    /// The element.
    pub element: HtmlElement,
    /// What is inside its shadow root, for a prompt to be mounted into. (Not the root itself: a dynamic node
    /// at the root of leptos's tree is lost there.)
    pub inside: HtmlElement,
}

impl Host {
    /// Puts a host into the page: an inline one into its survey's slot, any other at the end of the body.
    pub fn open(look: &Look) -> Option<Self> {
        let place = match look.placement {
            "inline" => page::slot(look.survey)?,
            _ => document().body()?.into(),
        };
        let element: HtmlElement = document().create_element("asklet-prompt").ok()?.unchecked_into();
        let scheme = if look.scheme.is_empty() { "auto" } else { look.scheme };
        for (name, value) in [("placement", look.placement), ("scheme", scheme), ("survey", look.survey)] {
            element.set_attribute(&["data-", name].concat(), value).ok()?;
        }
        if let Some(accent) = look.accent {
            // Through the object model: a style attribute would break a strict content security policy.
            let _ = element.style().set_property("--asklet-accent", accent);
        }
        let root = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        let sheet = CssStyleSheet::new().ok()?;
        sheet.replace_sync(look.style).ok()?;
        Reflect::set(&root, &"adoptedStyleSheets".into(), &Array::of1(&sheet)).ok()?;
        let inside: HtmlElement = document().create_element("div").ok()?.unchecked_into();
        root.append_child(&inside).ok()?;
        place.append_child(&element).ok()?;
        Some(Host { element, inside })
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.element.remove();
    }
}
