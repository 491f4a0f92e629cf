//! The agent: joins the core with the ports, owns the page's state, and is where every failure ends.

mod deliver;
mod showing;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::core::config::problem::element;
use crate::core::config::shape::problem;
use crate::core::config::{Config, Problem, decode};
use crate::core::delivery::uuid7;
use crate::core::frequency::{Decision, Fact, decide};
use crate::core::survey::{Placement, Survey};
use crate::core::text::{Localized, negotiate};
use crate::core::touchpoint::Signal;
use crate::core::value::{Value, map};
use crate::ports::{Ask, Ports, State, Task};

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
    session: Cell<u32>,
    locale: RefCell<Option<String>>,
    visitor: RefCell<Visitor>,
    showings: RefCell<Vec<Showing>>,
    /// Surveys whose moment came while another prompt was open, with their touchpoints.
    waiting: RefCell<Vec<(String, usize)>>,
    /// Counts configurations: what an earlier one set going stops.
    generation: Cell<u32>,
    draining: Cell<bool>,
    drain_again: Cell<bool>,
}

impl Agent {
    /// An agent with nothing configured.
    pub fn new(ports: Rc<dyn Ports>) -> Self {
        let owner = fresh_id(&*ports);
        Agent {
            ports,
            owner,
            config: RefCell::default(),
            session: Cell::new(1),
            locale: RefCell::default(),
            visitor: RefCell::default(),
            showings: RefCell::default(),
            waiting: RefCell::default(),
            generation: Cell::new(0),
            draining: Cell::new(false),
            drain_again: Cell::new(false),
        }
    }

    /// Starts, or starts anew, with a config. `context` is what the loader knows: `{ session, locale? }`.
    pub fn start(self: Rc<Self>, document: &Value, context: &Value) -> Task<'static, ()> {
        self.stop();
        self.session.set(context.get("session").number().unwrap_or(1.0) as u32);
        *self.locale.borrow_mut() = context.get("locale").text().filter(|tag| *tag != "auto").map(String::from);
        let (config, mut problems) = decode(document);
        self.check_selectors(document, &mut problems);
        self.report(&problems);
        *self.config.borrow_mut() = config;
        self.ports.emit("ready", map([("version", env!("CARGO_PKG_VERSION").into())]));
        self.drain()
    }

    /// Only the page can tell whether a selector is one.
    fn check_selectors(&self, document: &Value, problems: &mut Vec<Problem>) {
        for (index, survey) in document.get("surveys").list().iter().enumerate() {
            for (place, touchpoint) in survey.get("touchpoints").list().iter().enumerate() {
                if let Some(selector) = touchpoint.get("selector").text()
                    && !self.ports.understands(selector)
                {
                    let path = [&element("surveys", index), ".", &element("touchpoints", place), ".selector"].concat();
                    problems.push(problem(&path, "is not a selector that the browser understands"));
                }
            }
        }
    }

    /// Closes every prompt and forgets every moment that is still to come.
    pub fn stop(self: &Rc<Self>) {
        self.generation.set(self.generation.get() + 1);
        self.waiting.borrow_mut().clear();
        self.leave();
        for showing in self.showings.take() {
            self.ports.close(&showing.response.context.survey);
        }
    }

    fn report(&self, problems: &[Problem]) {
        if problems.is_empty() {
            return;
        }
        let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
        let message = ["the config has problems:\n", &lines.join("\n")].concat();
        self.ports.warn(&message);
        let problem = |problem: &Problem| {
            map([("path", problem.path.as_str().into()), ("message", problem.message.as_str().into())])
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

    /// Looks at a signal, and asks what is to be asked.
    pub fn signal(self: &Rc<Self>, signal: &Value) {
        // Where it was seen: the page may have moved on while the widget was fetched.
        let url = signal.get("url").text().map_or_else(|| self.ports.url(), String::from);
        let Some(signal) = Signal::read(signal) else { return };
        self.sweep();
        for survey in &self.config.borrow().surveys {
            let hit = survey.touchpoints.iter().position(|touchpoint| touchpoint.matches(&signal, &survey.id, &url));
            let Some(touchpoint) = hit.filter(|_| !self.is_open(&survey.id)) else { continue };
            let delay = survey.touchpoints[touchpoint].delay;
            self.ports.emit("eligible", map([("survey", survey.id.as_str().into()), ("delay", delay.into())]));
            let (agent, id, generation) = (self.clone(), survey.id.clone(), self.generation.get());
            self.ports.spawn(Box::pin(async move {
                if delay > 0 {
                    agent.ports.sleep(delay).await;
                }
                if generation == agent.generation.get() {
                    agent.consider(id, Some(touchpoint)).await;
                }
            }));
        }
    }

    /// Asks a survey because the visitor asked to be asked: how often they may be asked does not count.
    pub fn show(self: Rc<Self>, survey: String) -> Task<'static, ()> {
        let known = self.config.borrow().surveys.iter().any(|known| known.id == survey);
        if !known {
            let message = ["show(): there is no survey with the id ", &survey].concat();
            self.ports.warn(&message);
            self.ports.emit("error", map([("message", message.into())]));
        }
        self.consider(survey, None)
    }

    fn is_open(&self, survey: &str) -> bool {
        self.showings.borrow().iter().any(|showing| showing.response.context.survey == survey)
    }

    /// Whether a prompt that came up over the page is open.
    fn is_covered(&self) -> bool {
        self.showings.borrow().iter().any(Showing::covers)
    }

    /// The moment has come: asks, or says why not. `touchpoint` is the index of the one that was met; `None` when the
    /// visitor asked to be asked.
    fn consider(self: Rc<Self>, id: String, touchpoint: Option<usize>) -> Task<'static, ()> {
        Box::pin(async move {
            let found = self.config.borrow().surveys.iter().find(|survey| survey.id == id).cloned();
            let Some(survey) = found.filter(|_| !self.is_open(&id)) else { return };
            if let Some(touchpoint) = touchpoint
                && survey.placement == Placement::Popover
                && self.is_covered()
            {
                return self.waiting.borrow_mut().push((id, touchpoint));
            }
            if let Some(reason) = self.obstacle(&survey) {
                self.suppressed(&id, "reason", reason.into());
                return self.next_waiting();
            }
            let texts: Vec<_> = survey.questions.iter().map(|question| &question.text).collect();
            let language = self.language(&texts);
            // From here on it counts as open, so that nothing else comes up meanwhile.
            let showing = self.new_showing(&survey, touchpoint, &language);
            let response = showing.response.id.clone();
            self.showings.borrow_mut().push(showing);

            let invited = touchpoint.is_none();
            let decision = self.decide(&survey, invited).await;
            // Meanwhile it may have been closed, or another configuration may have begun.
            if !self.showings.borrow().iter().any(|showing| showing.response.id == response) {
                return;
            }
            let theme = self.config.borrow().theme.clone();
            let ask = Ask { survey, language, scheme: theme.scheme, accent: theme.accent, invited };
            if !invited && !decision.ask() {
                self.suppressed(&id, "rules", decision.document());
            } else if self.ports.open(ask) {
                self.drawn(&id);
                return self.ports.emit("shown", self.shown_detail(&id));
            } else {
                self.suppressed(&id, "reason", "no_slot".into());
            }
            self.forget_showing(&id);
            self.next_waiting();
        })
    }

    /// What keeps a survey from being asked here, whoever wants it.
    fn obstacle(&self, survey: &Survey) -> Option<&'static str> {
        if self.config.borrow().endpoint.is_none() {
            return Some("no_endpoint");
        }
        match survey.placement {
            Placement::Popover => self.is_covered().then_some("covered"),
            Placement::Inline => (!self.ports.has_slot(&survey.id)).then_some("no_slot"),
        }
    }

    /// Whether it may be asked; if so that is noted in the same transaction, so that two tabs cannot both ask.
    async fn decide(&self, survey: &Survey, invited: bool) -> Decision {
        let (rules, session, now) = (self.config.borrow().frequency.clone(), self.session.get(), self.ports.now());
        let mut decision = Decision::default();
        let step = |state: &mut State| {
            state.memory.rebase(now);
            decision = decide(&rules, survey, &state.memory, session, now);
            if invited || decision.ask() {
                let by_itself = survey.placement == Placement::Popover && !invited;
                state.memory.note(Fact::Shown(by_itself), &survey.id, session, now);
            }
        };
        self.ports.transact(Box::new(step)).await;
        decision
    }

    fn suppressed(&self, survey: &str, key: &str, why: Value) {
        self.ports.emit("suppressed", map([("survey", survey.into()), (key, why)]));
    }

    /// What waited for the prompt to go is considered anew, first come, first served.
    fn next_waiting(self: &Rc<Self>) {
        if self.waiting.borrow().is_empty() {
            return;
        }
        let (survey, touchpoint) = self.waiting.borrow_mut().remove(0);
        self.ports.spawn(self.clone().consider(survey, Some(touchpoint)));
    }

    fn language(&self, texts: &[&Localized]) -> String {
        let own = self.locale.borrow().clone().or_else(|| self.config.borrow().locale.clone());
        let wanted: Vec<String> = own.into_iter().chain(self.ports.languages()).collect();
        negotiate(&wanted, texts)
    }
}

/// A UUIDv7 of now.
fn fresh_id(ports: &dyn Ports) -> String {
    let mut random = [0; 10];
    ports.fill(&mut random);
    uuid7(ports.now(), random)
}
