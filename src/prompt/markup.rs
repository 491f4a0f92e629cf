//! Markup as data: what a prompt looks like is a plain value, and one small leptos view draws any of it.
//!
//! leptos's typed builders compile each shape of element into code of its own, to build it, to rebuild it and to drop it; a
//! table of tags and attributes is a fifth of that. What makes the table is called and not inlined: written out at each place
//! it would be a third larger.

use leptos::prelude::*;
use leptos::tachys::renderer::Rndr;
use leptos::web_sys::Element;

/// An element.
pub(super) struct Markup {
    tag: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    /// The attribute whose value is made as it is drawn.
    own: Option<(&'static str, String)>,
    text: String,
    children: Vec<Markup>,
}

/// An element with these attributes.
#[inline(never)]
pub(super) fn element(tag: &'static str, attributes: &'static [(&'static str, &'static str)]) -> Markup {
    Markup { tag, attributes, own: None, text: String::new(), children: Vec::new() }
}

impl Markup {
    /// With one more attribute.
    #[inline(never)]
    pub(super) fn with(self, name: &'static str, value: String) -> Self {
        Markup { own: Some((name, value)), ..self }
    }

    /// With a text in it.
    #[inline(never)]
    pub(super) fn saying(self, text: impl Into<String>) -> Self {
        Markup { text: text.into(), ..self }
    }

    /// With other elements in it.
    #[inline(never)]
    pub(super) fn holding(self, children: Vec<Markup>) -> Self {
        Markup { children, ..self }
    }
}

impl Render for Markup {
    type State = Element;

    fn build(self) -> Element {
        let svg = matches!(self.tag, "svg" | "path").then_some("http://www.w3.org/2000/svg");
        let element = Rndr::create_element(self.tag, svg);
        for (name, value) in self.attributes {
            Rndr::set_attribute(&element, name, value);
        }
        if let Some((name, value)) = &self.own {
            Rndr::set_attribute(&element, name, value);
        }
        if !self.text.is_empty() {
            element.set_text_content(Some(&self.text));
        }
        for child in self.children {
            Rndr::insert_node(&element, &child.build(), None);
        }
        element
    }

    fn rebuild(self, state: &mut Element) {
        let next = self.build();
        let _ = state.replace_with_with_node_1(&next);
        *state = next;
    }
}
