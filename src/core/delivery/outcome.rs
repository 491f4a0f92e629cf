//! What an endpoint's answer means for the record that was sent.

use crate::core::time::{DAY, Millis, SECOND};

/// The four things an answer can mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The endpoint has it: the record may go.
    Delivered,
    /// A passing fault: try again later.
    Retry,
    /// The endpoint is at fault, not the record: keep everything and try seldom.
    Hold,
    /// The endpoint does not want this record.
    Reject,
}

/// Reads an HTTP status. `None` stands for no answer at all: network error, refused connection, timeout.
/// 0 is a redirect that was not followed.
pub fn outcome(status: Option<u16>) -> Outcome {
    match status {
        None => Outcome::Retry,
        Some(200..=299) => Outcome::Delivered,
        Some(408 | 425 | 429 | 500..=599) => Outcome::Retry,
        Some(400 | 409 | 413 | 415 | 422) => Outcome::Reject,
        Some(_) => Outcome::Hold,
    }
}

/// Reads a `Retry-After` header given as seconds, and returns how long to wait: 1 second to 24 hours.
/// A date has been turned into seconds by the caller. `None` for what is not a number.
pub fn retry_after(header: &str) -> Option<Millis> {
    let digits = header.trim();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More than a day is a day: no need to count on.
    let seconds = digits.bytes().fold(0, |n: i64, b| (n * 10 + i64::from(b - b'0')).min(DAY));
    Some((seconds * SECOND).clamp(SECOND, DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_an_outcome() {
        let delivered = 200..=299;
        let retry = [408, 425, 429];
        let reject = [400, 409, 413, 415, 422];
        for status in 0..=999 {
            let expect = match status {
                s if delivered.contains(&s) => Outcome::Delivered,
                s if retry.contains(&s) || (500..=599).contains(&s) => Outcome::Retry,
                s if reject.contains(&s) => Outcome::Reject,
                _ => Outcome::Hold,
            };
            assert_eq!(outcome(Some(status)), expect, "{status}");
        }
        assert_eq!(outcome(None), Outcome::Retry);
    }

    #[test]
    fn retry_after_seconds() {
        let table = [
            ("120", Some(120_000)),
            (" 1 ", Some(1_000)),
            ("0", Some(1_000)),
            ("99999999999999999999999", Some(DAY)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (header, expect) in table {
            assert_eq!(retry_after(header), expect, "{header:?}");
        }
    }
}
