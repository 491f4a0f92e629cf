//! The element that a component stands in. It is the widget's, an `<asklet-prompt>` with an open shadow root, so that the sheet,
//! `::part()` and the custom properties are the same.

use leptos::html::{self, Custom};
use leptos::prelude::*;
use leptos::web_sys::js_sys::Array;
use leptos::web_sys::{CssStyleSheet, Element, HtmlElement, ShadowRootInit, ShadowRootMode};

use super::super::STYLE;
use super::super::pen::create;
use super::theme::Theme;

thread_local! {
    /// One for all of them: it is parsed once.
    static SHEET: Option<CssStyleSheet> = {
        let sheet = CssStyleSheet::new().ok();
        sheet.filter(|sheet| sheet.replace_sync(STYLE).is_ok())
    };
}

/// The element. `draw` is called once, when it is there, with it and with what is inside its shadow root.
pub(super) fn frame(theme: Signal<Theme>, draw: impl FnOnce(&HtmlElement, &Element) + 'static) -> impl IntoView {
    let host = NodeRef::<Custom<&'static str>>::new();
    host.on_load(move |host| {
        let dressed = host.clone();
        Effect::new(move |_| theme.with(|theme| theme.dress(&dressed)));
        if let Some(inside) = open(&host) {
            draw(&host, &inside);
        }
    });
    html::custom("asklet-prompt").attr("data-placement", "inline").node_ref(host)
}

/// What is inside the shadow root. Not the root itself: the sheet knows a box in a box.
fn open(host: &HtmlElement) -> Option<Element> {
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
    SHEET.with(|sheet| root.set_adopted_style_sheets(&sheet.iter().collect::<Array>()));
    let inside = create("div");
    root.append_child(&inside).ok()?;
    Some(inside)
}

/// Whether the focus is in there.
pub(super) fn has_focus(host: &HtmlElement) -> bool {
    host.matches(":focus-within").unwrap_or_default()
}
