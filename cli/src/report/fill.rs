//! From rows to what the report says.

use std::collections::BTreeMap;

use asklet::core::score::Scores;
use asklet::core::time::{Millis, iso};

use super::model::{Asked, Comment, Report, Scale, Slice, Split, Survey};
use crate::score::{Asking, By, Fields, Row, Source, Tally, gather};

/// With more weeks than these, months are shown.
const WEEKS: usize = 27;

/// Where in a row's keys each split stands.
const WEEK: usize = 0;
const MONTH: usize = 1;
const STAGE: usize = 2;
const TOUCHPOINT: usize = 3;
const LOCALE: usize = 4;

/// A survey while its rows are read.
#[derive(Default)]
struct Reading {
    whole: Tally,
    /// By week, month, stage, touchpoint and language.
    parts: [BTreeMap<String, Tally>; 5],
    /// The newest comments: of the worst, of those between, of the best.
    comments: [BTreeMap<(Millis, String), Comment>; 3],
    commented: u64,
}

/// Reads the source. `most`: comments that a survey shows.
pub fn fill(source: &Source, title: &str, most: usize, made_at: Millis) -> Result<Report, String> {
    let by = vec![By::Week, By::Month, By::Field("stage"), By::Field("touchpoint"), By::Field("locale")];
    let mut fields = Fields::new(&source.map, &source.set, by, &source.zone)?;
    fields.comments = true;
    let mut surveys: BTreeMap<String, Reading> = BTreeMap::new();
    let (mut from, mut to) = (None, None);
    let seen = gather(source, &fields, |row| {
        from = from.min(row.at).or(from).or(row.at);
        to = to.max(row.at);
        surveys.entry(row.survey.clone()).or_default().add(row, most);
    })?;
    let date = |at: Option<Millis>| at.map_or(String::new(), |at| iso(at)[..10].into());
    Ok(Report {
        title: title.into(),
        from: date(from),
        to: date(to),
        made_at: iso(made_at)[..16].replace('T', " ") + " UTC",
        responses: surveys.values().map(|survey| survey.whole.responses).sum(),
        notes: seen.sentences(),
        surveys: surveys.into_iter().map(|(id, survey)| survey.done(id, most)).collect(),
        live: false,
    })
}

impl Reading {
    fn add(&mut self, row: Row, most: usize) {
        self.whole.add(&row);
        for (part, key) in self.parts.iter_mut().zip(&row.keys) {
            part.entry(key.clone()).or_default().add(&row);
        }
        if !row.event.is_empty() || row.comment.is_empty() && row.contact.is_empty() {
            return;
        }
        self.commented += 1;
        let first = row.scores.first();
        let bucket = first.map_or("", |score| score.scale.bucket(score.point));
        // The worst come first; without a score it counts as between.
        let best = first.and_then(|score| score.scale.buckets().iter().position(|name| *name == bucket));
        let rank = 2 - best.unwrap_or(1);
        let comments = &mut self.comments[rank];
        let at = row.at.unwrap_or_default();
        let minute = |at: Millis| iso(at)[..16].replace('T', " ");
        let comment = Comment {
            id: row.id.clone(),
            text: row.comment,
            score: first.map(|score| score.point),
            bucket,
            answered_at: row.at.map_or(String::new(), minute),
            stage: row.keys[STAGE].clone(),
            touchpoint: row.keys[TOUCHPOINT].clone(),
            locale: row.locale,
            contact: row.contact,
            replied_at: row.replied_at.map(minute),
        };
        // Rows without an id have nothing else to be told apart by.
        let name = if row.id.is_empty() { self.commented.to_string() } else { row.id };
        comments.insert((at, name), comment);
        if comments.len() > most {
            comments.pop_first();
        }
    }

    fn done(self, id: String, most: usize) -> Survey {
        let time = if self.parts[WEEK].len() > WEEKS { (MONTH, "month") } else { (WEEK, "week") };
        let scale = |(asking, scores): (&Asking, &Scores)| {
            let splits = [time, (STAGE, "stage"), (TOUCHPOINT, "touchpoint"), (LOCALE, "locale")];
            let split = |(part, by): (usize, &'static str)| {
                let slice = |(label, tally): (&String, &Tally)| {
                    let figures = tally.scores.get(asking)?.figures();
                    Some(Slice { label: label.clone(), figures })
                };
                Split { by, slices: self.parts[part].iter().filter_map(slice).collect() }
            };
            Scale {
                question: asking.0.clone(),
                metric: asking.1,
                points: asking.2,
                low: scores.scale.low(),
                figures: scores.figures(),
                counts: scores.counts().to_vec(),
                buckets: scores.buckets(),
                splits: splits.into_iter().map(split).collect(),
                notes: self.whole.notes(false),
            }
        };
        let newest_first = self.comments.iter().flat_map(|some| some.values().rev());
        Survey {
            responses: self.whole.responses,
            scales: self.whole.scores.iter().map(scale).collect(),
            figures: self.whole.figures(),
            asked: self.whole.asked().map(|(shown, answered)| Asked {
                shown,
                answered,
                dismissed: self.whole.dismissed.iter().map(|(reason, count)| (reason.clone(), *count)).collect(),
            }),
            comments: newest_first.take(most).cloned().collect(),
            comments_in_all: self.commented,
            id,
        }
    }
}
