//! Which pages a touchpoint is meant for.

use crate::core::platform::Platform;
use crate::core::text::find;
use crate::core::value::Value;

/// Whether `pages`, a list of globs and regular expressions as a config writes it, allows the page at `url` (an absolute
/// address): no exclude matches, and some other rule does, if there is any.
///
/// In a glob `*` is any run of characters without `/`, `**` any run at all; a closing `/**` takes in the folder itself;
/// everything else stands for itself. A leading `!` excludes. A glob that begins with a scheme is held against the whole
/// address without its fragment, any other against the path. `{ "regex": ... }` is held against the whole address.
pub fn allow(pages: &Value, url: &str, platform: &dyn Platform) -> bool {
    let address = url.split('#').next().unwrap_or_default();
    let hit = |glob: &str| matches(glob, if has_scheme(glob) { address } else { path(address) });
    let (mut meant, mut only_excludes) = (false, true);
    for rule in pages.list() {
        match rule.text() {
            Some(glob) if glob.starts_with('!') => {
                if hit(&glob[1..]) {
                    return false;
                }
                continue;
            }
            Some(glob) => meant |= hit(glob),
            None => meant |= platform.is_match(rule.get("regex").text().unwrap_or_default(), url),
        }
        only_excludes = false;
    }
    meant || only_excludes
}

/// Whether a glob is meant for the whole address: it begins with something like `https://`.
fn has_scheme(glob: &str) -> bool {
    find(glob, "://").is_some_and(|end| {
        let scheme = &glob.as_bytes()[..end];
        scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte))
    })
}

/// The path of an address without query and fragment.
fn path(url: &str) -> &str {
    let after_scheme = find(url, "://").map_or(0, |at| at + 3);
    let start = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    url[start..].split('?').next().unwrap_or_default()
}

fn matches(glob: &str, text: &str) -> bool {
    glob.strip_suffix("/**").is_some_and(|folder| run(folder.as_bytes(), text.as_bytes()))
        || run(glob.as_bytes(), text.as_bytes())
}

/// Greedy with one place to go back to for each kind of star: an earlier star never needs more than it has,
/// since a later one can always take the rest. So the time is bounded, whatever an owner writes.
fn run(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    let mut any: Option<(usize, usize)> = None;
    loop {
        if glob[g..].starts_with(b"**") {
            g += 2;
            (any, star) = (Some((g, t)), None);
        } else if glob.get(g) == Some(&b'*') {
            g += 1;
            star = Some((g, t));
        } else if g == glob.len() && t == text.len() {
            return true;
        } else if g < glob.len() && glob.get(g) == text.get(t) {
            (g, t) = (g + 1, t + 1);
        } else if let Some((from, at)) = star.filter(|(_, at)| text.get(*at).is_some_and(|byte| *byte != b'/')) {
            (g, t) = (from, at + 1);
            star = Some((g, t));
        } else if let Some((from, at)) = any.filter(|(_, at)| *at < text.len()) {
            (g, t) = (from, at + 1);
            (any, star) = (Some((g, t)), None);
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the stars mean, said plainly and slowly.
    fn reference(glob: &[u8], text: &[u8]) -> bool {
        match glob {
            [] => text.is_empty(),
            [b'*', b'*', rest @ ..] => (0..=text.len()).any(|skip| reference(rest, &text[skip..])),
            [b'*', rest @ ..] => {
                let segment = text.iter().position(|byte| *byte == b'/').unwrap_or(text.len());
                (0..=segment).any(|skip| reference(rest, &text[skip..]))
            }
            [byte, rest @ ..] => text.first() == Some(byte) && reference(rest, &text[1..]),
        }
    }

    /// Every glob of up to five and every text of up to six of three characters.
    #[test]
    fn agrees_with_the_reference() {
        let words = |alphabet: &[u8], longest: usize| {
            let mut words = vec![Vec::new()];
            let mut last = words.clone();
            for _ in 0..longest {
                last = last.iter().flat_map(|w: &Vec<u8>| alphabet.iter().map(|b| [&w[..], &[*b]].concat())).collect();
                words.extend(last.clone());
            }
            words
        };
        for glob in words(b"*/a", 5) {
            for text in words(b"/ab", 6) {
                assert_eq!(
                    run(&glob, &text),
                    reference(&glob, &text),
                    "{} {}",
                    String::from_utf8_lossy(&glob),
                    String::from_utf8_lossy(&text)
                );
            }
        }
    }

    #[test]
    fn a_glob_full_of_stars_ends() {
        let glob = "*a**".repeat(200);
        assert!(!run((glob + "b").as_bytes(), "a".repeat(2_000).as_bytes()));
    }
}
