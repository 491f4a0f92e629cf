//! The SQLite file: opening, migrating, writing. What reads it is in `reader`.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use asklet::core::time::iso;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, ToSql, Transaction, TransactionBehavior, params};

/// Marks the file as ours: "Askl".
const APPLICATION: i32 = 0x4173_6b6c;

/// How long another program may keep the file locked.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// From each version of the schema to the next; the file's `user_version` counts those that it has had.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE response (
        -- The order of arrival. A higher revision arrives anew.
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        status TEXT NOT NULL,
        survey TEXT NOT NULL,
        metric TEXT,
        score NUMERIC,
        comment TEXT,
        answered_at TEXT NOT NULL,
        received_at TEXT NOT NULL,
        document TEXT NOT NULL
    );
    -- What the health check writes, as large as the largest response: a disk that is full has room for a few bytes.
    CREATE TABLE health (one INTEGER PRIMARY KEY CHECK (one = 1), checked_at TEXT NOT NULL, room BLOB NOT NULL);
",
    "
    -- Prompts that came up, or were closed: counted, not traced.
    CREATE TABLE event (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        event TEXT NOT NULL,
        survey TEXT NOT NULL,
        at TEXT NOT NULL,
        received_at TEXT NOT NULL,
        document TEXT NOT NULL
    );
    -- Responses that somebody has replied to.
    CREATE TABLE reply (id TEXT PRIMARY KEY, replied_at TEXT NOT NULL);
    -- Responses that somebody is told of at once; `due` in milliseconds since 1970.
    CREATE TABLE alert (
        id TEXT PRIMARY KEY, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, accepted_at TEXT, problem TEXT
    );
    CREATE INDEX alert_due ON alert (due) WHERE accepted_at IS NULL;
    -- What was erased on request, so that a repeat from a device does not bring it back.
    CREATE TABLE forgotten (id TEXT PRIMARY KEY) WITHOUT ROWID;
",
];

/// A response that has been checked.
pub struct Row {
    /// The UUID, lower case.
    pub id: String,
    /// The document's state; the highest is kept.
    pub revision: i64,
    /// `complete` or `partial`.
    pub status: String,
    /// The survey's id.
    pub survey: String,
    /// The metric of the score.
    pub metric: Option<String>,
    /// The first scale's answer.
    pub score: Option<f64>,
    /// The first free text.
    pub comment: Option<String>,
    /// When the last answer was given, as the document has it.
    pub answered_at: String,
    /// The whole document as JSON on one line.
    pub document: String,
    /// What it counts, if it is an event's and no response; its moment stands in `answered_at`.
    pub event: Option<String>,
    /// Whether somebody is to be told at once.
    pub alert: bool,
}

/// What became of rows.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// New ids.
    pub stored: u32,
    /// Known ids with a higher revision.
    pub replaced: u32,
    /// Known ids with the same or a lower revision: nothing was changed.
    pub repeats: u32,
}

/// The connection that writes.
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the file, makes it if it is missing and brings it up to this version's schema. The error is a
    /// sentence for the owner.
    pub fn open(path: &Path) -> Result<Store, String> {
        let mut connection = connect(path)?;
        prepare(&mut connection).map_err(|error| match error {
            Unfit::Sentence(sentence) => format!("{}: {sentence}", path.display()),
            Unfit::Sqlite(error) => sentence(path, &error),
        })?;
        Ok(Store { connection })
    }

    /// Starts a transaction. It holds the file's only right to write until it is committed or dropped.
    pub fn begin(&mut self) -> rusqlite::Result<Writing<'_>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Writing { transaction, now: iso(crate::now()) })
    }

    /// Moves everything from the write-ahead log into the file itself and closes it.
    /// False if another program that reads prevented it. Nothing is lost: the log stays, and is read at the next start.
    pub fn close(self) -> bool {
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        busy.is_ok_and(|busy| busy == 0)
    }
}

/// A transaction.
pub struct Writing<'a> {
    transaction: Transaction<'a>,
    now: String,
}

impl Writing<'_> {
    /// Stores `rows`, each once.
    pub fn store(&self, rows: &[Row]) -> rusqlite::Result<Counts> {
        let mut counts = Counts::default();
        for row in rows {
            if let Some(event) = &row.event {
                let insert = "INSERT OR IGNORE INTO event (id, event, survey, at, received_at, document) VALUES (?, ?, ?, ?, ?, ?)";
                // To the hour, as the event's own time: else it could be laid beside a response that came with it.
                let hour = [&self.now[..13], ":00:00.000Z"].concat();
                let values = params![row.id, event, row.survey, row.answered_at, hour, row.document];
                let added = self.transaction.prepare_cached(insert)?.execute(values)?;
                counts.stored += added as u32;
                counts.repeats += 1 - added as u32;
                continue;
            }
            let mut forgotten = self.transaction.prepare_cached("SELECT 1 FROM forgotten WHERE id = ?")?;
            if forgotten.exists([&row.id])? {
                counts.repeats += 1;
                continue;
            }
            let known: Option<i64> = self
                .transaction
                .prepare_cached("SELECT revision FROM response WHERE id = ?")?
                .query_row([&row.id], |known| known.get(0))
                .optional()?;
            match known {
                Some(revision) if revision >= row.revision => {
                    counts.repeats += 1;
                    continue;
                }
                Some(_) => counts.replaced += 1,
                None => counts.stored += 1,
            }
            self.transaction
                .prepare_cached(
                    "REPLACE INTO response
                     (id, revision, status, survey, metric, score, comment, answered_at, received_at, document)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    row.id,
                    row.revision,
                    row.status,
                    row.survey,
                    row.metric,
                    row.score,
                    row.comment,
                    row.answered_at,
                    self.now,
                    row.document
                ])?;
            if row.alert {
                // Once for each response, whatever its revision.
                let insert = "INSERT OR IGNORE INTO alert (id, due) VALUES (?, ?)";
                self.transaction.prepare_cached(insert)?.execute(params![row.id, crate::now()])?;
            }
        }
        Ok(counts)
    }

    /// Erases everything that arrived before `moment`.
    pub fn expire(&self, moment: &str) -> rusqlite::Result<()> {
        self.erase("received_at < ?1", params![moment])?;
        self.transaction.execute("DELETE FROM event WHERE received_at < ?1", [moment]).map(drop)
    }

    /// Erases the responses for which `condition` holds, with all that hangs on them; returns how many there were.
    fn erase(&self, condition: &str, values: &[&dyn ToSql]) -> rusqlite::Result<usize> {
        for table in ["alert", "reply"] {
            let hanging = format!("DELETE FROM {table} WHERE id IN (SELECT id FROM response WHERE {condition})");
            self.transaction.execute(&hanging, values)?;
        }
        self.transaction.execute(&format!("DELETE FROM response WHERE {condition}"), values)
    }

    /// Marks a response as replied, or takes the mark away. What is not there is not marked.
    pub fn reply(&self, id: &str, undo: bool) -> rusqlite::Result<()> {
        if undo {
            return self.transaction.execute("DELETE FROM reply WHERE id = ?", [id]).map(drop);
        }
        let mark = "INSERT OR IGNORE INTO reply (id, replied_at) SELECT id, ? FROM response WHERE id = ?";
        self.transaction.execute(mark, [&self.now, id]).map(drop)
    }

    /// Erases the responses of a visitor, or one response, with all that hangs on them; returns how many there were. They do not come back.
    pub fn forget(&self, visitor: Option<&str>, response: Option<&str>) -> rusqlite::Result<usize> {
        let condition = "document ->> '$.visitor.id' = ?1 OR id = ?2";
        let response = response.map(str::to_ascii_lowercase);
        let values = params![visitor, response];
        let keep = format!("INSERT OR IGNORE INTO forgotten SELECT id FROM response WHERE {condition}");
        self.transaction.execute(&keep, values)?;
        self.erase(condition, values)
    }

    /// Writes a mark, to see that writing works.
    pub fn check(&self) -> rusqlite::Result<()> {
        let write = "REPLACE INTO health (one, checked_at, room) VALUES (1, ?, zeroblob(32768))";
        self.transaction.prepare_cached(write)?.execute([&self.now]).map(drop)
    }

    /// Returns when it is on the disk.
    pub fn commit(self) -> rusqlite::Result<()> {
        self.transaction.commit()
    }
}

/// A connection that only reads.
pub fn reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file(path), flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// The path as SQLite is to take it: a file, whatever it is called.
pub fn file(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}

fn connect(path: &Path) -> Result<Connection, String> {
    make(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file(path), flags).map_err(|error| sentence(path, &error))?;
    connection.busy_timeout(PATIENCE).map_err(|error| sentence(path, &error))?;
    Ok(connection)
}

/// Makes the file if there is none. What visitors wrote is for the owner's eyes: SQLite gives its side files
/// the same permissions.
fn make(path: &Path) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(format!(
            "cannot make {}: {error}; give --db a file in a folder that exists and that this user may write to",
            path.display()
        )),
        _ => Ok(()),
    }
}

enum Unfit {
    Sentence(String),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Unfit {
    fn from(error: rusqlite::Error) -> Self {
        Unfit::Sqlite(error)
    }
}

/// Checks whose file it is before anything is written, then migrates it.
fn prepare(connection: &mut Connection) -> Result<(), Unfit> {
    let number = |connection: &Connection, sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number(connection, "PRAGMA application_id")?;
    let empty = number(connection, "SELECT count(*) FROM sqlite_schema")? == 0;
    if application != i64::from(APPLICATION) && !(application == 0 && empty) {
        let sentence = "this is a database of another program; give --db another file";
        return Err(Unfit::Sentence(sentence.into()));
    }

    // A commit appends to the write-ahead log and returns once the log is on the disk (FULL: also through a
    // power cut), and reading goes on meanwhile.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        let sentence = "the file system does not support SQLite's write-ahead log; give --db a file on a local disk";
        return Err(Unfit::Sentence(sentence.into()));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is erased is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;

    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = number(&transaction, "PRAGMA user_version")?;
    let latest = MIGRATIONS.len() as i64;
    if version > latest {
        return Err(Unfit::Sentence(format!(
            "a newer asklet has written it (schema {version}, this one knows {latest}); use that one, or another file"
        )));
    }
    for migration in MIGRATIONS.iter().skip(version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", latest)?;
    Ok(transaction.commit()?)
}

/// What an error of SQLite's means to the owner.
pub fn sentence(path: &Path, error: &rusqlite::Error) -> String {
    let what_to_do = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => "this is not a SQLite database; give --db another file".into(),
        Some(ErrorCode::DatabaseCorrupt) => {
            "the file is damaged; move it away, start again, and save what can be saved with `sqlite3 FILE .recover`"
                .into()
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "this user may not write to the file or its folder; change that, or give --db another file".into()
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has kept it locked for 5 s; stop that program".into()
        }
        Some(ErrorCode::DiskFull) => "the disk is full; make room".into(),
        _ => format!("SQLite says: {error}"),
    };
    format!("{}: {what_to_do}", path.display())
}
