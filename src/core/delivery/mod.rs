//! What leaves the device: the response document, the events' documents, the request that carries it, and what an endpoint's answer means.

mod event;
mod id;
mod mask;
mod outcome;
mod request;
mod response;
pub mod template;

pub use event::{EVENT, EVENTS, event, is_event};
pub use id::uuid7;
pub use mask::mask;
pub use outcome::{Outcome, Reply, judge, outcome};
pub use request::{Request, most, request};
pub use response::{Context, RESPONSE, Response, Status, check_document, check_response};
