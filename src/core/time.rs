//! Time as the core sees it: milliseconds since 1970 UTC, handed in by the caller.

/// A moment (milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` gives) or a span of milliseconds.
pub type Millis = i64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours.
pub const DAY: Millis = 24 * HOUR;

/// When this version was made (2026-11-22). A clock that shows an earlier time is wrong.
pub const RELEASED: Millis = 20_779 * DAY;

/// Whether something dated `at` was dated by a clock that was wrong, and is right `now`.
pub fn was_wrong(at: Millis, now: Millis) -> bool {
    at < RELEASED && now >= RELEASED
}

/// Reads a duration as a config writes it: a whole number and a unit, `"2s"`, `"5m"`, `"12h"`, `"30d"`.
///
/// `None` for anything else, and for more than 100 years.
pub fn parse_duration(text: &str) -> Option<Millis> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    };
    if digits.is_empty() || digits.len() > 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count = digits.bytes().fold(0, |n: i64, b| n * 10 + i64::from(b - b'0'));
    Some(count * unit).filter(|span| *span <= 36_525 * DAY)
}

/// The day that `text` writes as `2026-11-22`, in days since 1970-01-01; `None` if there is no such day.
pub fn day(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0, |n, byte| byte.is_ascii_digit().then(|| n * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // As in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    let from_march = (month + 9) % 12;
    let year_from_march = year - i64::from(month <= 2);
    let era = year_from_march.div_euclid(400);
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    // A day that does not exist (or month 13) comes out as another one.
    ((1..=12).contains(&month) && civil(days) == (year, month, day)).then_some(days)
}

/// Year, month and day of a day since 1970-01-01. (Hinnant, as above, `civil_from_days`.)
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Writes a moment as ISO 8601 in UTC with milliseconds: `2026-11-22T13:00:07.412Z`. Years outside 0-9999 are clamped.
pub fn iso(at: Millis) -> String {
    let at = at.clamp(-62_167_219_200_000, 253_402_300_799_999);
    let (days, millis) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let (year, month, day) = civil(days);

    let mut text = String::with_capacity(24);
    let parts = [
        (year, 4, '-'),
        (month, 2, '-'),
        (day, 2, 'T'),
        (millis / HOUR, 2, ':'),
        (millis / MINUTE % 60, 2, ':'),
        (millis / SECOND % 60, 2, '.'),
        (millis % SECOND, 3, 'Z'),
    ];
    for (number, width, then) in parts {
        push_padded(&mut text, number, width);
        text.push(then);
    }
    text
}

fn push_padded(text: &mut String, number: i64, width: u32) {
    for place in (0..width).rev() {
        text.push(char::from(b'0' + (number / 10_i64.pow(place) % 10) as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let table = [
            ("2s", Some(2_000)),
            ("0s", Some(0)),
            ("5m", Some(300_000)),
            ("12h", Some(43_200_000)),
            ("30d", Some(2_592_000_000)),
            ("", None),
            ("s", None),
            ("30", None),
            ("-2s", None),
            ("1.5s", None),
            ("2 s", None),
            ("2ss", None),
            ("٣s", None),
            ("2é", None),
            ("99999999999d", None),
            ("40000d", None),
        ];
        for (text, expect) in table {
            assert_eq!(parse_duration(text), expect, "{text:?}");
        }
    }

    #[test]
    fn days() {
        let table = [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2000-02-29", Some(11_016)),
            ("2026-11-22", Some(20_779)),
            ("2025-02-29", None),
            ("2026-13-01", None),
            ("2026-00-10", None),
            ("2026-11-00", None),
            ("2026-11-31", None),
            ("26-11-22", None),
            ("2026-11-2x", None),
            ("2026/11/22", None),
        ];
        for (text, expect) in table {
            assert_eq!(day(text), expect, "{text}");
        }
        for days in (-20_000..60_000).step_by(7) {
            assert_eq!(day(&iso(days * DAY)[..10]), Some(days));
        }
    }

    #[test]
    fn iso_moments() {
        let table = [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_795_352_407_412, "2026-11-22T13:00:07.412Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999Z"),
            (i64::MIN, "0000-01-01T00:00:00.000Z"),
        ];
        for (at, expect) in table {
            assert_eq!(iso(at), expect);
        }
    }
}
