//! Surveys: what is asked, on which scale, in which order.

mod flow;
mod presets;
mod question;

pub use flow::{Flow, is_due};
pub use presets::preset;
pub use question::{Answer, Kind, Link, Metric, Question, Scale};

use std::rc::Rc;

use crate::core::text::Localized;
use crate::core::time::Millis;
use crate::core::touchpoint::Touchpoint;

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
    /// What the wording's `{about}` stands for.
    pub about: Localized,
    /// The questions; at least one.
    pub questions: Rc<[Question]>,
    /// Where it is asked.
    pub placement: Placement,
    /// When it is asked.
    pub touchpoints: Vec<Touchpoint>,
    /// How long it stays away after the visitor closed it unanswered.
    pub declined: Millis,
    /// How long it stays away after an answer.
    pub answered: Millis,
}
