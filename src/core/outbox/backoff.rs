//! How long to wait after a failure.

use crate::core::time::{HOUR, MINUTE, Millis, SECOND};

/// The longest wait of [`backoff`].
pub const LONGEST: Millis = 300 * SECOND;

/// The longest wait of [`hold`].
pub const LONGEST_HOLD: Millis = 6 * HOUR;

/// After the `failures`-th failure in a row: uniform between half and all of 2 s x 2^(failures - 1), at most 300 s.
/// The spread keeps clients that failed together from coming back together.
pub fn backoff(failures: i64, random: f64) -> Millis {
    spread(2 * SECOND, LONGEST, failures, random)
}

/// The same for an endpoint that is itself at fault: from 15 minutes to 6 hours.
pub fn hold(failures: i64, random: f64) -> Millis {
    spread(30 * MINUTE, LONGEST_HOLD, failures, random)
}

fn spread(first: Millis, longest: Millis, failures: i64, random: f64) -> Millis {
    let whole = (first << (failures - 1).clamp(0, 20)).min(longest);
    whole / 2 + (whole as f64 / 2.0 * random) as Millis
}
