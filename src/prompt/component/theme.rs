//! How a component looks.

use leptos::web_sys::HtmlElement;

/// Whether a component is light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Scheme {
    /// As the visitor's system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// How much room there is between things.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Density {
    /// Ample.
    #[default]
    Comfortable,
    /// Little. The targets stay as large as they are.
    Compact,
}

/// How a component looks, where that differs from the shipped theme.
///
/// What is set here wins over the page's `--asklet-*` properties; what is empty is theirs, and else as shipped. Colours are any
/// that CSS knows; `light-dark(#17604a, #8fd7b8)` has one for each scheme.
///
/// ```
/// use asklet::prompt::{Scheme, Theme};
///
/// let theme = Theme { scheme: Scheme::Light, accent: "#17604a".into(), ..Theme::default() };
/// assert_eq!(theme.radius, "");
/// ```
///
/// The widget corrects colours that cannot be read. A component takes them as they are: see
/// [the guide](crate::prompt#colours-are-taken-as-they-are).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    /// Light or dark.
    pub scheme: Scheme,
    /// How much room there is between things.
    pub density: Density,
    /// The colour of what is chosen and of the main button.
    pub accent: String,
    /// The ground.
    pub background: String,
    /// The text; lines are mixed from it and the ground.
    pub text: String,
    /// How round the corners are: a CSS length. (`.75em`)
    pub radius: String,
    /// The font families, as in CSS. (`system-ui, sans-serif`)
    pub font: String,
    /// How much room there is inside the edge: a CSS length. (`1.25em`)
    pub spacing: String,
}

impl Theme {
    /// Puts it on the element, through the object model: a style attribute would break a strict content security policy.
    pub(super) fn dress(&self, host: &HtmlElement) {
        let scheme = match self.scheme {
            Scheme::Auto => "auto",
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let density = match self.density {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        };
        let _ = host.set_attribute("data-scheme", scheme);
        let _ = host.set_attribute("data-density", density);
        for (property, value) in [
            ("--asklet-accent", &self.accent),
            ("--asklet-background", &self.background),
            ("--asklet-text", &self.text),
            ("--asklet-radius", &self.radius),
            ("--asklet-font", &self.font),
            ("--asklet-spacing", &self.spacing),
        ] {
            // An empty value takes the property away.
            let _ = host.style().set_property(property, value);
        }
    }
}
