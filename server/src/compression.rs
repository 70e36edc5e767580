//! Compresses pages. The page's files are compressed beforehand (`assets`); event streams must not
//! be, as a compressor holds events back.

use std::{io::Write, sync::Arc};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use brotli::{CompressorWriter, enc::BrotliEncoderParams};
use bytes::Bytes;
use flate2::write::GzEncoder;
use http::{HeaderValue, header};
use http_body_util::BodyExt;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{encoding::Encoding, problem::Refusal, response_headers::is_page};

/// Smaller pages fit into a packet as they are.
const WORTHWHILE_BYTES: usize = 1024;

/// Up to this size a page is compressed where it was rendered, in less time than that took.
const QUICK_BYTES: usize = 64 * 1024;

/// How many longer pages are compressed at once. Those beyond are sent as they are.
const LONG_AT_ONCE: usize = 2;

/// Of 11. Higher ones take longer than a slow line takes for the bytes that they save.
const BROTLI_QUALITY: i32 = 5;

/// The window's size as a power of two: pages repeat themselves nearby, and the encoder's memory
/// grows with the window.
const BROTLI_WINDOW_BITS: i32 = 18;

/// What the encoder takes at once.
const BUFFER_BYTES: usize = 16 * 1024;

/// Of 9, for the same reason.
const GZIP_LEVEL: u32 = 5;

/// Compresses pages. Clones share one limit.
#[derive(Clone)]
pub(crate) struct Compression {
    long: Arc<Semaphore>,
}

impl Default for Compression {
    fn default() -> Self {
        Self { long: Arc::new(Semaphore::new(LONG_AT_ONCE)) }
    }
}

impl Compression {
    /// Collects a page and compresses it. This does not wait for more of the page, as pages are
    /// complete when they come here. A response that is no page stays as it is.
    pub(crate) async fn of_page(&self, encoding: Encoding, response: Response) -> Response {
        if !is_page(response.headers()) {
            return response;
        }
        let (mut head, body) = response.into_parts();
        let Ok(page) = body.collect().await else { return Refusal::panicked().into_response() };
        let page = page.to_bytes();
        let compressed = match encoding.name() {
            Some(name) if page.len() >= WORTHWHILE_BYTES => {
                self.compress(encoding, page.clone()).await.map(|bytes| (name, bytes))
            }
            _ => None,
        };
        let Some((name, bytes)) = compressed else {
            return Response::from_parts(head, Body::from(page));
        };
        head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        head.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(head, Body::from(bytes))
    }

    /// `None` when the page is to be sent as it is.
    async fn compress(&self, encoding: Encoding, page: Bytes) -> Option<Vec<u8>> {
        if page.len() <= QUICK_BYTES {
            return compress(encoding, &page);
        }
        let permit = Arc::clone(&self.long).try_acquire_owned().ok()?;
        let compressed = spawn_blocking(move || {
            let compressed = compress(encoding, &page);
            drop(permit);
            compressed
        });
        compressed.await.ok()?
    }
}

fn compress(encoding: Encoding, page: &[u8]) -> Option<Vec<u8>> {
    let compressed = Vec::with_capacity(page.len() / 2);
    match encoding {
        Encoding::Brotli => {
            let params = BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW_BITS,
                size_hint: page.len(),
                ..Default::default()
            };
            let mut writer = CompressorWriter::with_params(compressed, BUFFER_BYTES, &params);
            writer.write_all(page).ok()?;
            Some(writer.into_inner())
        }
        Encoding::Gzip => {
            let mut writer = GzEncoder::new(compressed, flate2::Compression::new(GZIP_LEVEL));
            writer.write_all(page).ok()?;
            writer.finish().ok()
        }
        Encoding::Identity => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::HttpBody;

    use super::*;

    fn page(bytes: usize) -> Response {
        let line = "<p>A page repeats itself, line by line.</p>\n";
        let body = Body::from(line.repeat(bytes / line.len()));
        let mut response = Response::new(body);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, html);
        response
    }

    #[tokio::test]
    async fn a_long_page_beyond_those_that_are_being_compressed_is_sent_as_it_is() {
        let compression = Compression::default();
        let busy = Arc::clone(&compression.long).try_acquire_many_owned(2).unwrap();
        let long = compression.of_page(Encoding::Brotli, page(1_000_000)).await;
        assert!(!long.headers().contains_key(header::CONTENT_ENCODING));
        let short = compression.of_page(Encoding::Brotli, page(10_000)).await;
        assert_eq!(short.headers()[header::CONTENT_ENCODING], "br");
        drop(busy);
        let long = compression.of_page(Encoding::Gzip, page(1_000_000)).await;
        assert_eq!(long.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(long.into_body().size_hint().exact().unwrap() < 50_000);
    }
}
