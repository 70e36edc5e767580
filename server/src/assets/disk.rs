use super::Asset;
use bytes::Bytes;
use std::{
    collections::hash_map::DefaultHasher,
    env,
    hash::{Hash as _, Hasher as _},
    path::{Component, Path, PathBuf},
};

/// The file at a path below cargo-leptos's site folder, read anew each time.
pub(super) async fn find(path: &str) -> Option<Asset> {
    read(&site_root()?, path).await
}

/// A file below `root`; paths that lead out of it name none.
pub(super) async fn read(root: &Path, path: &str) -> Option<Asset> {
    let plain = !path.is_empty() && !path.contains('\\');
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !(plain && inside) {
        return None;
    }
    let bytes = tokio::fs::read(root.join(path)).await.ok()?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Some(Asset { identity: Bytes::from(bytes), brotli: None, gzip: None, hash: hasher.finish() })
}

/// The folder that cargo-leptos names, or else `site` in the target folder of this binary.
fn site_root() -> Option<PathBuf> {
    if let Some(named) = env::var_os("LEPTOS_SITE_ROOT") {
        return Some(named.into());
    }
    Some(env::current_exe().ok()?.parent()?.parent()?.join("site"))
}
