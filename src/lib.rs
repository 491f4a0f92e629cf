//! Asklet asks one short question at the right moment and does not lose the answer.
//!
//! It is a survey widget for web pages, compiled to WebAssembly: accessible NPS, CSAT and CES prompts at
//! configured touchpoints, with an outbox on the visitor's device, posting to any endpoint.
//!
//! # How the parts meet
//!
//! - [`core`] decides. It is pure: config in, decisions and documents out; no clock, no page, no network.
//! - `ports` names what the core needs of the outside world, as traits.
//! - `agent` joins the two. It owns the page's state, and every failure ends there.
//! - `browser` (feature `browser`) implements the ports with web APIs, one file per edge.
//! - `prompt` (feature `prompt`) draws a prompt with leptos: props in, callbacks out.
//! - `embed` (feature `embed`) joins agent, browser and prompt, and is all that JavaScript sees.
//!
//! With no feature the crate is core, ports and agent, and compiles anywhere: tests run the agent over ports of plain values.
//!
//! ```
//! use asklet::core::{Value, config};
//!
//! let document = Value::Map(vec![("surveys".into(), Value::List(vec![]))]);
//! let (config, problems) = config::decode(&document);
//! assert!(config.surveys.is_empty());
//! assert_eq!(problems[0].to_string(), "delivery: is missing");
//! ```
#![warn(missing_docs)]

pub mod core;

pub mod agent;
#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "embed")]
pub mod embed;
pub mod ports;
#[cfg(feature = "prompt")]
pub mod prompt;
