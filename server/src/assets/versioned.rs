//! Addresses that name the version of the page: `pkg/0123456789abcdef/unspool.js`.
//!
//! The version is a folder, so that the page's scripts, which name each other by their places in it,
//! find those of their own version.

const FOLDER: &str = "pkg/";

/// The path with the version in it.
pub(super) fn join(path: &str, version: u64) -> String {
    match path.strip_prefix(FOLDER) {
        Some(file) => format!("{FOLDER}{version:016x}/{file}"),
        None => path.to_owned(),
    }
}

/// The path and the version that were joined.
pub(super) fn split(path: &str) -> Option<(String, u64)> {
    let (version, file) = path.strip_prefix(FOLDER)?.split_once('/')?;
    let is_version =
        version.len() == 16 && version.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let version = is_version.then(|| u64::from_str_radix(version, 16).ok()).flatten()?;
    Some((format!("{FOLDER}{file}"), version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_is_split_and_nothing_else_is() {
        for (path, version) in
            [("pkg/unspool.js", 0), ("pkg/a.b.wasm", u64::MAX), ("pkg/x", 0xA55E7)]
        {
            assert_eq!(split(&join(path, version)), Some((path.to_owned(), version)));
        }
        for path in ["pkg/unspool.js", "pkg/0123456789ABCDEF/unspool.js", "0123456789abcdef/x.js"] {
            assert_eq!(split(path), None, "{path}");
        }
    }
}
