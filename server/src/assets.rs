//! The page's files: scripts, styles, icons.
//!
//! With the feature `embed` they are inside the binary, compressed beforehand; without it they are
//! read from cargo-leptos's site folder. Either way one function answers for them.

#[cfg(not(feature = "embed"))]
mod disk;
#[cfg(feature = "embed")]
mod embedded;
mod versioned;

#[cfg(not(feature = "embed"))]
use disk::{exists, find, version};
#[cfg(feature = "embed")]
use embedded::{exists, find, version};

use app::PageFiles;
use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::encoding::Encoding;

/// A file of the page in all its encodings.
struct Asset {
    identity: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    /// Tells this content from all others, in the entity tag.
    hash: u64,
}

/// Answers a GET or HEAD for a file of the page; `None` when `path` names none.
///
/// The page links to its scripts, WASM and styles in a folder that bears its version: such an address
/// is for this content alone, so it may be kept for ever, and versions are never mixed. Without the
/// version, browsers ask each time whether theirs is still current (`ETag`, 304). Pictures may be a day
/// old.
pub(crate) async fn serve_asset(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let path = path.strip_prefix('/')?;
    let Some((path, named)) = versioned::split(path) else {
        let asset = find(path).await?;
        return Some(respond(method, path, headers, &asset, kept(path)));
    };
    if version() != Some(named) {
        return None;
    }
    let asset = find(&path).await?;
    Some(respond(method, &path, headers, &asset, "public, max-age=31536000, immutable"))
}

/// Reads a file of the page, uncompressed.
pub(crate) async fn read_asset(path: &str) -> Option<Bytes> {
    Some(find(path).await?.identity)
}

/// The addresses of what the page needs before it can be used.
pub(crate) fn page_files() -> PageFiles {
    // cargo-leptos leaves `_bg` out.
    let wasm = "pkg/unspool_bg.wasm";
    let wasm = if exists(wasm) { wasm } else { "pkg/unspool.wasm" };
    let version = version();
    let address = |path: &str| match version {
        Some(version) => format!("/{}", versioned::join(path, version)),
        None => format!("/{path}"),
    };
    PageFiles {
        style: address("pkg/unspool.css"),
        script: address("pkg/unspool.js"),
        wasm: address(wasm),
    }
}

fn respond(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    asset: &Asset,
    cache_control: &'static str,
) -> Response {
    let (encoding, bytes) = asset.choose(headers);
    let etag = format!("\"{:016x}{}\"", asset.hash, encoding.etag_suffix());
    let current = names_etag(headers, &etag);

    let body = if current || method == Method::HEAD { Bytes::new() } else { bytes.clone() };
    let mut response = Response::new(Body::from(body));
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        answer.insert(header::ETAG, etag);
    }
    if current {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if let Some(name) = encoding.name() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

impl Asset {
    fn choose(&self, headers: &HeaderMap) -> (Encoding, &Bytes) {
        let offers = [(Encoding::Brotli, &self.brotli), (Encoding::Gzip, &self.gzip)];
        for (encoding, bytes) in offers {
            if let Some(bytes) = bytes
                && encoding.accepted(headers)
            {
                return (encoding, bytes);
            }
        }
        (Encoding::Identity, &self.identity)
    }
}

/// Whether `If-None-Match` names the tag, compared weakly as RFC 9110 (section 13.1.2) has it.
fn names_etag(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag == etag)
}

/// How long a file may be kept whose address says nothing of its content.
fn kept(path: &str) -> &'static str {
    if path.starts_with("pkg/") { "no-cache" } else { "public, max-age=86400" }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
