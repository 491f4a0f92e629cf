//! The element that a prompt lives in: `<asklet-prompt>` with an open shadow root.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::edge;

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
        let scheme = if look.scheme.is_empty() { "auto" } else { look.scheme };
        let made = edge::host(look.survey, look.placement, scheme, look.accent, look.style)?;
        Some(Host { element: made.get(0).unchecked_into(), inside: made.get(1).unchecked_into() })
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.element.remove();
    }
}
