//! The config: what an owner writes, checked and decoded into types that cannot be wrong.

mod decode;
pub mod problem;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
pub mod shape;
mod shapes;
#[cfg(not(target_arch = "wasm32"))]
mod words;

pub use decode::decode;
pub use problem::Problem;
#[cfg(not(target_arch = "wasm32"))]
pub use schema::schema;
pub use shapes::{CONFIG, DEVICES, KINDS, METRICS, PLACEMENTS, WEEKDAYS};

use std::rc::Rc;

use crate::core::survey::Survey;
use crate::core::value::Value;

/// Everything an owner can configure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Where answers go: the `delivery` object, if nothing is wrong in it. Nobody is asked without it: an answer would have nowhere to
    /// go.
    pub delivery: Option<Value>,
    /// The language to ask in; `None` goes by the page, then the browser.
    pub locale: Option<String>,
    /// How often a visitor may be asked: the `frequency` object. See [`frequency::judge`](crate::core::frequency::judge).
    pub frequency: Value,
    /// What is kept and sent: the `privacy` object. (Consent is the loader's: without it the widget is not there.)
    pub privacy: Value,
    /// How prompts look: the `theme` object, if nothing is wrong in it.
    pub theme: Value,
    /// The key that goes into an open prompt and back, as `KeyboardEvent.key` has it.
    pub shortcut: String,
    /// The surveys that can be asked. One that is wrong is not among them.
    pub surveys: Vec<Rc<Survey>>,
}
