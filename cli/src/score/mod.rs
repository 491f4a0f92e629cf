//! `asklet score`: from rows to figures. A row is read (`read`), understood (`fields`), counted once (`once`), and added to its group (`tally`).

mod fields;
mod once;
mod read;
mod row;
mod table;
mod tally;
pub mod words;

use std::collections::BTreeMap;
use std::process::ExitCode;

pub use fields::{By, Fields, contact};
pub use read::Input;
pub use row::{Row, metric};
pub use tally::{Asking, Tally};

use once::Once;

/// What the exit status says.
pub const STATUS: &str = "Exit status: 0 where every row was read, 1 where some are bad (the figures are printed all the same, without them), 2 \
    where a file cannot be read or the command is not understood.\n\nEvery figure is explained in docs/report.md.";

/// Bad rows that are named.
const NAMED: usize = 20;

/// Where rows come from: the flags that `score` and `report` share; docs/report.md has the same table.
#[derive(clap::Args)]
pub struct Source {
    /// Responses: JSON lines, a JSON list, CSV, or the database of `asklet collect`; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,

    /// How the files are written; guessed without it.
    #[arg(long, value_name = "KIND")]
    pub input: Option<Input>,

    /// Where a field stands: a column, or a path such as data.0.rating; repeat for more.
    #[arg(long = "map", value_name = "FIELD=NAME")]
    pub map: Vec<String>,

    /// What a field is where a row says nothing of it, such as metric=nps; repeat for more.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub set: Vec<String>,

    /// The time zone of days, weeks and months, and of moments that name none.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub zone: String,
}

/// The flags of `asklet score`.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    source: Source,

    /// What to split by besides the survey: touchpoint, stage, week, month, day, locale, device, placement, page, attribute:NAME; separate several by
    /// commas.
    #[arg(long, value_name = "SPLITS", value_delimiter = ',')]
    by: Vec<String>,

    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: table::Format,
}

/// What was read.
#[derive(Default)]
pub struct Seen {
    /// Rows that could be read.
    pub rows: u64,
    /// Those of them that were another's repeat, or an earlier revision.
    pub repeats: u64,
    /// Rows that could not be read.
    pub bad: u64,
    /// The first of those.
    pub named: Vec<Bad>,
}

/// A row that could not be read.
pub struct Bad {
    /// The file.
    pub file: String,
    /// Its line, or in a list and a database its number.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl Seen {
    /// The bad rows, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.named.iter().map(|bad| format!("{}:{}: {}", bad.file, bad.line, table::clean(&bad.reason))).collect();
        if self.bad > self.named.len() as u64 {
            lines.push(format!("and {} more", self.bad - self.named.len() as u64));
        }
        if self.bad > 0 {
            lines.push(format!("{} of {} rows are bad and not in the figures", self.bad, self.rows + self.bad));
        }
        lines
    }
}

/// Hands every row of the source to `take`, each id once.
pub fn gather(source: &Source, fields: &Fields, take: impl FnMut(Row)) -> Result<Seen, String> {
    let mut once = Once::new()?;
    let mut seen = Seen::default();
    for file in &source.files {
        read::read(file, source.input, &mut |line, record| {
            match record.and_then(|record| fields.row(&record)) {
                Ok(row) => {
                    seen.rows += 1;
                    once.add(&row)?;
                }
                Err(reason) => {
                    seen.bad += 1;
                    if seen.named.len() < NAMED {
                        seen.named.push(Bad { file: file.clone(), line, reason });
                    }
                }
            }
            Ok(())
        })?;
    }
    seen.repeats = once.each(take)?;
    Ok(seen)
}

/// Groups by the survey and what it is split by.
pub type Groups = BTreeMap<Vec<String>, Tally>;

/// Prints the figures.
pub fn run(options: &Options) -> Result<ExitCode, String> {
    match figures(options) {
        Ok((text, seen)) => {
            super::print(&text)?;
            seen.sentences().iter().for_each(|line| super::say(line));
            Ok(ExitCode::from(u8::from(seen.bad > 0)))
        }
        Err(sentence) => {
            super::say(&format!("asklet: {sentence}"));
            Ok(ExitCode::from(2))
        }
    }
}

fn figures(options: &Options) -> Result<(String, Seen), String> {
    let Options { source, by, format } = options;
    // Split by the survey it is always: scores of different questions are different things.
    let by = by.iter().filter(|by| *by != "survey").map(|by| By::parse(by)).collect::<Result<Vec<_>, _>>()?;
    let fields = Fields::new(&source.map, &source.set, by, &source.zone)?;
    let mut groups = Groups::new();
    let seen = gather(source, &fields, |row| {
        let key = [std::slice::from_ref(&row.survey), &row.keys].concat();
        groups.entry(key).or_default().add(&row);
    })?;
    let names: Vec<String> = fields.by.iter().map(By::name).collect();
    Ok((table::print(*format, &names, &groups, &seen), seen))
}
