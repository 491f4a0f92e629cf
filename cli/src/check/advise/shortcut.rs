//! A shortcut that no keyboard sends, or that the page needs for something else.

use asklet::core::config::{Config, Problem};

/// Keys by which visitors move, write and leave.
const TAKEN: &[&str] = &[
    "Tab",
    "Enter",
    "Escape",
    "Backspace",
    "Delete",
    "Insert",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "Shift",
    "Control",
    "Alt",
    "AltGraph",
    "Meta",
    "CapsLock",
    // No key is called so, and that is what they are meant for.
    "Space",
    "Esc",
    "Ctrl",
    "Del",
];

pub fn advise(config: &Config, warnings: &mut Vec<Problem>) {
    let key = config.shortcut.as_str();
    // As KeyboardEvent.key names those that write nothing: F6, ContextMenu.
    let named = key.len() > 1
        && key.starts_with(|first: char| first.is_ascii_uppercase())
        && key.chars().all(|c| c.is_ascii_alphanumeric());
    let why = if key.chars().count() == 1 {
        "is what visitors type: it would take them out of the page's own fields"
    } else if !named {
        "is the name of no key as KeyboardEvent.key has them, nor can it be a combination, so nothing leads into the prompt"
    } else if TAKEN.contains(&key) {
        "is a key that visitors need for the page itself"
    } else {
        return;
    };
    warnings.push(Problem::new("shortcut", "shortcut", format!("{why}; write one such as \"F6\" or \"F8\"")));
}
