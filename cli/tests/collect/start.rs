//! Starting: on what there is, or with a sentence that says what to do.

use std::net::TcpListener;
use std::path::Path;

use super::support::*;

/// Runs the program until it gives up, and returns what it says.
fn fails(db: &Path, arguments: &[&str]) -> String {
    let output = asklet(db, arguments).output().expect("it runs");
    let says = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{says}");
    assert_eq!(output.stdout, b"");
    assert_eq!(says.lines().count(), 1, "{says}");
    says
}

const FREE: [&str; 2] = ["--listen", "127.0.0.1:0"];

#[test]
fn it_says_where_it_listens_and_stores() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let expect =
        format!("asklet collect: listening on http://{}, storing in {}\n", server.address, folder.db().display());
    assert_eq!(server.line, expect);
    assert_ne!(server.address.port(), 0);
}

#[test]
fn a_port_that_is_taken() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let says = fails(&folder.db(), &["--listen", &address]);
    assert!(says.contains(&address) && says.contains("another port"), "{says}");
    assert!(!folder.db().exists(), "no file is made for nothing");
    let says = fails(&folder.db(), &["--listen", "8787"]);
    assert!(says.contains("127.0.0.1:8787"), "{says}");
}

#[test]
fn a_file_that_cannot_be() {
    let folder = Folder::new();
    let says = fails(&folder.file("none/responses.sqlite"), &FREE);
    assert!(says.contains("a folder that exists"), "{says}");
    let says = fails(&folder.file(""), &FREE);
    assert!(says.contains("--db"), "{says}");
}

#[test]
fn a_file_of_another_program_stays_as_it_is() {
    let folder = Folder::new();
    std::fs::write(folder.file("notes.txt"), "milk, bread, ".repeat(200)).expect("written");
    let says = fails(&folder.file("notes.txt"), &FREE);
    assert!(says.contains("not a SQLite database"), "{says}");
    assert_eq!(std::fs::read_to_string(folder.file("notes.txt")).expect("read"), "milk, bread, ".repeat(200));

    for (name, sql) in [
        ("tables", "CREATE TABLE response (id)"),
        ("marked", "PRAGMA application_id = 7; CREATE TABLE x (y)"),
        ("marked-empty", "PRAGMA application_id = 7"),
    ] {
        let path = folder.file(name);
        rusqlite::Connection::open(&path).and_then(|db| db.execute_batch(sql)).expect("made");
        let before = std::fs::read(&path).expect("read");
        let says = fails(&path, &FREE);
        assert!(says.contains("another program"), "{says}");
        assert_eq!(std::fs::read(&path).expect("read"), before, "{name}");
    }
}

#[test]
fn a_file_of_a_newer_version() {
    let folder = Folder::new();
    Server::start(&folder.db(), &[]).kill();
    let db = rusqlite::Connection::open(folder.db()).expect("the file");
    db.pragma_update(None, "user_version", 99).expect("set");
    let says = fails(&folder.db(), &FREE);
    assert!(says.contains("newer asklet") && says.contains("99"), "{says}");
}

#[test]
fn a_file_that_is_locked_for_good() {
    let folder = Folder::new();
    let db = rusqlite::Connection::open(folder.db()).expect("a file");
    db.execute_batch("BEGIN EXCLUSIVE").expect("locked");
    let says = fails(&folder.db(), &FREE);
    assert!(says.contains("locked"), "{says}");
}

#[test]
fn an_empty_file_is_taken() {
    let folder = Folder::new();
    std::fs::write(folder.db(), "").expect("written");
    let server = Server::start(&folder.db(), &[]);
    assert_eq!(server.post(&fresh()).status, 201);
}

#[test]
fn what_is_stored_is_there_at_the_next_start() {
    let folder = Folder::new();
    let document = fresh();
    let server = Server::start(&folder.db(), &[]);
    server.post(&document);
    server.kill();
    let server = Server::start(&folder.db(), &[]);
    assert_eq!(server.stored(), std::slice::from_ref(&document));
    assert_eq!(server.post(&document).json()["repeats"], 1);
}

#[test]
#[cfg(unix)]
fn the_file_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    server.post(&fresh());
    for name in ["responses.sqlite", "responses.sqlite-wal", "responses.sqlite-shm"] {
        let mode = std::fs::metadata(folder.file(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn flags_that_mean_nothing() {
    let folder = Folder::new();
    for arguments in [
        ["--origin", "shop.example"].as_slice(),
        &["--read-origin", "*"],
        &["--read-token", "short"],
        &["--rate", "0"],
        &["--max-body", "1"],
        &["--timeout", "0"],
        &["--colour"],
    ] {
        let output = asklet(&folder.db(), arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
    assert!(!folder.db().exists());
}
