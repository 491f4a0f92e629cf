//! Figures in words.

use asklet::core::score::Figure;

/// What a figure is called.
pub fn title(name: &str) -> &'static str {
    match name {
        "nps" => "Net Promoter Score",
        "csat" => "Satisfied (CSAT)",
        "ces_mean" => "Ease, mean (CES)",
        "ces_share" => "Found it easy (CES)",
        "response_rate" => "Response rate",
        "completion_rate" => "Went to the end",
        "turnaround_median" => "Turn-around time, median",
        "turnaround_p90" => "Turn-around time, 90th percentile",
        "reply_median" => "From answer to reply, median",
        _ => "From answer to reply, 90th percentile",
    }
}

/// What a figure's n counts.
pub fn of_what(name: &str) -> &'static str {
    match name {
        "nps" | "csat" | "ces_mean" | "ces_share" => "answers",
        "response_rate" => "prompts",
        "completion_rate" => "responses",
        "reply_median" | "reply_p90" => "replies",
        _ => "times",
    }
}

/// A figure's value as people read it.
pub fn value(name: &str, value: f64) -> String {
    match name {
        "nps" => format!("{value:+.1}"),
        "ces_mean" => format!("{value:.2}"),
        "csat" | "ces_share" | "response_rate" | "completion_rate" => format!("{value:.1} %"),
        _ => span(value),
    }
}

/// The figure's interval; empty where it has none.
pub fn interval(figure: &Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => format!("{} to {}", value(figure.name, low), value(figure.name, high)),
        _ => String::new(),
    }
}

/// A span of time in its two largest units.
fn span(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let Some(first) = units.iter().position(|(size, _)| whole >= *size && whole >= 60) else {
        return format!("{seconds:.1} s");
    };
    let (size, name) = units[first];
    let (next, unit) = units[first + 1];
    match whole % size / next {
        0 => format!("{} {name}", whole / size),
        rest => format!("{} {name} {rest} {unit}", whole / size),
    }
}

/// The lowest and the highest value that a scale's figure can have.
pub fn bounds(name: &str, points: i64) -> (f64, f64) {
    match name {
        "nps" => (-100.0, 100.0),
        "ces_mean" => (1.0, points as f64),
        _ => (0.0, 100.0),
    }
}

/// What a split is called.
pub fn split(by: &str) -> &'static str {
    match by {
        "week" => "By week",
        "month" => "By month",
        "stage" => "By stage of the journey",
        "touchpoint" => "By touchpoint",
        _ => "By language",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let table = [
            ("nps", -3.04, "-3.0"),
            ("nps", 41.25, "+41.2"),
            ("csat", 63.44, "63.4 %"),
            ("ces_mean", 5.416, "5.42"),
            ("reply_p90", 7.4, "7.4 s"),
            ("reply_p90", 59.6, "1 min"),
            ("turnaround_median", 250.0, "4 min 10 s"),
            ("turnaround_median", 7500.0, "2 h 5 min"),
            ("turnaround_median", 273_600.0, "3 d 4 h"),
            ("turnaround_median", 86_400.0, "1 d"),
        ];
        for (name, number, expect) in table {
            assert_eq!(value(name, number), expect);
        }
    }
}
