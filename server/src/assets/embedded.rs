use super::Asset;
use bytes::Bytes;

/// A file that the build script found in the site folder.
struct Embedded {
    hash: u64,
    identity: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// The embedded file at a path below the site's root; asynchronous as the disk's `find` is.
pub(super) async fn find(path: &str) -> Option<Asset> {
    let index = SITE.binary_search_by_key(&path, |(path, _)| path).ok()?;
    let (_, embedded) = SITE.get(index)?;
    Some(Asset {
        identity: Bytes::from_static(embedded.identity),
        brotli: embedded.brotli.map(Bytes::from_static),
        gzip: embedded.gzip.map(Bytes::from_static),
        hash: embedded.hash,
    })
}
