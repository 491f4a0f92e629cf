//! The page: where we are, in which language, on what.

use super::{edge, from_js};
use crate::core::audience::Facts;
use crate::core::value::Value;

/// What the page can tell of itself and the visitor: `{ url, device, language, languages, referrer, query, opts_out }`.
pub(super) fn sight() -> Value {
    from_js(&edge::facts())
}

pub(super) fn facts() -> Facts {
    let sight = sight();
    let text = |key| sight.get(key).text().unwrap_or_default().to_string();
    let device = ["mobile", "tablet"].into_iter().find(|device| sight.get("device").text() == Some(device));
    Facts {
        device: device.unwrap_or("desktop"),
        language: text("language"),
        referrer: text("referrer"),
        query: sight.get("query").clone(),
        ..Facts::default()
    }
}
