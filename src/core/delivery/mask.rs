//! Blotting e-mail addresses and long numbers out of free text, before it is stored.

use crate::core::platform::Platform;
use crate::core::value::Value;

/// What can be blotted out, as a config's `mask` names it; how it is recognised; and what stands in its place.
///
/// Numbers of 7 or more digits, with what people write between digits: telephones, cards, accounts, orders.
const MASKS: [(&str, &str, &str); 2] = [
    ("emails", r"[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+", "[email]"),
    ("numbers", r"\+?\(?\p{Nd}([-.\s/()]*\p{Nd}){6,}", "[number]"),
];

/// `text` without what `masks`, a list as a config writes it, wants blotted out.
pub fn mask(text: &str, masks: &Value, platform: &dyn Platform) -> String {
    let mut text = text.to_string();
    for (name, pattern, by) in MASKS {
        if masks.list().contains(&name.into()) {
            text = platform.replace(pattern, &text, by);
        }
    }
    text
}
