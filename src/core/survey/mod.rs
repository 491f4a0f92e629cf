//! Surveys: what is asked, on which scale, in which order.

mod flow;
mod presets;
mod question;

pub use flow::{Flow, is_due};
pub use presets::{built_in, preset, published};
pub use question::{Answer, Kind, Metric, Question, Scale};

use std::rc::Rc;

use crate::core::value::Value;

/// Where on the page a prompt stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Over a corner of the page; comes up by itself.
    Popover,
    /// In the page, in the owner's `<asklet-survey>` slot.
    Inline,
}

impl Placement {
    /// As a config writes it.
    pub fn name(self) -> &'static str {
        match self {
            Placement::Popover => "popover",
            Placement::Inline => "inline",
        }
    }
}

/// A survey's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Its name in responses and in `show()`.
    pub id: String,
    /// What the wording's `{about}` stands for: a text, or texts by language.
    pub about: Value,
    /// The questions; at least one.
    pub questions: Rc<[Question]>,
    /// Where it is asked.
    pub placement: Placement,
    /// When it is asked: the config's `touchpoints`, checked. See [`touchpoint::matches`](crate::core::touchpoint::matches).
    pub touchpoints: Vec<Value>,
    /// How long it stays away: the config's `frequency` of the survey, checked. See
    /// [`frequency::judge`](crate::core::frequency::judge).
    pub frequency: Value,
    /// Whom to ask: the config's `audience`, checked. See [`audience::judge`](crate::core::audience::judge).
    pub audience: Value,
    /// Of several surveys whose moment has come the highest goes first.
    pub priority: i32,
}
