//! Where the focus goes when a prompt is closed: back, and never to nowhere. (accessibility.md, item 16.)

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{AddEventListenerOptions, FocusOptions, HtmlElement};

use super::frame::has_focus;

/// Gives the focus, if it is in `host`, back to where it was before; else to the page's main part.
pub(super) fn give_back(host: &HtmlElement, before: Option<HtmlElement>) {
    if !has_focus(host) {
        return;
    }
    if let Some(before) = before {
        let _ = before.focus();
    }
    // What it came from may be gone, or hidden.
    if !has_focus(host) {
        return;
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
