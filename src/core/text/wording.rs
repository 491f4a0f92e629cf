//! The built-in texts.

use super::speaks;
use crate::core::value::Value;

include!(concat!(env!("OUT_DIR"), "/wording.rs"));

/// The texts that are built into a prompt, in one language. `locales/en.json` lists them.
///
/// English is always there. The others are files, fetched where they are needed; what such a file lacks is said in English.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wording(pub Value);

impl Wording {
    /// The text `key`; the one at `index` of those that are lists, such as the names of a scale's points.
    pub fn get(&self, key: &str, index: usize) -> &str {
        let own = self.0.get(key);
        let english = || {
            let mut lines = ENGLISH.split('\n').map(|line| line.split('\t'));
            lines.find_map(|mut line| (line.next() == Some(key)).then(|| line.nth(index))?)
        };
        own.text().or(own.list().get(index).and_then(Value::text)).or_else(english).unwrap_or_default()
    }

    /// The text `key` as it is said of `count`: a list has one text for each count, from 0; a map of plural forms cannot be
    /// told apart here, and says its `other`. (The widget makes the one of the other as it fetches them: browsers know the rules.)
    pub fn form(&self, key: &str, count: i64) -> &str {
        let forms = self.0.get(key);
        let own = forms.list().get(count as usize).and_then(Value::text).or(forms.get("other").text());
        own.unwrap_or_else(|| self.get(key, usize::from(count != 1)))
    }
}

/// The languages with built-in texts, as BCP 47 tags. `en-XA` is English in disguise, for tests.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.split(' ')
}

/// The language among those with built-in texts that is nearest to `tag`; English if none is near.
pub fn nearest(tag: &str) -> &'static str {
    let spoken = speaks(|tag| known(tag).is_some(), tag);
    spoken.and_then(known).unwrap_or("en")
}

/// What else some languages are called.
const ALIASES: [(&str, &str); 7] = [
    ("zh", "zh-Hans"),
    ("zh-TW", "zh-Hant"),
    ("zh-HK", "zh-Hant"),
    ("zh-MO", "zh-Hant"),
    ("no", "nb"),
    ("iw", "he"),
    ("in", "id"),
];

/// The language `tag` as its file writes it, if there are built-in texts in it.
pub(super) fn known(tag: &str) -> Option<&'static str> {
    let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(tag)).map(|(_, tag)| *tag);
    let is_it = |known: &&str| known.eq_ignore_ascii_case(alias.unwrap_or(tag));
    languages().find(is_it)
}
