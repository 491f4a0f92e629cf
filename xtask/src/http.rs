//! As much of an HTTP server as the demo needs: one thread and one request a connection, on the loopback only.
//! A browser opens connections that it never uses; with a pool of threads they would starve the others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// The longest head and the longest body that are read, in bytes.
const LIMIT: u64 = 64 * 1024;

/// How long a connection may stay without saying anything.
const IDLE: Duration = Duration::from_secs(60);

/// A request: method, path without its query, body.
pub struct Request {
    pub method: String,
    pub path: String,
    /// Whether the browser takes brotli.
    pub brotli: bool,
    pub body: Vec<u8>,
}

/// What is answered.
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    /// Whether the body is compressed with brotli.
    pub brotli: bool,
    pub body: Vec<u8>,
}

/// Answers requests for ever.
pub fn serve(listener: &TcpListener, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
    let answer = Arc::new(answer);
    for stream in listener.incoming().flatten() {
        let answer = answer.clone();
        std::thread::spawn(move || {
            // A visitor who went away is no failure.
            let _ = handle(&stream, answer.as_ref());
        });
    }
}

fn handle(mut stream: &TcpStream, answer: &impl Fn(&Request) -> Reply) -> std::io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    let Some(request) = read(stream)? else { return Ok(()) };
    let Reply { status, content_type, brotli, body } = answer(&request);
    let head = format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n{}\
         Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
        if status < 400 { "OK" } else { "Failed" },
        body.len(),
        if brotli { "Content-Encoding: br\r\n" } else { "" },
    );
    stream.write_all(head.as_bytes())?;
    if request.method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// Reads one request; `None` when there is none or it makes no sense.
fn read(stream: impl Read) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream.take(2 * LIMIT));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(url)) = (words.next(), words.next()) else { return Ok(None) };
    let path = url.split(['?', '#']).next().unwrap_or("/").to_string();
    let method = method.to_string();

    let (mut length, mut brotli) = (0, false);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 {
            return Ok(None);
        }
        if header.trim().is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "accept-encoding" => brotli = value.split(',').any(|coding| coding.trim() == "br"),
            _ => {}
        }
    }
    let mut body = Vec::new();
    reader.take(length.min(LIMIT)).read_to_end(&mut body)?;
    Ok(Some(Request { method, path, brotli, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_requests() {
        let check = |text: &str, expect: Option<(&str, &str, &str)>| {
            let request = read(text.as_bytes()).expect("a slice can be read");
            let request = request.map(|r| (r.method, r.path, String::from_utf8(r.body).expect("the test is UTF-8")));
            assert_eq!(request, expect.map(|(m, p, b)| (m.into(), p.into(), b.into())), "{text}");
        };
        check("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", Some(("GET", "/a", "")));
        check("POST /a HTTP/1.1\r\ncontent-length: 2\r\n\r\nhixx", Some(("POST", "/a", "hi")));
        check("GET / HTTP/1.1\r\nHost: x\r\n", None);
        check("", None);
    }

    #[test]
    fn unused_connections_starve_nobody() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("the listener is bound");
        std::thread::spawn(move || {
            serve(&listener, |request| Reply {
                status: 200,
                content_type: "text/plain",
                brotli: false,
                body: request.path.clone().into_bytes(),
            });
        });
        let connect = || TcpStream::connect(address).expect("the server accepts");
        let _unused: Vec<_> = (0..20).map(|_| connect()).collect();
        let mut stream = connect();
        stream.write_all(b"GET /here HTTP/1.1\r\n\r\n").expect("the request is sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("the reply is read");
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n") && reply.ends_with("\r\n\r\n/here"), "{reply}");
    }
}
