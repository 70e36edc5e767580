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

/// The hash of that file.
pub(super) fn hash_of(path: &str) -> Option<u64> {
    let file = below(&site_root()?, path)?;
    hash(&std::fs::metadata(file).ok().filter(Metadata::is_file)?)
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
