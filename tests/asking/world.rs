//! A device, its tabs, its clock and a site, over plain values: the agent's ports, and what a visitor does.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use asklet::agent::Agent;
use asklet::core::audience::Facts;
use asklet::core::delivery::template::Fault;
use asklet::core::delivery::{Reply, outcome};
use asklet::core::outbox::Record;
use asklet::core::platform::{Bare, Platform};
use asklet::core::survey::{Answer, Placement};
use asklet::core::time::{DAY, Millis, SECOND};
use asklet::core::value::Value;
use asklet::ports::{Ask, Clock, Entropy, Page, Ports, Saving, Sent, State, Store, Task, Transport, View};

use crate::loader::Visit;
use crate::model::{Model, Place, Prompt, Seen, What};
use crate::random::Random;
use crate::schedule::{Step, say_span};
use crate::setting::{On, Setting};

/// What kind of world it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// Whether the loader passes on only what may matter.
    pub gated: bool,
    /// Whether storage and locks take their time, so that tabs come in each other's way.
    pub racy: bool,
    /// Whether the loader can read the server's clock.
    pub dated: bool,
    /// Whether the endpoint answers.
    pub online: bool,
    /// The device's clock at the beginning, against true time.
    pub offset: Millis,
    /// The true time at the beginning.
    pub start: Millis,
}

/// One page in one tab, from its load to its end.
pub struct Tab {
    pub path: &'static str,
    pub busy: Vec<&'static str>,
    pub slots: [bool; 3],
    pub agent: Option<Rc<Agent>>,
    pub visit: Visit,
    /// The date of the config's answer.
    pub date: Option<Millis>,
    /// By how much the server's clock corrects the device's.
    pub skew: Millis,
    /// When the loader wakes the widget for a moment that waits.
    pub remind_at: Option<Millis>,
    /// Whether everything was erased while the page was there: then Asklet is gone from it.
    pub stopped: bool,
    /// Its own memory, once storage has failed.
    own: Option<State>,
    history: usize,
    /// Transactions are begun in order, and done in order.
    tickets: (u32, u32),
}

pub struct World {
    me: Weak<World>,
    pub setting: Rc<Setting>,
    pub document: Value,
    pub kind: Kind,
    seed: u64,
    pub random: RefCell<Random>,
    pub now: Cell<Millis>,
    pub offset: Cell<Millis>,
    pub store: RefCell<State>,
    pub note: RefCell<Value>,
    /// Tabs that have left a note which the others have not seen.
    pub noted: RefCell<Vec<usize>>,
    pub visit: Cell<Option<Visit>>,
    /// All tabs that ever were.
    pub tabs: RefCell<Vec<Tab>>,
    /// Those that are there.
    pub open: RefCell<Vec<usize>>,
    locks: RefCell<Vec<(&'static str, usize, u64)>>,
    tasks: RefCell<Vec<(usize, Task<'static, ()>)>>,
    spawned: RefCell<Vec<(usize, Task<'static, ()>)>>,
    timers: RefCell<Vec<(u64, Millis)>>,
    count: Cell<u64>,
    moved: Cell<bool>,
    transactions: Cell<u32>,
    pub model: RefCell<Model>,
    /// Tabs that have seen something since all was last quiet.
    touched: RefCell<Vec<(usize, bool)>>,
    /// What `show()` has to bring up.
    wanted: RefCell<Vec<(usize, usize)>>,
    /// When, and in which tab, something was last done.
    done: Cell<(Millis, usize)>,
    explained: RefCell<Vec<(usize, Value)>>,
    log: RefCell<Option<Vec<String>>>,
}

/// A tab's ports.
struct Edge {
    world: Rc<World>,
    tab: usize,
}

/// Held until it is dropped.
struct Lock(Weak<World>, u64);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(world) = self.0.upgrade() {
            world.locks.borrow_mut().retain(|(_, _, id)| *id != self.1);
        }
    }
}

/// A timer; it goes when it is dropped.
struct Timer(Rc<World>, u64);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.timers.borrow_mut().retain(|(id, _)| *id != self.1);
    }
}

impl World {
    pub fn new(setting: &Setting, kind: Kind, seed: u64, log: bool) -> Rc<World> {
        let setting = Rc::new(setting.clone());
        Rc::new_cyclic(|me| World {
            me: me.clone(),
            document: setting.document(),
            kind,
            seed,
            random: RefCell::new(Random(seed)),
            now: Cell::new(kind.start),
            offset: Cell::new(kind.offset),
            store: RefCell::default(),
            note: RefCell::default(),
            noted: RefCell::default(),
            visit: Cell::default(),
            tabs: RefCell::default(),
            open: RefCell::default(),
            locks: RefCell::default(),
            tasks: RefCell::default(),
            spawned: RefCell::default(),
            timers: RefCell::default(),
            count: Cell::default(),
            moved: Cell::default(),
            transactions: Cell::default(),
            model: RefCell::new(Model::new(setting.clone(), kind.dated, kind.offset)),
            touched: RefCell::default(),
            wanted: RefCell::default(),
            done: Cell::default(),
            explained: RefCell::default(),
            log: RefCell::new(log.then(Vec::new)),
            setting,
        })
    }

    /// Takes everything down, and returns what was written down.
    pub fn end(&self) -> Vec<String> {
        for tab in self.open.take() {
            self.kill(tab);
        }
        self.log.take().unwrap_or_default()
    }

    pub fn say(&self, line: impl FnOnce() -> String) {
        if let Some(log) = &mut *self.log.borrow_mut() {
            log.push(line());
        }
    }

    fn edge(&self, tab: usize) -> Rc<dyn Ports> {
        Rc::new(Edge { world: self.me.upgrade().unwrap(), tab })
    }

    fn next_number(&self) -> u64 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// What the device's clock shows.
    pub fn device(&self) -> Millis {
        self.now.get() + self.offset.get()
    }

    pub fn place(&self, tab: usize) -> Place {
        let visit = self.visit.get().unwrap_or_default();
        let it = &self.tabs.borrow()[tab];
        Place {
            tab,
            history: it.history,
            error: self.offset.get() + if it.agent.is_some() { it.skew } else { self.skew(it) },
            path: it.path,
            busy: it.busy.clone(),
            slots: it.slots,
            visit: (it.visit.session, it.visit.pages),
            device_visit: (visit.session, visit.pages),
            awake: it.agent.is_some(),
            floor_taken: self.locks.borrow().iter().any(|(name, of, _)| *name == "asklet.prompt" && *of != tab),
        }
    }

    pub fn violation(&self) -> Option<String> {
        self.model.borrow().violation.clone()
    }

    // --- pages come and go ---------------------------------------------------------------------------------

    fn open_page(&self, path: &'static str, slots: bool) -> usize {
        let tab = self.tabs.borrow().len();
        let date = self.kind.dated.then(|| self.now.get() - self.random.borrow_mut().pick(&[0, 0, 60_000, 3_600_000]));
        self.tabs.borrow_mut().push(Tab {
            path,
            busy: Vec::new(),
            slots: [slots; 3],
            agent: None,
            visit: Visit::default(),
            date,
            skew: 0,
            remind_at: None,
            stopped: false,
            own: None,
            history: 0,
            tickets: (0, 0),
        });
        tab
    }

    /// By how much a widget that is started now corrects the device's clock: a server's is believed where it is off by
    /// more than half a year.
    fn skew(&self, tab: &Tab) -> Millis {
        let off = tab.date.map_or(0, |date| date - self.device());
        if off.abs() > 182 * DAY { off } else { 0 }
    }

    /// Fetches and starts the widget, if it is not there.
    pub fn wake(&self, tab: usize) {
        let (context, agent) = {
            let it = &mut self.tabs.borrow_mut()[tab];
            if it.agent.is_some() || it.stopped {
                return;
            }
            it.skew = self.skew(it);
            let mut context = it.visit.members();
            context.push(("tag".into(), "tag".into()));
            context.extend(it.date.map(|date| ("date".into(), date.into())));
            let agent = Rc::new(Agent::new(self.edge(tab)));
            it.agent = Some(agent.clone());
            (Value::Map(context), agent)
        };
        self.spawn(tab, agent.start(&self.document, &context));
        let place = self.place(tab);
        self.model.borrow_mut().begins(&place, self.now.get());
    }

    fn agent(&self, tab: usize) -> Option<Rc<Agent>> {
        self.tabs.borrow()[tab].agent.clone()
    }

    /// The page is gone, with all that it was at.
    fn kill(&self, tab: usize) {
        let agent = {
            let it = &mut self.tabs.borrow_mut()[tab];
            it.remind_at = None;
            it.agent.take()
        };
        let of_others = |tasks: &RefCell<Vec<(usize, Task<'static, ()>)>>| {
            let (gone, kept) = tasks.take().into_iter().partition(|(of, _)| *of == tab);
            *tasks.borrow_mut() = kept;
            gone
        };
        let gone: Vec<Vec<_>> = vec![of_others(&self.tasks), of_others(&self.spawned)];
        drop(gone);
        drop(agent);
        self.locks.borrow_mut().retain(|(_, of, _)| *of != tab);
        self.open.borrow_mut().retain(|open| *open != tab);
        self.model.borrow_mut().tab_gone(tab);
    }

    fn leave(&self, tab: usize) {
        if let Some(agent) = self.agent(tab) {
            agent.leave();
        }
        self.kill(tab);
    }

    // --- tasks, timers and time ----------------------------------------------------------------------------

    fn spawn(&self, tab: usize, task: Task<'static, ()>) {
        self.spawned.borrow_mut().push((tab, task));
        self.moved.set(true);
    }

    /// Lets every tab that is not lazy just now go on with what it is at.
    fn poll(&self) {
        self.moved.set(false);
        let lazy = if self.kind.racy { self.random.borrow_mut().next() } else { 0 };
        let mut context = Context::from_waker(Waker::noop());
        let mut tasks = self.tasks.take();
        tasks.append(&mut self.spawned.borrow_mut());
        let mut index = 0;
        while index < tasks.len() {
            let (tab, task) = &mut tasks[index];
            if lazy >> (*tab % 64) & 1 == 1 {
                self.moved.set(true);
                index += 1;
            } else if task.as_mut().poll(&mut context).is_ready() {
                drop(tasks.remove(index));
                self.moved.set(true);
            } else {
                index += 1;
            }
        }
        *self.tasks.borrow_mut() = tasks;
    }

    /// Goes on until nothing moves.
    pub fn settle(&self) {
        for _ in 0..1_000 {
            self.poll();
            self.hear_notes();
            if !self.moved.get() {
                self.check();
                return;
            }
        }
        self.model.borrow_mut().violation.get_or_insert("something goes on and on".into());
    }

    /// Storage and locks take their time.
    async fn dawdle(&self) {
        let mut rounds = if self.kind.racy { self.random.borrow_mut().below(3) } else { 0 };
        poll_fn(|_| {
            if rounds == 0 {
                return Poll::Ready(());
            }
            rounds -= 1;
            self.moved.set(true);
            Poll::Pending
        })
        .await;
    }

    fn check(&self) {
        let now = self.now.get();
        let places: Vec<Place> = self.open.borrow().iter().map(|tab| self.place(*tab)).collect();
        let mut model = self.model.borrow_mut();
        model.quiet(0, &self.store.borrow(), &places, now);
        for place in places.iter().filter(|place| place.history > 0) {
            if let Some(state) = &self.tabs.borrow()[place.tab].own {
                model.quiet(place.history, state, &places, now);
            }
        }
        let alone = self.touched.borrow().len() == 1;
        for (tab, survey) in self.wanted.take().into_iter().filter(|_| alone) {
            let up = |prompt: &Prompt| prompt.tab == tab && prompt.survey == survey && !prompt.folded;
            if !model.prompts.iter().any(up) {
                let id = self.setting.surveys[survey].id;
                model.violation.get_or_insert(format!("show({id}) brought up nothing"));
            }
        }
        for (tab, told) in self.explained.take() {
            let Some(place) = places.iter().find(|place| place.tab == tab) else { continue };
            for explanation in told.list() {
                let survey = self.survey(explanation.get("survey").text().unwrap_or_default());
                let rule = |rule: &Value| {
                    (rule.get("rule").text().unwrap_or_default().to_string(), rule.get("holds").bool() == Some(true))
                };
                let rules: Vec<_> = explanation.get("rules").list().iter().map(rule).collect();
                model.explained(place, survey, &rules, now);
            }
        }
        self.touched.borrow_mut().clear();
    }

    /// Time goes by, with everything that is due in it. Who waits for long puts the device to sleep for the rest.
    fn wait(&self, span: Millis) {
        let end = self.now.get() + span;
        for _ in 0..40 {
            let timers = self.timers.borrow().iter().map(|(_, at)| *at).min();
            let reminders = self.open.borrow().iter().filter_map(|tab| self.tabs.borrow()[*tab].remind_at).min();
            let next = timers.into_iter().chain(reminders).min();
            let Some(next) = next.filter(|next| *next <= end) else {
                self.now.set(end);
                return;
            };
            self.now.set(next.max(self.now.get()));
            self.remind_all();
            self.settle();
        }
        if self.now.get() < end {
            self.model.borrow_mut().slept();
            self.now.set(end);
            self.remind_all();
        }
    }

    fn survey(&self, id: &str) -> usize {
        self.setting.surveys.iter().position(|survey| survey.id == id).unwrap()
    }

    // --- what a visitor does ---------------------------------------------------------------------------------

    fn nth_tab(&self, nth: usize) -> Option<usize> {
        let open = self.open.borrow();
        (!open.is_empty()).then(|| open[nth % open.len()])
    }

    /// The n-th of the prompts that fit, and its agent.
    fn nth_prompt(&self, nth: usize, fits: impl Fn(&Prompt) -> bool) -> Option<(Prompt, Rc<Agent>)> {
        let model = self.model.borrow();
        let fitting: Vec<&Prompt> = model.prompts.iter().filter(|prompt| fits(prompt)).collect();
        let prompt = (!fitting.is_empty()).then(|| fitting[nth % fitting.len()].clone())?;
        Some((prompt.clone(), self.agent(prompt.tab)?))
    }

    fn change_prompt(&self, id: usize, change: impl FnOnce(&mut Prompt)) {
        if let Some(prompt) = self.model.borrow_mut().prompts.iter_mut().find(|prompt| prompt.id == id) {
            change(prompt);
        }
    }

    /// Something happens in a tab. Where more than signals to one tab come at once it is open what comes first.
    fn touch(&self, tab: usize, only_seen: bool) {
        let mut touched = self.touched.borrow_mut();
        touched.push((tab, only_seen));
        let alone = self.open.borrow().len() == 1 && touched.iter().all(|other| *other == (tab, true));
        if touched.len() > 1 && !alone {
            self.model.borrow_mut().anything_may_be();
        }
    }

    fn see(&self, tab: usize, seen: Seen) {
        if self.tabs.borrow()[tab].stopped {
            return;
        }
        self.touch(tab, true);
        let place = self.place(tab);
        self.model.borrow_mut().signal(&place, seen, self.now.get());
        self.pass_on(tab, seen);
    }

    /// A page view: the first of a page that was loaded, or a navigation within it.
    fn view(&self, tab: usize) {
        self.count_view(tab);
        if self.kind.gated {
            self.wake_for_answers(tab);
        } else {
            self.wake(tab);
        }
        self.see(tab, Seen::Page);
        for survey in 0..self.setting.surveys.len() {
            if self.setting.surveys[survey].inline && self.tabs.borrow()[tab].slots[survey] {
                self.see(tab, Seen::Slot(survey));
            }
        }
        self.remind(tab);
    }

    pub fn act(&self, step: &Step) {
        self.say(|| {
            let now = self.now.get() - self.kind.start;
            format!("{:>14}  {step}", say_span(now))
        });
        match *step {
            Step::Wait(span) => self.wait(span),
            Step::Clock(by) => {
                self.offset.set(self.offset.get() + by);
                self.model.borrow_mut().clock_changed(self.now.get());
            }
            Step::ClockRight => {
                self.offset.set(0);
                self.model.borrow_mut().clock_changed(self.now.get());
            }
            Step::Forget => self.forget(),
            Step::Open { path, slots } => {
                let tab = self.open_page(path, slots);
                self.open.borrow_mut().push(tab);
                self.view(tab);
            }
            Step::Answer { prompt, complete } => self.answer(prompt, complete),
            Step::Refuse { prompt, reason } => {
                // Nobody does this in two tabs at once; in one tab it may be twice in a breath.
                let tab = self.nth_prompt(prompt, |_| true).map(|(prompt, _)| prompt.tab);
                if self.touched.borrow().iter().any(|(touched, _)| Some(*touched) != tab) {
                    self.settle();
                }
                if let Some(tab) = tab {
                    self.turn_to(tab);
                }
                if let Some((prompt, agent)) = self.nth_prompt(prompt, |_| true) {
                    self.refuse(&prompt, agent, reason);
                }
            }
            Step::RefuseAndDie { prompt, reason } => {
                let done = self.transactions.get();
                if let Some((prompt, agent)) =
                    self.nth_prompt(prompt, |prompt| !prompt.folded && !prompt.preview && !prompt.complete)
                {
                    self.turn_to(prompt.tab);
                    self.refuse(&prompt, agent, reason);
                    for _ in 0..100 {
                        if self.transactions.get() > done {
                            break;
                        }
                        self.poll();
                    }
                    self.kill(prompt.tab);
                }
            }
            Step::Undo { prompt } => {
                if let Some((prompt, agent)) = self.nth_prompt(prompt, |prompt| prompt.folded) {
                    self.turn_to(prompt.tab);
                    self.touch(prompt.tab, false);
                    self.spawn(prompt.tab, agent.undo(self.setting.surveys[prompt.survey].id.into()));
                    let history = self.tabs.borrow()[prompt.tab].history;
                    self.model.borrow_mut().undo(history, prompt.id);
                    self.change_prompt(prompt.id, |prompt| prompt.folded = false);
                }
            }
            Step::Hold { prompt, on } => {
                if let Some((prompt, _)) = self.nth_prompt(prompt, |prompt| prompt.held != on) {
                    self.change_prompt(prompt.id, |prompt| prompt.held = on);
                }
            }
            _ => {
                if let Some(tab) = step.tab().and_then(|tab| self.nth_tab(tab)) {
                    self.act_in(tab, step);
                }
            }
        }
    }

    /// From one tab to another it takes a millisecond, unless there is no rest at all.
    fn turn_to(&self, tab: usize) {
        let (at, last) = self.done.get();
        if at == self.now.get() && last != tab && self.touched.borrow().is_empty() {
            self.wait(1);
        }
        self.done.set((self.now.get(), tab));
    }

    fn act_in(&self, tab: usize, step: &Step) {
        self.turn_to(tab);
        let start_all_over = |path, slots| {
            let place = self.open.borrow().iter().position(|open| *open == tab).unwrap();
            self.leave(tab);
            let tab = self.open_page(path, slots);
            self.open.borrow_mut().insert(place, tab);
            self.view(tab);
        };
        match *step {
            Step::Track { name, total, .. } => self.see(tab, Seen::Event { name, total }),
            Step::Click { selector, .. } => self.see(tab, Seen::Click(selector)),
            Step::Watched { survey, touchpoint, .. } => {
                let survey = survey % self.setting.surveys.len();
                let watched = self.setting.surveys[survey].touchpoints.get(touchpoint);
                let path = self.tabs.borrow()[tab].path;
                if watched.is_some_and(|it| matches!(it.on, On::Watched(_)) && it.allows(path)) {
                    self.see(tab, Seen::Watched { survey, touchpoint });
                }
            }
            Step::Load { path, slots, .. } => start_all_over(path, slots),
            Step::View { path, .. } => {
                let before = std::mem::replace(&mut self.tabs.borrow_mut()[tab].path, path);
                if before != path && !self.tabs.borrow()[tab].stopped {
                    self.view(tab);
                }
            }
            Step::Manner { why, on, .. } => {
                self.behave(tab, why, on);
                if !on {
                    // It takes a second until that is noticed.
                    self.wait(SECOND);
                }
            }
            Step::Slot { survey, on, .. } => {
                let survey = survey % self.setting.surveys.len();
                let about = &self.setting.surveys[survey];
                let before = std::mem::replace(&mut self.tabs.borrow_mut()[tab].slots[survey], on);
                self.touch(tab, false);
                if about.inline && on && !before {
                    self.see(tab, Seen::Slot(survey));
                } else if about.inline && !on {
                    // What stood in it is gone with it.
                    let stands_there = |prompt: &Prompt| prompt.tab == tab && prompt.survey == survey;
                    self.model.borrow_mut().prompts.retain(|prompt| !stands_there(prompt));
                }
            }
            Step::Show { survey, .. } | Step::Preview { survey, .. } => {
                let survey = survey % self.setting.surveys.len();
                let preview = matches!(step, Step::Preview { .. });
                self.wake(tab);
                let Some(agent) = self.agent(tab) else { return };
                self.touch(tab, false);
                if !preview && self.model.borrow().must_show(&self.place(tab), survey) {
                    self.wanted.borrow_mut().push((tab, survey));
                }
                self.spawn(tab, agent.show(self.setting.surveys[survey].id, preview));
            }
            Step::PageCloses { .. } => {
                if let Some(agent) = self.agent(tab) {
                    self.touch(tab, false);
                    self.spawn(tab, agent.close());
                }
            }
            Step::Explain { .. } => {
                self.wake(tab);
                self.settle();
                let (Some(agent), Some(world)) = (self.agent(tab), self.me.upgrade()) else { return };
                self.spawn(
                    tab,
                    Box::pin(async move {
                        let told = agent.explain(Value::Null).await;
                        world.explained.borrow_mut().push((tab, told));
                    }),
                );
            }
            Step::Close { .. } => self.leave(tab),
            Step::Kill { .. } => self.kill(tab),
            Step::Fail { .. } => {
                let it = &mut self.tabs.borrow_mut()[tab];
                if it.own.is_none() && it.agent.is_some() {
                    it.own = Some(self.store.borrow().clone());
                    it.history = self.model.borrow_mut().part(0);
                }
            }
            _ => {}
        }
    }

    fn behave(&self, tab: usize, why: &'static str, on: bool) {
        let was_hidden = {
            let busy = &mut self.tabs.borrow_mut()[tab].busy;
            let was_hidden = busy.contains(&"hidden");
            busy.retain(|other| *other != why);
            if on {
                busy.push(why);
            }
            was_hidden
        };
        if why == "hidden"
            && was_hidden
            && !on
            && let Some(agent) = self.agent(tab)
        {
            self.touch(tab, false);
            let place = self.place(tab);
            self.model.borrow_mut().begins(&place, self.now.get());
            self.spawn(tab, agent.look());
        }
    }

    fn answer(&self, prompt: usize, complete: bool) {
        let Some((prompt, agent)) = self.nth_prompt(prompt, |prompt| !prompt.folded && !prompt.complete) else {
            return;
        };
        self.touch(prompt.tab, false);
        let answers = vec![Answer { question: "q".into(), value: "yes".into(), ..Answer::default() }];
        let id = self.setting.surveys[prompt.survey].id;
        self.spawn(prompt.tab, agent.answered(id.into(), answers, complete));
        if !prompt.preview {
            if !prompt.answered {
                let place = self.place(prompt.tab);
                self.model.borrow_mut().note(&place, What::Answered, prompt.survey, prompt.id, self.now.get());
            }
            self.change_prompt(prompt.id, |prompt| (prompt.answered, prompt.complete) = (true, complete));
        }
    }

    /// The visitor closes a prompt.
    fn refuse(&self, prompt: &Prompt, agent: Rc<Agent>, reason: &'static str) {
        self.touch(prompt.tab, false);
        // Only what came up by itself over the page has buttons for the others.
        let reason = match reason {
            _ if prompt.complete => "done",
            "later" | "never" if !prompt.refusable => "close",
            reason => reason,
        };
        let what = match reason {
            _ if prompt.folded || prompt.preview || prompt.complete => None,
            "later" => Some(What::Later),
            "never" => Some(What::Refused),
            _ if prompt.answered => None,
            _ => Some(What::Declined),
        };
        if let Some(what) = what {
            let place = self.place(prompt.tab);
            self.model.borrow_mut().note(&place, what, prompt.survey, prompt.id, self.now.get());
        }
        self.spawn(prompt.tab, agent.closed(self.setting.surveys[prompt.survey].id.into(), reason));
    }

    /// Everything is erased; Asklet is gone from every page that is there.
    fn forget(&self) {
        let open = self.open.borrow().clone();
        for tab in &open {
            if let Some(agent) = self.agent(*tab) {
                agent.forget();
                agent.stop();
            }
            self.kill(*tab);
            let it = &mut self.tabs.borrow_mut()[*tab];
            (it.stopped, it.own, it.history) = (true, None, 0);
        }
        *self.open.borrow_mut() = open;
        *self.store.borrow_mut() = State::default();
        *self.note.borrow_mut() = Value::Null;
        self.noted.borrow_mut().clear();
        self.visit.set(None);
        self.model.borrow_mut().forget();
    }
}

// --- the ports -------------------------------------------------------------------------------------------------

impl Ports for Edge {
    fn spawn(&self, work: Task<'static, ()>) {
        self.world.spawn(self.tab, work);
    }

    fn platform(&self) -> &dyn Platform {
        &Bare
    }
}

impl Clock for Edge {
    fn now(&self) -> Millis {
        self.world.device()
    }

    fn sleep(&self, span: Millis) -> Task<'_, ()> {
        // No browser's timer can be set to more.
        let end = self.world.now.get() + span.clamp(0, i32::MAX.into());
        let id = self.world.next_number();
        self.world.timers.borrow_mut().push((id, end));
        let timer = Timer(self.world.clone(), id);
        Box::pin(poll_fn(move |_| {
            if timer.0.now.get() < end {
                return Poll::Pending;
            }
            timer.0.moved.set(true);
            Poll::Ready(())
        }))
    }

    fn alarm(&self, _: Millis) {}
}

impl Entropy for Edge {
    fn fill(&self, bytes: &mut [u8]) {
        let mut random = self.world.random.borrow_mut();
        bytes.fill_with(|| random.next() as u8);
    }
}

impl Store for Edge {
    fn transact<'a>(&'a self, step: Box<dyn FnOnce(&mut State) + 'a>) -> Task<'a, bool> {
        Box::pin(async move {
            let world = &self.world;
            let ticket = {
                let tickets = &mut world.tabs.borrow_mut()[self.tab].tickets;
                tickets.0 += 1;
                tickets.0 - 1
            };
            world.dawdle().await;
            poll_fn(
                |_| if world.tabs.borrow()[self.tab].tickets.1 == ticket { Poll::Ready(()) } else { Poll::Pending },
            )
            .await;
            let own = world.tabs.borrow_mut()[self.tab].own.take();
            let durable = own.is_none();
            let mut state = own.unwrap_or_else(|| world.store.take());
            step(&mut state);
            // As it comes back from the device. Not always: it takes time.
            let state = if world.seed.is_multiple_of(4) { State::from_rows(&state.rows()) } else { state };
            if durable {
                *world.store.borrow_mut() = state;
            } else {
                world.tabs.borrow_mut()[self.tab].own = Some(state);
            }
            world.tabs.borrow_mut()[self.tab].tickets.1 += 1;
            world.transactions.set(world.transactions.get() + 1);
            world.moved.set(true);
            world.model.borrow_mut().looked(&world.place(self.tab), world.now.get());
            world.dawdle().await;
            durable
        })
    }

    fn dash(&self, record: &Record) {
        let records = &mut self.world.store.borrow_mut().outbox.records;
        records.retain(|other| other.id != record.id);
        records.push(record.clone());
    }
}

impl Transport for Edge {
    fn lock(&self, name: &'static str) -> Task<'_, Option<Box<dyn Any>>> {
        Box::pin(async move {
            self.world.dawdle().await;
            if self.world.locks.borrow().iter().any(|(held, _, _)| *held == name) {
                return None;
            }
            let id = self.world.next_number();
            self.world.locks.borrow_mut().push((name, self.tab, id));
            let lock: Box<dyn Any> = Box::new(Lock(self.world.me.clone(), id));
            self.world.dawdle().await;
            Some(lock)
        })
    }

    fn deliver<'a>(&'a self, _: &'a Value, documents: &'a [&'a Value], _: u32) -> Task<'a, Result<Sent, Fault>> {
        Box::pin(async move {
            let reply = self.world.kind.online.then(|| Reply { status: 200, ..Reply::default() });
            Ok((vec![outcome(reply.as_ref().map(|reply| reply.status)); documents.len()], reply))
        })
    }
}

impl Page for Edge {
    fn url(&self) -> String {
        ["https://shop.example", self.world.tabs.borrow()[self.tab].path].concat()
    }

    fn languages(&self) -> Vec<String> {
        vec!["en".into()]
    }

    fn facts(&self) -> Facts {
        Facts { device: "desktop", language: "en".into(), ..Facts::default() }
    }

    fn opts_out(&self) -> bool {
        false
    }

    fn understands(&self, _: &str, _: &str) -> bool {
        true
    }

    fn busy(&self) -> Vec<&'static str> {
        self.world.tabs.borrow()[self.tab].busy.clone()
    }

    fn note(&self, note: &Value) {
        *self.world.note.borrow_mut() = note.clone();
        self.world.noted.borrow_mut().push(self.tab);
        self.world.moved.set(true);
    }

    fn has_slot(&self, survey: &str) -> bool {
        let survey = self.world.survey(survey);
        self.world.tabs.borrow()[self.tab].slots[survey]
    }

    fn wording<'a>(&'a self, _: &'a str) -> Task<'a, Value> {
        Box::pin(async { Value::Null })
    }

    fn emit(&self, event: &'static str, detail: Value) {
        let world = &self.world;
        let id = detail.get("survey").text().unwrap_or_default();
        match event {
            "eligible" => world.model.borrow_mut().told_eligible(&world.place(self.tab), world.survey(id)),
            "suppressed" => {
                let place = world.place(self.tab);
                world.model.borrow_mut().suppressed(&place, world.survey(id), world.now.get());
            }
            _ => {}
        }
        if ["eligible", "suppressed", "dismissed", "error"].contains(&event) {
            world.say(|| format!("{:>14}    page {}: {event} {id}", "", self.tab));
        }
    }

    fn warn(&self, _: &str) {}
}

impl View for Edge {
    fn open(&self, ask: Ask) -> bool {
        let world = &self.world;
        let survey = world.survey(&ask.survey.id);
        let over = ask.survey.placement == Placement::Popover;
        let place = world.place(self.tab);
        if !over && !place.slots[survey] {
            return false;
        }
        world.say(|| format!("{:>14}    page {}: {} OPENS", "", self.tab, ask.survey.id));
        let prompt = Prompt {
            id: 0,
            tab: self.tab,
            survey,
            over,
            refusable: ask.refusable,
            second: false,
            at: world.now.get(),
            by_itself: !ask.invited,
            preview: false,
            folded: false,
            held: false,
            answered: false,
            complete: false,
        };
        let (store, tabs) = (world.store.borrow(), world.tabs.borrow());
        let memory = &tabs[self.tab].own.as_ref().unwrap_or(&store).memory;
        let mut stored = [false; 3];
        for moment in memory.moments() {
            stored[world.survey(moment.get("survey").text().unwrap_or_default())] = true;
        }
        world.model.borrow_mut().opened(&place, prompt, stored, memory.place(&ask.survey.id));
        true
    }

    fn is_up(&self, survey: &str) -> bool {
        let survey = self.world.survey(survey);
        self.world.model.borrow().prompts.iter().any(|prompt| prompt.tab == self.tab && prompt.survey == survey)
    }

    fn close(&self, survey: &str) {
        let survey = self.world.survey(survey);
        let prompts = &mut self.world.model.borrow_mut().prompts;
        let found = prompts.iter().position(|prompt| prompt.tab == self.tab && prompt.survey == survey);
        found.map(|index| prompts.remove(index));
    }

    fn fold(&self, survey: &str, _: &'static str) {
        self.set_folded(survey, true);
    }

    fn unfold(&self, survey: &str) {
        self.set_folded(survey, false);
    }

    fn is_held(&self, survey: &str) -> bool {
        let survey = self.world.survey(survey);
        let held = |prompt: &Prompt| prompt.tab == self.tab && prompt.survey == survey && prompt.held;
        self.world.model.borrow().prompts.iter().any(held)
    }

    fn tell(&self, _: &str, saving: Saving) {
        if saving == Saving::Preview {
            self.world.model.borrow_mut().was_preview(&self.world.place(self.tab));
        }
    }
}

impl Edge {
    fn set_folded(&self, survey: &str, folded: bool) {
        let survey = self.world.survey(survey);
        for prompt in &mut self.world.model.borrow_mut().prompts {
            if prompt.tab == self.tab && prompt.survey == survey {
                prompt.folded = folded;
            }
        }
    }
}
