//! What happens, step by step: drawn at random, carried out, and made shorter where it shows something wrong.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use asklet::core::time::{DAY, HOUR, MINUTE, Millis, RELEASED, SECOND};

use crate::random::Random;
use crate::setting::{EVENTS, PATHS, SELECTORS, Setting};
use crate::world::{Kind, World};

/// Something happens. Tabs, surveys and prompts are counted around: the third of two is the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    // In a tab, on its page.
    Track {
        tab: usize,
        name: &'static str,
        total: i64,
    },
    Click {
        tab: usize,
        selector: &'static str,
    },
    Watched {
        tab: usize,
        survey: usize,
        touchpoint: usize,
    },
    View {
        tab: usize,
        path: &'static str,
    },
    Load {
        tab: usize,
        path: &'static str,
        slots: bool,
    },
    Slot {
        tab: usize,
        survey: usize,
        on: bool,
    },
    Manner {
        tab: usize,
        why: &'static str,
        on: bool,
    },
    // What the page calls.
    Show {
        tab: usize,
        survey: usize,
    },
    Preview {
        tab: usize,
        survey: usize,
    },
    PageCloses {
        tab: usize,
    },
    Explain {
        tab: usize,
    },
    // Tabs come and go; one may die without a word, or have its storage fail.
    Open {
        path: &'static str,
        slots: bool,
    },
    Close {
        tab: usize,
    },
    Kill {
        tab: usize,
    },
    Fail {
        tab: usize,
    },
    // What the visitor does with a prompt.
    Answer {
        prompt: usize,
        complete: bool,
    },
    Refuse {
        prompt: usize,
        reason: &'static str,
    },
    /// And the tab dies as soon as that is stored.
    RefuseAndDie {
        prompt: usize,
        reason: &'static str,
    },
    Undo {
        prompt: usize,
    },
    Hold {
        prompt: usize,
        on: bool,
    },
    // The device.
    Wait(Millis),
    Clock(Millis),
    ClockRight,
    Forget,
}

/// A step, and whether the next one follows at once, before anything could be done about this one.
pub type Rush = (Step, bool);

/// Spans to wait: those that configs have, so that a wait may be met to the millisecond, and some around them.
const SPANS: [Millis; 20] = [
    1,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    8 * SECOND,
    10 * SECOND,
    10 * SECOND - 1,
    10 * SECOND + 1,
    10 * MINUTE,
    10 * MINUTE,
    10 * MINUTE - 1,
    30 * MINUTE,
    30 * MINUTE + 1,
    HOUR,
    HOUR,
    DAY,
    DAY - 1,
    30 * DAY,
    90 * DAY,
    400 * DAY,
];

impl Step {
    pub fn tab(&self) -> Option<usize> {
        match *self {
            Step::Track { tab, .. }
            | Step::Click { tab, .. }
            | Step::Watched { tab, .. }
            | Step::View { tab, .. }
            | Step::Load { tab, .. }
            | Step::Slot { tab, .. }
            | Step::Manner { tab, .. }
            | Step::Show { tab, .. }
            | Step::Preview { tab, .. }
            | Step::PageCloses { tab }
            | Step::Explain { tab }
            | Step::Close { tab }
            | Step::Kill { tab }
            | Step::Fail { tab } => Some(tab),
            _ => None,
        }
    }

    /// Whether all that is under way comes to its end before it, and all that it sets going before the next.
    fn stands_alone(&self) -> bool {
        matches!(
            self,
            Step::Close { .. }
                | Step::Kill { .. }
                | Step::Load { .. }
                | Step::Fail { .. }
                | Step::RefuseAndDie { .. }
                | Step::Explain { .. }
                | Step::Manner { on: false, .. }
                | Step::Wait(_)
                | Step::Clock(_)
                | Step::ClockRight
                | Step::Forget
        )
    }

    /// Some steps that belong together.
    fn scene(random: &mut Random, tabs: usize) -> Vec<Step> {
        let tab = random.below(tabs);
        let track = |tab, name| Step::Track { tab, name, total: 60 };
        let name = random.pick(&EVENTS);
        let mut refuse = || Step::Refuse {
            prompt: random.below(3),
            reason: random.pick(&["close", "close", "escape", "later", "later", "never"]),
        };
        let (one, other) = (refuse(), refuse());
        let undo = Step::Undo { prompt: random.below(3) };
        let wait = Step::Wait(random.pick(&SPANS));
        match random.below(5) {
            0 => vec![track(0, name), track(1, name), one, other, undo],
            1 => vec![one, other, undo, track(tab, name)],
            2 => vec![Step::Show { tab, survey: random.below(3) }, one, undo, wait],
            3 => vec![one, undo, other],
            _ => {
                vec![Step::Answer { prompt: random.below(2), complete: random.chance(50) }, one, wait, track(tab, name)]
            }
        }
    }

    fn random(random: &mut Random, kind: Kind, tabs: usize, clocks: bool, fails: bool) -> Step {
        let tab = random.below(tabs);
        let survey = random.below(3);
        let prompt = random.below(2);
        let on = random.chance(50);
        match random.below(100) {
            0..=29 => Step::Track { tab, name: random.pick(&EVENTS), total: random.pick(&[10, 50, 60]) },
            30..=34 => Step::View { tab, path: random.pick(&PATHS) },
            35..=39 => Step::Load { tab, path: random.pick(&PATHS), slots: random.chance(70) },
            40..=42 => Step::Click { tab, selector: random.pick(&SELECTORS) },
            43..=45 => Step::Watched { tab, survey, touchpoint: random.below(2) },
            46..=48 => Step::Manner { tab, why: random.pick(&["typing", "dialog", "quiet_mark"]), on },
            49..=51 => Step::Manner { tab, why: "hidden", on },
            52..=53 => Step::Slot { tab, survey, on },
            54..=55 => Step::Show { tab, survey },
            56 => random.pick(&[Step::Preview { tab, survey }, Step::PageCloses { tab }]),
            57 => Step::Explain { tab },
            58..=59 if tabs > 1 => Step::Open { path: random.pick(&PATHS), slots: random.chance(70) },
            60 if tabs > 1 => random.pick(&[Step::Close { tab }, Step::Kill { tab }]),
            61..=65 => Step::Answer { prompt, complete: on },
            66..=72 => Step::Refuse { prompt, reason: random.pick(&["close", "escape", "later", "later", "never"]) },
            73 => Step::RefuseAndDie { prompt, reason: random.pick(&["close", "later", "never"]) },
            74..=76 => Step::Undo { prompt },
            77 => Step::Hold { prompt, on },
            78 if random.chance(15) => Step::Forget,
            79 if fails => Step::Fail { tab },
            80..=84 if clocks => match random.below(3) {
                0 => Step::ClockRight,
                _ => {
                    let by =
                        random.pick(&[MINUTE, 10 * MINUTE, HOUR, DAY, 30 * DAY, 100 * DAY, 400 * DAY, 1_800 * DAY]);
                    Step::Clock(if random.chance(60) { -by } else { by })
                }
            },
            _ => Step::Wait(if kind.gated && random.chance(2) { 800 * DAY } else { random.pick(&SPANS) }),
        }
    }
}

/// Everything that one run needs.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub seed: u64,
    pub setting: Setting,
    pub kind: Kind,
    pub steps: Vec<Rush>,
}

/// What came of a run.
pub struct Outcome {
    pub violation: Option<String>,
    pub log: Vec<String>,
    /// When, since the beginning, which survey came up by itself.
    pub asked: Vec<(Millis, usize)>,
}

impl Schedule {
    pub fn random(seed: u64) -> Schedule {
        let mut random = Random(seed);
        // One tab and a clock that is right; tabs that come in each other's way; clocks that are set; storage that fails.
        let flavour = random.pick(&[0, 0, 0, 0, 1, 1, 1, 2, 2, 3]);
        let setting = Setting::random(&mut random);
        let offsets = [0, 0, 0, HOUR, -DAY, -40 * DAY, 400 * DAY, -1_900 * DAY, 1_900 * DAY];
        let kind = Kind {
            gated: flavour != 3 && random.chance(50),
            racy: flavour == 1 || flavour == 3,
            dated: flavour == 2 && random.chance(40),
            online: random.chance(75),
            offset: if flavour == 2 { random.pick(&offsets) } else { 0 },
            start: RELEASED + random.pick(&[1, 30, 400, 2_000]) * DAY,
        };
        let tabs = if flavour == 1 { 3 } else { 1 + usize::from(flavour > 1 && random.chance(40)) };
        let mut steps = vec![(Step::Open { path: random.pick(&PATHS), slots: random.chance(70) }, false)];
        if tabs > 1 {
            steps.push((Step::Open { path: random.pick(&PATHS), slots: random.chance(70) }, false));
        }
        let count = 10 + random.below(14);
        while steps.len() < count {
            if random.chance(7) {
                let scene = Step::scene(&mut random, tabs);
                steps.extend(scene.into_iter().map(|step| (step, kind.racy && random.chance(5))));
            } else {
                let step = Step::random(&mut random, kind, tabs, flavour == 2, flavour == 3);
                steps.push((step, kind.racy && random.chance(15)));
            }
        }
        Schedule { seed, setting, kind, steps }
    }

    /// Carries it out.
    pub fn run(&self, log: bool) -> Outcome {
        let world = World::new(&self.setting, self.kind, self.seed, log);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let mut at_rest = true;
            for (step, rush) in &self.steps {
                if !at_rest && step.stands_alone() {
                    world.settle();
                }
                world.act(step);
                at_rest = !rush || step.stands_alone();
                if at_rest {
                    world.settle();
                }
                if world.violation().is_some() {
                    return;
                }
            }
            world.settle();
        }));
        if let Err(panic) = done {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
            // Whatever it held is left where it is: it may be in any state.
            return Outcome { violation: Some(format!("it panicked: {said}")), log: Vec::new(), asked: Vec::new() };
        }
        let log = world.end();
        let model = world.model.borrow();
        Outcome {
            violation: model.violation.clone(),
            log,
            asked: model.asked.iter().map(|(at, survey)| (at - self.kind.start, *survey)).collect(),
        }
    }

    /// How many prompts came up by themselves; or what is wrong, with the run itself, or, with one tab and a clock that is
    /// right, between the two loaders.
    pub fn fault(&self) -> Result<usize, String> {
        let look = |schedule: &Schedule| {
            let outcome = schedule.run(false);
            outcome.violation.map_or(Ok(outcome.asked), Err)
        };
        let asked = look(self)?;
        if self.is_plain() {
            let other = look(&self.other_loader())?;
            if asked != other {
                let (gated, eager) = if self.kind.gated { (&asked, &other) } else { (&other, &asked) };
                let tell = |asked: &[(Millis, usize)]| -> Vec<String> {
                    let one = |(at, survey): &(Millis, usize)| {
                        format!("{} at {}", self.setting.surveys[*survey].id, say_span(*at))
                    };
                    asked.iter().map(one).collect()
                };
                let (gated, eager) = (tell(gated), tell(eager));
                return Err(format!("the gate changes what is asked: {gated:?} with it, {eager:?} without"));
            }
        }
        Ok(asked.len())
    }

    fn is_plain(&self) -> bool {
        let opens = self.steps.iter().filter(|(step, _)| matches!(step, Step::Open { .. })).count();
        let samples =
            self.setting.surveys.iter().any(|survey| survey.sample.is_some_and(|share| share > 0.0 && share < 1.0));
        // Where chance has its part the two runs would have to draw in the same order.
        // And one in two is enough.
        self.seed % 2 == 1
            && opens == 1
            && self.kind.offset == 0
            && !self.kind.racy
            && !samples
            && !self.steps.iter().any(|(step, _)| step.sets_clock())
            && !self.kind.dated
    }

    fn other_loader(&self) -> Schedule {
        Schedule { kind: Kind { gated: !self.kind.gated, ..self.kind }, ..self.clone() }
    }

    /// The shortest that still goes wrong, that is found by leaving out one thing after the other.
    pub fn shrink(self) -> Schedule {
        let mut least = self;
        loop {
            let mut candidates: Vec<Schedule> = Vec::new();
            for half in [least.steps.len() / 2, least.steps.len() / 4] {
                if half > 1 {
                    candidates.extend(least.steps.chunks(half).enumerate().map(|(index, _)| {
                        let mut steps = least.steps.clone();
                        let end = ((index + 1) * half).min(steps.len());
                        steps.drain(index * half..end);
                        Schedule { steps, ..least.clone() }
                    }));
                }
            }
            for index in 0..least.steps.len() {
                let mut steps = least.steps.clone();
                steps.remove(index);
                candidates.push(Schedule { steps, ..least.clone() });
            }
            for (index, (_, rush)) in least.steps.iter().enumerate() {
                if *rush {
                    let mut steps = least.steps.clone();
                    steps[index].1 = false;
                    candidates.push(Schedule { steps, ..least.clone() });
                }
            }
            candidates.extend(least.setting.simpler().into_iter().map(|setting| Schedule { setting, ..least.clone() }));
            let simpler = [
                Kind { racy: false, ..least.kind },
                Kind { dated: false, ..least.kind },
                Kind { online: true, ..least.kind },
                Kind { offset: 0, ..least.kind },
                Kind { gated: false, ..least.kind },
            ];
            let kinds = simpler.into_iter().filter(|kind| *kind != least.kind);
            candidates.extend(kinds.map(|kind| Schedule { kind, ..least.clone() }));
            match candidates.into_iter().find(|candidate| candidate.fault().is_err()) {
                Some(candidate) => least = candidate,
                None => return least,
            }
        }
    }

    /// For a person to read.
    pub fn report(&self) -> String {
        let fault = self.fault().err().unwrap_or_default();
        let mut log = self.run(true).log;
        if self.run(false).violation.is_none() {
            log.push("the same with the other loader:".into());
            log.extend(self.other_loader().run(true).log);
        }
        let rushes: Vec<usize> = (0..self.steps.len()).filter(|index| self.steps[*index].1).collect();
        format!(
            "seed {}: {fault}\n{:?}, without rest after steps {rushes:?}\n{}\n{}",
            self.seed,
            self.kind,
            self.setting,
            log.join("\n")
        )
    }
}

impl Step {
    fn sets_clock(&self) -> bool {
        matches!(self, Step::Clock(_) | Step::ClockRight)
    }
}

/// A span in words: `2d 3h`.
pub fn say_span(span: Millis) -> String {
    let mut rest = span.abs();
    let mut words = Vec::new();
    for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (1, "ms")] {
        if rest >= unit {
            words.push(format!("{}{name}", rest / unit));
            rest %= unit;
        }
    }
    let words = if words.is_empty() { "0s".into() } else { words.join(" ") };
    if span < 0 { format!("-{words}") } else { words }
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        if let Some(tab) = self.tab() {
            write!(to, "tab {tab}: ")?;
        }
        match self {
            Step::Track { name, total, .. } => write!(to, "track({name}, {{ total: {total} }})"),
            Step::Click { selector, .. } => write!(to, "click on {selector}"),
            Step::Watched { survey, touchpoint, .. } => {
                write!(to, "what touchpoint {touchpoint} of survey {survey} watches")
            }
            Step::View { path, .. } => write!(to, "goes on to {path}, within the page"),
            Step::Load { path, slots, .. } => write!(to, "loads {path}{}", with(*slots)),
            Step::Slot { survey, on, .. } => {
                write!(to, "slot of survey {survey} {}", if *on { "appears" } else { "goes" })
            }
            Step::Manner { why, on, .. } => write!(to, "{why}: {on}"),
            Step::Show { survey, .. } => write!(to, "show(survey {survey})"),
            Step::Preview { survey, .. } => write!(to, "show(survey {survey}, {{ preview: true }})"),
            Step::PageCloses { .. } => write!(to, "close()"),
            Step::Explain { .. } => write!(to, "explain()"),
            Step::Open { path, slots } => write!(to, "a tab opens on {path}{}", with(*slots)),
            Step::Close { .. } => write!(to, "is closed"),
            Step::Kill { .. } => write!(to, "dies"),
            Step::Fail { .. } => write!(to, "storage fails from now on"),
            Step::Answer { prompt, complete } => write!(to, "prompt {prompt}: answered, complete: {complete}"),
            Step::Refuse { prompt, reason } => write!(to, "prompt {prompt}: closed ({reason})"),
            Step::RefuseAndDie { prompt, reason } => {
                write!(to, "prompt {prompt}: closed ({reason}), and the tab dies once that is stored")
            }
            Step::Undo { prompt } => write!(to, "folded prompt {prompt}: undo"),
            Step::Hold { prompt, on } => write!(to, "prompt {prompt}: pointed at: {on}"),
            Step::Wait(span) => write!(to, "wait {}", say_span(*span)),
            Step::Clock(by) => write!(to, "the clock is set by {}", say_span(*by)),
            Step::ClockRight => write!(to, "the clock is set right"),
            Step::Forget => write!(to, "forget()"),
        }
    }
}

fn with(slots: bool) -> &'static str {
    if slots { ", with slots" } else { "" }
}
