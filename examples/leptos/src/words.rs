//! The application's own words. Those that are built into Asklet's components are files of Asklet's.

use asklet::core::text::Wording;

/// A language that the application speaks.
#[derive(Clone, Copy, PartialEq)]
pub enum Language {
    English,
    German,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.say("en", "de")
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        self.say("English", "Deutsch")
    }

    /// The language with this tag.
    pub fn named(tag: &str) -> Self {
        Self::ALL.into_iter().find(|language| language.tag() == tag).unwrap_or(Language::English)
    }

    /// The text in this language.
    pub fn say<T>(self, english: T, german: T) -> T {
        match self {
            Language::English => english,
            Language::German => german,
        }
    }

    /// The built-in texts of Asklet's components. Two languages are compiled in; of many, fetch the one that is needed.
    pub fn wording(self) -> Wording {
        match self {
            Language::English => Wording::default(),
            Language::German => {
                let file = include_str!("../../../locales/de.json");
                Wording(serde_json::from_str(file).expect("locales/de.json is JSON"))
            }
        }
    }
}
