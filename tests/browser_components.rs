//! The leptos components, and the example that uses them, in a real browser.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use asklet::core::survey::{Answer, preset};
use asklet::core::text::Wording;
use asklet::core::value::map;
use asklet::core::{Value, config};
use asklet::prompt::{
    CesPoints, CesScale, Closed, CsatLook, CsatPoints, CsatScale, Density, NpsScale, Prompt, Scheme, Theme, questions,
};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Function, Promise};
use leptos::web_sys::{HtmlElement, HtmlInputElement};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../examples/leptos/src/app.rs"]
mod app;
#[path = "../examples/leptos/src/words.rs"]
mod words;

wasm_bindgen_test_configure!(run_in_browser);

/// A page with something mounted in it, which goes with it.
struct Page {
    place: HtmlElement,
    mounted: Option<Box<dyn std::any::Any>>,
}

impl Page {
    /// Mounts it, and waits until as many components as it has are drawn.
    async fn new<V: IntoView + 'static>(components: u32, view: impl FnOnce() -> V + 'static) -> Self {
        let place: HtmlElement = document().create_element("main").unwrap().unchecked_into();
        document().body().unwrap().append_child(&place).unwrap();
        let mounted = mount_to(place.clone(), view);
        let page = Page { place, mounted: Some(Box::new(mounted)) };
        page.until("its components", |page| page.drawn() == components).await;
        page
    }

    fn drawn(&self) -> u32 {
        let script = "return [...it.querySelectorAll('asklet-prompt')].filter((one) => one.shadowRoot?.querySelector('.prompt > *')).length";
        run(&self.place, script).as_f64().unwrap() as u32
    }

    /// Waits until something holds.
    async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..500 {
            if holds(self) {
                return;
            }
            let frame = Promise::new(&mut |done, _| {
                drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, 10))
            });
            wasm_bindgen_futures::JsFuture::from(frame).await.unwrap();
        }
        panic!("waited in vain for {what}");
    }

    /// An element: in the first component that has it, else in the page.
    fn find(&self, what: &str) -> Option<HtmlElement> {
        let script = format!(
            "for (const one of it.querySelectorAll('asklet-prompt')) {{
               const found = one.shadowRoot?.querySelector(`{what}`);
               if (found) return found;
             }}
             return it.querySelector(`{what}`)"
        );
        run(&self.place, &script).dyn_into().ok()
    }

    fn get(&self, what: &str) -> HtmlElement {
        self.find(what).unwrap_or_else(|| panic!("no {what}"))
    }

    fn text(&self, what: &str) -> String {
        self.find(what).and_then(|element| element.text_content()).unwrap_or_default()
    }

    fn checked(&self) -> Option<String> {
        Some(self.find("input:checked")?.unchecked_into::<HtmlInputElement>().value())
    }

    fn host(&self) -> HtmlElement {
        self.get("asklet-prompt")
    }

    fn has_focus(&self, what: &str) -> bool {
        run(&self.get(what), "return it.getRootNode().activeElement == it").is_truthy()
    }

    fn unmount(&mut self) {
        self.mounted = None;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.unmount();
        self.place.remove();
    }
}

/// What the function body `script` returns, where `it` is `element`.
fn run(element: &HtmlElement, script: &str) -> JsValue {
    Function::new_with_args("it", script).call1(&JsValue::NULL, element).unwrap()
}

fn press(element: &HtmlElement, key: &str) {
    let script = format!(
        "it.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, composed: true, cancelable: true }}))"
    );
    run(element, &script);
}

/// Collects what a callback is told.
fn told<T: 'static>() -> (Rc<RefCell<Vec<T>>>, impl Fn(T) + Clone + 'static) {
    let list = Rc::new(RefCell::new(Vec::new()));
    let tell = list.clone();
    (list, move |what| tell.borrow_mut().push(what))
}

fn german() -> Wording {
    Wording(serde_json::from_str(include_str!("../locales/de.json")).unwrap())
}

#[wasm_bindgen_test]
async fn a_prompt_is_answered_and_goes_with_its_owner() {
    let (answers, answer) = told::<(Vec<Answer>, bool)>();
    let (closed, close) = told::<Closed>();
    let mut page = Page::new(1, move || {
        view! {
            <Prompt questions=preset("csat") about="Acme" on_answer=move |all, complete| answer((all, complete)) on_close=close />
        }
    })
    .await;
    assert_eq!(page.text("h2"), "How satisfied are you with Acme?");
    assert_eq!(page.get(".prompt").get_attribute("role").as_deref(), Some("region"));
    page.get("[type=submit]").click();
    assert_eq!(page.text(".error"), "Choose a number from 1 to 5.");
    page.get("input[value='4']").click();
    assert!(answers.borrow().is_empty(), "choosing never submits");
    page.get("[type=submit]").click();
    assert!(page.has_focus("h2"), "each step is at its heading");
    page.get("[type=submit]").click();
    page.get("[type=submit]").click();
    let values: Vec<_> = answers.borrow().iter().map(|(all, complete)| (all[0].value.clone(), *complete)).collect();
    assert_eq!(values, [(4_i64.into(), false), (4_i64.into(), true)]);
    assert_eq!(*closed.borrow(), [Closed::Done]);

    page.get(".close").click();
    press(&page.get("h2"), "Escape");
    assert_eq!(*closed.borrow(), [Closed::Done, Closed::Button, Closed::Escape]);
    let host = page.host();
    page.unmount();
    assert!(host.shadow_root().unwrap().query_selector(".prompt").unwrap().is_none(), "it goes with its owner");
    assert!(!host.is_connected());
}

#[wasm_bindgen_test]
async fn nothing_is_drawn_without_questions() {
    let page = Page::new(0, || view! { <Prompt questions=vec![] on_answer=|_, _| {} on_close=|_| {} /> }).await;
    page.until("its element", |page| page.find("asklet-prompt").is_some_and(|host| host.shadow_root().is_some())).await;
    assert!(page.find(".prompt").is_none());
}

#[wasm_bindgen_test]
async fn a_prompt_speaks_the_language_that_it_is_given() {
    let list = r#"[
        { "id": "a", "kind": "choice", "text": { "en": "Which?", "de": "Welche seit {since|jeher}?" },
          "options": [{ "id": "x", "text": "X" }, { "id": "y", "text": "Y" }] },
        { "id": "b", "kind": "nps" },
        { "id": "c", "kind": "email", "text": "Mail?" }
    ]"#;
    let list = questions(&serde_json::from_str(list).unwrap()).unwrap();
    let page = Page::new(1, move || {
        let attributes = map([("since", 2019_i64.into())]);
        view! {
            <Prompt questions=list attributes about="Acme" language="de-AT" wording=german() on_answer=|_, _| {} on_close=|_| {} />
        }
    })
    .await;
    assert_eq!(page.text("h2"), "Welche seit 2019?");
    let own = german();
    assert_eq!(page.get(".close").get_attribute("aria-label").unwrap(), own.get("close", 0));
    assert!(page.text(".step").contains('3'), "progress: {}", page.text(".step"));
    let region = page.get(".prompt");
    assert_eq!([region.get_attribute("lang"), region.get_attribute("dir")], [Some("de-AT".into()), Some("ltr".into())]);
}

#[wasm_bindgen_test]
async fn a_status_is_seen_and_said() {
    let status = RwSignal::new(String::new());
    let page = Page::new(1, move || {
        view! { <Prompt questions=preset("nps") about="Acme" status on_answer=|_, _| {} on_close=|_| {} /> }
    })
    .await;
    assert_eq!(page.text("[role=status]"), "", "there and empty from the start");
    status.set("Saved".into());
    page.until("the status", |page| page.text(".status") == "Saved").await;
    assert_eq!(page.text("[role=status]"), "Saved");
    let seen = run(&page.get("[role=status]"), "return it.getBoundingClientRect().width").as_f64().unwrap();
    assert!(seen <= 1.0, "it is said, and not seen twice");
}

#[wasm_bindgen_test]
async fn the_focus_goes_back_when_a_prompt_is_closed() {
    let there = RwSignal::new(true);
    let page = Page::new(1, move || {
        view! {
            <Show when=move || there.get()><button id="before">"Before"</button></Show>
            <Prompt questions=preset("nps") about="Acme" on_answer=|_, _| {} on_close=|_| {} />
        }
    })
    .await;
    page.get("#before").focus().unwrap();
    page.get("input").focus().unwrap();
    press(&page.get("input"), "Escape");
    assert!(page.has_focus("#before"));

    page.get("input").focus().unwrap();
    there.set(false);
    page.until("the button to go", |page| page.find("#before").is_none()).await;
    page.get(".close").focus().unwrap();
    page.get(".close").click();
    let main = run(&page.place, "return document.activeElement == it").is_truthy();
    assert!(main, "else it goes to the page's main part");
    page.get("input").focus().unwrap();
    assert!(!page.place.has_attribute("tabindex"), "what was borrowed is given back");
}

#[wasm_bindgen_test]
async fn a_component_is_dressed_as_the_widget() {
    let theme = RwSignal::new(Theme { accent: "#17604a".into(), ..Theme::default() });
    let page = Page::new(2, move || {
        view! {
            <NpsScale about="Acme" theme attr:id="one" on_choose=|_| {} />
            <CesScale about="Acme" on_choose=|_| {} />
        }
    })
    .await;
    let host = page.get("#one");
    let attribute = |name: &str| host.get_attribute(name).unwrap_or_default();
    assert_eq!(
        ["placement", "scheme", "density"].map(|name| attribute(&format!("data-{name}"))),
        ["inline", "auto", "comfortable"]
    );
    let accent = || host.style().get_property_value("--asklet-accent").unwrap();
    assert_eq!(accent(), "#17604a");
    let fill = "return getComputedStyle(it.shadowRoot.querySelector('.prompt')).getPropertyValue('--fill').trim()";
    assert_eq!(run(&host, fill).as_string().unwrap(), "#17604a");
    theme.set(Theme { scheme: Scheme::Dark, density: Density::Compact, ..Theme::default() });
    page.until("the new theme", |_| attribute("data-scheme") == "dark").await;
    assert_eq!((attribute("data-density").as_str(), accent().as_str()), ("compact", ""));

    let shared =
        "const [one, two] = [...it.querySelectorAll('asklet-prompt')].map((one) => one.shadowRoot.adoptedStyleSheets);
        return one.length == 1 && one[0] == two[0] && one[0].cssRules.length > 50";
    assert!(run(&page.place, shared).is_truthy(), "one sheet for all");
}

#[wasm_bindgen_test]
async fn a_scale_is_a_named_group_with_keys() {
    let (chosen, choose) = told::<i64>();
    let page =
        Page::new(1, move || view! { <NpsScale about="Acme" hint="Be frank." level=3 on_choose=choose /> }).await;
    let heading = page.get("fieldset[role=radiogroup][aria-required=true] > legend > h2");
    assert_eq!(
        heading.text_content().unwrap(),
        "How likely is it that you would recommend Acme to a friend or colleague?"
    );
    assert_eq!(heading.get_attribute("aria-level").as_deref(), Some("3"));
    assert_eq!(page.text(".hint"), "Be frank.");
    let dangling = "const root = it.shadowRoot, named = (id) => root.getElementById(id);
        return [...root.querySelectorAll('[aria-describedby]')].flatMap((one) => one.getAttribute('aria-describedby').split(' ')).filter((id) => !named(id)).join()";
    assert_eq!(run(&page.host(), dangling).as_string().unwrap(), "");
    for absent in ["[role=region]", "button", "input:checked"] {
        assert!(page.find(absent).is_none(), "{absent}");
    }
    let labels =
        run(&page.host(), "return [...it.shadowRoot.querySelectorAll('label')].map((one) => one.textContent).join()");
    assert_eq!(labels.as_string().unwrap(), "0 Not at all likely,1 ,2 ,3 ,4 ,5 ,6 ,7 ,8 ,9 ,10 Extremely likely");

    let first = page.get("input");
    first.focus().unwrap();
    for key in ["End", "Home", "7", "1", "0", "x"] {
        press(&page.get("input:checked, input"), key);
    }
    assert_eq!(*chosen.borrow(), [10, 0, 7, 1, 10]);
    assert!(page.has_focus("input[value='10']"));
    press(&page.get("input:checked"), "End");
    page.get("input[value='4']").click();
    page.get("input[value='4']").click();
    assert_eq!(chosen.borrow()[5..], [4], "it tells what is new");
}

#[wasm_bindgen_test]
async fn the_page_hears_no_keys_but_its_own() {
    let (heard, hear) = told::<String>();
    let (sent, send) = told::<()>();
    let page = Page::new(1, move || {
        let submitted = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            send(());
        };
        view! {
            <form on:submit=submitted on:keydown=move |event| hear(event.key())>
                <CsatScale about="Acme" on_choose=|_| {} />
            </form>
        }
    })
    .await;
    let first = page.get("input");
    first.focus().unwrap();
    for key in ["3", "s", " ", "ArrowRight", "Home", "Escape", "F1", "Enter"] {
        press(&first, key);
    }
    assert_eq!(*heard.borrow(), ["Escape", "F1", "Enter"]);
    assert_eq!(sent.borrow().len(), 1, "Enter submits the form");
}

#[wasm_bindgen_test]
async fn a_value_goes_in_without_coming_out() {
    let value = RwSignal::new(Some(3_i64));
    let (chosen, choose) = told::<i64>();
    let page = Page::new(1, move || view! { <CesScale about="Acme" value on_choose=choose /> }).await;
    page.until("the first value", |page| page.checked().as_deref() == Some("3")).await;
    for (point, expect) in [(Some(5), Some("5")), (None, None), (Some(99), None), (Some(7), Some("7"))] {
        value.set(point);
        page.until("a value", |page| page.checked().as_deref() == expect).await;
    }
    assert!(chosen.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn a_scale_that_is_missing_says_so() {
    let missing = RwSignal::new(false);
    let page = Page::new(1, move || view! { <NpsScale about="Acme" missing on_choose=|_| {} /> }).await;
    assert_eq!((page.text("[role=alert]"), page.find("[aria-invalid]").is_some()), (String::new(), false));
    missing.set(true);
    page.until("the error", |page| page.text("[role=alert]") == "Choose a number from 0 to 10.").await;
    assert!(page.find("fieldset[aria-invalid=true]").is_some());
    missing.set(false);
    page.until("the error to go", |page| page.text("[role=alert]").is_empty()).await;
    assert!(page.find("[aria-invalid]").is_none());
}

#[wasm_bindgen_test]
async fn another_language_leaves_choice_and_focus_as_they_are() {
    let language = RwSignal::new("en".to_string());
    let missing = RwSignal::new(true);
    let page = Page::new(1, move || {
        let wording = move || if language.get() == "de" { german() } else { Wording::default() };
        view! { <NpsScale about="Acme" language wording missing on_choose=|_| {} /> }
    })
    .await;
    page.get("input[value='6']").click();
    page.get("input[value='6']").focus().unwrap();
    language.set("de".into());
    page.until("German", |page| page.text("h2") == german().get("nps", 0).replace("{about}", "Acme")).await;
    assert_eq!(page.checked().as_deref(), Some("6"));
    assert!(page.has_focus("input[value='6']"));
    assert_ne!(page.text(".error"), "Choose a number from 0 to 10.");
    assert!(!page.text(".error").is_empty());
    language.set("ar".into());
    page.until("Arabic", |page| page.get(".prompt").get_attribute("dir").as_deref() == Some("rtl")).await;
}

#[wasm_bindgen_test]
async fn scales_have_their_points_and_looks() {
    let page = Page::new(5, || {
        let faces = CsatLook::Faces;
        view! {
            <CsatScale about="Acme" points=CsatPoints::Three look=faces on_choose=|_| {} attr:class="faces" />
            <CsatScale about="Acme" points=CsatPoints::Seven look=CsatLook::Stars on_choose=|_| {} attr:class="stars" />
            <CsatScale about="Acme" look=CsatLook::Thumbs required=false on_choose=|_| {} attr:class="thumbs" />
            <CesScale about="Acme" points=CesPoints::Five on_choose=|_| {} attr:class="five" />
            <CesScale text="How hard was {about}?" about="it" on_choose=|_| {} attr:class="own" />
        }
    })
    .await;
    let table = [
        ("faces", 3, 3, true),
        ("stars", 7, 7, true),
        ("thumbs", 2, 2, false),
        ("five", 5, 0, true),
        ("own", 7, 0, true),
    ];
    for (class, points, symbols, required) in table {
        let host = page.get(&format!(".{class}"));
        let count = |what: &str| host.shadow_root().unwrap().query_selector_all(what).unwrap().length();
        assert_eq!([count("input"), count("svg[aria-hidden=true]")], [points, symbols], "{class}");
        assert_eq!(count(&format!("[aria-required={required}]")), 1, "{class}");
    }
    let names = "return new Set([...it.querySelectorAll('asklet-prompt')].flatMap((one) => [...one.shadowRoot.querySelectorAll('input')].map((input) => input.name))).size";
    assert_eq!(run(&page.place, names).as_f64(), Some(5.0), "each has a name of its own");
    let own = page.get(".own").shadow_root().unwrap().query_selector("h2").unwrap().unwrap();
    assert_eq!(own.text_content().unwrap(), "How hard was it?");
}

#[wasm_bindgen_test]
fn questions_are_those_of_a_config() {
    let one = map([("id", "q".into()), ("kind", "stars".into())]);
    let problems: Vec<config::Problem> = questions(&Value::List(vec![one])).unwrap_err();
    assert_eq!(problems[0].path, "questions[0].kind");
}

#[wasm_bindgen_test]
async fn the_example_shows_what_was_answered() {
    let page = Page::new(3, app::App).await;
    page.get("input[value=friend]").click();
    page.get("[type=submit]").click();
    page.until("the first answer", |page| page.text("#answers").contains("friend")).await;
    page.get("input[value='2']").click();
    page.get("[type=submit]").click();
    assert_eq!(page.text("h2"), "What made it hard?");
    page.get("textarea").unchecked_into::<leptos::web_sys::HtmlTextAreaElement>().set_value("The form");
    page.get("[type=submit]").click();
    page.until("the button to ask again", |page| page.find("#again").is_some()).await;
    assert_eq!(page.text("#answers"), "foundfriendeasy2troubleThe form");

    page.get("form > p > button").click();
    page.until("the errors", |page| page.text(".error") == "Choose a number from 0 to 10.").await;
    let choose = |point: &str, of: &str| {
        run(
            &page.place,
            &format!(
                "it.querySelectorAll('form asklet-prompt')[{of}].shadowRoot.querySelector('[value=\"{point}\"]').click()"
            ),
        );
    };
    choose("9", "0");
    choose("4", "1");
    page.get("form > p > button").click();
    page.until("what was sent", |page| page.text("#sent") == "recommended 9 of 10, stars: 4").await;

    run(&page.get("#language"), "it.value = 'de'; it.dispatchEvent(new Event('change', { bubbles: true }))");
    page.until("German", |page| page.text("form asklet-prompt + asklet-prompt, h1") == "Danke für Ihre Bestellung")
        .await;
    page.until("German scales", |page| {
        page.text("h2").contains("Marrowby") && page.text("#sent").starts_with("weiter")
    })
    .await;
    assert_eq!(page.checked().as_deref(), Some("9"), "what was chosen stays");
    page.get("#again").click();
    page.until("the prompt in German", |page| page.text("h2") == "Wie haben Sie Marrowby gefunden?").await;
    document().document_element().unwrap().set_attribute("lang", "en").unwrap();
}
