//! The widget as JavaScript sees it: one function, `call`. The loader holds the API; see `loader/`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::agent::Agent;
use crate::browser::{Browser, Host, Keeper, Listener, Live, Look, Target, from_page, is_hidden, listen, to_js};
use crate::core::text::ENGLISH;
use crate::ports::{Ask, Saving, Task, View};
use crate::prompt::{OnAnswer, OnClose, Panel, STYLE, announcement};

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
    if method == "destroy" {
        destroy();
        return JsValue::UNDEFINED;
    }
    let agent = agent();
    let argument = |index| from_page(&arguments.get(index));
    let text = || arguments.get(0).as_string().unwrap_or_default();
    let work: Task<JsValue> = match method {
        "start" => done(agent.start(&argument(0), &argument(1))),
        "show" => done(agent.show(text())),
        "close" => done(agent.close()),
        "flush" => done(agent.flush()),
        "outbox" => Box::pin(async move { to_js(&agent.outbox().await) }),
        now => {
            match now {
                "signal" => agent.signal(&argument(0)),
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
    // There before anything is said: a screen reader hears only what changes.
    *browser.view.live.borrow_mut() = Some(Rc::new(Live::begin()));
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
        on(Target::Window, "pageshow", |agent| agent.ports.spawn(agent.drain())),
        on(Target::Window, "online", |agent| agent.ports.spawn(agent.clone().flush())),
        on(Target::Document, "visibilitychange", |agent| {
            // Not on the way out: work under way keeps a page out of the back/forward cache.
            if !is_hidden() {
                agent.ports.spawn(agent.drain());
            }
        }),
    ];
    WIDGET.set(Some(Widget { agent: agent.clone(), browser, _listeners: listeners }));
    agent
}

fn destroy() {
    if let Some(widget) = WIDGET.take() {
        widget.agent.stop();
        widget.browser.destroy();
        widget.browser.view.destroy();
    }
}

/// The prompts that are open.
#[derive(Default)]
struct Prompts {
    agent: RefCell<Weak<Agent>>,
    live: RefCell<Option<Rc<Live>>>,
    open: RefCell<Vec<Open>>,
}

/// One of them. The order of the members is the order in which they go: the focus is given back before the
/// prompt goes, and its view is taken down before the element it stands in.
struct Open {
    survey: String,
    _keeper: Keeper,
    panel: Panel,
    host: Host,
}

impl Prompts {
    fn destroy(&self) {
        self.open.take();
        self.live.take();
    }
}

impl View for Prompts {
    fn open(&self, ask: Ask) -> bool {
        let Some(agent) = self.agent.borrow().upgrade() else { return false };
        let id = ask.survey.id.clone();
        let covers = ask.survey.placement == crate::core::survey::Placement::Popover;
        let look = Look {
            survey: &id,
            placement: ask.survey.placement.name(),
            scheme: &ask.scheme,
            accent: ask.accent.as_deref(),
            style: STYLE,
        };
        let Some(host) = Host::open(&look) else { return false };
        let about = ask.survey.about.pick(&ask.language).to_string();
        let sentence = announcement(&ask.survey.questions[0], &about, &ask.language);
        let (answering, answered) = (agent.clone(), id.clone());
        let on_answer: OnAnswer = Rc::new(move |answers, complete| {
            answering.ports.spawn(answering.clone().answered(answered.clone(), answers, complete));
        });
        let (closing, closed) = (agent.clone(), id.clone());
        let on_close: OnClose = Rc::new(move |reason| {
            closing.ports.spawn(closing.clone().closed(closed.clone(), reason));
        });
        let questions = ask.survey.questions.clone();
        let panel = Panel::new(&host.inside, questions, about, ask.language, on_answer, on_close);
        let keeper = Keeper::new(&host, covers);
        if ask.invited {
            keeper.invite();
        } else if let Some(live) = self.live.borrow().clone() {
            agent.ports.spawn(Box::pin(announce(agent.clone(), Rc::downgrade(&live), id.clone(), sentence)));
        }
        self.open.borrow_mut().push(Open { survey: id, _keeper: keeper, panel, host });
        true
    }

    fn is_up(&self, survey: &str) -> bool {
        self.open.borrow().iter().any(|open| open.survey == survey && open.host.element.is_connected())
    }

    fn close(&self, survey: &str) {
        let index = self.open.borrow().iter().position(|open| open.survey == survey);
        // It goes after the borrow has ended: giving back the focus lets the page's own code run.
        let gone = index.map(|index| self.open.borrow_mut().remove(index));
        drop(gone);
        if let Some(live) = &*self.live.borrow() {
            live.say("");
        }
    }

    fn tell(&self, survey: &str, saving: Saving) {
        let text = match saving {
            Saving::Saving => ENGLISH.saving,
            Saving::Saved => ENGLISH.saved,
            Saving::Kept => ENGLISH.kept,
            Saving::Sent => ENGLISH.sent,
            Saving::Unsaved => ENGLISH.unsaved,
        };
        for open in self.open.borrow().iter().filter(|open| open.survey == survey) {
            open.panel.say(text);
        }
        if saving != Saving::Saving
            && let Some(live) = &*self.live.borrow()
        {
            live.say(text);
        }
    }
}

/// Says that a prompt came up: not before a screen reader has noticed the region, and not into somebody's typing.
async fn announce(agent: Rc<Agent>, live: Weak<Live>, survey: String, sentence: String) {
    agent.ports.sleep(300).await;
    // Looked up anew after each wait: a wait that destroy() ends must not keep the region.
    while live.upgrade().is_some_and(|live| live.is_busy()) {
        agent.ports.sleep(500).await;
    }
    if let Some(live) = live.upgrade()
        && agent.ports.is_up(&survey)
    {
        live.say(&sentence);
    }
}
