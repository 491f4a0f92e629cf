//! The widget as JavaScript sees it: one function, `call`. The loader holds the API; see `loader/`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::agent::Agent;
use crate::browser::{Browser, Host, Listener, Target, from_page, is_hidden, listen, say, take_config, to_js};
use crate::core::survey::Placement;
use crate::core::text::pick;
use crate::ports::{Ask, Saving, Task, View};
use crate::prompt::{OnAnswer, OnClose, Panel, STYLE, Setup, Voice};

/// A page's widget allocates little and seldom: the smallest allocator will do.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// The page's one widget, with its listeners on the page.
struct Widget {
    agent: Rc<Agent>,
    browser: Rc<Browser<Prompts>>,
    _listeners: [Listener; 4],
}

thread_local! {
    static WIDGET: RefCell<Option<Widget>> = const { RefCell::new(None) };
}

/// Calls the method `method` of the widget. Methods that take time return a promise.
#[wasm_bindgen]
pub fn call(method: &str, arguments: &Array) -> JsValue {
    if let "destroy" | "forget" = method {
        destroy(method == "forget");
        return JsValue::UNDEFINED;
    }
    // A service worker has no page to look after.
    let agent = if method == "drain" {
        Rc::new(Agent::new(Rc::new(Browser::without_page(Prompts::default()))))
    } else {
        agent()
    };
    let argument = |index| from_page(&arguments.get(index));
    let config = || take_config(&arguments.get(0));
    let text = || arguments.get(0).as_string().unwrap_or_default();
    let work: Task<JsValue> = match method {
        "start" => done(agent.start(&config(), &argument(1))),
        "show" => done(agent.show(&text(), argument(1).get("preview").bool() == Some(true))),
        "explain" => {
            let explained = agent.explain(argument(0));
            Box::pin(async move { to_js(&explained.await) })
        }
        "close" => done(agent.close()),
        "drain" => {
            let config = config();
            Box::pin(async move { to_js(&agent.drain_only(&config).await) })
        }
        "flush" => done(agent.flush()),
        "retry" => done(agent.retry()),
        "outbox" => Box::pin(async move { to_js(&agent.outbox().await) }),
        now => {
            match now {
                "signal" => agent.signal(argument(0)),
                "identify" => agent.identify(&argument(0), &argument(1)),
                "set" => agent.set(&argument(0)),
                "reset" => agent.reset(),
                _ => {}
            }
            return JsValue::UNDEFINED;
        }
    };
    future_to_promise(async move { Ok(work.await) }).into()
}

fn done(work: Task<'static, ()>) -> Task<'static, JsValue> {
    Box::pin(async move {
        work.await;
        JsValue::UNDEFINED
    })
}

fn agent() -> Rc<Agent> {
    if let Some(agent) = WIDGET.with_borrow(|widget| widget.as_ref().map(|widget| widget.agent.clone())) {
        return agent;
    }
    let browser = Rc::new(Browser::new(Prompts::default()));
    let agent = Rc::new(Agent::new(browser.clone()));
    *browser.view.agent.borrow_mut() = Rc::downgrade(&agent);
    let alarmed = Rc::downgrade(&agent);
    browser.on_alarm(move || {
        if let Some(agent) = alarmed.upgrade() {
            agent.ports.spawn(agent.drain());
        }
    });
    let on = |target, event, act: fn(&Rc<Agent>)| {
        let agent = agent.clone();
        listen(target, event, move |_| act(&agent))
    };
    let listeners = [
        on(Target::Window, "pagehide", |agent| agent.leave()),
        on(Target::Window, "pageshow", |agent| agent.ports.spawn(agent.look())),
        on(Target::Window, "online", |agent| agent.ports.spawn(agent.clone().flush())),
        on(Target::Document, "visibilitychange", |agent| {
            // Not on the way out: work under way keeps a page out of the back/forward cache.
            if !is_hidden() {
                agent.ports.spawn(agent.look());
            }
        }),
    ];
    WIDGET.set(Some(Widget { agent: agent.clone(), browser, _listeners: listeners }));
    agent
}

/// `erased`: what is stored is to be erased, so nothing is sent or written any more.
fn destroy(erased: bool) {
    if let Some(widget) = WIDGET.take() {
        if erased {
            widget.browser.forget();
            widget.agent.forget();
        }
        widget.agent.stop();
        widget.browser.destroy();
        widget.browser.view.destroy();
    }
}

/// The prompts that are open.
#[derive(Default)]
struct Prompts {
    agent: RefCell<Weak<Agent>>,
    open: RefCell<Vec<Rc<Open>>>,
}

/// One of them. The order of the members is the order in which they go: the element gives the focus back before what it holds
/// is taken down.
struct Open {
    survey: String,
    host: Host,
    panel: Panel,
    /// Whether it waits behind a tab.
    tab: bool,
}

impl Prompts {
    fn destroy(&self) {
        self.open.take();
    }

    /// Not borrowed: whatever moves the focus lets the page's own code run.
    fn find(&self, survey: &str) -> Option<Rc<Open>> {
        self.open.borrow().iter().find(|open| open.survey == survey).cloned()
    }
}

impl View for Prompts {
    fn open(&self, ask: Ask) -> bool {
        let Some(agent) = self.agent.borrow().upgrade() else { return false };
        let id = ask.survey.id.clone();
        let Some(host) = Host::open(&ask, STYLE) else { return false };
        let voice = Voice {
            about: pick(&ask.survey.about, &ask.language).into(),
            attributes: ask.attributes,
            language: ask.language,
            wording: ask.wording,
            key: ask.shortcut,
        };
        let sentence = voice.announcement(&ask.survey.questions[0]);
        let (answering, answered) = (agent.clone(), id.clone());
        let on_answer: OnAnswer = Rc::new(move |answers, complete| {
            answering.ports.spawn(answering.clone().answered(answered.clone(), answers, complete));
        });
        let (closing, closed) = (agent.clone(), id.clone());
        let on_close: OnClose = Rc::new(move |reason| {
            let (agent, id) = (closing.clone(), closed.clone());
            let work = match reason {
                "back" => return closing.ports.fold(&closed, reason),
                "tab" => return closing.ports.unfold(&closed),
                "undo" => agent.undo(id),
                reason => agent.closed(id, reason),
            };
            closing.ports.spawn(work);
        });
        let tab = ask.placement == Placement::Tab;
        let setup = Setup {
            questions: ask.survey.questions.clone(),
            voice,
            placement: ask.placement,
            tab: ask.survey.value.get("tab").clone(),
            seed: ask.seed,
            refusable: ask.refusable,
        };
        let panel = Panel::new(&host.inside, setup, on_answer, on_close);
        host.drawn();
        let open = Rc::new(Open { survey: id, panel, host, tab });
        self.open.borrow_mut().push(open.clone());
        if tab {
            // It waits.
        } else if ask.invited || ask.placement == Placement::Modal {
            open.host.invite();
        } else {
            agent.ports.spawn(Box::pin(announce(agent.clone(), Rc::downgrade(&open), sentence)));
        }
        true
    }

    fn is_up(&self, survey: &str) -> bool {
        self.find(survey).is_some_and(|open| open.host.element.is_connected())
    }

    fn close(&self, survey: &str) {
        let index = self.open.borrow().iter().position(|open| open.survey == survey);
        // It goes after the borrow has ended: giving back the focus lets the page's own code run.
        let gone = index.map(|index| self.open.borrow_mut().remove(index));
        drop(gone);
        say("");
    }

    fn fold(&self, survey: &str, reason: &'static str) {
        let Some(open) = self.find(survey) else { return };
        let inside = open.host.has_focus();
        if let Some(sentence) = open.panel.fold(reason).filter(|sentence| !sentence.is_empty()) {
            let voice = open.panel.voice();
            say(&[&sentence, " ", &voice.get("undo_key", &[("key", &voice.key)])].concat());
        }
        // Afterwards, so that the page makes room for the bar and not for the question.
        if inside {
            open.host.give_back();
        }
    }

    fn unfold(&self, survey: &str) {
        if let Some(open) = self.find(survey) {
            say("");
            if open.tab
                && open.panel.is_folded()
                && let Some(agent) = self.agent.borrow().upgrade()
            {
                agent.ports.spawn(agent.clone().opened(survey.into()));
            }
            open.panel.unfold();
        }
    }

    fn is_held(&self, survey: &str) -> bool {
        self.find(survey).is_some_and(|open| open.host.has_focus() || open.panel.is_pointed_at())
    }

    fn tell(&self, survey: &str, saving: Saving) {
        let key = match saving {
            Saving::Saving => "saving",
            Saving::Saved => "saved",
            Saving::Kept => "kept",
            Saving::Sent => "sent",
            Saving::Unsaved => "unsaved",
            Saving::Preview => "preview",
        };
        if let Some(open) = self.find(survey) {
            let text = open.panel.voice().wording.get(key, 0);
            open.panel.say(text);
            if saving != Saving::Saving {
                say(text);
            }
        }
    }
}

/// Says that a prompt came up: not before a screen reader has noticed the region, and not into somebody's typing.
async fn announce(agent: Rc<Agent>, open: Weak<Open>, sentence: String) {
    agent.ports.sleep(300).await;
    while agent.ports.busy().contains(&"typing") {
        agent.ports.sleep(500).await;
    }
    if open.upgrade().is_some_and(|open| open.host.element.is_connected() && !open.panel.is_folded()) {
        say(&sentence);
    }
}
