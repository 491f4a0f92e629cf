//! The element that a prompt lives in: `<asklet-prompt>` with an open shadow root.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{edge, to_js};
use crate::ports::Ask;

/// An `<asklet-prompt>` in the page. It looks after the focus between page and prompt. Dropping it takes it out, and gives the
/// focus back.
pub struct Host {
    /// The element.
    pub element: HtmlElement,
    /// What is inside its shadow root, for a prompt to be mounted into. (Not the root itself: a dynamic node
    /// at the root of leptos's tree is lost there.)
    pub inside: HtmlElement,
}

impl Host {
    /// Puts a host into the page: an inline one into its survey's slot, any other at the end of the body. `style` is the sheet
    /// inside.
    pub fn open(ask: &Ask, style: &str) -> Option<Self> {
        let (look, theme) = (to_js(&ask.survey.value), to_js(&ask.theme));
        let placement = ask.placement.name();
        let made = edge::host(&ask.survey.id, placement, &look, &theme, &ask.shortcut, style)?;
        Some(Host { element: made.get(0).unchecked_into(), inside: made.get(1).unchecked_into() })
    }

    /// The prompt was drawn: sees to it that it can be read, stands where it belongs, and not over what has the focus.
    pub fn drawn(&self) {
        edge::drawn(&self.element);
    }

    /// Whether the focus is in the prompt.
    pub fn has_focus(&self) -> bool {
        edge::has_focus(&self.element)
    }

    /// Brings the focus to the prompt's heading, since the visitor asked for it.
    pub fn invite(&self) {
        edge::invite(&self.element);
    }

    /// Gives the focus back: to the button of a tab, to where it was before, else to the page's main part.
    pub fn give_back(&self) {
        edge::give_back(&self.element);
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        edge::unhost(&self.element);
    }
}
