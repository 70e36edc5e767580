use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
    sync::LazyLock,
};

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

/// Whether there is such a file.
pub(super) fn exists(path: &str) -> bool {
    embedded(path).is_some()
}

/// Tells the page's files from those of every other build.
pub(super) fn version() -> Option<u64> {
    static VERSION: LazyLock<u64> = LazyLock::new(|| {
        let mut hasher = DefaultHasher::new();
        for (path, embedded) in SITE {
            (path, embedded.hash).hash(&mut hasher);
        }
        hasher.finish()
    });
    Some(*VERSION)
}

fn embedded(path: &str) -> Option<&'static Embedded> {
    let index = SITE.binary_search_by_key(&path, |(path, _)| path).ok()?;
    SITE.get(index).map(|(_, embedded)| embedded)
}
