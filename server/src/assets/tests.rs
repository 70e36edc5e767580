use super::*;
use axum::body::to_bytes;

fn script() -> Asset {
    Asset {
        identity: Bytes::from_static(b"let page = 'page page page';"),
        brotli: Some(Bytes::from_static(b"brotli")),
        gzip: None,
        hash: 0xA55E7,
    }
}

fn get(path: &str, headers: &HeaderMap) -> Response {
    respond(&Method::GET, path, headers, &script(), kept(path))
}

fn with(name: header::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
}

async fn body(response: Response) -> Bytes {
    to_bytes(response.into_body(), 1024).await.unwrap()
}

#[tokio::test]
async fn a_browser_that_takes_brotli_gets_the_small_file() {
    let response = get("pkg/unspool.js", &with(header::ACCEPT_ENCODING, "gzip, br"));

    assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert_eq!(response.headers()[header::VARY], "accept-encoding");
    assert_eq!(body(response).await, "brotli");
}

#[tokio::test]
async fn a_plain_client_gets_the_file_itself() {
    let response = get("pkg/unspool_bg.wasm", &with(header::ACCEPT_ENCODING, "gzip"));

    assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/wasm");
    assert_eq!(body(response).await, script().identity);
}

#[tokio::test]
async fn a_current_copy_is_not_sent_again_and_another_encoding_is() {
    let first = get("pkg/unspool.js", &with(header::ACCEPT_ENCODING, "br"));
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
    let etag = first.headers()[header::ETAG].to_str().unwrap().to_owned();

    let mut headers = with(header::IF_NONE_MATCH, &format!("\"other\", W/{etag}"));
    assert_eq!(get("pkg/unspool.js", &headers).status(), StatusCode::OK);
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("br"));
    let again = get("pkg/unspool.js", &headers);
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.headers()[header::ETAG], etag.as_str());
    assert!(body(again).await.is_empty());
}

#[tokio::test]
async fn head_tells_the_length_and_sends_nothing() {
    let response =
        respond(&Method::HEAD, "favicon.svg", &HeaderMap::new(), &script(), kept("favicon.svg"));

    assert_eq!(response.headers()[header::CONTENT_LENGTH], "28");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=86400");
    assert!(body(response).await.is_empty());
}

#[tokio::test]
async fn what_is_no_file_of_the_page_is_left_to_others() {
    let headers = HeaderMap::new();
    for path in ["/", "/g/1", "/../Cargo.toml", "//etc/passwd", "/pkg/..", "/pkg/nothing.js"] {
        assert!(serve_asset(&Method::GET, path, &headers).await.is_none(), "{path}");
    }
    assert!(serve_asset(&Method::POST, "/robots.txt", &headers).await.is_none());
}

#[cfg(not(feature = "embed"))]
#[tokio::test]
async fn files_are_found_below_the_folder_and_never_beside_it() {
    let root = std::env::temp_dir().join(format!("unspool-assets-{}", std::process::id()));
    std::fs::create_dir_all(root.join("site/pkg")).unwrap();
    std::fs::write(root.join("site/pkg/page.js"), "inside").unwrap();
    std::fs::write(root.join("secret"), "outside").unwrap();
    let site = root.join("site");

    assert_eq!(disk::read(&site, "pkg/page.js").await.unwrap().identity, "inside");
    for path in ["../secret", "pkg/../../secret", "/etc/hosts", "", "pkg", "pkg\\page.js"] {
        assert!(disk::read(&site, path).await.is_none(), "{path}");
    }
    std::fs::remove_dir_all(&root).unwrap();
}
