//! Touchpoints: the moments at which a survey may be asked, and the signals that are held against them.

mod condition;
mod glob;

pub use condition::{Condition, Operator};
pub use glob::Pages;

use crate::core::time::Millis;
use crate::core::value::{Value, map};

/// Something seen on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// The page said that something happened.
    Event {
        /// Its name.
        name: String,
        /// What the page said about it.
        properties: Value,
    },
    /// A page was entered: first load, or navigation within the site.
    Page {
        /// Only for this survey: an inline one whose slot turned up later than the page.
        survey: Option<String>,
    },
    /// An element was activated.
    Click {
        /// The touchpoint's selector, which the element matches.
        selector: String,
    },
}

impl Signal {
    /// Reads a signal as the loader hands it over; `None` for one of an unknown type.
    pub fn read(value: &Value) -> Option<Signal> {
        let text = |key| value.get(key).text().map(String::from);
        Some(match value.get("type").text()? {
            "event" => Signal::Event { name: text("name")?, properties: value.get("properties").clone() },
            "page" => Signal::Page { survey: text("survey") },
            "click" => Signal::Click { selector: text("selector")? },
            _ => return None,
        })
    }
}

/// What a touchpoint waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum On {
    /// An event of this name whose properties meet every condition.
    Event(String, Vec<Condition>),
    /// A page view.
    Page,
    /// A click on an element that matches this CSS selector.
    Click(String),
    /// Nothing: only `show()` asks.
    Call,
}

/// A configured moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Touchpoint {
    /// What it waits for.
    pub on: On,
    /// On which pages.
    pub pages: Pages,
    /// How long to wait between the signal and the prompt.
    pub delay: Millis,
    /// The step of the customer journey, passed on with the response.
    pub stage: Option<String>,
}

impl Touchpoint {
    /// Whether `signal`, seen on the page at `url`, is what it waits for in `survey`.
    pub fn matches(&self, signal: &Signal, survey: &str, url: &str) -> bool {
        let meets = match (&self.on, signal) {
            (On::Event(wanted, conditions), Signal::Event { name, properties }) => {
                wanted == name && conditions.iter().all(|condition| condition.holds(properties.get(&condition.subject)))
            }
            (On::Page, Signal::Page { survey: only }) => only.as_deref().is_none_or(|only| only == survey),
            (On::Click(wanted), Signal::Click { selector }) => wanted == selector,
            _ => false,
        };
        meets && self.pages.allow(url)
    }

    /// What the response says of it: `{ on, name?, stage? }`.
    pub fn document(&self) -> Value {
        let (on, name) = match &self.on {
            On::Event(name, _) => ("event", Some(name.as_str())),
            On::Page => ("page", None),
            On::Click(_) => ("click", None),
            On::Call => ("call", None),
        };
        map([("on", on.into()), ("name", name.into()), ("stage", self.stage.as_deref().into())])
    }
}
