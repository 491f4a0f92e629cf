//! Colours that stand out too little, and colours that nobody sees.
//!
//! `adjust` of src/browser/edge.js measures the colours of each prompt when it is drawn, wherever they come from: text that stands out
//! too little becomes black or white, an accent is moved until it stands out; what is written on the accent is black or white in any
//! case. Here is said before what of a config is corrected there. (What a page's own style sheet sets is not known here.)

use asklet::core::config::{Config, Problem};

const TEXT: f64 = 4.5;
const ACCENT: f64 = 3.0;

/// The colours of style/prompt.css.
struct Scheme {
    name: &'static str,
    background: &'static str,
    text: &'static str,
    accent: &'static str,
}

const SCHEMES: [Scheme; 2] = [
    Scheme { name: "light", background: "#ffffff", text: "#181b22", accent: "#2c49bd" },
    Scheme { name: "dark", background: "#1b1e25", text: "#f1f3f8", accent: "#a9baff" },
];

pub fn advise(config: &Config, warnings: &mut Vec<Problem>) {
    let theme = &config.theme;
    let fixed = theme.get("scheme").text().filter(|scheme| *scheme != "auto");
    let (used, unused): (Vec<&Scheme>, Vec<&Scheme>) =
        SCHEMES.iter().partition(|scheme| fixed.is_none_or(|fixed| fixed == scheme.name));
    let mut idle = |path: &str, why: &str| {
        warnings.push(Problem::new("no-effect", path, format!("has no effect: {why}")));
    };
    for scheme in unused.iter().filter(|scheme| !theme.get(scheme.name).is_null()) {
        idle(
            &format!("theme.{}", scheme.name),
            &format!("`scheme` is {}; leave it out, or write auto", fixed.unwrap_or_default()),
        );
    }
    let own = |scheme: &Scheme, key| theme.get(scheme.name).get(key).text();
    let common = theme.get("accent").text();
    if common.is_some() && used.iter().all(|scheme| own(scheme, "accent").is_some()) {
        idle("theme.accent", "each scheme has its own; leave it out");
    }
    for scheme in &used {
        let background = own(scheme, "background");
        let ground = background.unwrap_or(scheme.background);
        let path = |key: &str| format!("theme.{}.{key}", scheme.name);
        // Shipped colours on the shipped ground are fine.
        let shipped = |colour| background.map(|_| (colour, path("background")));
        if let Some((text, path)) = own(scheme, "text").map(|text| (text, path("text"))).or(shipped(scheme.text)) {
            too_little(scheme, "text", text, ground, TEXT, path, warnings);
        }
        // For both schemes one accent would have to be grey: it is held against the light ground, and in the other it is moved.
        let alone = used.len() == 1 || scheme.name == "light" || own(used[0], "accent").is_some();
        let accent = match (own(scheme, "accent"), common) {
            (Some(accent), _) => Some((accent, path("accent"))),
            (None, Some(accent)) => alone.then(|| (accent, "theme.accent".into())),
            (None, None) => shipped(scheme.accent),
        };
        if let Some((accent, path)) = accent {
            too_little(scheme, "accent", accent, ground, ACCENT, path, warnings);
        }
    }
}

/// Warns where a colour stands out too little. `path` is that of the colour, or of the ground if only that is the owner's.
fn too_little(
    scheme: &Scheme,
    what: &str,
    colour: &str,
    ground: &str,
    least: f64,
    path: String,
    warnings: &mut Vec<Problem>,
) {
    let found = contrast(colour, ground);
    if found >= least {
        return;
    }
    // Rounded down: 2.98 is not 3.0.
    let found = (found * 10.0).floor() / 10.0;
    let (direction, far) =
        if contrast(ground, "#000") > contrast(ground, "#fff") { ("darker", "black") } else { ("lighter", "white") };
    let drawn = if what == "text" { format!("drawn in {far}") } else { format!("drawn in a {direction} shade") };
    let scheme = scheme.name;
    let message = if path.ends_with(".background") {
        let own = if what == "text" { "a `text`" } else { "an `accent`" };
        format!(
            "is too near to the {what} of {scheme} prompts ({found}:1, and {least}:1 is needed), which is {drawn}; write {own} that goes \
             with it"
        )
    } else {
        format!(
            "stands out too little from the ground of {scheme} prompts ({found}:1, and {least}:1 is needed), and is {drawn}; choose a \
             {direction} colour"
        )
    };
    warnings.push(Problem::new("contrast", &path, &message));
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

    /// The sheet writes the dark ones twice: for the system's scheme, and for the config's.
    #[test]
    fn the_sheet_has_these_colours() {
        let sheet = include_str!("../../../../style/prompt.css");
        for (scheme, times) in SCHEMES.iter().zip([1, 2]) {
            let white = scheme.background.replace("#ffffff", "#fff");
            for (name, colour) in [("background", white.as_str()), ("text", scheme.text), ("accent", scheme.accent)] {
                assert_eq!(sheet.matches(&format!("--asklet-{name}, {colour})")).count(), times, "{name} {colour}");
            }
        }
    }

    /// What is shipped needs no correction.
    #[test]
    fn the_shipped_colours_stand_out() {
        for scheme in &SCHEMES {
            assert!(contrast(scheme.text, scheme.background) >= 7.0, "{}", scheme.name);
            assert!(contrast(scheme.accent, scheme.background) >= ACCENT, "{}", scheme.name);
        }
    }
}
