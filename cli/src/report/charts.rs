//! The charts, as SVG. Colours are marks, which the page's style sheet gives their meaning, light, dark and on paper.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::model::Figure;

/// Text and axes; grid; what is shown; what is uncertain of it, or too few.
const INK: RGBColor = RGBColor(1, 1, 1);
const GRID: RGBColor = RGBColor(2, 2, 2);
const MARK: RGBColor = RGBColor(3, 3, 3);
const FAINT: RGBColor = RGBColor(4, 4, 4);

/// The two widths in which each chart is drawn, so that its text can be read in a narrow window too.
pub const WIDTHS: [(&str, u32); 2] = [("wide", 720), ("narrow", 300)];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Where something is drawn: a value's place on an axis from `from` to `to`, which takes the pixels `start` to `end`.
struct Axis {
    from: f64,
    to: f64,
    start: i32,
    end: i32,
}

impl Axis {
    fn at(&self, value: f64) -> i32 {
        let share = (value - self.from) / (self.to - self.from);
        self.start + (share * f64::from(self.end - self.start)).round() as i32
    }

    /// Some five round values on it.
    fn ticks(&self) -> Vec<f64> {
        let span = self.to - self.from;
        let steps = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0];
        let step = steps.into_iter().find(|step| span / step <= 6.0).unwrap_or(span);
        let first = (self.from / step).ceil() as i64;
        let last = (self.to / step).floor() as i64;
        (first..=last).map(|index| index as f64 * step).collect()
    }
}

/// A figure for each of some labels, by the order of time: points on a line, each with its interval. Those of too few are faint and not on the line.
pub fn over_time(parts: &[(String, Figure)], bounds: (f64, f64), width: u32) -> String {
    let height = 240;
    drawn(width, height, |area| {
        let y = Axis { start: height as i32 - 28, end: 12, ..scale(parts, bounds) };
        let x = Axis { from: -0.5, to: parts.len() as f64 - 0.5, start: 48, end: width as i32 - 30 };
        for tick in y.ticks() {
            line(area, &[(x.start, y.at(tick)), (x.end, y.at(tick))], GRID, 1)?;
            text(area, &number(tick), (x.start - 6, y.at(tick)), HPos::Right, VPos::Center)?;
        }
        // As many labels as there is room for.
        let every = (parts.len() * 66).div_ceil((x.end - x.start) as usize).max(1);
        for (index, (label, _)) in parts.iter().enumerate().step_by(every) {
            text(area, label, (x.at(index as f64), y.start + 8), HPos::Center, VPos::Top)?;
        }
        let place = |index: usize, value: f64| (x.at(index as f64), y.at(value));
        let sure = parts.iter().enumerate().filter(|(_, (_, figure))| !figure.few());
        let path: Vec<_> = sure.filter_map(|(index, (_, figure))| Some(place(index, figure.value?))).collect();
        line(area, &path, MARK, 2)?;
        for (index, (_, figure)) in parts.iter().enumerate() {
            let color = if figure.few() { FAINT } else { MARK };
            if let (Some(low), Some(high)) = (figure.low, figure.high) {
                line(area, &[place(index, low), place(index, high)], color, 1)?;
            }
            if let Some(value) = figure.value {
                dot(area, place(index, value), color)?;
            }
        }
        Some(())
    })
}

/// A figure for each of some labels: a row each, with a dot and its interval.
pub fn side_by_side(parts: &[(String, Figure)], bounds: (f64, f64), width: u32) -> String {
    let height = 34 * parts.len() as u32 + 30;
    drawn(width, height, |area| {
        let x = Axis { start: 12, end: width as i32 - 16, ..scale(parts, bounds) };
        for tick in x.ticks() {
            line(area, &[(x.at(tick), 4), (x.at(tick), height as i32 - 22)], GRID, 1)?;
            text(area, &number(tick), (x.at(tick), height as i32 - 16), HPos::Center, VPos::Top)?;
        }
        for (index, (label, figure)) in parts.iter().enumerate() {
            let top = 34 * index as i32 + 4;
            let color = if figure.few() { FAINT } else { MARK };
            text(area, label, (x.start, top), HPos::Left, VPos::Top)?;
            if let (Some(low), Some(high)) = (figure.low, figure.high) {
                line(area, &[(x.at(low), top + 22), (x.at(high), top + 22)], color, 2)?;
            }
            if let Some(value) = figure.value {
                dot(area, (x.at(value), top + 22), color)?;
            }
        }
        Some(())
    })
}

/// How often each point was chosen, the lowest point at the left.
pub fn distribution(counts: &[u64], low: i64, width: u32) -> String {
    let height = 170;
    drawn(width, height, |area| {
        let most = counts.iter().max().copied().unwrap_or(0).max(1) as f64;
        let y = Axis { from: 0.0, to: most, start: height as i32 - 26, end: 24 };
        let slot = width as f64 / counts.len() as f64;
        for (index, (count, point)) in counts.iter().zip(low..).enumerate() {
            let middle = ((index as f64 + 0.5) * slot) as i32;
            let half = (slot * 0.36).min(34.0) as i32;
            let bar = [(middle - half, y.at(*count as f64)), (middle + half, y.start)];
            area.draw(&Rectangle::new(bar, MARK.filled())).ok()?;
            text(area, &count.to_string(), (middle, bar[0].1 - 4), HPos::Center, VPos::Bottom)?;
            text(area, &point.to_string(), (middle, y.start + 7), HPos::Center, VPos::Top)?;
        }
        line(area, &[(0, y.start), (width as i32, y.start)], INK, 1)
    })
}

/// An axis that has room for all values and their intervals, as far as they are not of too few.
fn scale(parts: &[(String, Figure)], (lowest, highest): (f64, f64)) -> Axis {
    let sure = parts.iter().map(|(_, figure)| figure).filter(|figure| !figure.few());
    let ends: Vec<f64> = sure.flat_map(|figure| [figure.low, figure.high, figure.value]).flatten().collect();
    let from = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let to = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if from > to {
        return Axis { from: lowest, to: highest, start: 0, end: 0 };
    }
    let margin = ((to - from) * 0.1).max((highest - lowest) * 0.02);
    Axis { from: (from - margin).max(lowest), to: (to + margin).min(highest), start: 0, end: 0 }
}

fn drawn(width: u32, height: u32, draw: impl FnOnce(&Area) -> Option<()>) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        // Into memory: it cannot fail.
        let _ = draw(&area);
        let _ = area.present();
    }
    svg
}

fn line(area: &Area, path: &[(i32, i32)], color: RGBColor, width: u32) -> Option<()> {
    area.draw(&PathElement::new(path.to_vec(), color.stroke_width(width))).ok()
}

fn dot(area: &Area, at: (i32, i32), color: RGBColor) -> Option<()> {
    area.draw(&Circle::new(at, 4, color.filled())).ok()
}

fn text(area: &Area, text: &str, at: (i32, i32), across: HPos, along: VPos) -> Option<()> {
    let style = ("sans-serif", 16).into_font().color(&INK).pos(Pos::new(across, along));
    // What XML cannot hold would spoil the whole picture.
    let text: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    area.draw(&Text::new(text, at, style)).ok()
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
