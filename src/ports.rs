//! What the agent needs of the outside world.
//!
//! The browser implements these traits in `browser`; tests implement them over plain values.

use std::any::Any;
use std::pin::Pin;
use std::rc::Rc;

use crate::core::audience::Facts;
use crate::core::delivery::template::Fault;
use crate::core::delivery::{Outcome, Reply};
use crate::core::frequency::Memory;
use crate::core::outbox::{Meta, Outbox, Parked, Record};
use crate::core::platform::Platform;
use crate::core::survey::{Placement, Survey};
use crate::core::text::Wording;
use crate::core::time::Millis;
use crate::core::value::Value;

/// Work under way. Boxed, so that each piece of work is in the wasm once and not once for every caller.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// All of them.
pub trait Ports: Clock + Entropy + Store + Transport + Page + View {
    /// Carries work to its end, beside everything else.
    fn spawn(&self, work: Task<'static, ()>);
    /// The platform below, as the core knows it.
    fn platform(&self) -> &dyn Platform;
}

/// Time.
pub trait Clock {
    /// The time now, milliseconds since 1970.
    fn now(&self) -> Millis;
    /// Waits so many milliseconds.
    fn sleep(&self, span: Millis) -> Task<'_, ()>;
    /// Sets the one alarm, which makes the agent drain the outbox, to go off after so many milliseconds.
    fn alarm(&self, span: Millis);
}

/// Randomness.
pub trait Entropy {
    /// Fills `bytes` from a source that cannot be guessed.
    fn fill(&self, bytes: &mut [u8]);
}

/// What is kept on the device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Responses that wait.
    pub outbox: Outbox,
    /// What was asked when.
    pub memory: Memory,
}

/// The names of the tables that a [`State`] is stored in. Rows have their key under `id`.
pub const TABLES: [&str; 3] = ["outbox", "parked", "meta"];

impl State {
    /// The rows of each of [`TABLES`].
    pub fn rows(&self) -> [Vec<Value>; 3] {
        let named = |id: &str, row: Value| {
            let mut members = vec![("id".into(), id.into())];
            members.extend_from_slice(row.entries());
            Value::Map(members)
        };
        [
            self.outbox.records.iter().map(Record::row).collect(),
            self.outbox.parked.iter().map(Parked::row).collect(),
            vec![named("outbox", self.outbox.meta.row()), named("visitor", self.memory.row())],
        ]
    }

    /// From the rows of each of [`TABLES`].
    pub fn from_rows(rows: &[Vec<Value>; 3]) -> Self {
        let meta = |id: &str| rows[2].iter().find(|row| row.get("id").text() == Some(id)).cloned().unwrap_or_default();
        State {
            outbox: Outbox {
                records: rows[0].iter().map(Record::from_row).collect(),
                parked: rows[1].iter().map(Parked::from_row).collect(),
                meta: Meta::from_row(&meta("outbox")),
            },
            memory: Memory(meta("visitor")),
        }
    }
}

/// The device's storage.
pub trait Store {
    /// Applies `step` to what is stored, as one transaction, and resolves when that is complete: to true if it is on
    /// the device, to false if only this page's memory has it.
    fn transact<'a>(&'a self, step: Box<dyn FnOnce(&mut State) + 'a>) -> Task<'a, bool>;
    /// Writes one record at once, without reading: all that a page on its way out has time for.
    fn dash(&self, record: &Record);
}

/// What became of a request: what it means for each document, and the answer, if there was one.
pub type Sent = (Vec<Outcome>, Option<Reply>);

/// The network.
pub trait Transport {
    /// The lock `name`, which only one tab can have, if none has it; held until it is dropped.
    fn lock(&self, name: &'static str) -> Task<'_, Option<Box<dyn Any>>>;
    /// Sends documents in one request, which outlives the page if it is not too large for that; `delivery` is the config's. `attempt`
    /// counts the tries of the first of them. A fault: no request could be made, since a template does not fit.
    fn deliver<'a>(
        &'a self,
        delivery: &'a Value,
        documents: &'a [&'a Value],
        attempt: u32,
    ) -> Task<'a, Result<Sent, Fault>>;
}

/// Why a prompt does not come up by itself just now: the tab is hidden, the visitor types, a dialog is open, something fills
/// the screen, or the page carries the mark `data-asklet-quiet`.
pub const MANNERS: [&str; 5] = ["hidden", "typing", "dialog", "fullscreen", "quiet_mark"];

/// The page.
pub trait Page {
    /// Its address.
    fn url(&self) -> String;
    /// The languages to ask in, best first: the page's, then the visitor's.
    fn languages(&self) -> Vec<String>;
    /// What the page can tell of the visitor: all but the attributes and the visit's counts.
    fn facts(&self) -> Facts;
    /// Whether the visitor's browser asks for privacy: Global Privacy Control or Do Not Track.
    fn opts_out(&self) -> bool;
    /// Whether `text`, which a config has under the key `kind` (`selector`, `beside`, `regex`, `matches` or `zone`), means something
    /// to the browser.
    fn understands(&self, kind: &str, text: &str) -> bool;
    /// Those of [`MANNERS`] that speak against a prompt now.
    fn busy(&self) -> Vec<&'static str>;
    /// Leaves a note for the loader of the next page.
    fn note(&self, note: &Value);
    /// Whether the page has an `<asklet-survey>` slot for this survey.
    fn has_slot(&self, survey: &str) -> bool;
    /// The built-in texts in a language: what its file holds; `Null` if that cannot be had.
    fn wording<'a>(&'a self, tag: &'a str) -> Task<'a, Value>;
    /// Tells the page's scripts.
    fn emit(&self, event: &'static str, detail: Value);
    /// Tells the developer.
    fn warn(&self, message: &str);
}

/// What happened to the answers that a prompt has taken so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Saving {
    /// They are being stored.
    Saving,
    /// They are safe on this device.
    Saved,
    /// They are safe on this device; sending them has failed for now.
    Kept,
    /// The endpoint has them.
    Sent,
    /// Only this page's memory has them.
    Unsaved,
    /// Nothing: this is a preview.
    Preview,
}

/// A prompt to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// What is asked.
    pub survey: Rc<Survey>,
    /// Where: the survey's placement, but a modal that nobody asked for is a popover.
    pub placement: Placement,
    /// The language to ask in.
    pub language: String,
    /// The built-in texts.
    pub wording: Rc<Wording>,
    /// What `identify()` and `set()` said of the visitor: fills the wording.
    pub attributes: Value,
    /// The config's `theme`.
    pub theme: Value,
    /// The key that goes into the prompt and back.
    pub shortcut: String,
    /// Decides the order of options that are shuffled.
    pub seed: u64,
    /// Whether the visitor asked to be asked: then the prompt may take the focus.
    pub invited: bool,
    /// Whether it came up by itself over the page: then it offers "Ask me later" and "Don't ask again".
    pub refusable: bool,
}

/// Where prompts are drawn.
pub trait View {
    /// Draws a prompt. False if there is no place for it.
    fn open(&self, ask: Ask) -> bool;
    /// Whether a survey's prompt is still in the page: a router may have thrown its slot away.
    fn is_up(&self, survey: &str) -> bool;
    /// Takes a survey's prompt away.
    fn close(&self, survey: &str);
    /// Folds a survey's prompt to a bar that says what came of it, with a way back (`reason`: `close`, `escape`, `later` or
    /// `never`), or to its tab (`tab`).
    fn fold(&self, survey: &str, reason: &'static str);
    /// Draws a folded prompt as it was, or one that waits behind its tab.
    fn unfold(&self, survey: &str);
    /// Whether the visitor points at a survey's prompt, or has the focus in it.
    fn is_held(&self, survey: &str) -> bool;
    /// Says what happened to a prompt's answers.
    fn tell(&self, survey: &str, saving: Saving);
}
