//! The agent: joins the core with the ports, owns the page's state, and is where every failure ends.

mod asking;
mod deliver;
mod explain;
mod showing;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Waker;

use crate::core::audience::Facts;
use crate::core::config::problem::{element, member, problem};
use crate::core::config::{Config, Problem, decode};
use crate::core::decision::NEVER;
use crate::core::delivery::uuid7;
use crate::core::frequency::{Memory, draw, settled};
use crate::core::survey::Survey;
use crate::core::text::{Wording, negotiate};
use crate::core::time::{DAY, Millis};
use crate::core::value::{Value, map};
use crate::ports::{Ports, State, Task};

use showing::Showing;

/// Who the page says the visitor is.
#[derive(Default)]
struct Visitor {
    id: Option<String>,
    attributes: Vec<(String, Value)>,
}

/// The page's one agent.
pub struct Agent {
    /// The outside world.
    pub ports: Rc<dyn Ports>,
    /// Names this page in claims on records.
    owner: String,
    config: RefCell<Config>,
    /// Names the config in notes to the loader.
    tag: RefCell<Value>,
    /// How far the device's clock is off, where it is off by much.
    skew: Cell<Millis>,
    /// Number of the session, pages seen, first seen; by the loader's count.
    visit: Cell<(u32, u32, Millis)>,
    locale: RefCell<Option<String>>,
    /// The built-in texts of other languages, as far as they were needed.
    wordings: RefCell<Vec<(&'static str, Rc<Wording>)>>,
    visitor: RefCell<Visitor>,
    showings: RefCell<Vec<Showing>>,
    /// What was seen and not yet looked at.
    signals: RefCell<VecDeque<Value>>,
    /// What the device remembers, as last seen.
    memory: RefCell<Memory>,
    /// When what waits is looked at again.
    look_at: Cell<Millis>,
    attending: Cell<bool>,
    /// Held while a prompt stands over the page, so that none does in another tab.
    floor: RefCell<Option<Box<dyn Any>>>,
    /// Whether another tab had one, when last looked at.
    elsewhere: Cell<bool>,
    /// The last note to the loader.
    noted: RefCell<Value>,
    /// Counts configurations: what an earlier one set going stops.
    generation: Cell<u32>,
    draining: Cell<bool>,
    drain_again: Cell<bool>,
    /// Who waits for the end of a drain that was under way already.
    waiting: RefCell<Vec<Waker>>,
}

/// A change of what is stored, at a time.
type Step<'a> = Box<dyn FnOnce(&mut State, Millis) + 'a>;

impl Agent {
    /// An agent with nothing configured.
    pub fn new(ports: Rc<dyn Ports>) -> Self {
        let owner = fresh_id(&*ports);
        Agent {
            ports,
            owner,
            config: RefCell::default(),
            tag: RefCell::default(),
            skew: Cell::default(),
            visit: Cell::new((1, 1, 0)),
            locale: RefCell::default(),
            wordings: RefCell::default(),
            visitor: RefCell::default(),
            showings: RefCell::default(),
            signals: RefCell::default(),
            memory: RefCell::default(),
            look_at: Cell::new(Millis::MAX),
            attending: Cell::default(),
            floor: RefCell::default(),
            elsewhere: Cell::default(),
            noted: RefCell::default(),
            generation: Cell::default(),
            draining: Cell::default(),
            drain_again: Cell::default(),
            waiting: RefCell::default(),
        }
    }

    /// Starts, or starts anew, with a config. `context` is what the loader knows: `{ session, pages, first, locale?, tag,
    /// date? }`.
    pub fn start(self: Rc<Self>, document: &Value, context: &Value) -> Task<'static, ()> {
        self.stop();
        self.count(context);
        // A server's clock is believed where the device's differs by more than any cache explains.
        let off = context.get("date").number().map_or(0, |date| date as Millis - self.ports.now());
        self.skew.set(if off.abs() > 182 * DAY { off } else { 0 });
        *self.tag.borrow_mut() = context.get("tag").clone();
        *self.locale.borrow_mut() = context.get("locale").text().filter(|tag| *tag != "auto").map(String::from);
        let (config, mut problems) = decode(document);
        self.check_with_browser(document.get("surveys"), "surveys", &mut problems);
        self.report(&problems);
        *self.config.borrow_mut() = config;
        self.ports.emit("ready", map([("version", env!("CARGO_PKG_VERSION").into())]));
        self.look()
    }

    /// Some things only the browser can tell: whether a selector, a regular expression or a time zone is one.
    fn check_with_browser(&self, value: &Value, path: &str, problems: &mut Vec<Problem>) {
        for (index, item) in value.list().iter().enumerate() {
            self.check_with_browser(item, &element(path, index), problems);
        }
        for (key, item) in value.entries() {
            let path = member(path, key);
            if ["selector", "beside", "regex", "matches", "zone"].contains(&key.as_str())
                && let Some(text) = item.text()
                && !self.ports.understands(key, text)
            {
                problems.push(problem!("not-understood", &path, "is not one that the browser understands"));
            }
            self.check_with_browser(item, &path, problems);
        }
    }

    /// Closes every prompt. What waits is still there for the next page.
    pub fn stop(self: &Rc<Self>) {
        self.generation.set(self.generation.get() + 1);
        self.signals.borrow_mut().clear();
        self.leave();
        for showing in self.showings.take() {
            self.ports.close(&showing.response.context.survey);
        }
    }

    /// Forgets where answers go: nothing is sent any more.
    pub fn forget(&self) {
        self.config.borrow_mut().delivery = None;
    }

    fn report(&self, problems: &[Problem]) {
        if problems.is_empty() {
            return;
        }
        let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
        let message = ["the config has problems:\n", &lines.join("\n")].concat();
        self.ports.warn(&message);
        let problem = |problem: &Problem| {
            map([
                ("code", problem.code.into()),
                ("path", problem.path.as_str().into()),
                ("message", problem.message.as_str().into()),
            ])
        };
        let list = Value::List(problems.iter().map(problem).collect());
        self.ports.emit("error", map([("message", message.into()), ("problems", list)]));
    }

    /// Names the visitor.
    pub fn identify(&self, id: &Value, attributes: &Value) {
        self.visitor.borrow_mut().id = id.text().map(String::from);
        self.set(attributes);
    }

    /// Adds to what is known of the visitor.
    pub fn set(&self, attributes: &Value) {
        let known = &mut self.visitor.borrow_mut().attributes;
        for (name, value) in attributes.entries() {
            known.retain(|(other, _)| other != name);
            known.push((name.clone(), value.clone()));
        }
    }

    /// Forgets who the visitor is.
    pub fn reset(&self) {
        *self.visitor.borrow_mut() = Default::default();
    }

    /// Takes the visit's counts from what the loader says.
    fn count(&self, said: &Value) {
        let (session, pages, first) = self.visit.get();
        let number = |key: &str, otherwise: f64| said.get(key).number().unwrap_or(otherwise);
        self.visit.set((
            number("session", session.into()) as u32,
            number("pages", pages.into()) as u32,
            number("first", first as f64) as Millis,
        ));
    }

    /// The time now, by the device's clock as far as it can be believed.
    fn now(&self) -> Millis {
        self.ports.now() + self.skew.get()
    }

    fn facts(&self) -> Facts {
        let (session, pages, first) = self.visit.get();
        let attributes = Value::Map(self.visitor.borrow().attributes.clone());
        Facts { attributes, session, pages, first: first + self.skew.get(), ..self.ports.facts() }
    }

    fn survey(&self, id: &str) -> Option<Rc<Survey>> {
        self.config.borrow().surveys.iter().find(|survey| survey.id == id).cloned()
    }

    /// Changes what is stored in one transaction, sees what waits, and leaves a note for the loader. True if it is on the
    /// device.
    fn remember<'a>(&'a self, step: Step<'a>) -> Task<'a, bool> {
        Box::pin(async move {
            let now = self.now();
            let prepared = |state: &mut State| {
                let memory = &mut state.memory;
                memory.rebase(now);
                for survey in &self.config.borrow().surveys {
                    if !survey.audience.get("sample").is_null() {
                        let mut random = [0; 2];
                        self.ports.fill(&mut random);
                        memory.draw(&survey.id, draw(random));
                    }
                }
                step(state, now);
                self.memory.borrow_mut().clone_from(&state.memory);
            };
            let durable = self.ports.transact(Box::new(prepared)).await;
            if durable {
                self.note(now);
            }
            durable
        })
    }

    /// Tells the loader what it need not wake the widget for, and when it has to, by the device's clock: `{ until, due?, at,
    /// tag }`.
    fn note(&self, now: Millis) {
        let (config, memory, skew) = (self.config.borrow(), self.memory.borrow(), self.skew.get());
        let mut until = Value::Map(Vec::new());
        for survey in &config.surveys {
            if let Some(time) = settled(&config.frequency, survey, &memory, now) {
                *until.at(&survey.id) = (time - skew).min(NEVER).into();
            }
        }
        let due = memory.moments().iter().filter_map(|moment| moment.get("due").millis()).min().map(|due| due - skew);
        let mut note = map([("until", until), ("due", due.into()), ("tag", self.tag.borrow().clone())]);
        if *self.noted.borrow() != note {
            self.noted.borrow_mut().clone_from(&note);
            *note.at("at") = (now - skew).into();
            self.ports.note(&note);
        }
    }

    fn language(&self, survey: &Survey) -> String {
        let texts: Vec<&Value> = survey.questions.iter().map(|question| question.0.get("text")).collect();
        let own = self.locale.borrow().clone().or_else(|| self.config.borrow().locale.clone());
        let wanted: Vec<String> = own.into_iter().chain(self.ports.languages()).collect();
        negotiate(&wanted, &texts)
    }
}

/// A UUIDv7 of now.
fn fresh_id(ports: &dyn Ports) -> String {
    let mut random = [0; 10];
    ports.fill(&mut random);
    uuid7(ports.now(), random)
}
