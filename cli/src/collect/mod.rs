//! `asklet collect`: the embedded collection endpoint.
//!
//! A request passes `guard` (rate, origins) and reaches `http`, which lets `intake` read and check the
//! documents and hands them to the `writer`, the one thread that writes to the `store`. The answer waits
//! for the commit. Reading has connections of its own and never waits for the writer.

mod access;
mod alert;
mod data;
mod guard;
mod http;
mod intake;
mod limits;
mod options;
mod origin;
mod patient;
mod problem;
mod reader;
mod serve;
pub mod store;
mod writer;

pub use data::{ExportOptions, ForgetOptions, export, forget};
pub use options::Options;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use asklet::core::time::{Millis, iso};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::say;
use http::App;
use store::Store;

/// Listens until a signal says to stop. The error is a sentence for the owner.
pub fn run(options: Options) -> Result<(), String> {
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: the system gives no threads ({error})"))?;
    let result = runtime.block_on(collect(options));
    // A reader that is still waiting for the disk must not hold up the exit.
    runtime.shutdown_background();
    result
}

async fn collect(options: Options) -> Result<(), String> {
    let listener = TcpListener::bind(&options.listen).await.map_err(|error| unbound(&options.listen, &error))?;
    let address = listener.local_addr().map_err(|error| unbound(&options.listen, &error))?;
    let store = Store::open(&options.db)?;
    // Before the line below is printed: whoever reads it may send a signal at once.
    let stop = serve::stop_signal()?;

    let (queue, writer) = writer::start(store, options.db.clone(), options.queue);
    let timeout = options.timeout();
    let connections = options.connections;
    let db = options.db.display().to_string();
    let bell = alert::start(&options)?;
    if let Some(keep) = options.keep {
        tokio::spawn(retain(queue.clone(), keep));
    }
    let app = Arc::new(App::new(options, address, queue.clone(), bell));
    let _ = writeln!(std::io::stdout(), "asklet collect: listening on http://{address}, storing in {db}");

    let stopped = tokio::select! {
        () = serve::serve(listener, http::router(app), connections, timeout, stop) => Ok(()),
        () = queue.gone() => Err("the thread that writes to the database has failed; start asklet collect again".into()),
    };
    queue.close().await;
    let _ = tokio::task::spawn_blocking(move || writer.join()).await;
    if stopped.is_ok() {
        say("asklet collect: stopped, everything acknowledged is stored");
    }
    stopped
}

/// Erases what is too old, now and every hour.
async fn retain(queue: writer::Queue, keep: Millis) {
    loop {
        // A disk that is full says so at every commit: there is another hour.
        let _ = queue.expire(iso(crate::now() - keep)).await;
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

fn unbound(listen: &str, error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let what_to_do = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there; stop it, or choose another port (--listen 127.0.0.1:0 takes a free one)"
                .into()
        }
        ErrorKind::PermissionDenied => "this user may not; choose a port above 1023".into(),
        ErrorKind::AddrNotAvailable => "this machine has no such address; 127.0.0.1 and 0.0.0.0 always work".into(),
        ErrorKind::InvalidInput => "write an address and a port, such as 127.0.0.1:8787".into(),
        _ => format!("{error}; write an address and a port, such as 127.0.0.1:8787"),
    };
    format!("cannot listen on {listen}: {what_to_do}")
}
