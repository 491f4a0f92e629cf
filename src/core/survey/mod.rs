//! Surveys: what is asked, on which scale, in which order.

mod flow;
mod order;
mod presets;
mod question;

pub use flow::{Flow, is_due};
pub use order::shuffled;
pub use presets::preset;
pub use question::{Answer, Kind, Metric, OTHER, Question, Scale};

use std::rc::Rc;

use crate::core::value::Value;

/// Where on the page a prompt stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Over an edge or a corner of the page, or beside an element; on a narrow screen a sheet.
    Popover,
    /// In the page, in the owner's `<asklet-survey>` slot.
    Inline,
    /// Over the page, which waits meanwhile.
    Modal,
    /// Over the lower edge of the page, as wide as that.
    Sheet,
    /// Behind a button at the edge of the page, until the visitor opens it.
    Tab,
}

impl Placement {
    /// The placement that a config writes as `name`.
    pub fn named(name: &str) -> Self {
        match name {
            "inline" => Placement::Inline,
            "modal" => Placement::Modal,
            "sheet" => Placement::Sheet,
            "tab" => Placement::Tab,
            _ => Placement::Popover,
        }
    }

    /// As a config writes it.
    pub fn name(self) -> &'static str {
        match self {
            Placement::Popover => "popover",
            Placement::Inline => "inline",
            Placement::Modal => "modal",
            Placement::Sheet => "sheet",
            Placement::Tab => "tab",
        }
    }

    /// Whether it stands over the page: then it comes up alone, and not often.
    pub fn covers(self) -> bool {
        !matches!(self, Placement::Inline | Placement::Tab)
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
    /// The survey as the config has it, checked; what only its drawing needs is read of this.
    pub value: Value,
    /// Of several surveys whose moment has come the highest goes first.
    pub priority: i32,
}
