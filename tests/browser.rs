//! The browser's edges, each in a real browser: storage, network, locks, the prompt's view.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use asklet::browser::{Browser, Host, Keeper, Look, from_js, from_page, to_js};
use asklet::core::Value;
use asklet::core::outbox::Event;
use asklet::core::survey::{Answer, preset};
use asklet::core::value::map;
use asklet::ports::{Ask, Clock, Saving, State, Store, Transport, View};
use asklet::prompt::{Panel, Prompt, PromptProps, STYLE};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Prompts are not drawn here.
struct Nowhere;

impl View for Nowhere {
    fn open(&self, _: Ask) -> bool {
        false
    }
    fn is_up(&self, _: &str) -> bool {
        false
    }
    fn close(&self, _: &str) {}
    fn fold(&self, _: &str, _: &'static str) {}
    fn unfold(&self, _: &str) {}
    fn is_held(&self, _: &str) -> bool {
        false
    }
    fn tell(&self, _: &str, _: Saving) {}
}

fn document() -> web_sys::Document {
    web_sys::window().unwrap().document().unwrap()
}

async fn waiting(browser: &Browser<Nowhere>) -> Vec<String> {
    let mut ids = Vec::new();
    browser
        .transact(Box::new(|state: &mut State| {
            ids = state.outbox.records.iter().map(|record| record.id.clone()).collect();
        }))
        .await;
    ids
}

#[wasm_bindgen_test]
fn values_come_back_as_they_were() {
    let value = map([
        ("text", "a\u{1F600}\u{0}b".into()),
        ("number", 1.5.into()),
        ("list", Value::List(vec![true.into(), Value::Null, "x".into()])),
        ("map", map([("in", 0.0.into())])),
    ]);
    assert_eq!(from_js(&to_js(&value)), value);
    assert_eq!(from_js(&JsValue::UNDEFINED), Value::Null);
    assert_eq!(from_js(&f64::NAN.into()), Value::Null);
    assert_eq!(from_js(&js_sys::eval("() => 1").unwrap()), Value::Null);
    // An object that contains itself is cut off somewhere, and nothing hangs.
    let cyclic = js_sys::eval("(() => { const a = {}; a.a = a; return a; })()").unwrap();
    assert!(!from_js(&cyclic).is_null());
    let bushy = js_sys::eval("(() => { const a = {}; a.x = a; a.y = a; return a; })()").unwrap();
    assert!(!from_page(&bushy).is_null());
}

#[wasm_bindgen_test]
async fn what_was_stored_is_there_for_the_next_page() {
    let first = Browser::new(Nowhere);
    let submit =
        |id: &str| Event::Submit { id: id.into(), revision: 1, document: map([("survey", "s".into())]), due: Some(0) };
    let event = submit("kept");
    let durable = first.transact(Box::new(move |state| drop(state.outbox.step(event, 1, 0.0)))).await;
    assert!(durable, "it is on the device");
    assert_eq!(waiting(&first).await, ["kept"]);
    let second = Browser::new(Nowhere);
    assert_eq!(waiting(&second).await, ["kept"]);
    second.transact(Box::new(|state| state.outbox.records.clear())).await;
    assert!(waiting(&first).await.is_empty(), "rows that are gone are deleted");
    // A later version of Asklet may upgrade: this page's connections give way, and the next step opens anew.
    first.destroy();
    assert!(waiting(&first).await.is_empty());
}

#[wasm_bindgen_test]
async fn steps_of_two_tabs_do_not_overlap() {
    let tabs = [Browser::new(Nowhere), Browser::new(Nowhere)].map(Rc::new);
    tabs[0].transact(Box::new(|state| state.outbox.meta.seq = 0)).await;
    // All are under way before any is waited for.
    let steps: js_sys::Array = (0..40)
        .map(|step| {
            let tab = tabs[step % 2].clone();
            wasm_bindgen_futures::future_to_promise(async move {
                Ok(tab.transact(Box::new(|state| state.outbox.meta.seq += 1)).await.into())
            })
        })
        .collect();
    JsFuture::from(js_sys::Promise::all(&steps)).await.unwrap();
    let mut seq = 0;
    tabs[1].transact(Box::new(|state| seq = state.outbox.meta.seq)).await;
    assert_eq!(seq, 40);
}

#[wasm_bindgen_test]
async fn one_tab_has_the_lock() {
    let browser = Browser::new(Nowhere);
    let held = browser.lock("asklet.test").await;
    assert!(held.is_some());
    assert!(browser.lock("asklet.test").await.is_none());
    drop(held);
    // The browser lets go a moment after the promise has resolved.
    let mut again = None;
    for _ in 0..100 {
        again = browser.lock("asklet.test").await;
        if again.is_some() {
            break;
        }
        browser.sleep(20).await;
    }
    assert!(again.is_some());
}

#[wasm_bindgen_test]
async fn no_answer_is_told_from_an_answer() {
    let browser = Browser::new(Nowhere);
    let document = map([("id", "x".into())]);
    assert_eq!(browser.post("http://127.0.0.1:9/refused", &document).await, None);
    assert_eq!(browser.post("http://[", &document).await, None);
    let here = web_sys::window().unwrap().location().origin().unwrap() + "/no-such-place";
    let reply = browser.post(&here, &document).await.expect("the test server answers");
    assert!((400..600).contains(&reply.status), "{}", reply.status);
}

/// What a prompt has told.
#[derive(Default)]
struct Told {
    answers: Vec<(Vec<Answer>, bool)>,
    closed: Vec<&'static str>,
}

fn panel(ask: &str) -> (Host, Panel, Rc<RefCell<Told>>) {
    panel_in("popover", ask, false)
}

fn panel_in(placement: &str, ask: &str, refusable: bool) -> (Host, Panel, Rc<RefCell<Told>>) {
    let look = Look { survey: "s", placement, scheme: "", accent: Some("#3557d6"), style: STYLE };
    let host = Host::open(&look).unwrap();
    let told = Rc::new(RefCell::new(Told::default()));
    let (answers, closed) = (told.clone(), told.clone());
    let panel = Panel::new(
        &host.inside,
        preset(ask).unwrap().into(),
        "Acme".into(),
        "en".into(),
        refusable,
        Rc::new(move |all, complete| answers.borrow_mut().answers.push((all, complete))),
        Rc::new(move |reason| closed.borrow_mut().closed.push(reason)),
    );
    (host, panel, told)
}

fn find(host: &Host, what: &str) -> HtmlElement {
    let root = host.element.shadow_root().unwrap();
    root.query_selector(what).unwrap().unwrap_or_else(|| panic!("no {what}")).unchecked_into()
}

fn has(host: &Host, what: &str) -> bool {
    host.element.shadow_root().unwrap().query_selector(what).unwrap().is_some()
}

/// What the function body `script` returns, where `it` is `element`.
fn run(element: &HtmlElement, script: &str) -> JsValue {
    js_sys::Function::new_with_args("it", script).call1(&JsValue::NULL, element).unwrap()
}

/// Whether an element can be seen, and so be reached by keys and by a screen reader.
fn is_seen(host: &Host, what: &str) -> bool {
    run(&find(host, what), "return it.checkVisibility({ visibilityProperty: true })").is_truthy()
}

fn press(element: &HtmlElement, key: &str) {
    let script = format!("it.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))");
    run(element, &script);
}

/// The text of what has the focus in the prompt.
fn focused(host: &Host) -> Option<String> {
    run(&host.element, "return it.shadowRoot.activeElement?.textContent").as_string()
}

#[wasm_bindgen_test]
fn a_visitor_answers_and_goes_on() {
    let (host, panel, told) = panel("nps");
    assert_eq!(
        find(&host, "h2").text_content().unwrap(),
        "How likely is it that you would recommend Acme to a friend or colleague?"
    );
    find(&host, "[type=submit]").click();
    assert_eq!(find(&host, ".error").text_content().unwrap(), "Choose a number from 0 to 10.");
    assert!(told.borrow().answers.is_empty(), "nothing was chosen");

    find(&host, "input[value='9']").click();
    assert!(told.borrow().answers.is_empty(), "choosing never submits");
    find(&host, "[type=submit]").click();
    panel.say("Saved");
    assert_eq!(find(&host, ".status").text_content().unwrap(), "Saved");
    find(&host, "textarea").unchecked_into::<web_sys::HtmlTextAreaElement>().set_value("  quick  ");
    find(&host, "[type=submit]").click();
    assert_eq!(find(&host, ".status").text_content().unwrap(), "Saved", "what was said stays over the step");
    find(&host, "[type=submit]").click();

    let told = told.borrow();
    let values = |at: usize| told.answers[at].0.iter().map(|answer| answer.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(0), [9_i64.into()]);
    assert_eq!(values(1), [9_i64.into(), "quick".into()]);
    assert_eq!([told.answers[0].1, told.answers[1].1], [false, true], "the second completes it");
    assert_eq!(told.closed, ["done"]);
}

#[wasm_bindgen_test]
fn the_first_question_can_be_put_off_or_refused() {
    let (host, _panel, told) = panel_in("popover", "nps", true);
    let order = run(&find(&host, "form"), "return [...it.querySelectorAll('button')].map((b) => b.textContent).join()");
    assert_eq!(order.as_string().unwrap(), "Next,Ask me later,Don't ask again");
    find(&host, "[part=later]").click();
    find(&host, "[part=never]").click();
    assert_eq!(told.borrow().closed, ["later", "never"]);
    assert!(told.borrow().answers.is_empty());
    // The second half of a double click is for nobody.
    run(&find(&host, "[part=never]"), "it.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true }))");
    assert_eq!(told.borrow().closed.len(), 2);

    find(&host, "input[value='3']").click();
    find(&host, "[type=submit]").click();
    assert!(has(&host, "textarea"), "the next question");
    assert!(
        !has(&host, "[part=later]") && !has(&host, "[part=never]"),
        "whoever has begun is not asked whether to begin"
    );

    let (host, ..) = panel("nps");
    assert!(!has(&host, "[part=later]") && !has(&host, "[part=never]"), "whoever asked to be asked has no need of it");
}

#[wasm_bindgen_test]
fn a_folded_prompt_unfolds_as_it_was() {
    for (reason, sentence) in [
        ("close", "Feedback closed."),
        ("escape", "Feedback closed."),
        ("later", "You will be asked another time."),
        ("never", "You will not be asked again."),
    ] {
        let (host, panel, told) = panel_in("popover", "nps", true);
        find(&host, "input[value='7']").click();
        let tall = find(&host, "[part=prompt]").offset_height();
        assert_eq!(panel.fold(reason), Some(sentence));
        assert!(panel.is_folded());
        assert_eq!(panel.fold("never"), None, "it is folded once");
        assert_eq!(find(&host, ".bar").text_content().unwrap(), [sentence, "Undo"].concat());
        for gone in ["h2", "input[value='7']", "[part=close]", "[part=button]", "[part=later]", "[part=never]"] {
            assert!(!is_seen(&host, gone), "{gone}");
        }
        assert!(find(&host, "[part=prompt]").offset_height() < tall / 2, "a bar");

        find(&host, "[part=undo]").click();
        assert_eq!(told.borrow().closed, ["undo"]);
        panel.unfold();
        assert!(!panel.is_folded() && !has(&host, ".bar"));
        assert!(is_seen(&host, "[part=close]") && is_seen(&host, "[part=later]"));
        assert!(focused(&host).unwrap().starts_with("How likely"));
        assert!(find(&host, "input[value='7']").unchecked_into::<HtmlInputElement>().checked(), "what was chosen");
        find(&host, "[type=submit]").click();
        assert_eq!(told.borrow().answers[0].0[0].value, 7_i64.into());

        let text = || find(&host, "textarea").unchecked_into::<web_sys::HtmlTextAreaElement>();
        text().set_value("half a sen");
        panel.fold(reason);
        panel.unfold();
        assert_eq!(text().value(), "half a sen", "what was written");
        panel.unfold();
        assert!(focused(&host).unwrap().starts_with("What is the main reason"), "unfolding twice changes nothing");
    }
}

#[wasm_bindgen_test]
fn escape_in_the_bar_only_leads_back() {
    let (host, panel, told) = panel("csat");
    panel.fold("close");
    press(&find(&host, "[part=undo]"), "Escape");
    panel.unfold();
    press(&find(&host, "input"), "Escape");
    assert_eq!(told.borrow().closed, ["back", "escape"]);
}

#[wasm_bindgen_test]
fn an_inline_prompt_keeps_its_place_when_it_is_folded() {
    let slot: HtmlElement = document().create_element("asklet-survey").unwrap().unchecked_into();
    slot.set_attribute("survey", "s").unwrap();
    let after: HtmlElement = document().create_element("p").unwrap().unchecked_into();
    let body = document().body().unwrap();
    body.append_child(&slot).unwrap();
    body.append_child(&after).unwrap();
    let (host, panel, _) = panel_in("inline", "csat", false);
    let top = || after.get_bounding_client_rect().top();
    let before = top();
    panel.fold("close");
    assert_eq!(top(), before);
    assert!(is_seen(&host, "[part=undo]") && !is_seen(&host, "h2") && !is_seen(&host, "[part=close]"));
    let inside = "const bar = it.getBoundingClientRect(), box = it.closest('[part=prompt]').getBoundingClientRect();
        return bar.top >= box.top && bar.bottom <= box.bottom && bar.left >= box.left && bar.right <= box.right";
    assert!(run(&find(&host, ".bar"), inside).is_truthy());
    panel.unfold();
    assert_eq!(top(), before);
    assert!(is_seen(&host, "h2"));
    drop((panel, host));
    slot.remove();
    after.remove();
}

#[wasm_bindgen_test]
fn a_pointer_over_a_prompt_is_noticed() {
    let (host, panel, _) = panel("csat");
    let point = |to: &str| {
        run(&find(&host, "[part=prompt]"), &format!("it.dispatchEvent(new PointerEvent('{to}'))"));
        panel.is_pointed_at()
    };
    assert!(!panel.is_pointed_at());
    assert!(point("pointerenter"));
    assert!(!point("pointerleave"));
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_bar_and_back() {
    let link: HtmlElement = document().create_element("button").unwrap().unchecked_into();
    document().body().unwrap().append_child(&link).unwrap();
    link.focus().unwrap();
    let (host, panel, _) = panel("csat");
    let keeper = Keeper::new(&host, true);
    let f6 = || press(&document().document_element().unwrap().unchecked_into(), "F6");
    let on_link = || document().active_element().as_ref() == Some(link.as_ref());
    f6();
    assert!(keeper.has_focus());
    panel.fold("close");
    keeper.give_back();
    assert!(on_link() && !keeper.has_focus());
    f6();
    assert!(keeper.has_focus());
    assert_eq!(focused(&host).unwrap(), "Undo");
    f6();
    assert!(on_link());
    f6();
    panel.unfold();
    assert!(keeper.has_focus());
    drop(keeper);
    assert!(on_link(), "from the unfolded prompt the way back is the same");
    drop((panel, host));
    link.remove();
}

#[wasm_bindgen_test]
fn every_scale_has_its_points() {
    for (ask, points, first) in
        [("nps", 11, "0 Not at all likely"), ("csat", 5, "1 Very dissatisfied"), ("ces", 7, "1 Strongly disagree")]
    {
        let (host, _panel, _) = panel(ask);
        let labels = host.element.shadow_root().unwrap().query_selector_all("label").unwrap();
        assert_eq!(labels.length(), points, "{ask}");
        assert_eq!(labels.get(0).unwrap().text_content().unwrap(), first);
        assert!(!find(&host, "input").unchecked_into::<HtmlInputElement>().checked(), "nothing is chosen beforehand");
    }
}

#[wasm_bindgen_test]
fn nothing_is_left_when_a_prompt_goes() {
    let nodes = || document().query_selector_all("*").unwrap().length();
    let before = nodes();
    let (host, panel, told) = panel("csat");
    assert!(nodes() > before);
    find(&host, ".close").click();
    assert_eq!(told.borrow().closed, ["close"]);
    drop((panel, host));
    assert_eq!(nodes(), before);
}

#[wasm_bindgen_test]
async fn the_leptos_component_draws_the_same_prompt() {
    use leptos::prelude::IntoView;
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let told = Rc::new(RefCell::new(Vec::new()));
    let answers = told.clone();
    let mounted = leptos::mount::mount_to(place.clone(), move || {
        let props = PromptProps::builder()
            .questions(preset("csat").unwrap())
            .about("Acme")
            .language("en")
            .on_answer(move |all: Vec<Answer>, _| answers.borrow_mut().push(all[0].value.clone()))
            .on_close(|_| {})
            .build();
        Prompt(props).into_view()
    });
    Browser::new(Nowhere).sleep(50).await;
    let find = |what: &str| place.query_selector(what).unwrap().unwrap().unchecked_into::<HtmlElement>();
    find("input[value='4']").click();
    find("[type=submit]").click();
    assert_eq!(*told.borrow(), [4_i64.into()]);
    drop(mounted);
    assert!(place.query_selector(".prompt").unwrap().is_none(), "it goes with its owner");
    place.remove();
}
