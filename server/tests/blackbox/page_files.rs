//! What a page loads, and how the page itself is sent.

use std::{fs, io::Read};

use http::{Method, StatusCode};
use tempfile::TempDir;
use test_support::{Answer, Unspool, whole};

use crate::stage::{TEXT, builtin, launch, run};

/// Of a browser that opens a page.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// How long a file may be kept whose address changes with it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn open(server: &Unspool, method: Method, path: &str, encodings: &str) -> Answer {
    let request = server.client().request(method, path).header("accept", HTML);
    let request = request.header("accept-encoding", encodings);
    server.client().send(request.body(whole(""))).await
}

fn decoded(answer: &Answer) -> String {
    let mut text = String::new();
    match answer.header("content-encoding") {
        "br" => brotli::Decompressor::new(&answer.body[..], 4096).read_to_string(&mut text),
        "gzip" => flate2::read::GzDecoder::new(&answer.body[..]).read_to_string(&mut text),
        _ => return answer.text(),
    }
    .unwrap();
    text
}

/// A page without what is made anew for each request.
fn without_nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let (nonce, _) = nonce.split_once('\'').unwrap();
    decoded(answer).replace(nonce, "")
}

#[tokio::test]
async fn pages_are_sent_in_the_smallest_encoding_that_the_browser_takes() {
    let server = builtin().await;
    let (id, _) = run(server.client()).await;
    // Longer than what is compressed at once.
    let long = server.client().start(&TEXT.repeat(200_000 / TEXT.len())).await;
    server.client().follow(&long, 0).await.rest().await;
    for path in
        ["/", "/history", "/diagnostics", "/nothing", &format!("/g/{id}"), &format!("/g/{long}")]
    {
        let plain = open(&server, Method::GET, path, "identity").await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("zstd", ""),
        ] {
            let page = open(&server, Method::GET, path, accepted).await;
            assert_eq!(page.header("content-encoding"), expected, "{path}");
            assert_eq!(page.status, plain.status, "{path}");
            assert_eq!(page.header("content-length"), page.body.len().to_string(), "{path}");
            assert!(page.header("vary").to_lowercase().contains("accept-encoding"), "{path}");
            assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
            assert!(without_nonce(&page) == without_nonce(&plain), "{path}");
            if !expected.is_empty() {
                assert!(page.body.len() * 3 < plain.body.len() * 2, "{path}: {}", page.body.len());
            }
        }
    }
    let head = open(&server, Method::HEAD, "/", "br").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
}

/// The addresses of the files that the page names.
fn named(html: &str) -> Vec<&str> {
    html.split('"').filter(|part| part.starts_with("/pkg/")).collect()
}

#[tokio::test]
async fn what_a_page_loads_is_kept_for_ever_and_its_style_comes_first() {
    let site = TempDir::new().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    for name in ["unspool.css", "unspool.js", "unspool_bg.wasm"] {
        fs::write(site.path().join("pkg").join(name), name).unwrap();
    }
    let root = site.path().to_string_lossy();
    let server = launch().env("LEPTOS_SITE_ROOT", &root).start().await;
    let html = server.client().get("/").await.text();
    let files = named(&html);
    assert_eq!(files.len(), 3, "{html}");
    for (file, name) in files.iter().zip(["unspool.css", "unspool.js", "unspool_bg.wasm"]) {
        let answer = server.client().get(file).await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, name), "{file}");
        assert_eq!(answer.header("cache-control"), FOR_EVER, "{file}");
        // Whoever asks by the name alone asks again each time.
        let plain = server.client().get(&format!("/pkg/{name}")).await;
        assert_eq!((plain.text().as_str(), plain.header("cache-control")), (name, "no-cache"));
        // Another version's file is not answered with this one's.
        let other = file.replace(|it: char| it.is_ascii_digit(), "f");
        assert_eq!(server.client().get(&other).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    let [style, script, _] = files[..] else { unreachable!() };
    let head = html.split("</head>").next().unwrap();
    // The first paint needs the style alone, which nothing comes before.
    let (before, _) = head.split_once("<script").unwrap();
    assert!(before.contains(&format!("<link rel=\"stylesheet\" href=\"{style}\">")), "{head}");
    assert!(!before.contains("preload"), "{head}");

    fs::write(site.path().join("pkg/unspool.js"), "the next version").unwrap();
    let html = server.client().get("/").await.text();
    assert_ne!(named(&html)[1], script);
    assert_eq!(server.client().get(script).await.status, StatusCode::NOT_FOUND);
}
