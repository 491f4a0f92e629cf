//! Files of rows: JSON lines, a JSON list, CSV, or the endpoint's own database. One record at a time.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, stdin};
use std::path::Path;

use asklet::core::Value;
use serde::Deserializer;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};

use crate::collect::store;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Input {
    /// A JSON document on each line.
    Jsonl,
    /// A list of JSON documents.
    Json,
    /// A line of names, and then a line each.
    Csv,
    /// What `asklet collect` stores in.
    Sqlite,
}

/// Takes the record of a line (or the number of a record), or what is wrong with it. An error ends the reading.
pub type Each<'a> = dyn FnMut(u64, Result<Value, String>) -> Result<(), String> + 'a;

/// Hands every record of `file` (`-`: standard input) to `each`. The error is a sentence for the owner.
pub fn read(file: &str, input: Option<Input>, each: &mut Each) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot read {file}: {error}");
    let mut from: Box<dyn BufRead> = match file {
        "-" => Box::new(BufReader::with_capacity(1 << 16, stdin())),
        _ => Box::new(BufReader::with_capacity(1 << 16, File::open(file).map_err(failed)?)),
    };
    let start = from.fill_buf().map_err(failed)?;
    let input = input.unwrap_or_else(|| guess(file, start));
    if start.starts_with(b"\xef\xbb\xbf") {
        from.consume(3);
    }
    match input {
        Input::Sqlite => stored(Path::new(file), each),
        Input::Jsonl => lines(from, each).map_err(|error| error.say(file)),
        Input::Json => list(from, each),
        Input::Csv => rows(from, each).map_err(|error| error.say(file)),
    }
}

fn guess(file: &str, start: &[u8]) -> Input {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    match (start.first(), Path::new(file).extension().and_then(|end| end.to_str())) {
        _ if start.starts_with(b"SQLite format 3\0") => Input::Sqlite,
        (Some(b'['), _) => Input::Json,
        (Some(b'{'), _) | (_, Some("jsonl" | "ndjson" | "json")) => Input::Jsonl,
        _ => Input::Csv,
    }
}

/// Why reading ended early.
enum End {
    /// The file could not be read.
    Io(std::io::Error),
    /// Whoever takes the records said so.
    Said(String),
}

impl End {
    fn say(self, file: &str) -> String {
        match self {
            End::Io(error) => format!("cannot read {file}: {error}"),
            End::Said(sentence) => sentence,
        }
    }
}

fn lines(mut from: Box<dyn BufRead>, each: &mut Each) -> Result<(), End> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if from.read_until(b'\n', &mut line).map_err(End::Io)? == 0 {
            break;
        }
        if !line.trim_ascii().is_empty() {
            let record = serde_json::from_slice(&line).map_err(|error| format!("is not JSON: {error}"));
            each(number, record).map_err(End::Said)?;
        }
    }
    Ok(())
}

/// The elements of a list, without the list.
fn list(from: impl Read, each: &mut Each) -> Result<(), String> {
    struct Elements<'a, 'b> {
        each: &'a mut Each<'b>,
        count: u64,
        /// What `each` ended it with.
        said: Option<String>,
    }
    impl<'de> Visitor<'de> for &mut Elements<'_, '_> {
        type Value = ();
        fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
            to.write_str("a list of documents")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
            while let Some(record) = seq.next_element()? {
                self.count += 1;
                if let Err(sentence) = (self.each)(self.count, Ok(record)) {
                    self.said = Some(sentence);
                    return Err(serde::de::Error::custom("ended"));
                }
            }
            Ok(())
        }
    }
    impl<'de> DeserializeSeed<'de> for &mut Elements<'_, '_> {
        type Value = ();
        fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
            from.deserialize_seq(self)
        }
    }
    let mut elements = Elements { each, count: 0, said: None };
    let mut from = serde_json::Deserializer::from_reader(from);
    let result = elements.deserialize(&mut from).and_then(|()| from.end());
    match (elements.said, result) {
        (Some(sentence), _) => Err(sentence),
        // What follows cannot be told apart any more: one fault, and it says so.
        (None, Err(error)) => {
            let next = elements.count + 1;
            (elements.each)(next, Err(format!("is not JSON, and what follows was not read: {error}")))
        }
        (None, Ok(())) => Ok(()),
    }
}

fn rows(from: impl Read, each: &mut Each) -> Result<(), End> {
    let mut from = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let names = match from.headers() {
        Ok(names) => names.clone(),
        Err(error) => return each(1, Err(format!("is not CSV: {error}"))).map_err(End::Said),
    };
    let mut record = csv::StringRecord::new();
    loop {
        let line = from.position().line();
        let row = match from.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) if record.len() != names.len() => {
                Err(format!("has {} columns, and the first line {}", record.len(), names.len()))
            }
            Ok(true) => {
                let cells = names.iter().zip(&record).map(|(name, cell)| (name.trim().into(), cell.into()));
                Ok(Value::Map(cells.collect()))
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(End::Io(error)),
                csv::ErrorKind::Utf8 { .. } => Err("is not UTF-8".into()),
                other => Err(format!("is not CSV: {other:?}")),
            },
        };
        each(record.position().map_or(line, |place| place.line()), row).map_err(End::Said)?;
    }
}

/// Responses as `asklet export` writes them, and events.
fn stored(path: &Path, each: &mut Each) -> Result<(), String> {
    let failed = |error: rusqlite::Error| format!("cannot read {}: {error}", path.display());
    let db = store::reading(path).map_err(failed)?;
    // One moment of it, whatever is being written meanwhile.
    db.execute_batch("BEGIN").map_err(failed)?;
    let has = |table: &str| {
        let count = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?";
        db.query_row(count, [table], |row| row.get::<_, bool>(0)).map_err(failed)
    };
    if !has("response")? {
        return Err(format!("cannot read {}: `asklet collect` has not written it", path.display()));
    }
    let replied = if has("reply")? { "(SELECT replied_at FROM reply WHERE reply.id = response.id)" } else { "NULL" };
    let mut queries = vec![format!("SELECT document, {replied} FROM response ORDER BY seq")];
    if has("event")? {
        queries.push("SELECT document, NULL FROM event ORDER BY seq".into());
    }
    let mut number = 0;
    for query in queries {
        let mut select = db.prepare(&query).map_err(failed)?;
        let mut rows = select.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            number += 1;
            let document = row.get_ref(0).map_err(failed)?.as_bytes().unwrap_or_default();
            let mut record = serde_json::from_slice::<Value>(document).map_err(|error| format!("is not JSON: {error}"));
            if let (Ok(record), Some(at)) = (&mut record, row.get::<_, Option<String>>(1).map_err(failed)?) {
                *record.at("replied_at") = at.into();
            }
            each(number, record)?;
        }
    }
    Ok(())
}
