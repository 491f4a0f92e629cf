//! Accepting connections, and stopping.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::guard::Peer;
use super::patient::Patient;

/// How long requests that are under way may take when told to stop.
const LAST_CALL: Duration = Duration::from_secs(10);

/// Resolves when the process is asked to stop.
pub fn stop_signal() -> Result<impl Future<Output = ()>, String> {
    let failed = |error: std::io::Error| format!("cannot start: signals cannot be watched ({error})");
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        Ok(async move {
            tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c().map_err(failed)?;
        Ok(async move { drop(interrupt.recv().await) })
    }
}

/// Serves until `stop`, then finishes what is under way and returns. `limit` bounds the time for a request's head,
/// for a connection that lies idle, and for an answer that nobody takes.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: u32,
    limit: Duration,
    stop: impl Future<Output = ()>,
) {
    let free = Arc::new(Semaphore::new(connections as usize));
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limit).max_buf_size(64 * 1024);

    loop {
        let accepted = async {
            // Taken first: those who would be one too many wait in the system's queue, which is bounded.
            let permit = free.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, stream, peer) = tokio::select! {
            () = &mut stop => break,
            Some(_) = open.join_next() => continue,
            (permit, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (permit, stream, peer.ip()),
                Err(_) => {
                    // The client has gone already, or no file handle is free: a moment helps.
                    sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        let connection = http.serve_connection(TokioIo::new(patient(stream, limit)), service(&router, Peer(peer)));
        let connection = graceful.watch(connection);
        open.spawn(async move {
            // A connection that breaks concerns nobody but the client, who sends again.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = timeout(LAST_CALL, graceful.shutdown()).await;
}

fn patient(stream: TcpStream, limit: Duration) -> Patient {
    // Answers are small and awaited: never held back to fill a packet.
    let _ = stream.set_nodelay(true);
    Patient::new(stream, limit)
}

/// The router for one connection, whose requests carry the address at its other end.
fn service(
    router: &Router,
    peer: Peer,
) -> impl Service<Request<Incoming>, Response = axum::response::Response, Error = Infallible, Future: Send> + Send + use<>
{
    let router = TowerToHyperService::new(router.clone());
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    })
}
