//! `asklet report`: the figures of `asklet score` and the comments, as one HTML page that needs nothing else.

mod charts;
mod fill;
mod model;
mod page;

use std::path::Path;

use crate::score::Source;

/// The flags of `asklet report`; docs/report.md has the same table.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    source: Source,

    /// The file to write; - is standard output.
    #[arg(long, short, value_name = "FILE", default_value = "report.html")]
    out: String,

    /// What stands at the top.
    #[arg(long, value_name = "TEXT", default_value = TITLE)]
    title: String,

    /// Comments of each survey, the newest of the dissatisfied first.
    #[arg(long, value_name = "N", default_value_t = COMMENTS)]
    comments: usize,
}

const TITLE: &str = "What visitors said";
const COMMENTS: usize = 1000;

/// Writes the page.
pub fn run(options: &Options) -> Result<(), String> {
    let Options { source, out, title, comments } = options;
    let report = fill::fill(source, title, *comments, crate::now())?;
    report.notes.iter().for_each(|note| super::say(note));
    let text = page::page(&report);
    if out == "-" {
        return super::print(&text);
    }
    std::fs::write(out, text).map_err(|error| format!("cannot write {out}: {error}; give --out another file"))?;
    super::say(&format!("asklet report: {} responses, written to {out}", report.responses));
    Ok(())
}

/// The page of what `asklet collect` has stored. `live`: with buttons that mark a response as replied.
pub fn page(db: &Path, live: bool) -> Result<String, String> {
    let source = Source {
        files: vec![db.display().to_string()],
        input: Some(crate::score::Input::Sqlite),
        map: Vec::new(),
        set: Vec::new(),
        zone: "UTC".into(),
    };
    let mut report = fill::fill(&source, TITLE, COMMENTS, crate::now())?;
    report.live = live;
    Ok(page::page(&report))
}
