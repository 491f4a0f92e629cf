//! What a group of rows comes to.

use std::collections::BTreeMap;

use asklet::core::score::{Figure, Scores, Spans, share};

use super::row::Row;

/// Languages that are told apart in a note; more are counted together.
const LANGUAGES: usize = 100;

/// What is never added up with another: the question's id, its metric and the number of its points.
pub type Asking = (String, &'static str, i64);

/// Counts of a group. Memory depends on how many questions, days and languages there are, not on how many rows.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Responses.
    pub responses: u64,
    /// Prompts that came up, where that is sent.
    pub shown: u64,
    /// Prompts that were closed, by reason.
    pub dismissed: BTreeMap<String, u64>,
    /// Answers on scales.
    pub scores: BTreeMap<Asking, Scores>,
    stated: u64,
    complete: u64,
    turnaround: Spans,
    reply: Spans,
    /// Prompts and responses by the day on which the prompt came up.
    days: BTreeMap<i64, (u64, u64)>,
    /// Answers on scales, by language.
    languages: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        match &*row.event {
            "" => self.respond(row),
            "shown" => {
                self.shown += 1;
                if let Some(day) = row.day {
                    self.days.entry(day).or_default().0 += 1;
                }
            }
            _ => *self.dismissed.entry(row.reason.clone()).or_default() += 1,
        }
    }

    fn respond(&mut self, row: &Row) {
        self.responses += 1;
        if let Some(day) = row.day {
            self.days.entry(day).or_default().1 += 1;
        }
        if let Some(complete) = row.complete {
            self.stated += 1;
            self.complete += u64::from(complete);
        }
        if let Some(seconds) = row.turnaround {
            self.turnaround.add(seconds);
        }
        if let (Some(from), Some(to)) = (row.at, row.replied_at) {
            self.reply.add((to - from) as f64 / 1000.0);
        }
        for score in &row.scores {
            let key = (score.question.clone(), score.scale.metric.name(), score.scale.points);
            self.scores.entry(key).or_insert_with(|| Scores::new(score.scale)).add(score.point);
        }
        if !row.scores.is_empty() {
            let known = self.languages.len() < LANGUAGES || self.languages.contains_key(&row.locale);
            let language = if known { row.locale.clone() } else { "others".into() };
            *self.languages.entry(language).or_default() += 1;
        }
    }

    /// Prompts and the responses to them, from the first to the last day on which prompts were counted.
    pub fn asked(&self) -> Option<(u64, u64)> {
        let counted = || self.days.iter().filter(|(_, (shown, _))| *shown > 0).map(|(day, _)| *day);
        let days = self.days.range(counted().next()?..=counted().next_back()?);
        Some(days.fold((0, 0), |(shown, answered), (_, (s, a))| (shown + s, answered + a)))
    }

    /// What does not belong to one question. Those of which nothing is known are left out.
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        if let Some((shown, answered)) = self.asked() {
            // More answers than prompts: some prompts were not counted, and so there is no rate.
            let rate = if answered <= shown { share(answered, shown) } else { None };
            figures.push(Figure::new("response_rate", shown, rate));
        }
        if self.stated > 0 {
            figures.push(Figure::new("completion_rate", self.stated, share(self.complete, self.stated)));
        }
        let spans =
            [(&self.turnaround, ["turnaround_median", "turnaround_p90"]), (&self.reply, ["reply_median", "reply_p90"])];
        for (spans, names) in spans {
            for (name, share) in names.into_iter().zip([0.5, 0.9]) {
                if spans.n() > 0 {
                    figures.push(Figure::bare(name, spans.n(), spans.quantile(share)));
                }
            }
        }
        figures
    }

    /// What is to be borne in mind with its scores.
    pub fn notes(&self, of_one_language: bool) -> Vec<String> {
        let mut notes = Vec::new();
        if self.languages.len() > 1 && !of_one_language {
            let mut languages: Vec<_> = self.languages.iter().collect();
            languages.sort_by(|a, b| b.1.cmp(a.1));
            let named: Vec<String> = languages
                .iter()
                .take(5)
                .map(|(name, count)| format!("{} {count}", if name.is_empty() { "unknown" } else { name }))
                .collect();
            let more = if languages.len() > 5 { ", ..." } else { "" };
            notes.push(format!("several languages together: {}{more}", named.join(", ")));
        }
        for (question, metric, points) in self.scores.keys() {
            let others = self.scores.keys().filter(|(q, m, p)| q == question && (m, p) != (metric, points));
            let others: Vec<String> =
                others.map(|(_, metric, points)| format!("{metric} of {points} points")).collect();
            if !others.is_empty() && !notes.iter().any(|note| note.contains("scales")) {
                notes.push(format!(
                    "\"{question}\" was asked on several scales ({metric} of {points} points, {}): not to be compared",
                    others.join(", ")
                ));
            }
        }
        notes
    }
}
