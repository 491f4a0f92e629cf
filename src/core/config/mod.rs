//! The config: what an owner writes, checked and decoded into types that cannot be wrong.

mod decode;
pub mod problem;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
pub mod shape;
mod shapes;

pub use decode::decode;
pub use problem::Problem;
#[cfg(not(target_arch = "wasm32"))]
pub use schema::schema;
pub use shapes::{CONFIG, KINDS, METRICS, PLACEMENTS};

use std::rc::Rc;

use crate::core::frequency::Rules;
use crate::core::survey::Survey;

/// Everything an owner can configure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Where answers are posted. Nobody is asked without it: an answer would have nowhere to go.
    pub endpoint: Option<String>,
    /// The language to ask in; `None` goes by the page, then the browser.
    pub locale: Option<String>,
    /// How often a visitor may be asked.
    pub frequency: Rules,
    /// What may leave the page.
    pub privacy: Privacy,
    /// How prompts look.
    pub theme: Theme,
    /// The surveys that can be asked. One that is wrong is not among them.
    pub surveys: Vec<Rc<Survey>>,
}

/// What a response may say of the page and the visitor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Privacy {
    /// How much of the page's address.
    pub page: PageDetail,
    /// The names of the visitor's attributes that may leave the device.
    pub attributes: Vec<String>,
}

/// How much of the page's address a response carries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PageDetail {
    /// Nothing.
    None,
    /// Without query and fragment.
    #[default]
    Path,
    /// All of it.
    Full,
}

/// How prompts look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    /// `auto`, `light` or `dark`; empty for `auto`.
    pub scheme: String,
    /// The accent colour, `#rrggbb`.
    pub accent: Option<String>,
}
