//! What is wrong with a document, and where.

use std::fmt;

/// One thing that is wrong, with the path of the place: `surveys[0].touchpoints[1].delay`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What kind of problem it is: a name that stays the same from version to version.
    pub code: &'static str,
    /// Keys and indices from the document's root; empty for the document itself.
    pub path: String,
    /// A sentence that says what is wrong and, where that is known, what would be right.
    pub message: String,
}

impl Problem {
    /// A problem of the kind `code` at `path`.
    pub fn new(code: &'static str, path: &str, message: impl Into<String>) -> Self {
        Problem { code, path: path.into(), message: message.into() }
    }

    /// A problem in no more words than its code has.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn brief(code: &'static str, path: &str) -> Self {
        Problem::new(code, path, code.replace('-', " "))
    }
}

/// A problem: its code, its path, and a sentence, which the wasm does without.
macro_rules! problem {
    ($code:expr, $path:expr, $message:expr $(,)?) => {{
        #[cfg(target_arch = "wasm32")]
        let problem = $crate::core::config::Problem::brief($code, $path);
        #[cfg(not(target_arch = "wasm32"))]
        let problem = $crate::core::config::Problem::new($code, $path, $message);
        problem
    }};
}
pub(crate) use problem;

impl fmt::Display for Problem {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match self.path.as_str() {
            "" => to.write_str(&self.message),
            path => to.write_str(&[path, ": ", &self.message].concat()),
        }
    }
}

/// The path of the member `key` below `path`.
pub fn member(path: &str, key: &str) -> String {
    if path.is_empty() { key.into() } else { [path, ".", key].concat() }
}

/// The path of the element `index` below `path`.
pub fn element(path: &str, index: usize) -> String {
    [path, "[", &whole(index as i64), "]"].concat()
}

/// Prints a whole number. The standard formatter would bring its machinery into the wasm.
pub fn whole(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(char::from(b'0' + (rest % 10) as u8));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

#[cfg(not(target_arch = "wasm32"))]
/// The entry of `known` that `word` was probably meant to be: at most two edits away, and nearer than
/// half of its length.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (edits(word.as_bytes(), candidate.as_bytes()), candidate))
        .filter(|(edits, candidate)| *edits <= 2 && edits * 2 < candidate.len().max(2))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(not(target_arch = "wasm32"))]
/// Levenshtein distance: the fewest insertions, deletions and substitutions that turn `a` into `b`.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_known() {
        let known = ["audience", "touchpoints", "id", "is", "delay", "lte", "gt"];
        let table = [
            ("audiance", Some("audience")),
            ("touchpoint", Some("touchpoints")),
            ("dealy", Some("delay")),
            ("ID", None),
            ("colour", None),
            ("", None),
        ];
        for (word, expect) in table {
            assert_eq!(nearest(word, known.into_iter()), expect, "{word}");
        }
    }

    #[test]
    fn wholes_print_as_the_standard_library_prints_them() {
        for number in [0, 7, -1, 10, 65_536, i64::MAX, i64::MIN] {
            assert_eq!(whole(number), number.to_string());
        }
    }
}
