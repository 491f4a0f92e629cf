//! `cargo xtask demo`: builds what the demo needs and serves it.

use std::net::TcpListener;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::endpoint::{self, Endpoint};
use crate::http::{self, Reply, Request};
use crate::setup::{self, For};
use crate::sh::{self, Result};
use crate::toolchain::Build;
use crate::{dist, files, sizes};

/// The endpoint's address as `demo/asklet.json` names it.
const CONFIGURED: &str = "127.0.0.1:8787";

/// Sets up, builds, serves until Ctrl-C. `port` is the first one to try.
pub fn run(port: u16) -> Result {
    setup::run(For::Demo)?;
    println!("building the widget (minutes the first time)");
    sizes::print(&dist::build(Build::Release)?);
    println!("building the endpoint (a minute the first time)");
    let tool = endpoint::build_tool()?;

    let listener = listen(port)?;
    let address = listener.local_addr().map_err(|error| format!("the demo has no address: {error}"))?;
    let mut endpoint = Endpoint::new(tool, 8787, address.port())?;
    endpoint.start()?;
    let endpoint = Arc::new(Mutex::new(endpoint));
    stop_on_signal(&endpoint)?;
    println!("\nThe demo: http://{address}   (Ctrl-C ends it)");
    http::serve(&listener, move |request| answer(request, &endpoint));
    Ok(())
}

fn stop_on_signal(endpoint: &Arc<Mutex<Endpoint>>) -> Result {
    let endpoint = endpoint.clone();
    let stop = move || {
        if let Ok(mut endpoint) = endpoint.lock() {
            endpoint.stop();
        }
        std::process::exit(0);
    };
    ctrlc::set_handler(stop).map_err(|error| format!("cannot listen for Ctrl-C: {error}"))
}

fn listen(port: u16) -> Result<TcpListener> {
    (port..port.saturating_add(50))
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok())
        .ok_or_else(|| format!("no port from {port} on is free: choose another with --port"))
}

fn answer(request: &Request, endpoint: &Mutex<Endpoint>) -> Reply {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/demo/endpoint") => state(endpoint, None),
        ("POST", "/demo/endpoint") => {
            let wanted: Option<Value> = serde_json::from_slice(&request.body).ok();
            match wanted.and_then(|body| body["running"].as_bool()) {
                Some(running) => state(endpoint, Some(running)),
                None => text(400, "send {\"running\": true} or {\"running\": false}"),
            }
        }
        ("GET" | "HEAD", path) => file(path, request.brotli, endpoint),
        _ => text(405, "only GET here"),
    }
}

/// Whether the endpoint runs, after starting or stopping it where that is wanted.
fn state(endpoint: &Mutex<Endpoint>, wanted: Option<bool>) -> Reply {
    let Ok(mut endpoint) = endpoint.lock() else {
        return text(500, "the endpoint's state is lost: start the demo again");
    };
    match wanted {
        Some(true) => {
            if let Err(sentence) = endpoint.start() {
                return text(500, &sentence);
            }
        }
        Some(false) => endpoint.stop(),
        None => {}
    }
    let body = json!({ "running": endpoint.running(), "url": format!("http://{}/responses", endpoint.address()) });
    ok("application/json", body.to_string())
}

/// A file of the shop or of `dist/`; the shop's own addresses, which have no dot, all lead to its page.
fn file(path: &str, brotli: bool, endpoint: &Mutex<Endpoint>) -> Reply {
    let Some(file) = locate(path) else { return text(404, "not found") };
    // The widget goes out as any site's server would send it, so that the shop's panel shows what it really costs.
    if let Some(body) = brotli.then(|| compressed(&file)).flatten() {
        return Reply { brotli: true, ..ok(content_type(&file), body) };
    }
    let Ok(body) = std::fs::read(&file) else { return text(404, "not found") };
    let kind = content_type(&file);
    match path {
        "/demo/asklet.json" => {
            let address = endpoint.lock().map_or_else(|_| CONFIGURED.to_string(), |endpoint| endpoint.address());
            ok(kind, String::from_utf8_lossy(&body).replace(CONFIGURED, &address))
        }
        _ if file.ends_with("index.html") => ok(kind, without_trunk(&String::from_utf8_lossy(&body))),
        _ => ok(kind, body),
    }
}

/// A file of `dist/` as `dist` compressed it.
fn compressed(file: &Path) -> Option<Vec<u8>> {
    let name = file.strip_prefix(dist::folder()).ok()?.to_str()?;
    std::fs::read(files::compressed().join(format!("{name}.br"))).ok()
}

/// The file that a path asks for, if it is one that the demo serves.
fn locate(path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    if let Ok(name) = relative.strip_prefix("asklet") {
        return Some(dist::folder().join(name));
    }
    if relative.starts_with("demo") && relative.extension().is_some() {
        return Some(sh::root().join(relative));
    }
    let page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    (page || path == "/index.html").then(|| sh::root().join("index.html"))
}

/// The page without the lines that are for trunk only.
fn without_trunk(page: &str) -> String {
    page.lines().filter(|line| !line.contains("data-trunk")).map(|line| line.to_string() + "\n").collect()
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

fn ok(content_type: &'static str, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status: 200, content_type, brotli: false, body: body.into() }
}

fn text(status: u16, sentence: &str) -> Reply {
    Reply { status, content_type: "text/plain; charset=utf-8", brotli: false, body: sentence.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serves_the_shop_and_dist_and_nothing_else() {
        let check = |path: &str, expect: Option<&str>| {
            assert_eq!(locate(path), expect.map(|file| sh::root().join(file)), "{path}");
        };
        check("/", Some("index.html"));
        check("/product/mug", Some("index.html"));
        check("/index.html", Some("index.html"));
        check("/demo/shop.css", Some("demo/shop.css"));
        check("/demo/asklet.json", Some("demo/asklet.json"));
        check("/asklet/asklet.js", Some("dist/asklet.js"));
        check("/Cargo.toml", None);
        check("/target/demo/responses.sqlite", None);
        check("/../etc/passwd", None);
        check("/demo/../Cargo.toml", None);
        check("/favicon.ico", None);
    }

    #[test]
    fn the_page_is_served_without_trunk() {
        assert_eq!(without_trunk("<a>\n<link data-trunk rel=\"rust\">\n<b>"), "<a>\n<b>\n");
    }
}
