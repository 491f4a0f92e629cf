//! Pages of other origins: posting is open unless restricted, reading is closed unless opened.

use super::support::*;

const SHOP: &str = "https://shop.example";

fn preflight(server: &Server, origin: &str, method: &str, more: &[(&str, &str)]) -> Reply {
    let mut headers = vec![("origin", origin), ("access-control-request-method", method)];
    headers.extend_from_slice(more);
    server.request("OPTIONS", "/responses", &headers, b"")
}

fn post_from(server: &Server, origin: &str) -> Reply {
    let headers = [("origin", origin), ("content-type", "application/json")];
    server.request("POST", "/responses", &headers, fresh().to_string().as_bytes())
}

#[test]
fn any_page_may_post() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let reply = preflight(&server, SHOP, "POST", &[("access-control-request-headers", "content-type,idempotency-key")]);
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert!(reply.header("access-control-allow-methods").is_some_and(|methods| methods.contains("POST")));
    assert_eq!(reply.header("access-control-allow-headers"), Some("content-type,idempotency-key"));
    assert_eq!(reply.header("access-control-max-age"), Some("7200"));
    assert_eq!(reply.header("access-control-allow-private-network"), None);
    // Cookies stay out.
    assert_eq!(reply.header("access-control-allow-credentials"), None);

    for origin in [SHOP, "null", "http://127.0.0.1:8080"] {
        let reply = post_from(&server, origin);
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (201, Some("*")), "{origin}");
        assert_eq!(reply.header("access-control-expose-headers"), Some("retry-after"));
    }
}

#[test]
fn a_page_can_read_every_refusal() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    let long = vec![b' '; 200_000];
    let table: [(&str, &str, &str, &[u8], u16); 5] = [
        ("POST", "/responses", "application/json", b"{", 400),
        ("POST", "/responses", "application/json", &long, 413),
        ("POST", "/responses", "text/html", b"{}", 415),
        ("POST", "/response", "application/json", b"{}", 404),
        ("PUT", "/responses", "application/json", b"{}", 405),
    ];
    for (method, path, media, body, status) in table {
        let reply = server.request(method, path, &[("origin", SHOP), ("content-type", media)], body);
        reply.problem(status);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{status}");
        assert_eq!(reply.header("access-control-expose-headers"), Some("retry-after"));
    }
}

#[test]
fn posting_can_be_restricted() {
    let folder = Folder::new();
    let server =
        Server::start(&folder.db(), &["--origin", "https://Shop.example/", "--origin", "https://b.example:8443"]);
    for origin in [SHOP, "https://b.example:8443"] {
        let reply = preflight(&server, origin, "POST", &[]);
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some(origin)));
        assert!(reply.header("vary").is_some_and(|vary| vary.contains("origin")));
        let reply = post_from(&server, origin);
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (201, Some(origin)));
        assert_eq!(reply.header("vary"), Some("origin"));
    }
    for origin in ["https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null"] {
        let reply = preflight(&server, origin, "POST", &[]);
        assert_eq!((reply.status, reply.header("access-control-allow-origin")), (403, None), "{origin}");
        let reply = post_from(&server, origin);
        reply.problem(403);
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
    }
    // A server of the owner's has no origin.
    assert_eq!(server.post(&fresh()).status, 201);
    assert_eq!(server.stored().len(), 3);
}

#[test]
fn no_page_may_read_unless_told() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &["--read-origin", "http://127.0.0.1:8080"]);
    server.post(&fresh());
    let read = |origin| server.request("GET", "/responses", &[("origin", origin)], b"");
    let reply = read("http://127.0.0.1:8080");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("http://127.0.0.1:8080")));
    assert_eq!(reply.lines().len(), 1);
    for origin in [SHOP, "http://127.0.0.1:8081", "http://localhost:8080", "null"] {
        let reply = read(origin);
        reply.problem(403);
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(preflight(&server, origin, "GET", &[]).status, 403);
        // It may still post.
        assert_eq!(preflight(&server, origin, "POST", &[]).status, 204);
    }
    let reply =
        preflight(&server, "http://127.0.0.1:8080", "GET", &[("access-control-request-headers", "authorization")]);
    assert_eq!((reply.status, reply.header("access-control-allow-headers")), (204, Some("authorization")));
    // Not even as a script or an image of a page, for which browsers send no origin.
    let reply = server.get("/responses");
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[test]
fn a_public_page_may_post_to_this_network() {
    let folder = Folder::new();
    let server = Server::start(&folder.db(), &[]);
    for network in ["private", "local"] {
        let ask = format!("access-control-request-{network}-network");
        let reply = preflight(&server, SHOP, "POST", &[(&ask, "true")]);
        let allow = format!("access-control-allow-{network}-network");
        assert_eq!((reply.status, reply.header(&allow)), (204, Some("true")));
    }
}
