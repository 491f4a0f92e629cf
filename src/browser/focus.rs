//! Focus between page and prompt: how to get in (F6), how to get back, and that a prompt never hides what
//! has the focus. (accessibility.md, items 12 to 16.)

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, DomRect, Element, FocusEvent, FocusOptions, HtmlElement, KeyboardEvent};

use super::listener::{Listener, Target, listen};
use super::{Host, document, window};

/// The key that goes into an open prompt and back.
const KEY: &str = "F6";
const POPOVER: &str = "asklet-prompt[data-placement=popover]";
/// How far what has the focus is kept from a prompt's edge, in CSS pixels.
const GAP: f64 = 8.0;

/// Looks after the focus while a prompt is open. Dropping it, before the host goes, gives the focus back.
#[must_use = "a keeper that is dropped keeps nothing"]
pub struct Keeper {
    host: HtmlElement,
    /// Where the focus was before it came into the prompt.
    before: Rc<RefCell<Option<HtmlElement>>>,
    _listeners: [Listener; 3],
}

impl Keeper {
    /// Begins; a prompt that stands over the page (`covers`) also keeps out of the way.
    pub fn new(host: &Host, covers: bool) -> Self {
        let element = host.element.clone();
        let before = Rc::new(RefCell::new(None));

        let (to, from) = (element.clone(), before.clone());
        let keys = listen(Target::Document, "keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            // With a prompt over the page the key is that one's, unless the visitor is in this one.
            let yields =
                || !covers && !has_focus(&to) && document().query_selector(POPOVER).is_ok_and(|one| one.is_some());
            if event.key() != KEY || event.default_prevented() || yields() {
                return;
            }
            event.prevent_default();
            if has_focus(&to) { give_back(&from) } else { enter(&to) }
        });
        let entered = before.clone();
        let coming = listen(Target::Element(&element), "focusin", move |event| {
            let event: FocusEvent = event.unchecked_into();
            if let Some(other) = event.related_target() {
                *entered.borrow_mut() = other.dyn_into().ok();
            }
        });
        let prompt = element.clone();
        let moving = listen(Target::Document, "focusin", move |event| {
            if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok())
                && covers
                && !target.is_same_node(Some(&prompt))
            {
                clear(&prompt, &target, true);
            }
        });
        if covers && let Some(focused) = document().active_element() {
            clear(&element, &focused, false);
        }
        Keeper { host: element, before, _listeners: [keys, coming, moving] }
    }

    /// Whether the focus is in the prompt.
    pub fn has_focus(&self) -> bool {
        has_focus(&self.host)
    }

    /// Gives the focus back to where it was before, else to the page's main part.
    pub fn give_back(&self) {
        give_back(&self.before);
    }

    /// Brings the focus into the prompt: to its heading, if the visitor asked for it.
    pub fn invite(&self) {
        if let Some(active) = document().active_element() {
            *self.before.borrow_mut() = active.dyn_into().ok();
        }
        focus_first(&self.host, "h2");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if self.has_focus() {
            self.give_back();
        }
    }
}

fn has_focus(host: &HtmlElement) -> bool {
    document().active_element().is_some_and(|active| active.is_same_node(Some(host)))
}

fn enter(host: &HtmlElement) {
    // Nothing of the page's is hidden by it now: as large as it likes.
    let _ = host.remove_attribute("data-edge");
    let _ = ["[part=undo]", "input:checked", "input,textarea", "h2"].iter().any(|what| focus_first(host, what));
}

fn focus_first(host: &HtmlElement, what: &str) -> bool {
    let found = host.shadow_root().and_then(|root| root.query_selector(what).ok().flatten());
    found.is_some_and(|element| element.unchecked_ref::<HtmlElement>().focus().is_ok())
}

/// Back to where the focus was, else to the page's main part; never to nowhere.
fn give_back(before: &RefCell<Option<HtmlElement>>) {
    let before = before.borrow().clone();
    let known = before.filter(|element| element.is_connected() && !element.has_type::<web_sys::HtmlBodyElement>());
    if let Some(element) = &known {
        let _ = element.focus();
        if document().active_element().is_some_and(|active| active.is_same_node(Some(element))) {
            return;
        }
    }
    let main = ["main,[role=main]", "h1"].iter().find_map(|what| document().query_selector(what).ok().flatten());
    let Some(main) = main.map(JsCast::unchecked_into::<HtmlElement>) else { return };
    let borrowed = !main.has_attribute("tabindex");
    if borrowed {
        let _ = main.set_attribute("tabindex", "-1");
    }
    let calmly = FocusOptions::new();
    calmly.set_prevent_scroll(true);
    let _ = main.focus_with_options(&calmly);
    if borrowed {
        // Given back when the focus moves on; before, the browser would drop the focus.
        let borrower = main.clone();
        let blur = Closure::once_into_js(move || borrower.remove_attribute("tabindex").is_ok());
        let once = AddEventListenerOptions::new();
        once.set_once(true);
        let _ =
            main.add_event_listener_with_callback_and_add_event_listener_options("blur", blur.unchecked_ref(), &once);
    }
}

/// Sees to it that `target` is not under the prompt: by scrolling, if the page may be scrolled and can be; else the prompt
/// is made lower, as the style sheet does where it has an edge; else it goes to the other edge of the window as well.
fn clear(host: &HtmlElement, target: &Element, may_scroll: bool) {
    let Some(over) = cover(host, target) else { return };
    let at_top = host.get_attribute("data-edge").as_deref() == Some("top");
    if may_scroll {
        let rect = target.get_bounding_client_rect();
        let by = if at_top { rect.top() - over.bottom() - GAP } else { rect.bottom() - over.top() + GAP };
        window().scroll_by_with_x_and_y(0.0, by);
    }
    for top in [at_top, !at_top] {
        if cover(host, target).is_some() {
            let _ = host.set_attribute("data-edge", if top { "top" } else { "bottom" });
        }
    }
}

/// The prompt's box, if some of `target` is under it. The page's body and its main part, where the focus goes for want of
/// better, are no controls that could be hidden; and what is as high as the window cannot be brought into the clear.
fn cover(host: &HtmlElement, target: &Element) -> Option<DomRect> {
    if target.matches("body,main,[role=main],h1").unwrap_or_default() {
        return None;
    }
    let over = host.shadow_root()?.query_selector("[role=region]").ok()??.get_bounding_client_rect();
    let rect = target.get_bounding_client_rect();
    let apart = rect.bottom() <= over.top()
        || rect.top() >= over.bottom()
        || rect.right() <= over.left()
        || rect.left() >= over.right();
    let all = rect.height() >= window().inner_height().ok()?.as_f64()?;
    (!apart && !all).then_some(over)
}
