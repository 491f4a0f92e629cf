//! Questions, their scales, and answers.

use crate::core::text::Wording;
use crate::core::touchpoint::Condition;
use crate::core::value::{Value, map};

/// One question, one screen: the checked object of the config.
#[derive(Clone, Debug, PartialEq)]
pub struct Question(pub Value);

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A point of a metric's scale.
    Scale(Scale),
    /// A free text.
    Text,
    /// An e-mail address.
    Email,
    /// One of some options, or several.
    Choice,
    /// A box that is ticked or not.
    Consent,
    /// None: something that is said.
    Statement,
}

/// The metric that a scale belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Metric {
    /// Net Promoter Score: 0 to 10.
    Nps,
    /// Customer satisfaction: 1 to 2 (thumbs), 3, 5 or 7.
    Csat,
    /// Customer effort score 2.0: 1 to 5 or 7.
    Ces,
}

impl Metric {
    /// As configs and responses write it.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Nps => "nps",
            Metric::Csat => "csat",
            Metric::Ces => "ces",
        }
    }
}

/// A scale: a metric and how many points it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What it measures.
    pub metric: Metric,
    /// How many points: 11 for NPS, 2, 3, 5 or 7 for CSAT, 5 or 7 for CES.
    pub points: i64,
}

impl Scale {
    /// The lowest point.
    pub fn low(self) -> i64 {
        i64::from(self.metric != Metric::Nps)
    }

    /// The highest point.
    pub fn high(self) -> i64 {
        self.low() + self.points - 1
    }

    /// What the parts of the scale are called, the best first.
    pub fn buckets(self) -> [&'static str; 3] {
        match self.metric {
            Metric::Nps => ["promoter", "passive", "detractor"],
            Metric::Csat => ["satisfied", "neutral", "dissatisfied"],
            Metric::Ces => ["easy", "neutral", "hard"],
        }
    }

    /// Which part of the scale a point belongs to.
    ///
    /// NPS: 0-6, 7-8, 9-10 (Reichheld 2003). CSAT: the top two of 5 or 7, the top one of 3 or 2, and as many at the
    /// bottom. CES: the top three of 7 or two of 5, and as many at the bottom.
    pub fn bucket(self, point: i64) -> &'static str {
        let (top, bottom) = match (self.metric, self.points) {
            (Metric::Nps, _) => (2, 7),
            (Metric::Csat, ..=3) => (1, 1),
            (Metric::Csat, _) | (Metric::Ces, 5) => (2, 2),
            (Metric::Ces, _) => (3, 3),
        };
        let names = self.buckets();
        if point > self.high() - top {
            names[0]
        } else if point < self.low() + bottom {
            names[2]
        } else {
            names[1]
        }
    }

    /// What the point `index` (from 0, lowest first) is called; only an NPS scale has points without a name.
    pub fn name(self, index: usize, wording: &Wording) -> Option<&str> {
        // Which of the seven names a shorter scale uses.
        let of_seven = match self.points {
            2 => &[1, 5][..],
            3 => &[1, 3, 5],
            5 => &[0, 1, 3, 5, 6],
            _ => &[0, 1, 2, 3, 4, 5, 6],
        };
        match self.metric {
            Metric::Nps => [0, 10].contains(&index).then(|| wording.get("likely", index / 10)),
            Metric::Csat => Some(wording.get("satisfied", of_seven[index])),
            Metric::Ces => Some(wording.get("agree", of_seven[index])),
        }
    }
}

impl Question {
    /// Its name in answers and conditions.
    pub fn id(&self) -> &str {
        self.0.get("id").text().unwrap_or_default()
    }

    /// What kind of answer it takes.
    pub fn kind(&self) -> Kind {
        let points = self.0.get("points").millis();
        let scale = |metric, otherwise| Kind::Scale(Scale { metric, points: points.unwrap_or(otherwise) });
        match self.0.get("kind").text() {
            Some("nps") => scale(Metric::Nps, 11),
            Some("csat") => scale(Metric::Csat, if self.look() == "thumbs" { 2 } else { 5 }),
            Some("ces") => scale(Metric::Ces, 7),
            Some("text") => Kind::Text,
            Some("email") => Kind::Email,
            Some("choice") => Kind::Choice,
            Some("consent") => Kind::Consent,
            _ => Kind::Statement,
        }
    }

    /// How a scale's points look: `numbers`, `stars`, `faces` or `thumbs`.
    pub fn look(&self) -> &str {
        self.0.get("look").text().unwrap_or("numbers")
    }

    /// The key of the built-in text that it is asked with; `None` if the owner wrote one.
    pub fn built_in(&self) -> Option<&str> {
        self.0.get("text").is_null().then(|| match self.kind() {
            Kind::Text => "reason",
            Kind::Statement => "thanks",
            _ => self.0.get("kind").text().unwrap_or_default(),
        })
    }

    /// The ids of a choice's options, in the config's order, and last `other` if there is a field for what is not among them.
    pub fn options(&self) -> Vec<&str> {
        let own = self.0.get("options").list().iter().filter_map(|option| option.get("id").text());
        own.chain((self.0.get("other").bool() == Some(true)).then_some(OTHER)).collect()
    }

    /// Whether more than one option can be chosen.
    pub fn several(&self) -> bool {
        self.0.get("several").bool() == Some(true)
    }

    /// The scale, if it has one.
    pub fn scale(&self) -> Option<Scale> {
        match self.kind() {
            Kind::Scale(scale) => Some(scale),
            _ => None,
        }
    }

    /// The conditions on earlier answers under which it is asked.
    pub fn when(&self) -> impl Iterator<Item = Condition> + '_ {
        self.0.get("when").list().iter().filter_map(|value| Condition::read(value, "question"))
    }

    /// Whether it cannot be passed over. (The prompt can be closed either way.)
    pub fn required(&self) -> bool {
        self.0.get("required").bool().unwrap_or(self.scale().is_some())
    }
}

/// What the option is called that has a field of its own.
pub const OTHER: &str = "other";

/// The answer to one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// The point; the text; the id of the option that was chosen, or a list of them; whether the box is ticked.
    pub value: Value,
    /// What was written into the field of [`OTHER`]; else `Null`.
    pub other: Value,
    /// The ids of the options in the order in which they were shown, if that was shuffled; else `Null`.
    pub shown: Value,
}

impl Answer {
    /// The part of its question's scale that it belongs to.
    pub fn bucket(&self, question: &Question) -> Option<&'static str> {
        Some(question.scale()?.bucket(self.value.number()? as i64))
    }

    /// As it stands in the response: `{ question, kind, value, points?, bucket?, other?, shown? }`.
    pub fn document(&self, question: &Question) -> Value {
        map([
            ("question", self.question.as_str().into()),
            ("kind", question.0.get("kind").clone()),
            ("value", self.value.clone()),
            ("points", question.scale().map(|scale| scale.points).into()),
            ("bucket", self.bucket(question).into()),
            ("other", self.other.clone()),
            ("shown", self.shown.clone()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets() {
        let table = [
            (Metric::Nps, 11, "ddddddd==uu"),
            (Metric::Csat, 2, "du"),
            (Metric::Csat, 3, "d=u"),
            (Metric::Csat, 5, "dd=uu"),
            (Metric::Csat, 7, "dd===uu"),
            (Metric::Ces, 5, "dd=uu"),
            (Metric::Ces, 7, "ddd=uuu"),
        ];
        for (metric, points, expect) in table {
            let scale = Scale { metric, points };
            let found: String = (scale.low()..=scale.high())
                .map(|point| match scale.bucket(point) {
                    "promoter" | "satisfied" | "easy" => 'u',
                    "detractor" | "dissatisfied" | "hard" => 'd',
                    _ => '=',
                })
                .collect();
            assert_eq!(found, expect, "{metric:?} {points}");
        }
    }
}
