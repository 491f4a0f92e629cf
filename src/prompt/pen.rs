//! Draws elements one after the other, one in the other.
//!
//! leptos's typed builders compile each shape of element into code of its own, to build it, to rebuild it and to drop it. A
//! prompt is drawn once and thrown away as a whole: with leptos's renderer called for each element it is a fraction of that.

use leptos::tachys::renderer::Rndr;
use leptos::web_sys::{Element, Node};

/// Makes an element: its tag, and after semicolons its attributes, as in `input;type=radio;name=r`.
pub(super) fn create(shape: &str) -> Element {
    let mut shape = shape.split(';');
    let tag = shape.next().unwrap_or_default();
    let svg = matches!(tag, "svg" | "path").then_some("http://www.w3.org/2000/svg");
    let element = Rndr::create_element(tag, svg);
    for (name, value) in shape.filter_map(|attribute| attribute.split_once('=')) {
        Rndr::set_attribute(&element, name, value);
    }
    element
}

/// Where it draws. What is called here is not inlined: written out at each place it would be several times as large.
pub(super) struct Pen {
    /// The elements that are open, the outermost first.
    open: Vec<Element>,
    /// What comes after all of it.
    end: Option<Node>,
}

impl Pen {
    /// Draws into `place`: at its end, or before `end`.
    pub(super) fn new(place: &Element, end: Option<Node>) -> Self {
        Pen { open: vec![place.clone()], end }
    }

    /// Begins an element: its tag, and after semicolons its attributes.
    #[inline(never)]
    pub(super) fn open(&mut self, shape: &str) -> &mut Self {
        let element = create(shape);
        let end = self.end.as_ref().filter(|_| self.open.len() == 1);
        Rndr::insert_node(&self.open[self.open.len() - 1], &element, end);
        self.open.push(element);
        self
    }

    /// Gives the element that is open one more attribute.
    #[inline(never)]
    pub(super) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        Rndr::set_attribute(&self.open[self.open.len() - 1], name, value);
        self
    }

    /// Writes into the element that is open, in the place of what is there.
    #[inline(never)]
    pub(super) fn say(&mut self, text: &str) -> &mut Self {
        self.open[self.open.len() - 1].set_text_content(Some(text));
        self
    }

    /// Ends the element that is open.
    #[inline(never)]
    pub(super) fn close(&mut self) -> &mut Self {
        self.open.pop();
        self
    }

    /// Draws an element with a text in it.
    #[inline(never)]
    pub(super) fn put(&mut self, shape: &str, text: &str) -> &mut Self {
        self.open(shape).say(text).close()
    }
}
