//! The pure core: what to ask, when, of whom, what waits and what is sent.
//!
//! Nothing here reads a clock, draws a number, logs or touches a page: time, randomness and the outside
//! world come in as arguments. That is why the same code runs in native tests, in the browser and in the
//! command line tool.

pub mod audience;
pub mod config;
pub mod decision;
pub mod delivery;
pub mod frequency;
pub mod outbox;
pub mod platform;
pub mod score;
pub mod survey;
pub mod text;
pub mod time;
pub mod touchpoint;
pub mod value;

pub use value::Value;
