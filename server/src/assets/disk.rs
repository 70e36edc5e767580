use std::{
    collections::hash_map::DefaultHasher,
    env,
    fs::Metadata,
    hash::{Hash as _, Hasher as _},
    path::{Component, Path, PathBuf},
};

use bytes::Bytes;

use super::Asset;

/// The file at a path below cargo-leptos's site folder, read anew each time.
pub(super) async fn find(path: &str) -> Option<Asset> {
    read(&site_root()?, path).await
}

/// Whether there is such a file.
pub(super) fn exists(path: &str) -> bool {
    site_root().and_then(|root| below(&root, path)).is_some_and(|file| file.is_file())
}

/// Tells the page's files from those of every other build, by when they were written and how long they
/// are; none before there are any.
pub(super) fn version() -> Option<u64> {
    let files = std::fs::read_dir(site_root()?.join("pkg")).ok()?;
    let mut hashes: Vec<_> = files
        .filter_map(|file| {
            let file = file.ok()?;
            Some((file.file_name(), hash(&file.metadata().ok()?)?))
        })
        .collect();
    hashes.sort();
    let mut hasher = DefaultHasher::new();
    hashes.hash(&mut hasher);
    Some(hasher.finish())
}

/// A file below `root`; paths that lead out of it name none.
pub(super) async fn read(root: &Path, path: &str) -> Option<Asset> {
    let file = below(root, path)?;
    let hash = hash(&tokio::fs::metadata(&file).await.ok()?)?;
    let identity = Bytes::from(tokio::fs::read(file).await.ok()?);
    Some(Asset { identity, brotli: None, gzip: None, hash })
}

fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let plain = !path.is_empty() && !path.contains('\\');
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    (plain && inside).then(|| root.join(path))
}

/// A hash of when the file was written and how long it is. Each page asks for it, and the WASM of a
/// debug build is too long to be read for that.
fn hash(file: &Metadata) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    (file.modified().ok()?, file.len()).hash(&mut hasher);
    Some(hasher.finish())
}

/// The folder that cargo-leptos names, or else `site` in the target folder of this binary.
fn site_root() -> Option<PathBuf> {
    if let Some(named) = env::var_os("LEPTOS_SITE_ROOT") {
        return Some(named.into());
    }
    Some(env::current_exe().ok()?.parent()?.parent()?.join("site"))
}
