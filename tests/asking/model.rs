//! What ought to happen, told plainly: a list of all that truly happened with its true time, and the rules as loops over
//! it. Nothing here is shared with the code under test.
//!
//! A device's clock may be wrong. The model knows by how much (`error`: how far the clock that a tab goes by is ahead), and
//! promises only what a device can know:
//!
//! - While the clock keeps its error, a wait is as long as it should be, to the millisecond.
//! - It is shortened by no more than the clock was set forward since its lowest stand while the wait ran. A clock that
//!   shows a time before the release counts for nothing in this.
//! - One full wait after Asklet has first looked at a clock that has not been touched since, the wait is over.
//!
//! Between the two it may be either way ([`Truth::Unsure`]): there the model takes over what the device has stored.

use std::rc::Rc;

use asklet::core::time::{DAY, MINUTE, Millis, RELEASED, SECOND};
use asklet::ports::State;

use crate::setting::{On, Setting, Spans};

/// Whether a rule holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truth {
    Yes,
    No,
    Unsure,
}

/// What happened with a survey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// It was shown; `true`: a popover that came up by itself.
    Shown(bool),
    Declined,
    Later,
    Refused,
    Answered,
}

#[derive(Clone, Debug)]
struct Fact {
    what: What,
    survey: usize,
    at: Millis,
    error: Millis,
    session: u32,
    /// Whether it may have been taken back: that is so only if all went by the same clock since.
    maybe: bool,
    /// The prompt with which it happened.
    prompt: usize,
}

/// A touchpoint was met, and waits to be asked.
#[derive(Clone, Debug)]
struct Waiting {
    survey: usize,
    touchpoint: usize,
    at: Millis,
    /// Whether the clock was left alone since.
    sure: bool,
    /// The tabs that must know of it.
    known_to: Vec<usize>,
    /// Since when one of them could ask it.
    free_since: Option<Millis>,
    /// Whether the page was told that it is not asked, with good reason.
    suppressed: bool,
}

/// Something seen on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen {
    Event {
        name: &'static str,
        total: i64,
    },
    Page,
    /// The slot of an inline survey: there at the page view, or turned up later.
    Slot(usize),
    Click(&'static str),
    Watched {
        survey: usize,
        touchpoint: usize,
    },
}

/// A prompt on the screen.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub id: usize,
    pub tab: usize,
    pub survey: usize,
    pub over: bool,
    /// Whether it came up by itself over the page.
    pub refusable: bool,
    /// Whether it was called for while another tab had one: it does not count for the others.
    pub second: bool,
    /// When it came up, and whether by itself.
    pub at: Millis,
    pub by_itself: bool,
    pub preview: bool,
    pub folded: bool,
    pub held: bool,
    pub answered: bool,
    pub complete: bool,
}

/// A tab, as it is just now.
#[derive(Clone, Debug)]
pub struct Place {
    pub tab: usize,
    pub history: usize,
    /// How far the clock that it goes by is ahead of true time.
    pub error: Millis,
    pub path: &'static str,
    pub busy: Vec<&'static str>,
    pub slots: [bool; 3],
    /// Number of the session and pages seen, by the tab's last page view, and by the device's.
    pub visit: (u32, u32),
    pub device_visit: (u32, u32),
    /// Whether the widget is there.
    pub awake: bool,
    /// Whether another tab is about to ask.
    pub floor_taken: bool,
}

/// What happened as far as one storage knows: the device's, or the memory of a tab whose storage fails.
#[derive(Clone, Debug, Default)]
struct History {
    facts: Vec<Fact>,
    counts: [[u32; 2]; 3],
    /// When the event before was seen, and whether the clock was left alone since.
    after: [[Option<(Millis, bool)>; 2]; 3],
    waiting: Vec<Waiting>,
    /// When Asklet may have looked at the clock, and its error then.
    looks: Vec<(Millis, Millis)>,
    /// When it must have looked at it: the widget began, or its tab could be seen again.
    beginnings: Vec<(Millis, Millis)>,
    /// Surveys of which only the device knows where they stand.
    loose: [bool; 3],
    draws: [Option<f64>; 3],
    /// How many moments were made, and how many the page was told of.
    eligible: [(usize, usize); 3],
}

pub struct Model {
    setting: Rc<Setting>,
    /// Whether servers' clocks can be read.
    dated: bool,
    histories: Vec<History>,
    pub prompts: Vec<Prompt>,
    prompts_ever: usize,
    changed_at: Millis,
    /// The clock's error, as long as it is the same for everybody.
    steady: Option<Millis>,
    /// What came up by itself: when and which survey.
    pub asked: Vec<(Millis, usize)>,
    pub violation: Option<String>,
}

impl Model {
    pub fn new(setting: Rc<Setting>, dated: bool, offset: Millis) -> Self {
        Model {
            setting,
            dated,
            histories: vec![History::default()],
            prompts: Vec::new(),
            prompts_ever: 0,
            changed_at: 0,
            steady: (!dated).then_some(offset),
            asked: Vec::new(),
            violation: None,
        }
    }

    fn fail(&mut self, sentence: String) {
        self.violation.get_or_insert(sentence);
    }

    fn id(&self, survey: usize) -> &'static str {
        self.setting.surveys[survey].id
    }

    // --- the rules ---------------------------------------------------------------------------------------

    /// Whether the wait after a fact is over.
    fn is_over(&self, history: &History, fact: &Fact, wait: Millis, error: Millis, now: Millis) -> Truth {
        let elapsed = now - fact.at;
        let believed = |at: Millis, error: Millis| at + error >= RELEASED;
        let counts = |at: Millis, other: Millis| believed(at, other) || !believed(now, error);
        let looks = || history.looks.iter().filter(|(at, _)| *at >= fact.at);
        if fact.error == error && looks().all(|(_, other)| *other == error) && counts(fact.at, error) {
            return match elapsed >= wait {
                false => Truth::No,
                true if self.dated && fact.at < self.changed_at => Truth::Unsure,
                true => Truth::Yes,
            };
        }
        let mut lowest = error;
        for (at, other) in looks().copied().chain([(fact.at, fact.error)]) {
            if counts(at, other) {
                lowest = lowest.min(other);
            }
        }
        if elapsed < wait - (error - lowest) {
            return Truth::No;
        }
        // Since when the clock was left alone, and the first look at it after that.
        let alone = looks().rev().take_while(|(_, other)| *other == error).last().map_or(now, |(at, _)| *at);
        let alone = if self.dated { alone.max(self.changed_at) } else { alone };
        let mut beginnings = history.beginnings.iter();
        let look = beginnings.find(|(at, other)| *at >= alone && *other == error && counts(*at, error));
        if look.is_some_and(|(at, _)| now - at >= wait) { Truth::Yes } else { Truth::Unsure }
    }

    /// Every rule but manners, with whether it holds. The first of the pair is true for those that make a survey settled.
    fn rules(&self, place: &Place, survey: usize, now: Millis) -> Vec<(bool, &'static str, Truth)> {
        let setting = self.setting.clone();
        let about = &setting.surveys[survey];
        let history = &self.histories[place.history];
        let mut rules = Vec::new();
        let truth = |holds| if holds { Truth::Yes } else { Truth::No };

        if let Some(sample) = about.sample {
            let drawn = match (sample, history.draws[survey]) {
                (0.0, _) => Truth::No,
                (1.0, _) => Truth::Yes,
                (_, None) => Truth::Unsure,
                (_, Some(draw)) => truth(draw < sample * 10_000.0),
            };
            rules.push((true, "sample", drawn));
        }
        // What the visitor does at the very moment may not be stored yet.
        let by_itself = |id: usize| self.prompts.iter().any(|prompt| prompt.id == id && prompt.by_itself);
        let fresh = |fact: &Fact| {
            let shown = matches!(fact.what, What::Shown(_)) && by_itself(fact.prompt);
            history.loose[survey] && fact.at == now && !shown
        };
        let mut refusals = history.facts.iter().filter(|fact| fact.what == What::Refused);
        let refused = match refusals.next() {
            None => Truth::Yes,
            Some(fact) if fresh(fact) => Truth::Unsure,
            Some(_) => Truth::No,
        };
        rules.push((true, "refused", refused));

        let mut wait = |name, is: &dyn Fn(What) -> bool, of: Option<usize>, wait: Millis| {
            if wait > 0 {
                let mut all = Truth::Yes;
                for fact in &history.facts {
                    if is(fact.what) && of.is_none_or(|survey| survey == fact.survey) {
                        match self.is_over(history, fact, wait, place.error, now) {
                            Truth::Yes => {}
                            Truth::No if !fresh(fact) && !fact.maybe => all = Truth::No,
                            _ if all == Truth::Yes => all = Truth::Unsure,
                            _ => {}
                        }
                    }
                }
                rules.push((true, name, all));
            }
        };
        type Of = fn(&Spans) -> Option<Millis>;
        let kinds: [(&str, &str, What, Of, Millis); 3] = [
            ("answered", "answered_across", What::Answered, |spans| spans.answered, 180 * DAY),
            ("declined", "declined_across", What::Declined, |spans| spans.declined, 90 * DAY),
            ("later", "later_across", What::Later, |spans| spans.later, 7 * DAY),
        ];
        for (own, across, what, of, default) in kinds {
            wait(own, &|other| other == what, Some(survey), setting.wait(survey, of, default));
            wait(across, &|other| other == what, None, of(&setting.across).unwrap_or_default());
        }
        let shown = setting.wait(survey, |spans| spans.shown, 0);
        wait("shown", &|what| matches!(what, What::Shown(_)), Some(survey), shown);
        if !about.inline {
            wait("quiet", &|what| what == What::Shown(true), None, setting.quiet.unwrap_or(30 * DAY));
            rules.push((false, "per_session", self.is_room_in_session(place, history)));
        }
        let mut at_least = |name, least: Option<u32>, counts: (u32, u32)| {
            if let Some(least) = least {
                let agreed = (counts.0 >= least) == (counts.1 >= least);
                rules.push((false, name, if agreed { truth(counts.0 >= least) } else { Truth::Unsure }));
            }
        };
        at_least("sessions", about.sessions, (place.visit.0, place.device_visit.0));
        at_least("pages_seen", about.pages_seen, (place.visit.1, place.device_visit.1));
        rules
    }

    /// Whether the session has not had its share. A tab that has not seen that a new session began goes by the old one.
    fn is_room_in_session(&self, place: &Place, history: &History) -> Truth {
        let session = place.visit.0;
        if session != place.device_visit.0 {
            return Truth::Unsure;
        }
        let (mut shown, mut last) = (0, session);
        for fact in &history.facts {
            if fact.what == What::Shown(true) {
                last = fact.session;
                shown += u32::from(fact.session == session);
            }
        }
        match shown < self.setting.per_session.unwrap_or(1) {
            true => Truth::Yes,
            false if last != session => Truth::Unsure,
            false => Truth::No,
        }
    }

    /// Whether the survey is settled: nothing about it counts.
    fn settled(&self, place: &Place, survey: usize, now: Millis) -> Truth {
        let mut settled = Truth::No;
        for (settles, _, holds) in self.rules(place, survey, now) {
            match holds {
                Truth::No if settles => return Truth::Yes,
                Truth::Unsure if settles => settled = Truth::Unsure,
                _ => {}
            }
        }
        settled
    }

    // --- what is seen ------------------------------------------------------------------------------------

    /// Whether a signal is what a touchpoint waits for.
    fn matches(&self, place: &Place, survey: usize, touchpoint: usize, seen: Seen) -> bool {
        let about = &self.setting.surveys[survey];
        let wanted = &about.touchpoints[touchpoint];
        let meets = match (wanted.on, seen) {
            (On::Event { name, at_least }, Seen::Event { name: seen, total }) => {
                name == seen && at_least.is_none_or(|least| total >= least)
            }
            (On::Page, Seen::Page) => !about.inline,
            (On::Page, Seen::Slot(of)) => of == survey,
            (On::Click(selector), Seen::Click(seen)) => selector == seen,
            (On::Watched(_), Seen::Watched { survey: of, touchpoint: index }) => of == survey && index == touchpoint,
            _ => false,
        };
        meets && wanted.allows(place.path)
    }

    /// Something is seen on a page.
    pub fn signal(&mut self, place: &Place, seen: Seen, now: Millis) {
        self.compare_clocks(place);
        for survey in 0..self.setting.surveys.len() {
            let is_event = |name: &str| matches!(seen, Seen::Event { name: seen, .. } if seen == name);
            let setting = self.setting.clone();
            let touchpoints = &setting.surveys[survey].touchpoints;
            // Taking something back counts always, and comes first.
            let waiting = &mut self.histories[place.history].waiting;
            waiting.retain(|waiting| {
                waiting.survey != survey || !touchpoints[waiting.touchpoint].cancel_on.is_some_and(is_event)
            });
            // What happens around its own prompt is nothing to a survey.
            if self.prompts.iter().any(|prompt| prompt.tab == place.tab && prompt.survey == survey) {
                continue;
            }
            let settled = self.settled(place, survey, now);
            for (index, touchpoint) in touchpoints.iter().enumerate() {
                let matches = self.matches(place, survey, index, seen);
                let comes_before = touchpoint.after.is_some_and(|(event, _)| is_event(event));
                match settled {
                    Truth::Yes => {}
                    Truth::Unsure => self.histories[place.history].loose[survey] |= matches || comes_before,
                    Truth::No => {
                        if matches {
                            self.met(place, survey, index, now);
                        }
                        if comes_before {
                            // What a clock dates that cannot be right may be forgotten.
                            let sure = now + place.error >= RELEASED;
                            self.histories[place.history].after[survey][index] = Some((now, sure));
                        }
                    }
                }
            }
        }
    }

    /// A touchpoint's signal was seen: whether that makes its moment is a matter of what was seen before.
    fn met(&mut self, place: &Place, survey: usize, index: usize, now: Millis) {
        let setting = self.setting.clone();
        let touchpoint = &setting.surveys[survey].touchpoints[index];
        let history = &mut self.histories[place.history];
        if let Some((_, within)) = touchpoint.after {
            let Some((before, sure)) = history.after[survey][index] else { return };
            if !sure {
                history.loose[survey] = true;
                return;
            }
            if within.is_some_and(|within| now - before > within) {
                return;
            }
            history.after[survey][index] = None;
        }
        let count = &mut history.counts[survey][index];
        if touchpoint.nth.is_some() || touchpoint.every.is_some() {
            *count += 1;
        }
        if touchpoint.nth.is_some_and(|nth| *count != nth)
            || touchpoint.every.is_some_and(|every| !(*count).is_multiple_of(every))
        {
            return;
        }
        history.waiting.retain(|waiting| now <= waiting.until(&setting) || !waiting.sure);
        if history.waiting.iter().any(|waiting| waiting.survey == survey) {
            history.loose[survey] |= history.waiting.iter().any(|waiting| waiting.survey == survey && !waiting.sure);
            return;
        }
        history.waiting.push(Waiting {
            survey,
            touchpoint: index,
            at: now,
            sure: true,
            known_to: vec![place.tab],
            free_since: None,
            suppressed: false,
        });
        history.eligible[survey].0 += 1;
    }

    // --- what comes up -----------------------------------------------------------------------------------

    /// Whether nothing of a survey may come up by itself on this page just now.
    fn is_bad_time(&self, place: &Place, survey: usize, now: Millis) -> Option<&'static str> {
        let mut prompts = self.prompts.iter();
        if self.setting.surveys[survey].inline {
            let up = prompts.any(|prompt| prompt.tab == place.tab && prompt.survey == survey);
            return if up {
                Some("is up already")
            } else {
                place.busy.iter().find(|why| **why == "quiet_mark").copied()
            };
        }
        if self.prompts.iter().any(|prompt| prompt.over && prompt.tab == place.tab) {
            return Some("another prompt stands over this page");
        }
        // What was called for in another tab at the very moment nobody can know of.
        let loose = self.histories[place.history].loose[survey];
        if prompts.any(|it| it.over && !it.second && !(loose && !it.by_itself && it.at == now)) {
            return Some("another tab has a prompt");
        }
        if place.floor_taken {
            return Some("another tab is about to ask");
        }
        place.busy.first().copied()
    }

    /// A prompt was drawn.
    ///
    /// `stored` says which surveys have a moment in storage, `draw` the visitor's place in this one's sample.
    pub fn opened(&mut self, place: &Place, mut prompt: Prompt, stored: [bool; 3], draw: Option<f64>) {
        let (by_itself, now) = (prompt.by_itself, prompt.at);
        let (survey, setting) = (prompt.survey, self.setting.clone());
        let (name, about) = (self.id(survey), &setting.surveys[survey]);
        self.histories[place.history].draws[survey] = draw;
        if by_itself {
            self.check_asked(place, survey, stored, now);
            // The one that came up by itself has the floor.
            self.prompts.iter_mut().for_each(|other| other.second |= prompt.over && other.tab != place.tab);
            self.asked.push((now, survey));
        } else if prompt.over && self.prompts.iter().any(|other| other.tab == place.tab && other.over) {
            self.fail(format!("two prompts stand over one page: {name} was called"));
        } else if about.inline && self.prompts.iter().any(|other| other.tab == place.tab && other.survey == survey) {
            self.fail(format!("{name} is up twice: it was called"));
        }
        self.note(place, What::Shown(by_itself && prompt.over), survey, self.prompts_ever + 1, now);
        self.prompts_ever += 1;
        prompt.id = self.prompts_ever;
        // Where tabs are at it at once, another may have had the floor for a moment.
        prompt.second = !by_itself && self.histories[place.history].loose[survey];
        for other in self.prompts.iter_mut().filter(|other| other.over && other.tab != place.tab) {
            prompt.second = true;
            // Of two that are called for at once either may have the floor.
            other.second |= !by_itself && !other.by_itself && other.at == now;
        }
        self.prompts.push(prompt);
    }

    /// The prompt that was drawn last was only a preview: nothing of it counts.
    pub fn was_preview(&mut self, place: &Place) {
        let last = self.prompts_ever;
        self.histories[place.history].facts.retain(|fact| fact.prompt != last);
        self.prompts.iter_mut().filter(|prompt| prompt.id == last).for_each(|prompt| prompt.preview = true);
    }

    /// A prompt came up by itself: was that right?
    fn check_asked(&mut self, place: &Place, survey: usize, stored: [bool; 3], now: Millis) {
        let (setting, name) = (self.setting.clone(), self.id(survey));
        for (_, rule, holds) in self.rules(place, survey, now) {
            if holds == Truth::No {
                self.fail(format!("{name} came up by itself against the rule {rule}"));
            }
        }
        if let Some(why) = self.is_bad_time(place, survey, now) {
            self.fail(format!("{name} came up by itself at a bad time: {why}"));
        }
        if setting.surveys[survey].inline && !place.slots[survey] {
            self.fail(format!("{name} came up without a slot"));
        }
        let history = &self.histories[place.history];
        if history.loose[survey] {
            return;
        }
        let Some(index) = history.waiting.iter().position(|waiting| waiting.survey == survey) else {
            return self.fail(format!("{name} came up by itself, and no moment of it was waiting"));
        };
        let waiting = &history.waiting[index];
        let delay = waiting.delay(&setting);
        if waiting.sure && now < waiting.at + delay {
            self.fail(format!("{name} came up before its delay was over"));
        } else if waiting.sure && now > waiting.until(&setting) {
            self.fail(format!("{name} came up when it was too late"));
        }
        let history = &self.histories[place.history];
        for other in &history.waiting {
            let higher = setting.surveys[other.survey].priority > setting.surveys[survey].priority;
            let is_due = now >= other.at + other.delay(&setting) && now <= other.until(&setting);
            if higher
                && is_due
                && other.sure
                && !other.suppressed
                && stored[other.survey]
                && !history.loose[other.survey]
                && other.known_to.contains(&place.tab)
                && self.is_bad_time(place, other.survey, now).is_none()
            {
                return self.fail(format!("{name} went before {}, which is due and goes first", self.id(other.survey)));
            }
        }
        self.histories[place.history].waiting.remove(index);
    }

    /// The page was told that a survey is not asked.
    pub fn suppressed(&mut self, place: &Place, survey: usize, now: Millis) {
        let about = &self.setting.surveys[survey];
        let good = !self.setting.endpoint
            || about.inline && !place.slots[survey]
            || self.rules(place, survey, now).iter().any(|(_, _, holds)| *holds != Truth::Yes);
        for waiting in &mut self.histories[place.history].waiting {
            waiting.suppressed |= good && waiting.survey == survey;
        }
    }

    /// The page was told that a survey's moment was made.
    pub fn told_eligible(&mut self, place: &Place, survey: usize) {
        self.histories[place.history].eligible[survey].1 += 1;
    }

    // --- what the visitor does ---------------------------------------------------------------------------

    pub fn note(&mut self, place: &Place, what: What, survey: usize, prompt: usize, now: Millis) {
        let session = place.visit.0;
        let fact = Fact { what, survey, at: now, error: place.error, session, maybe: false, prompt };
        self.histories[place.history].facts.push(fact);
    }

    /// It is taken back how a prompt was closed.
    pub fn undo(&mut self, history: usize, prompt: usize) {
        let closing = |what| matches!(what, What::Declined | What::Later | What::Refused);
        let (dated, changed_at) = (self.dated, self.changed_at);
        self.histories[history].facts.retain_mut(|fact| {
            let it = fact.prompt == prompt && closing(fact.what);
            fact.maybe |= it && fact.what != What::Refused && (dated || fact.at <= changed_at);
            !it || fact.maybe
        });
    }

    /// Whether `show()` has to bring up a survey on this page.
    pub fn must_show(&self, place: &Place, survey: usize) -> bool {
        let about = &self.setting.surveys[survey];
        let covered = self.prompts.iter().any(|prompt| prompt.tab == place.tab && prompt.over && !prompt.folded);
        self.setting.endpoint && if about.inline { place.slots[survey] } else { !covered }
    }

    // --- tabs, clocks and storage ------------------------------------------------------------------------

    /// Asklet looked at what is stored, and at the clock.
    pub fn looked(&mut self, place: &Place, now: Millis) {
        self.compare_clocks(place);
        let looks = &mut self.histories[place.history].looks;
        if looks.last() != Some(&(now, place.error)) {
            looks.push((now, place.error));
        }
    }

    /// Where this tab goes by another clock than the last that looked, nothing that was dated is sure.
    fn compare_clocks(&mut self, place: &Place) {
        if self.histories[place.history].looks.last().is_some_and(|(_, error)| *error != place.error) {
            self.unsettle(place.history);
        }
    }

    fn unsettle(&mut self, history: usize) {
        let history = &mut self.histories[history];
        history.waiting.iter_mut().for_each(|waiting| waiting.sure = false);
        history.after.iter_mut().flatten().flatten().for_each(|(_, sure)| *sure = false);
    }

    /// The clock was set.
    pub fn clock_changed(&mut self, now: Millis) {
        self.changed_at = now;
        self.steady = None;
        (0..self.histories.len()).for_each(|history| self.unsettle(history));
    }

    /// Nobody was there for a while: timers were late.
    pub fn slept(&mut self) {
        self.histories
            .iter_mut()
            .flat_map(|history| &mut history.waiting)
            .for_each(|waiting| waiting.free_since = None);
    }

    /// A tab sees what is stored: its widget has begun, or it can be seen again.
    pub fn begins(&mut self, place: &Place, now: Millis) {
        self.compare_clocks(place);
        let history = &mut self.histories[place.history];
        history.beginnings.push((now, place.error));
        for waiting in &mut history.waiting {
            if !waiting.known_to.contains(&place.tab) {
                waiting.known_to.push(place.tab);
            }
        }
    }

    /// Two tabs see something at once: which comes first is open.
    pub fn anything_may_be(&mut self) {
        self.histories.iter_mut().for_each(|history| history.loose = [true; 3]);
    }

    pub fn tab_gone(&mut self, tab: usize) {
        self.prompts.retain(|prompt| prompt.tab != tab);
    }

    /// A tab's storage fails: from here on it has its own memory. Returns the number of that history.
    pub fn part(&mut self, history: usize) -> usize {
        self.histories.push(self.histories[history].clone());
        self.histories.len() - 1
    }

    pub fn forget(&mut self) {
        self.histories = vec![History::default()];
        self.prompts.clear();
    }

    // --- when nothing moves ------------------------------------------------------------------------------

    /// Nothing moves any more at this time: what is stored is held against what ought to be.
    pub fn quiet(&mut self, number: usize, state: &State, places: &[Place], now: Millis) {
        let setting = self.setting.clone();
        for (survey, about) in setting.surveys.iter().enumerate() {
            let draw = state.memory.place(about.id);
            let history = &mut self.histories[number];
            if history.draws[survey].is_some() && draw != history.draws[survey] {
                let sentence = format!("{} was drawn anew: {draw:?}", about.id);
                self.fail(sentence);
            }
            self.histories[number].draws[survey] = draw;
            self.compare_moments(number, survey, state, places, now);
            self.compare_counts(number, survey, state);
            self.histories[number].loose[survey] = false;
        }
        self.check_nobody_waits_in_vain(number, places, now);
        if !setting.endpoint && self.prompts.iter().any(|prompt| !prompt.preview) {
            self.fail("somebody is asked, and there is no place for an answer".into());
        }
    }

    fn compare_moments(&mut self, number: usize, survey: usize, state: &State, places: &[Place], now: Millis) {
        let setting = self.setting.clone();
        let name = self.id(survey);
        let stored = state.memory.moments().iter().find(|moment| moment.get("survey").text() == Some(name));
        let stored = stored.map(|moment| {
            let number = |key| moment.get(key).millis().unwrap();
            (number("touchpoint") as usize, number("at"), number("until"))
        });
        let look = self.histories[number].looks.last();
        if let (Some((_, at, _)), Some((looked_at, error))) = (stored, look)
            && self.histories[number].beginnings.last() == look
            && *looked_at == now
            && at > now + error
        {
            return self.fail(format!("a moment of {name} was met in the future: it would wait for ever"));
        }
        let history = &mut self.histories[number];
        let known = history.waiting.iter().position(|waiting| waiting.survey == survey);
        if let Some(index) = known {
            let waiting = &mut history.waiting[index];
            let in_time = now <= waiting.until(&setting);
            let fits = stored.is_some_and(|(touchpoint, _, _)| touchpoint == waiting.touchpoint);
            if waiting.sure && in_time && !fits && !waiting.suppressed && !history.loose[survey] {
                return self.fail(format!("a moment of {name} is gone, and nothing spoke against it"));
            }
            waiting.suppressed = false;
            // By another tab's clock it may be in time.
            waiting.sure &= in_time || !self.dated;
            if fits && (in_time || !waiting.sure) && !history.loose[survey] {
                return;
            }
            history.waiting.remove(index);
        }
        let Some((touchpoint, at, until)) = stored else { return };
        // It is cleared away when somebody looks.
        let out_of_date = places.iter().all(|place| until < now + place.error);
        if out_of_date || known.is_some() && !self.histories[number].loose[survey] {
            return;
        }
        if !self.histories[number].loose[survey] && self.steady.is_some() {
            return self.fail(format!("a moment of {name} waits that no signal has made"));
        }
        self.histories[number].waiting.push(Waiting {
            survey,
            touchpoint,
            at: self.steady.map_or(now, |error| at - error),
            sure: self.steady.is_some(),
            known_to: Vec::new(),
            free_since: None,
            suppressed: false,
        });
    }

    fn compare_counts(&mut self, number: usize, survey: usize, state: &State) {
        let name = self.id(survey);
        let loose = self.histories[number].loose[survey];
        for index in 0..self.setting.surveys[survey].touchpoints.len() {
            let stored = state.memory.count(name, index);
            let seen = stored.get("seen").millis().unwrap_or_default() as u32;
            let noted = stored.get("after").millis();
            let history = &mut self.histories[number];
            let (count, after) = (&mut history.counts[survey][index], &mut history.after[survey][index]);
            let sure = after.is_none_or(|(_, sure)| sure);
            if loose {
                *count = seen;
                let sure = |at: Millis| self.steady.is_some() && at >= RELEASED;
                *after = noted.map(|at| (self.steady.map_or(0, |error| at - error), sure(at)));
            } else if seen != *count {
                let sentence = format!("{name} has counted {seen} signals where {count} fit");
                return self.fail(sentence);
            } else if sure && noted.is_some() != after.is_some() {
                let (noted, wanted) = (noted.is_some(), after.is_some());
                return self.fail(format!("{name}: the event before is noted: {noted}, and ought to be: {wanted}"));
            } else if !sure && noted.is_none() {
                *after = None;
            }
        }
        let (made, told) = &mut self.histories[number].eligible[survey];
        if loose {
            *made = *told;
        } else if made != told {
            let (made, told) = (*made, *told);
            self.fail(format!("{name}: {made} moments were made, and the page was told of {told}"));
        }
    }

    /// A moment that could be asked is asked within a second: that often it is looked at.
    fn check_nobody_waits_in_vain(&mut self, number: usize, places: &[Place], now: Millis) {
        let setting = self.setting.clone();
        for index in 0..self.histories[number].waiting.len() {
            let waiting = &self.histories[number].waiting[index];
            let survey = waiting.survey;
            let is_due = now >= waiting.at + waiting.delay(&setting) && now <= waiting.until(&setting);
            let free = waiting.sure
                && is_due
                && places.iter().any(|place| {
                    place.history == number
                        && place.awake
                        && waiting.known_to.contains(&place.tab)
                        && self.is_bad_time(place, survey, now).is_none()
                });
            let waiting = &mut self.histories[number].waiting[index];
            let since = if free { *waiting.free_since.get_or_insert(now) } else { now };
            if !free {
                waiting.free_since = None;
            }
            if now - since >= SECOND {
                let name = self.id(survey);
                return self.fail(format!("{name} is due, nothing speaks against asking, and it is not looked at"));
            }
        }
    }

    /// What `explain()` says of a survey is held against the rules.
    pub fn explained(&mut self, place: &Place, survey: usize, rules: &[(String, bool)], now: Millis) {
        let name = self.id(survey);
        for (_, rule, holds) in self.rules(place, survey, now) {
            let told = rules.iter().find(|(told, _)| told == rule).map(|(_, holds)| *holds);
            if told.is_none() || holds == Truth::Yes && told == Some(false) || holds == Truth::No && told == Some(true)
            {
                self.fail(format!("explain() says of {name} that {rule} holds: {told:?}, and it is {holds:?}"));
            }
        }
    }
}

impl Waiting {
    fn delay(&self, setting: &Setting) -> Millis {
        setting.surveys[self.survey].touchpoints[self.touchpoint].delay
    }

    /// When it is too late.
    fn until(&self, setting: &Setting) -> Millis {
        let delay = self.delay(setting);
        self.at + delay + delay.max(30 * MINUTE)
    }
}
