//! When: days, weekdays and hours on the clock of a time zone.

use crate::core::config::WEEKDAYS;
use crate::core::decision::NEVER;
use crate::core::platform::Platform;
use crate::core::time::{DAY, HOUR, MINUTE, Millis, day};
use crate::core::value::Value;

/// The `window` object of a config without problems.
pub struct Window<'a>(pub &'a Value);

impl Window<'_> {
    /// What the clock shows, whether the window is open, and when it next opens.
    pub fn judge(&self, platform: &dyn Platform, now: Millis) -> (Value, bool, Option<Millis>) {
        let Some(wall) = platform.wall(self.zone(), now) else { return (Value::Null, false, None) };
        let open = self.is_open(&wall);
        let next = if open { None } else { self.next(platform, now, &wall) };
        ([weekday(&wall), " ", &wall].concat().into(), open, next)
    }

    fn zone(&self) -> &str {
        self.0.get("zone").text().unwrap_or_default()
    }

    /// Whether it is open when the clock shows `wall`, as in `2026-11-22 13:05:07`. Days and times are texts of one length:
    /// they are in order as texts.
    fn is_open(&self, wall: &str) -> bool {
        let text = |key| self.0.get(key).text();
        let (date, time) = (&wall[..10], &wall[11..16]);
        let weekdays = self.0.get("weekdays");
        let hours = self.0.get("hours");
        let within = match (hours.get("from").text(), hours.get("until").text()) {
            (Some(from), Some(until)) if from < until => from <= time && time < until,
            // Past midnight.
            (Some(from), Some(until)) => from <= time || time < until,
            _ => true,
        };
        within
            && text("from").is_none_or(|from| from <= date)
            && text("until").is_none_or(|until| date <= until)
            && (weekdays.is_null() || weekdays.list().contains(&weekday(wall).into()))
    }

    /// When it next opens: at the beginning of a day, or of its hours. A week is enough to have tried every weekday.
    fn next(&self, platform: &dyn Platform, now: Millis, wall: &str) -> Option<Millis> {
        let first = self.0.get("from").text().and_then(day).max(day(&wall[..10]))?;
        let hours = self.0.get("hours").get("from").text().unwrap_or("00:00");
        for date in first..=first + 8 {
            for time in ["00:00", hours] {
                let at = self.moments(platform, date * DAY + minutes(time));
                let opens =
                    |at: &Millis| *at > now && platform.wall(self.zone(), *at).is_some_and(|wall| self.is_open(&wall));
                if let Some(at) = at.into_iter().flatten().filter(opens).min() {
                    return Some(at);
                }
            }
        }
        Some(NEVER)
    }

    /// The moments at which the zone's clock may show `wall`, given as if the zone were UTC: by the offset that it has a day
    /// before, and by that of a day after. They differ where the clocks are changed, by mostly an hour.
    fn moments(&self, platform: &dyn Platform, wall: Millis) -> [Option<Millis>; 2] {
        [-DAY, DAY].map(|around| {
            let at = wall + around;
            let shown = platform.wall(self.zone(), at)?;
            Some(wall - (day(&shown[..10])? * DAY + minutes(&shown[11..16]) - at))
        })
    }
}

fn weekday(wall: &str) -> &'static str {
    // 1 January 1970 was a Thursday.
    day(&wall[..10]).map_or("", |day| WEEKDAYS[(day + 3).rem_euclid(7) as usize])
}

/// `09:30` as a span since midnight.
fn minutes(time: &str) -> Millis {
    let digit = |at: usize| i64::from(time.as_bytes()[at] - b'0');
    (digit(0) * 10 + digit(1)) * HOUR + (digit(3) * 10 + digit(4)) * MINUTE
}
