//! The one thread that writes, and the queue in front of it.
//!
//! Many clients share a commit: while one is being brought to the disk the next requests queue up, and the
//! following commit takes all of them. Each is answered after the commit it was part of.

use std::path::PathBuf;
use std::thread::JoinHandle;

use rusqlite::ErrorCode;
use tokio::sync::{mpsc, oneshot};

use super::store::{Counts, Row, Store, sentence};
use crate::say;

/// Requests in one commit.
const GROUP: usize = 256;

enum Task {
    Store(Vec<Row>),
    Check,
    /// Erase what arrived before this moment.
    Expire(String),
    /// Mark a response as replied; true: take the mark away.
    Reply(String, bool),
    Stop,
}

struct Job {
    task: Task,
    done: oneshot::Sender<Result<Counts, Failure>>,
}

/// Why nothing was stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Failure {
    /// Too many wait already.
    Full,
    /// The database would not take it.
    Disk,
    /// The endpoint is stopping.
    Stopping,
}

/// The way to the writer.
#[derive(Clone)]
pub struct Queue(mpsc::Sender<Job>);

/// Starts the thread. Its end comes with `Queue::close`.
pub fn start(store: Store, path: PathBuf, waiting: u32) -> (Queue, JoinHandle<()>) {
    let (queue, jobs) = mpsc::channel(waiting as usize);
    let thread = std::thread::spawn(move || Writer { store, path, jobs, failing: false }.work());
    (Queue(queue), thread)
}

impl Queue {
    /// Stores rows; returns after the commit.
    pub async fn store(&self, rows: Vec<Row>) -> Result<Counts, Failure> {
        self.run(Task::Store(rows)).await
    }

    /// Commits a mark, to see that writing works.
    pub async fn check(&self) -> Result<(), Failure> {
        self.run(Task::Check).await.map(drop)
    }

    /// Erases everything that arrived before `moment`.
    pub async fn expire(&self, moment: String) -> Result<(), Failure> {
        self.run(Task::Expire(moment)).await.map(drop)
    }

    /// Marks a response as replied, or takes the mark away.
    pub async fn reply(&self, id: String, undo: bool) -> Result<(), Failure> {
        self.run(Task::Reply(id, undo)).await.map(drop)
    }

    /// Stores what is queued, refuses what comes later, and ends the thread.
    pub async fn close(&self) {
        let (done, _) = oneshot::channel();
        // A queue that is full makes room; a thread that is gone needs no telling.
        let _ = self.0.send(Job { task: Task::Stop, done }).await;
    }

    /// Resolves when the thread has ended.
    pub async fn gone(&self) {
        self.0.closed().await;
    }

    async fn run(&self, task: Task) -> Result<Counts, Failure> {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Job { task, done }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Failure::Full,
            mpsc::error::TrySendError::Closed(_) => Failure::Stopping,
        })?;
        answer.await.unwrap_or(Err(Failure::Stopping))
    }
}

struct Writer {
    store: Store,
    path: PathBuf,
    jobs: mpsc::Receiver<Job>,
    failing: bool,
}

impl Writer {
    fn work(mut self) {
        while let Some(first) = self.jobs.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = self.jobs.try_recv()
            {
                group.push(next);
            }
            if group.iter().any(|job| matches!(job.task, Task::Stop)) {
                // What is queued already is still taken, then the loop ends.
                self.jobs.close();
            }
            self.commit(group);
        }
        let _ = self.store.close();
    }

    /// Commits a group and answers it. Where one may have spoiled it for the others, each is tried alone.
    fn commit(&mut self, group: Vec<Job>) {
        let result = write(&mut self.store, &group);
        self.note(&result);
        match result {
            Ok(counts) => {
                for (job, counts) in group.into_iter().zip(counts) {
                    answer(job, Ok(counts));
                }
            }
            Err(error) if group.len() > 1 && !is_of_the_file(&error) => {
                for job in group {
                    self.commit(vec![job]);
                }
            }
            Err(_) => {
                for job in group {
                    answer(job, Err(Failure::Disk));
                }
            }
        }
    }

    /// Tells the owner when writing begins to fail and when it works again, once each.
    fn note(&mut self, result: &rusqlite::Result<Vec<Counts>>) {
        match result {
            Err(error) if !self.failing => {
                let why = sentence(&self.path, error);
                say(&format!("asklet collect: cannot store: {why}. Clients are asked to send again."));
            }
            Ok(_) if self.failing => say("asklet collect: storing works again"),
            _ => {}
        }
        self.failing = result.is_err();
    }
}

fn write(store: &mut Store, group: &[Job]) -> rusqlite::Result<Vec<Counts>> {
    let writing = store.begin()?;
    let counts = group
        .iter()
        .map(|job| match &job.task {
            Task::Store(rows) => writing.store(rows),
            Task::Expire(moment) => writing.expire(moment).map(|()| Counts::default()),
            Task::Reply(id, undo) => writing.reply(id, *undo).map(|()| Counts::default()),
            Task::Check => writing.check().map(|()| Counts::default()),
            Task::Stop => Ok(Counts::default()),
        })
        .collect::<rusqlite::Result<_>>()?;
    writing.commit()?;
    Ok(counts)
}

/// Whether the error is the file's or the disk's, and so everyone's.
fn is_of_the_file(error: &rusqlite::Error) -> bool {
    use ErrorCode::*;
    let code = error.sqlite_error_code();
    code.is_some_and(|code| {
        matches!(code, DatabaseBusy | DatabaseLocked | DatabaseCorrupt | DiskFull | ReadOnly | SystemIoFailure)
    })
}

fn answer(job: Job, result: Result<Counts, Failure>) {
    // A client that no longer waits sends again, and is told that it is a repeat.
    let _ = job.done.send(result);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(survey: &str, id: &str) -> (Job, oneshot::Receiver<Result<Counts, Failure>>) {
        let (done, answer) = oneshot::channel();
        let row = Row {
            id: id.into(),
            revision: 1,
            status: "complete".into(),
            survey: survey.into(),
            metric: None,
            score: None,
            comment: None,
            answered_at: String::new(),
            document: "{}".into(),
            event: None,
            alert: false,
        };
        (Job { task: Task::Store(vec![row]), done }, answer)
    }

    #[test]
    fn whose_fault_an_error_is() {
        use rusqlite::ffi;
        let table = [
            (ffi::SQLITE_BUSY, true),
            (ffi::SQLITE_FULL, true),
            (ffi::SQLITE_IOERR, true),
            (ffi::SQLITE_IOERR_FSYNC, true),
            (ffi::SQLITE_READONLY, true),
            (ffi::SQLITE_CORRUPT, true),
            (ffi::SQLITE_CONSTRAINT, false),
            (ffi::SQLITE_TOOBIG, false),
        ];
        for (code, expect) in table {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(is_of_the_file(&error), expect, "{error}");
        }
    }

    #[test]
    fn one_that_cannot_be_stored_does_not_spoil_the_others() {
        let path = std::env::temp_dir().join(format!("asklet-writer-{}.sqlite", std::process::id()));
        let store = Store::open(&path).expect("a store");
        let db = rusqlite::Connection::open(&path).expect("the file");
        let poison = "CREATE TRIGGER poison BEFORE INSERT ON response WHEN new.survey = 'poison'
                      BEGIN SELECT RAISE(ABORT, 'poison'); END";
        db.execute_batch(poison).expect("a trigger");

        let (_, jobs) = mpsc::channel(1);
        let mut writer = Writer { store, path: path.clone(), jobs, failing: false };
        let (group, answers): (Vec<_>, Vec<_>) =
            [job("good", "a"), job("poison", "b"), job("good", "c")].into_iter().unzip();
        writer.commit(group);
        let stored =
            answers.into_iter().map(|mut answer| answer.try_recv().expect("an answer").map(|counts| counts.stored));
        assert_eq!(stored.collect::<Vec<_>>(), [Ok(1), Err(Failure::Disk), Ok(1)]);

        let ids: String = db.query_row("SELECT group_concat(id, '') FROM response", [], |row| row.get(0)).expect("ids");
        assert_eq!(ids, "ac");
        drop((writer, db));
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", path.display()));
        }
    }
}
