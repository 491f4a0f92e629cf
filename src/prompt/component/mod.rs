//! The prompt and its scales as leptos components: what is asked comes in as props, what the visitor does goes out through
//! callbacks. None of it is in the widget.

mod frame;
mod leave;
mod lone;
mod prompt;
mod questions;
mod scales;
mod theme;

pub use prompt::{Closed, Prompt, PromptProps};
pub use questions::questions;
pub use scales::{
    CesPoints, CesScale, CesScaleProps, CsatLook, CsatPoints, CsatScale, CsatScaleProps, NpsScale, NpsScaleProps,
};
pub use theme::{Density, Scheme, Theme};
