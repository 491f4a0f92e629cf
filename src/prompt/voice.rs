//! How a prompt speaks: the words, filled, in one language.

use std::rc::Rc;

use leptos::web_sys::js_sys::Number;

use crate::core::config::problem::whole;
use crate::core::survey::Question;
use crate::core::text::{Wording, fill, fill_in, pick};
use crate::core::value::Value;

/// How a prompt speaks.
#[derive(Clone, Default)]
pub struct Voice {
    /// What `{about}` stands for.
    pub about: String,
    /// What other names in braces stand for: texts and whole numbers, by name.
    pub attributes: Value,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// The built-in texts in it.
    pub wording: Rc<Wording>,
    /// What the key is called that goes into the prompt and back.
    pub key: String,
}

impl Voice {
    /// A text of the owner's.
    pub(super) fn say(&self, text: &Value) -> String {
        self.fill(pick(text, &self.language))
    }

    /// A built-in text, with `values` in it.
    pub fn get(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill_in(self.wording.get(key, 0), values)
    }

    /// The question: the owner's words, or the built-in ones.
    pub(super) fn ask(&self, question: &Question) -> String {
        match question.built_in() {
            Some(key) => self.fill(self.wording.get(key, 0)),
            None => self.say(question.0.get("text")),
        }
    }

    /// The sentence that is read out when a prompt comes up.
    pub fn announcement(&self, question: &Question) -> String {
        self.get("announcement", &[("question", &self.ask(question)), ("key", &self.key)])
    }

    /// A small whole number in the digits of the language.
    pub(super) fn number(&self, number: i64) -> String {
        Number::from(number as f64).to_locale_string(&self.language).into()
    }

    /// That at most so many can be chosen.
    pub(super) fn most(&self, count: i64) -> String {
        fill_in(self.wording.form("most", count), &[("count", &self.number(count))])
    }

    fn fill(&self, text: &str) -> String {
        fill(text, &|name| {
            let known = self.attributes.get(name);
            match (name, known.number()) {
                ("about", _) => (!self.about.is_empty()).then(|| self.about.clone()),
                (_, Some(number)) if number == number.trunc() => Some(whole(number as i64)),
                _ => known.text().map(String::from),
            }
        })
    }
}
