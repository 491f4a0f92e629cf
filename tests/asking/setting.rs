//! What an owner configures, in the test's own words, and as the document that Asklet reads.

use std::fmt;

use asklet::core::Value;
use asklet::core::time::{DAY, HOUR, MINUTE, Millis, SECOND};

use crate::random::Random;

pub const EVENTS: [&str; 3] = ["x", "y", "z"];
pub const PATHS: [&str; 3] = ["/", "/shop/1", "/help"];
pub const SELECTORS: [&str; 2] = ["#buy", ".more"];
const NAMES: [&str; 3] = ["a", "b", "c"];

/// How long to stay away after something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spans {
    pub shown: Option<Millis>,
    pub declined: Option<Millis>,
    pub answered: Option<Millis>,
    pub later: Option<Millis>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum On {
    Event { name: &'static str, at_least: Option<i64> },
    Page,
    Click(&'static str),
    Watched(&'static str),
    Call,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Touchpoint {
    pub on: On,
    pub pages: Option<&'static str>,
    pub nth: Option<u32>,
    pub every: Option<u32>,
    pub after: Option<(&'static str, Option<Millis>)>,
    pub delay: Millis,
    pub cancel_on: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    pub id: &'static str,
    pub inline: bool,
    pub priority: i32,
    pub sample: Option<f64>,
    /// The audience's least number of the session, and of pages seen.
    pub sessions: Option<u32>,
    pub pages_seen: Option<u32>,
    pub waits: Spans,
    pub touchpoints: Vec<Touchpoint>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub endpoint: bool,
    pub quiet: Option<Millis>,
    pub per_session: Option<u32>,
    pub waits: Spans,
    pub across: Spans,
    pub surveys: Vec<Survey>,
}

impl Setting {
    /// A config without quiet time.
    pub fn new(surveys: Vec<Survey>) -> Setting {
        let none = Spans::default();
        Setting { endpoint: true, quiet: Some(0), per_session: Some(100), waits: none, across: none, surveys }
    }

    /// A config of one to three surveys. Most spans are short: much is to happen in few steps.
    pub fn random(random: &mut Random) -> Setting {
        let spans = |random: &mut Random, percent, spans: &[Millis]| Spans {
            shown: random.maybe(percent / 2, spans),
            declined: random.maybe(percent, spans),
            answered: random.maybe(percent, spans),
            later: random.maybe(percent, spans),
        };
        let short = [0, 0, 10 * SECOND, 10 * MINUTE, HOUR, DAY];
        let any = [0, 10 * SECOND, 10 * MINUTE, DAY, 30 * DAY, 400 * DAY];
        let surveys = 1 + random.below(3);
        Setting {
            endpoint: !random.chance(2),
            quiet: random.maybe(80, &[0, 0, 0, 10 * SECOND, 10 * MINUTE, DAY, 100 * DAY]),
            per_session: random.maybe(70, &[1, 2, 5, 100, 100]),
            waits: spans(random, 60, &any),
            across: Spans { shown: None, ..spans(random, 15, &short) },
            surveys: NAMES[..surveys].iter().map(|id| Survey::random(id, random, spans)).collect(),
        }
    }

    /// The wait of a survey after something, as the config says or by default.
    pub fn wait(&self, survey: usize, of: fn(&Spans) -> Option<Millis>, default: Millis) -> Millis {
        of(&self.surveys[survey].waits).or_else(|| of(&self.waits)).unwrap_or(default)
    }

    /// The document.
    pub fn document(&self) -> Value {
        let spans = |spans: &Spans| {
            vec![
                ("shown", span(spans.shown)),
                ("declined", span(spans.declined)),
                ("answered", span(spans.answered)),
                ("later", span(spans.later)),
            ]
        };
        let mut frequency = spans(&self.waits);
        frequency.push(("quiet", span(self.quiet)));
        frequency.push(("per_session", self.per_session.map(f64::from).into()));
        if self.across != Spans::default() {
            frequency.push(("across", object(spans(&self.across))));
        }
        let url = if self.endpoint { "/responses" } else { "ftp://nowhere" };
        let survey = |survey: &Survey| {
            let at_least = |n: Option<u32>| n.map(|n| object(vec![("gte", f64::from(n).into())]));
            let audience = object(vec![
                ("sample", survey.sample.into()),
                ("sessions", at_least(survey.sessions).into()),
                ("pages_seen", at_least(survey.pages_seen).into()),
            ]);
            let question = vec![("id", "q".into()), ("kind", "text".into()), ("text", "?".into())];
            object(vec![
                ("id", survey.id.into()),
                ("questions", Value::List(vec![object(question)])),
                ("placement", if survey.inline { "inline".into() } else { Value::Null }),
                ("priority", if survey.priority == 0 { Value::Null } else { f64::from(survey.priority).into() }),
                ("frequency", some(object(spans(&survey.waits)))),
                ("audience", some(audience)),
                ("touchpoints", Value::List(survey.touchpoints.iter().map(Touchpoint::document).collect())),
            ])
        };
        object(vec![
            ("delivery", object(vec![("url", url.into())])),
            ("frequency", some(object(frequency))),
            ("surveys", Value::List(self.surveys.iter().map(survey).collect())),
        ])
    }

    /// Every config that is this one with one thing less.
    pub fn simpler(&self) -> Vec<Setting> {
        let mut simpler = Vec::new();
        let mut add = |change: &dyn Fn(&mut Setting)| {
            let mut less = self.clone();
            change(&mut less);
            if less != *self {
                simpler.push(less);
            }
        };
        if self.surveys.len() > 1 {
            add(&|setting| drop(setting.surveys.pop()));
        }
        add(&|setting| setting.quiet = Some(0));
        add(&|setting| setting.per_session = None);
        add(&|setting| setting.waits = Spans::default());
        add(&|setting| setting.across = Spans::default());
        type Clear = fn(&mut Spans);
        let clears: [Clear; 4] = [
            |spans| spans.shown = None,
            |spans| spans.declined = None,
            |spans| spans.answered = None,
            |spans| spans.later = None,
        ];
        for clear in clears {
            add(&|setting| clear(&mut setting.waits));
            add(&|setting| clear(&mut setting.across));
        }
        for index in 0..self.surveys.len() {
            add(&|setting| setting.surveys[index].priority = 0);
            add(&|setting| setting.surveys[index].sample = None);
            add(&|setting| setting.surveys[index].sessions = None);
            add(&|setting| setting.surveys[index].pages_seen = None);
            add(&|setting| setting.surveys[index].waits = Spans::default());
            for clear in clears {
                add(&|setting| clear(&mut setting.surveys[index].waits));
            }
            if self.surveys[index].touchpoints.len() > 1 {
                add(&|setting| {
                    setting.surveys[index].touchpoints.pop();
                });
                add(&|setting| {
                    setting.surveys[index].touchpoints.remove(0);
                });
            }
            for place in 0..self.surveys[index].touchpoints.len() {
                let mut less = |change: fn(&mut Touchpoint)| {
                    add(&|setting| {
                        if let Some(touchpoint) = setting.surveys[index].touchpoints.get_mut(place) {
                            change(touchpoint);
                        }
                    });
                };
                less(|touchpoint| touchpoint.pages = None);
                less(|touchpoint| touchpoint.nth = None);
                less(|touchpoint| touchpoint.every = None);
                less(|touchpoint| touchpoint.after = None);
                less(|touchpoint| touchpoint.delay = 0);
                less(|touchpoint| touchpoint.cancel_on = None);
                less(|touchpoint| {
                    if let On::Event { at_least, .. } = &mut touchpoint.on {
                        *at_least = None;
                    }
                });
            }
        }
        simpler
    }
}

impl Survey {
    /// A popover.
    pub fn new(id: &'static str, touchpoints: Vec<Touchpoint>) -> Survey {
        Survey {
            id,
            inline: false,
            priority: 0,
            sample: None,
            sessions: None,
            pages_seen: None,
            waits: Spans::default(),
            touchpoints,
        }
    }

    pub fn inline(self) -> Survey {
        Survey { inline: true, ..self }
    }

    fn random(id: &'static str, random: &mut Random, spans: impl Fn(&mut Random, usize, &[Millis]) -> Spans) -> Survey {
        let own = [0, 10 * SECOND, 10 * MINUTE, HOUR, DAY, 90 * DAY];
        let touchpoints = 1 + random.below(2);
        Survey {
            id,
            inline: random.chance(25),
            priority: random.pick(&[0, 0, 0, 5, -5, 100]),
            sample: random.maybe(25, &[0.0, 0.3, 0.3, 1.0]),
            sessions: random.maybe(8, &[1, 2, 3]),
            pages_seen: random.maybe(8, &[1, 2, 4]),
            waits: spans(random, 20, &own),
            touchpoints: (0..touchpoints).map(|_| Touchpoint::random(random)).collect(),
        }
    }
}

impl Touchpoint {
    pub fn new(on: On) -> Touchpoint {
        Touchpoint { on, pages: None, nth: None, every: None, after: None, delay: 0, cancel_on: None }
    }

    pub fn event(name: &'static str) -> Touchpoint {
        Touchpoint::new(On::Event { name, at_least: None })
    }

    fn random(random: &mut Random) -> Touchpoint {
        let on = match random.below(20) {
            0..=11 => On::Event { name: random.pick(&EVENTS), at_least: random.maybe(20, &[50]) },
            12..=14 => On::Page,
            15..=16 => On::Click(random.pick(&SELECTORS)),
            17..=18 => On::Watched(random.pick(&["scroll", "exit_intent"])),
            _ => On::Call,
        };
        if on == On::Call {
            return Touchpoint::new(on);
        }
        let nth = random.maybe(15, &[1, 2, 3]);
        Touchpoint {
            on,
            pages: random.maybe(20, &["/shop/**", "!/help"]),
            nth,
            every: if nth.is_none() { random.maybe(15, &[1, 2, 3]) } else { None },
            after: random
                .chance(20)
                .then(|| (random.pick(&EVENTS), random.maybe(60, &[10 * SECOND, 10 * MINUTE, DAY]))),
            delay: random.pick(&[0, 0, 0, 2 * SECOND, 10 * SECOND, 10 * MINUTE, HOUR, DAY]),
            cancel_on: random.maybe(20, &EVENTS),
        }
    }

    fn document(&self) -> Value {
        let mut members: Vec<(&str, Value)> = Vec::new();
        match self.on {
            On::Event { name, at_least } => {
                members.extend([("on", "event".into()), ("name", name.into())]);
                if let Some(least) = at_least {
                    let condition = object(vec![("property", "total".into()), ("gte", least.into())]);
                    members.push(("where", Value::List(vec![condition])));
                }
            }
            On::Page => members.push(("on", "page".into())),
            On::Click(selector) => members.extend([("on", "click".into()), ("selector", selector.into())]),
            On::Watched(kind) => {
                members.push(("on", kind.into()));
                if kind == "scroll" {
                    members.push(("percent", 50.0.into()));
                }
            }
            On::Call => members.push(("on", "call".into())),
        }
        let after = self.after.map(|(event, within)| object(vec![("event", event.into()), ("within", span(within))]));
        let list = |text: Option<&str>| text.map(|text| Value::List(vec![text.into()])).into();
        members.extend([
            ("pages", list(self.pages)),
            ("nth", self.nth.map(f64::from).into()),
            ("every", self.every.map(f64::from).into()),
            ("after", after.into()),
            ("delay", if self.delay > 0 { span(Some(self.delay)) } else { Value::Null }),
            ("cancel_on", list(self.cancel_on)),
        ]);
        object(members)
    }

    /// Whether its `pages` take in a path.
    pub fn allows(&self, path: &str) -> bool {
        match self.pages {
            Some("/shop/**") => path.starts_with("/shop"),
            Some("!/help") => path != "/help",
            _ => true,
        }
    }
}

/// A map without the members that are nothing.
fn object(members: Vec<(&str, Value)>) -> Value {
    Value::Map(
        members.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.into(), value)).collect(),
    )
}

/// Nothing instead of an empty map.
fn some(value: Value) -> Value {
    if value.entries().is_empty() { Value::Null } else { value }
}

fn span(span: Option<Millis>) -> Value {
    span.map(|span| format!("{}s", span / SECOND)).into()
}

impl fmt::Display for Setting {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let document = self.document();
        let line = |value: &Value| serde_json::to_string(value).unwrap_or_default();
        writeln!(to, "frequency {}, delivery {}", line(document.get("frequency")), line(document.get("delivery")))?;
        for survey in document.get("surveys").list() {
            writeln!(
                to,
                "survey {}",
                line(survey).replace(r#""questions":[{"id":"q","kind":"text","text":"?"}],"#, "")
            )?;
        }
        Ok(())
    }
}
