//! Figures as people and programs read them.

use asklet::core::score::Figure;
use serde_json::{Value as Json, json};

use super::{Groups, Seen, Tally, words};

/// How figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Format {
    /// Columns for a terminal.
    Table,
    /// One JSON object, numbers as they are.
    Json,
    /// A line each, numbers as they are.
    Csv,
    /// A table for a wiki.
    Markdown,
}

/// A figure of a group, and of which question it is.
struct Line {
    by: Vec<String>,
    question: String,
    points: Option<i64>,
    figure: Figure,
    notes: Vec<String>,
}

/// Languages and cultures use scales differently: so says every split by language.
const LANGUAGES: &str =
    "Answers in different languages are not to be compared: how people use a scale differs with language and culture.";

/// All figures. `by`: the names of the splits.
pub fn print(format: Format, by: &[String], groups: &Groups, seen: &Seen) -> String {
    let languages = by.iter().any(|name| name == "locale");
    let all = || groups.iter().flat_map(|(key, tally)| lines(key, tally, languages)).collect::<Vec<Line>>();
    let names = [&["survey".to_string()], by].concat();
    match format {
        Format::Json => {
            let footnotes: &[&str] = if languages { &[LANGUAGES] } else { &[] };
            crate::json::pretty(&document(&names, groups, languages, seen, footnotes))
        }
        Format::Csv => csv(&names, &all()),
        Format::Table | Format::Markdown => {
            let cells: Vec<Vec<String>> = std::iter::once(header(&names)).chain(all().iter().map(row)).collect();
            let mut text = if format == Format::Table { columns(&cells) } else { markdown(&cells) };
            if languages {
                text.push_str(&format!("\n{LANGUAGES}\n"));
            }
            text
        }
    }
}

fn lines(key: &[String], tally: &Tally, languages: bool) -> Vec<Line> {
    let notes = tally.notes(languages);
    let line = |question: &str, points, figure: Figure, notes: &[String]| {
        let few = figure.few().then(|| "too few to say anything".to_string());
        Line {
            by: key.into(),
            question: question.into(),
            points,
            figure,
            notes: few.into_iter().chain(notes.iter().cloned()).collect(),
        }
    };
    let scores = tally.scores.iter().flat_map(|((question, _, points), scores)| {
        scores.figures().into_iter().map(|figure| line(question, Some(*points), figure, &notes)).collect::<Vec<_>>()
    });
    let others = tally.figures().into_iter().map(|figure| line("", None, figure, &[]));
    scores.chain(others).collect()
}

fn document(by: &[String], groups: &Groups, languages: bool, seen: &Seen, notes: &[&str]) -> Json {
    let group = |(key, tally): (&Vec<String>, &Tally)| {
        let names: serde_json::Map<String, Json> =
            by.iter().zip(key).map(|(name, value)| (name.clone(), json!(value))).collect();
        let figure = |line: Line| {
            let Figure { name, n, value, low, high } = line.figure;
            json!({
                "question": line.question, "figure": name, "points": line.points, "n": n, "value": value, "low": low, "high": high,
                "few": line.figure.few(), "notes": line.notes,
            })
        };
        let figures: Vec<Json> = lines(key, tally, languages).into_iter().map(figure).collect();
        json!({
            "by": names, "responses": tally.responses, "shown": tally.shown, "dismissed": tally.dismissed, "figures": figures,
        })
    };
    let bad: Vec<Json> =
        seen.named.iter().map(|bad| json!({ "file": bad.file, "line": bad.line, "reason": bad.reason })).collect();
    json!({
        "groups": groups.iter().map(group).collect::<Vec<_>>(),
        "rows": seen.rows,
        "repeats": seen.repeats,
        "bad": { "count": seen.bad, "rows": bad },
        "notes": notes,
    })
}

fn csv(by: &[String], lines: &[Line]) -> String {
    let mut to = csv::Writer::from_writer(Vec::new());
    let names = by.iter().map(String::as_str);
    let header = names.chain(["question", "figure", "points", "n", "value", "low", "high", "notes"]);
    // Into memory: it cannot fail.
    let _ = to.write_record(header);
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    for line in lines {
        let Figure { name, n, value, low, high } = line.figure;
        let rest = [
            line.question.clone(),
            name.into(),
            line.points.map_or(String::new(), |points| points.to_string()),
            n.to_string(),
            number(value),
            number(low),
            number(high),
            line.notes.join("; "),
        ];
        let _ = to.write_record(line.by.iter().chain(&rest));
    }
    String::from_utf8(to.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn header(by: &[String]) -> Vec<String> {
    let rest = ["question", "figure", "n", "value", "95 % interval", "note"].map(String::from);
    by.iter().cloned().chain(rest).collect()
}

fn row(line: &Line) -> Vec<String> {
    let Figure { name, n, value, .. } = line.figure;
    let value = value.map_or("-".into(), |value| words::value(name, value));
    let interval = words::interval(&line.figure);
    let rest = [line.question.clone(), name.into(), n.to_string(), value, interval, line.notes.join("; ")];
    line.by.iter().cloned().chain(rest).collect()
}

fn columns(cells: &[Vec<String>]) -> String {
    let width = |column: usize| cells.iter().map(|row| clean(&row[column]).chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..cells[0].len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{:width$}", clean(cell)));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_string() + "\n"
    };
    cells.iter().map(line).collect()
}

fn markdown(cells: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| clean(cell).replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = format!("|{}\n", "---|".repeat(cells[0].len()));
    let mut lines = cells.iter().map(line);
    lines.next().unwrap_or_default() + &rule + &lines.collect::<String>()
}

/// Without what would move a terminal's cursor or break a line: names come from whoever may post.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
