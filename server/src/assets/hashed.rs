//! Addresses that name a file's content: `pkg/unspool.0123456789abcdef.js`.

/// The path with the hash before its ending.
pub(super) fn join(path: &str, hash: u64) -> String {
    match path.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash:016x}.{ending}"),
        None => format!("{path}.{hash:016x}"),
    }
}

/// The path and the hash that were joined.
pub(super) fn split(path: &str) -> Option<(String, u64)> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (stem, hash) = stem.rsplit_once('.')?;
    let is_hash =
        hash.len() == 16 && hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let hash = is_hash.then(|| u64::from_str_radix(hash, 16).ok()).flatten()?;
    Some((format!("{stem}.{ending}"), hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_is_split_and_nothing_else_is() {
        for (path, hash) in [("pkg/unspool.js", 0), ("pkg/a.b.wasm", u64::MAX), ("x.css", 0xA55E7)]
        {
            assert_eq!(split(&join(path, hash)), Some((path.to_owned(), hash)));
        }
        for path in ["pkg/unspool.js", "pkg/unspool.0123456789ABCDEF.js", "0123456789abcdef.js"] {
            assert_eq!(split(path), None, "{path}");
        }
    }
}
