//! Reading the stored responses while others are being written.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::store;

/// Roughly how much is read at a time.
const PAGE: usize = 64 * 1024;

/// Which responses to read.
#[derive(Debug, Default, PartialEq)]
pub struct Range {
    /// Only what arrived at or after this moment: ISO 8601 in UTC, or a beginning of it.
    pub since: Option<String>,
    /// Only the newest so many.
    pub limit: Option<u32>,
}

/// A place in the stored responses.
///
/// Each page is a query of its own: a reader that is slow or stuck keeps no transaction open, which would keep
/// the write-ahead log growing.
pub struct Reader {
    connection: Connection,
    after: i64,
    left: u32,
}

impl Reader {
    /// Opens the file and goes to the beginning of `range`.
    pub fn open(path: &Path, range: &Range) -> rusqlite::Result<Reader> {
        let connection = store::reading(path)?;
        let mut after = 0;
        if let Some(since) = &range.since {
            let first = "SELECT seq - 1 FROM response WHERE received_at >= ? ORDER BY seq LIMIT 1";
            let found = connection.query_row(first, [since], |row| row.get(0)).optional()?;
            after = found.map_or_else(|| newest(&connection), Ok)?;
        }
        if let Some(limit) = range.limit {
            let nth = "SELECT seq FROM response ORDER BY seq DESC LIMIT 1 OFFSET ?";
            let found: Option<i64> = connection.query_row(nth, [limit], |row| row.get(0)).optional()?;
            after = after.max(found.unwrap_or(0));
        }
        Ok(Reader { connection, after, left: range.limit.unwrap_or(u32::MAX) })
    }

    /// The next documents, one a line; none at the end.
    pub fn page(&mut self) -> rusqlite::Result<Vec<u8>> {
        let mut lines = Vec::new();
        let mut select =
            self.connection.prepare_cached("SELECT seq, document FROM response WHERE seq > ? ORDER BY seq LIMIT ?")?;
        let mut rows = select.query([self.after, i64::from(self.left)])?;
        while lines.len() < PAGE
            && let Some(row) = rows.next()?
        {
            self.after = row.get(0)?;
            lines.extend_from_slice(row.get_ref(1)?.as_bytes()?);
            lines.push(b'\n');
            self.left -= 1;
        }
        Ok(lines)
    }
}

fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(seq), 0) FROM response", [], |row| row.get(0))
}
