//! Each id once, however many rows there are: they are laid aside in a temporary database and sorted there, on the disk where they are many.

use rusqlite::{Connection, params};

use super::row::Row;

/// Rows laid aside.
pub struct Once {
    db: Connection,
    count: u64,
}

/// How much of the temporary database is held in memory, in KiB.
const CACHE: i64 = 32 * 1024;

impl Once {
    /// With none yet.
    pub fn new() -> Result<Once, String> {
        // A file without a name, which goes when it is closed.
        let db = Connection::open("").map_err(failed)?;
        let set = format!(
            "PRAGMA cache_size = -{CACHE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
             CREATE TABLE row (id TEXT, revision INTEGER, row BLOB); BEGIN"
        );
        db.execute_batch(&set).map_err(failed)?;
        Ok(Once { db, count: 0 })
    }

    /// Lays a row aside.
    pub fn add(&mut self, row: &Row) -> Result<(), String> {
        self.count += 1;
        let mut insert = self.db.prepare_cached("INSERT INTO row VALUES (?, ?, ?)").map_err(failed)?;
        // A row without an id is none other's repeat.
        let id = if row.id.is_empty() { format!("\0{}", self.count) } else { row.id.clone() };
        insert.execute(params![id, row.revision, row.pack()]).map(drop).map_err(failed)
    }

    /// Hands on each id's row of the highest revision, the first of those that have the same. Returns how many were dropped.
    pub fn each(self, mut take: impl FnMut(Row)) -> Result<u64, String> {
        let sorted = "SELECT id, row FROM row ORDER BY id, revision DESC, rowid";
        let mut select = self.db.prepare(sorted).map_err(failed)?;
        let mut rows = select.query([]).map_err(failed)?;
        let (mut last, mut kept) = (String::new(), 0);
        while let Some(row) = rows.next().map_err(failed)? {
            let id = row.get_ref(0).map_err(failed)?.as_str().map_err(|error| failed(error.into()))?;
            if kept == 0 || id != last {
                last.replace_range(.., id);
                kept += 1;
                take(Row::unpack(row.get_ref(1).map_err(failed)?.as_blob().unwrap_or_default()));
            }
        }
        Ok(self.count - kept)
    }
}

fn failed(error: rusqlite::Error) -> String {
    format!("cannot sort the rows: {error}; is there room for them in the folder for temporary files (SQLITE_TMPDIR)?")
}
