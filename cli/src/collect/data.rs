//! `asklet forget` and `asklet export`: what an owner needs to answer a person who asks for their data.

use std::io::{BufWriter, ErrorKind, Write, stdout};
use std::path::{Path, PathBuf};

use asklet::core::Value;
use rusqlite::params;

use super::http::is_moment;
use super::store::{self, Store};

/// The flags of `asklet forget`.
#[derive(clap::Args)]
pub struct ForgetOptions {
    /// The SQLite file of `asklet collect`, which may be running.
    #[arg(long, value_name = "FILE", default_value = "responses.sqlite")]
    db: PathBuf,

    /// Everything of this visitor: the id that the page gave to identify().
    #[arg(long, value_name = "ID", required_unless_present = "response")]
    visitor: Option<String>,

    /// One response, by its id.
    #[arg(long, value_name = "ID")]
    response: Option<String>,
}

/// The flags of `asklet export`.
#[derive(clap::Args)]
pub struct ExportOptions {
    /// The SQLite file of `asklet collect`, which may be running.
    #[arg(long, value_name = "FILE", default_value = "responses.sqlite")]
    db: PathBuf,

    /// Only what this visitor answered: the id that the page gave to identify().
    #[arg(long, value_name = "ID")]
    visitor: Option<String>,

    /// Only what arrived from this moment on, such as 2026-11-22.
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,

    /// Events too, after the responses.
    #[arg(long, conflicts_with = "visitor")]
    events: bool,
}

/// Erases, and says how much.
pub fn forget(options: &ForgetOptions) -> Result<(), String> {
    let ForgetOptions { db, visitor, response } = options;
    exists(db)?;
    let failed = |error: rusqlite::Error| store::sentence(db, &error);
    let mut store = Store::open(db)?;
    let writing = store.begin().map_err(failed)?;
    let count = writing.forget(visitor.as_deref(), response.as_deref()).map_err(failed)?;
    writing.commit().map_err(failed)?;
    // What was erased stands in the log until this has moved it into the file.
    if !store.close() {
        let path = db.display();
        return Err(format!(
            "{count} responses erased, but another program reads {path}, and its log still holds them: run this again when it is done"
        ));
    }
    crate::print(&format!("{count} responses erased\n"))
}

/// Prints documents as JSON lines, with when they arrived and were replied to.
pub fn export(options: &ExportOptions) -> Result<(), String> {
    let ExportOptions { db: path, visitor, since, events } = options;
    exists(path)?;
    if since.as_deref().is_some_and(|since| !is_moment(since)) {
        return Err("--since: write a moment in UTC, such as 2026-11-22 or 2026-11-22T13:00Z".into());
    }
    let failed = |error: rusqlite::Error| store::sentence(path, &error);
    // Brings an older file up to date first.
    drop(Store::open(path)?);
    let db = store::reading(path).map_err(failed)?;
    let mut to = BufWriter::new(stdout().lock());
    let responses =
        "SELECT document, received_at, (SELECT replied_at FROM reply WHERE reply.id = response.id) FROM response
        WHERE received_at >= ?1 AND (?2 IS NULL OR document ->> '$.visitor.id' = ?2) ORDER BY seq";
    let all_events =
        "SELECT document, received_at, NULL FROM event WHERE received_at >= ?1 AND ?2 IS NULL ORDER BY seq";
    let since = since.as_deref().unwrap_or_default().trim_end_matches('Z');
    for query in [responses, all_events].into_iter().take(1 + usize::from(*events)) {
        let mut select = db.prepare(query).map_err(failed)?;
        let mut rows = select.query(params![since, visitor]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let text = row.get_ref(0).map_err(failed)?.as_bytes().unwrap_or_default();
            let mut document: Value =
                serde_json::from_slice(text).map_err(|error| format!("{}: {error}", path.display()))?;
            for (index, name) in ["received_at", "replied_at"].into_iter().enumerate() {
                if let Some(at) = row.get::<_, Option<String>>(index + 1).map_err(failed)? {
                    *document.at(name) = at.into();
                }
            }
            match writeln!(to, "{}", serde_json::to_string(&document).unwrap_or_default()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                other => other.map_err(|error| format!("cannot write: {error}"))?,
            }
        }
    }
    to.flush().map_err(|error| format!("cannot write: {error}"))
}

/// Neither of the two makes a file.
fn exists(path: &Path) -> Result<(), String> {
    // An empty file would be made into a database.
    if path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > 0) {
        Ok(())
    } else {
        Err(format!("{}: there is no such database; give --db the endpoint's", path.display()))
    }
}
