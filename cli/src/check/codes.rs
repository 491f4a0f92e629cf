//! Every code that a finding can have. They stay the same from version to version.

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The widget refuses it.
    Problem,
    /// It is legal, and surely not meant.
    Warning,
}

impl Severity {
    /// As it is written out.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Problem => "problem",
            Severity::Warning => "warning",
        }
    }
}

#[cfg(test)]
/// Problems: `asklet::core::config::decode` finds most of them; the first is ours, the last needs a platform.
pub const PROBLEMS: &[&str] = &[
    "syntax",
    "unknown-key",
    "misplaced-key",
    "missing-key",
    "repeated-key",
    "wrong-value",
    "unknown-word",
    "either-or",
    "one-operator",
    "same-id",
    "unknown-question",
    "no-question",
    "no-about",
    "review-gate",
    "wrong-template",
    "unknown-path",
    "unknown-filter",
    "unknown-operator",
    "answer-in-origin",
    "answer-in-header",
    "not-understood",
];

/// Warnings.
pub const WARNINGS: &[&str] = &[
    "sample-zero",
    "window-over",
    "window-never",
    "wait-over-window",
    "page-never",
    "pages-none",
    "after-never",
    "for-too-long",
    "never-holds",
    "always-holds",
    "contradiction",
    "question-never",
    "one-option",
    "regex-runaway",
    "contrast",
    "shortcut",
    "language-tag",
    "missing-translation",
    "no-built-in-texts",
    "pseudo-locale",
    "no-fallback",
    "inline-exit",
    "modal-unasked",
    "no-effect",
    "same-touchpoints",
    "local-endpoint",
    "public-secret",
    "unstable-body",
    "no-id",
];

/// The place that a finding of this code is about: a key, or else a value.
pub fn is_about_key(code: &str) -> bool {
    ["unknown-key", "misplaced-key", "repeated-key", "either-or", "unknown-operator", "no-effect"].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_tell_every_code() {
        let page = include_str!("../../../docs/check.md");
        let (_, tables) = page.split_once("### Problems").unwrap();
        let (problems, warnings) = tables.split_once("### Warnings").unwrap();
        for (table, codes) in [(problems, PROBLEMS), (warnings, WARNINGS)] {
            let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
            let documented: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
            assert_eq!(documented, codes);
        }
    }
}
