//! Spans of time, of which median and 90th percentile are wanted, however many there are.

use std::collections::BTreeMap;

/// How often each span was seen, to three significant digits (and tenths of a second): so that memory is bounded, and the median of what is kept is the
/// median, to three significant digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spans {
    /// By tenths of a second.
    counts: BTreeMap<u64, u64>,
    n: u64,
}

impl Spans {
    /// Counts a span; one below 0 (a clock was set back) as 0.
    pub fn add(&mut self, seconds: f64) {
        let tenths = (seconds.clamp(0.0, 1e12) * 10.0).round() as u64;
        let mut unit = 1;
        while tenths / unit >= 1000 {
            unit *= 10;
        }
        *self.counts.entry((tenths + unit / 2) / unit * unit).or_default() += 1;
        self.n += 1;
    }

    /// How many.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The `share` quantile in seconds, `share` from 0 to 1, interpolated between neighbours (type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in
    /// Statistical Packages", The American Statistician 50 (1996)); `None` where there are none.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let place = (self.n.checked_sub(1)?) as f64 * share;
        let (below, above) = (self.nth(place.floor() as u64)?, self.nth(place.ceil() as u64)?);
        Some((below + (above - below) * place.fract()) / 10.0)
    }

    /// The span at `index`, from 0, in tenths.
    fn nth(&self, index: u64) -> Option<f64> {
        let mut seen = 0;
        self.counts.iter().find_map(|(tenths, count)| {
            seen += count;
            (seen > index).then_some(*tenths as f64)
        })
    }
}
