//! The browser's edges, each in a real browser: storage, network, locks, the prompt's view.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use asklet::browser::{Browser, Host, from_js, from_page, to_js};
use asklet::core::Value;
use asklet::core::config::decode;
use asklet::core::delivery::{Outcome, outcome};
use asklet::core::outbox::Event;
use asklet::core::survey::Answer;
use asklet::core::value::map;
use asklet::ports::{Ask, Clock, Saving, State, Store, Transport, View};
use asklet::prompt::{Panel, STYLE, Setup, Voice};
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
    for nowhere in ["http://127.0.0.1:9/refused", "http://["] {
        let sent = browser.deliver(&map([("url", nowhere.into())]), &[&document], 1).await;
        assert_eq!(sent, Ok((vec![Outcome::Retry], None)), "{nowhere}");
    }
    let here = web_sys::window().unwrap().location().origin().unwrap() + "/no-such-place";
    let (outcomes, reply) = browser.deliver(&map([("url", here.into())]), &[&document], 1).await.unwrap();
    let status = reply.expect("the test server answers").status;
    assert!((400..600).contains(&status), "{status}");
    assert_eq!(outcomes, [outcome(Some(status))]);
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
    panel_of(map([("ask", ask.into()), ("placement", placement.into())]), refusable)
}

/// The prompt of a survey with these keys.
fn panel_of(keys: Value, refusable: bool) -> (Host, Panel, Rc<RefCell<Told>>) {
    let mut survey = map([("id", "s".into()), ("about", "Acme".into())]);
    keys.entries().iter().for_each(|(key, value)| *survey.at(key) = value.clone());
    *survey.at("touchpoints") = Value::List(vec![map([("on", "call".into())])]);
    let document = map([("delivery", map([("url", "/r".into())])), ("surveys", Value::List(vec![survey]))]);
    let (config, problems) = decode(&document);
    assert_eq!(problems, []);
    let survey = config.surveys[0].clone();
    let ask = Ask {
        placement: survey.placement,
        survey: survey.clone(),
        language: "en".into(),
        wording: Rc::default(),
        attributes: Value::Null,
        theme: map([("accent", "#3557d6".into())]),
        shortcut: "F6".into(),
        seed: 7,
        invited: false,
        refusable,
    };
    let host = Host::open(&ask, STYLE).unwrap();
    let told = Rc::new(RefCell::new(Told::default()));
    let (answers, closed) = (told.clone(), told.clone());
    let setup = Setup {
        questions: survey.questions.clone(),
        voice: Voice { about: "Acme".into(), language: "en".into(), key: "F6".into(), ..Voice::default() },
        placement: survey.placement,
        tab: Value::Null,
        seed: 7,
        refusable,
    };
    let panel = Panel::new(
        &host.inside,
        setup,
        Rc::new(move |all, complete| answers.borrow_mut().answers.push((all, complete))),
        Rc::new(move |reason| closed.borrow_mut().closed.push(reason)),
    );
    host.drawn();
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
        assert_eq!(panel.fold(reason).as_deref(), Some(sentence));
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
fn an_inline_prompt_is_a_bar_where_it_stood() {
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
    let folded = top();
    assert!(folded < before);
    assert!(is_seen(&host, "[part=undo]") && !is_seen(&host, "h2") && !is_seen(&host, "[part=close]"));
    panel.unfold();
    assert_eq!(top(), before);
    assert!(is_seen(&host, "h2"));
    // It goes by itself, some time later: then nothing moves.
    panel.fold("close");
    drop((host, panel));
    assert_eq!(top(), folded);
    slot.remove();
    after.remove();
}

#[wasm_bindgen_test]
fn back_and_forth_with_a_choice_of_several() {
    let option = |id: &str| map([("id", id.into()), ("text", id.into())]);
    let choice = map([
        ("id", "why".into()),
        ("kind", "choice".into()),
        ("text", "What matters?".into()),
        ("options", Value::List(["a", "b", "c"].map(option).into())),
        ("several", true.into()),
        ("most", 2_i64.into()),
        ("other", true.into()),
        ("shuffle", true.into()),
    ]);
    let score = map([("id", "score".into()), ("kind", "csat".into())]);
    let email = map([("id", "mail".into()), ("kind", "email".into()), ("text", "Where?".into())]);
    let questions = Value::List(vec![score, choice, email]);
    let (host, _panel, told) = panel_of(map([("questions", questions)]), false);
    let text = |what: &str| find(&host, what).text_content().unwrap();
    let checked = |id: &str| find(&host, &format!("[value={id}]")).unchecked_into::<HtmlInputElement>().checked();
    let go = || find(&host, "[type=submit]").click();
    assert_eq!(text(".step"), "Question 1 of 3");
    assert!(!has(&host, "[part=back]"));
    find(&host, "input[value='4']").click();
    go();
    assert_eq!((text(".step").as_str(), text("#most").as_str()), ("Question 2 of 3", "Choose up to 2 answers."));
    go();
    assert_eq!(text(".error"), "Choose at least one answer.");
    ["c", "a", "other"].map(|id| find(&host, &format!("[value={id}]")).click());
    go();
    assert_eq!(text(".error"), "Choose up to 2 answers.");
    find(&host, "[value=a]").click();
    find(&host, ".field").unchecked_into::<HtmlInputElement>().set_value(" rain ");
    let shown = run(&find(&host, ".options"), "return [...it.querySelectorAll('[name=r]')].map((i) => i.value).join()");

    find(&host, "[part=back]").click();
    assert!(find(&host, "input[value='4']").unchecked_into::<HtmlInputElement>().checked());
    go();
    assert!(checked("c") && checked("other") && !checked("a"), "what stood there is there again");
    go();
    let all = told.borrow().answers.last().unwrap().0.clone();
    let list = |ids: &[&str]| Value::List(ids.iter().map(|id| (*id).into()).collect());
    assert_eq!((&all[1].value, &all[1].other), (&list(&["c", "other"]), &"rain".into()));
    let order: Vec<String> = all[1].shown.list().iter().map(|id| id.text().unwrap().into()).collect();
    assert_eq!([order.join(","), ",other".into()].concat(), shown.as_string().unwrap());

    let field = || find(&host, ".field").unchecked_into::<HtmlInputElement>();
    field().set_value("nobody");
    go();
    assert_eq!(text(".error"), "Write an e-mail address, such as name@example.com.");
    field().set_value("");
    go();
    assert_eq!(told.borrow().closed, ["done"], "it need not be answered");
    assert_eq!(told.borrow().answers.last().unwrap().0.len(), 2);
}

#[wasm_bindgen_test]
fn what_waits_behind_a_tab_is_opened_and_closed() {
    let (host, panel, told) = panel_in("tab", "nps", false);
    assert!(is_seen(&host, "[part=tab]") && !is_seen(&host, "h2"));
    assert_eq!(find(&host, "[part=tab]").text_content().unwrap(), "Feedback");
    find(&host, "[part=tab]").click();
    panel.unfold();
    assert!(!has(&host, "[part=tab]") && is_seen(&host, "h2"));
    find(&host, "input[value='7']").click();
    find(&host, "[part=close]").click();
    panel.fold("tab");
    host.give_back();
    assert_eq!(focused(&host).unwrap(), "Feedback");
    panel.unfold();
    assert!(find(&host, "input[value='7']").unchecked_into::<HtmlInputElement>().checked());
    assert_eq!(told.borrow().closed, ["tab", "close"]);
}

#[wasm_bindgen_test]
fn under_a_modal_the_page_waits() {
    let link: HtmlElement = document().create_element("button").unwrap().unchecked_into();
    document().body().unwrap().append_child(&link).unwrap();
    link.focus().unwrap();
    let on_link = || document().active_element().as_ref() == Some(link.as_ref());
    let (host, panel, told) = panel_in("modal", "csat", false);
    host.invite();
    assert!(run(&find(&host, "dialog"), "return it.matches(':modal')").is_truthy());
    link.focus().unwrap();
    assert!(host.has_focus(), "nothing else can have it");
    run(&find(&host, "dialog"), "it.dispatchEvent(new Event('cancel', { cancelable: true }))");
    assert_eq!(told.borrow().closed, ["escape"]);
    panel.fold("escape");
    assert!(!run(&find(&host, "dialog"), "return it.matches(':modal')").is_truthy());
    host.give_back();
    assert!(on_link());
    panel.unfold();
    assert!(run(&find(&host, "dialog"), "return it.matches(':modal')").is_truthy());
    drop((host, panel));
    assert!(on_link(), "the focus is back where it was");
    link.remove();
}

#[wasm_bindgen_test]
async fn a_prompt_that_the_page_throws_away_is_put_back() {
    let (host, panel, _) = panel("csat");
    find(&host, "input[value='2']").click();
    find(&host, "input[value='2']").focus().unwrap();
    host.element.remove();
    Browser::new(Nowhere).sleep(20).await;
    assert!(host.element.is_connected() && host.has_focus());
    assert!(find(&host, "input[value='2']").unchecked_into::<HtmlInputElement>().checked());
    drop((host, panel));
    Browser::new(Nowhere).sleep(20).await;
    assert!(!document().query_selector("asklet-prompt").unwrap().is_some(), "but not one that is over");
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
    let f6 = || press(&document().document_element().unwrap().unchecked_into(), "F6");
    let on_link = || document().active_element().as_ref() == Some(link.as_ref());
    f6();
    assert!(host.has_focus());
    panel.fold("close");
    host.give_back();
    assert!(on_link() && !host.has_focus());
    f6();
    assert!(host.has_focus());
    assert_eq!(focused(&host).unwrap(), "Undo");
    f6();
    assert!(on_link());
    f6();
    panel.unfold();
    assert!(host.has_focus());
    drop((host, panel));
    assert!(on_link(), "from the unfolded prompt the way back is the same");
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
    drop((host, panel));
    assert_eq!(nodes(), before);
}
