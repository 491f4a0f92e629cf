//! Colours that stand out too little.
//!
//! The prompt's sheet (style/prompt.css) writes on the accent in black or white, whichever reads, so what is written on it is never the
//! trouble. Where the accent itself stands out too little from the ground it is drawn in another shade, and in browsers without
//! relative colours as it is. `auto` is held against the light ground alone: an accent for both would have to be grey.

use asklet::core::config::{Config, Problem};

const LEAST: f64 = 3.0;

pub fn advise(config: &Config, warnings: &mut Vec<Problem>) {
    let Some(accent) = config.theme.get("accent").text() else { return };
    let (scheme, ground, direction) = match config.theme.get("scheme").text() {
        Some("dark") => ("dark", "#1b1e25", "lighter"),
        _ => ("light", "#ffffff", "darker"),
    };
    let contrast = contrast(accent, ground);
    if contrast < LEAST {
        // Rounded down: 2.98 is not 3.0.
        let contrast = (contrast * 10.0).floor() / 10.0;
        let message = format!(
            "stands out too little from the ground of {scheme} prompts ({contrast}:1, and {LEAST}:1 is needed): they are drawn in another shade, and \
             in older browsers hard to see; choose a {direction} colour"
        );
        warnings.push(Problem::new("contrast", "theme.accent", &message));
    }
}

/// The contrast of two colours as WCAG 2 has it, from 1 to 21.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of `#rgb` or `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let digits: Vec<u32> = colour.chars().filter_map(|c| c.to_digit(16)).collect();
    let channel = |index: usize| {
        let value = if digits.len() == 3 { digits[index] * 17 } else { digits[2 * index] * 16 + digits[2 * index + 1] };
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts() {
        // As common contrast checkers give them.
        let table = [
            ("#000", "#fff", 21.0),
            ("#ffffff", "#fff", 1.0),
            ("#767676", "#fff", 4.54),
            ("#f00", "#ffffff", 4.0),
            ("#fff", "#0000ff", 8.59),
        ];
        for (one, other, expect) in table {
            assert!((contrast(one, other) - expect).abs() < 0.01, "{one} {other} {}", contrast(one, other));
        }
    }

    /// The grounds are those of the sheet.
    #[test]
    fn the_sheet_has_these_grounds() {
        let sheet = include_str!("../../../../style/prompt.css");
        assert!(sheet.contains("--asklet-background, #fff)"));
        assert_eq!(sheet.matches("--asklet-background, #1b1e25)").count(), 2);
    }
}
