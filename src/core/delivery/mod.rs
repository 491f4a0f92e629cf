//! What leaves the device: the response document, and what an endpoint's answer means.

mod id;
mod mask;
mod outcome;
mod response;

pub use id::uuid7;
pub use mask::mask;
pub use outcome::{Outcome, outcome, retry_after};
pub use response::{Context, RESPONSE, Response, Status, check_response};
