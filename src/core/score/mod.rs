//! Figures from answers: scores, shares and spans of time, each with how many it rests on and, but for spans, a 95 % interval.
//!
//! An interval says within what the figure of all visitors like these would lie, 95 times of 100 that one asks so many. It says nothing of
//! visitors who are not like those that answered.

mod interval;
mod spans;

pub use interval::{mean, nps, share};
pub use spans::Spans;

use crate::core::survey::{Metric, Scale};

/// With fewer than these a figure says too little to be acted on. (A rule of thumb: with 30 answers a score of 0 has an interval of some 30 points to
/// each side.)
pub const ENOUGH: u64 = 30;

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// What is known of one thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// `nps` (-100 to 100), `csat`, `ces_share`, `response_rate`, `completion_rate` (percent), `ces_mean` (a point of its scale),
    /// `turnaround_median`, `turnaround_p90`, `reply_median`, `reply_p90` (seconds).
    pub name: &'static str,
    /// How many answers, prompts or spans it rests on.
    pub n: u64,
    /// The figure; `None` where there is none.
    pub value: Option<f64>,
    /// The lower end of its interval, where it has one.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Figure {
    /// A figure with its interval.
    pub fn new(name: &'static str, n: u64, estimate: Option<Estimate>) -> Self {
        let part = |part: fn(Estimate) -> f64| estimate.map(part);
        Figure { name, n, value: part(|it| it.value), low: part(|it| it.low), high: part(|it| it.high) }
    }

    /// A figure without one.
    pub fn bare(name: &'static str, n: u64, value: Option<f64>) -> Self {
        Figure { name, n, value, low: None, high: None }
    }

    /// Whether it rests on too few.
    pub fn few(&self) -> bool {
        self.n < ENOUGH
    }
}

/// How often each point of a scale was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Which scale.
    pub scale: Scale,
    counts: [u64; 11],
}

impl Scores {
    /// None yet.
    pub fn new(scale: Scale) -> Self {
        Scores { scale, counts: [0; 11] }
    }

    /// Counts an answer. One that is no point of the scale is left out, and false.
    pub fn add(&mut self, point: i64) -> bool {
        let fits = (self.scale.low()..=self.scale.high()).contains(&point);
        if fits {
            self.counts[(point - self.scale.low()) as usize] += 1;
        }
        fits
    }

    /// How often each point was chosen, the lowest first.
    pub fn counts(&self) -> &[u64] {
        &self.counts[..self.scale.points as usize]
    }

    /// How many answers.
    pub fn n(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many answers in each part of the scale, the best first.
    pub fn buckets(&self) -> [(&'static str, u64); 3] {
        self.scale.buckets().map(|name| {
            let points = self.counts().iter().zip(self.scale.low()..);
            (name, points.filter(|(_, point)| self.scale.bucket(*point) == name).map(|(count, _)| count).sum())
        })
    }

    /// What the answers come to. NPS: promoters less detractors. CSAT: the share of the satisfied. CES: the mean, and the share of those who found it
    /// easy.
    pub fn figures(&self) -> Vec<Figure> {
        let (n, [(_, best), (_, middle), (_, worst)]) = (self.n(), self.buckets());
        match self.scale.metric {
            Metric::Nps => vec![Figure::new("nps", n, nps(best, middle, worst))],
            Metric::Csat => vec![Figure::new("csat", n, share(best, n))],
            Metric::Ces => vec![self.mean(n), Figure::new("ces_share", n, share(best, n))],
        }
    }

    fn mean(&self, n: u64) -> Figure {
        let points = || self.counts().iter().zip(self.scale.low()..);
        let sum = points().map(|(count, point)| *count as f64 * point as f64).sum::<f64>();
        let value = (n > 0).then(|| sum / n as f64);
        let squares = |mean: f64| points().map(|(count, point)| *count as f64 * (point as f64 - mean).powi(2)).sum();
        match value {
            // The spread of one answer is not known.
            Some(value) if n > 1 => Figure::new("ces_mean", n, Some(mean(value, squares(value), n))),
            value => Figure::bare("ces_mean", n, value),
        }
    }
}

#[cfg(test)]
mod tests;
