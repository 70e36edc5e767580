use bytes::Bytes;

use super::Asset;

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
    let embedded = embedded(path)?;
    Some(Asset {
        identity: Bytes::from_static(embedded.identity),
        brotli: embedded.brotli.map(Bytes::from_static),
        gzip: embedded.gzip.map(Bytes::from_static),
        hash: embedded.hash,
    })
}

/// The hash of that file's content.
pub(super) fn hash_of(path: &str) -> Option<u64> {
    Some(embedded(path)?.hash)
}

fn embedded(path: &str) -> Option<&'static Embedded> {
    let index = SITE.binary_search_by_key(&path, |(path, _)| path).ok()?;
    SITE.get(index).map(|(_, embedded)| embedded)
}
