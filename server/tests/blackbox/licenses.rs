use std::{fs, path::Path, process::Output};

use tempfile::TempDir;
use test_support::within;
use tokio::process::Command;

/// What the program makes of `licenses` with these files of the page.
async fn licenses(site: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unspool"));
    // It neither listens nor opens a folder, so that no setting can be wrong.
    command.arg("licenses").env("LEPTOS_SITE_ROOT", site).env("UNSPOOL_ADDR", "nowhere");
    within("the licences", command.output()).await.unwrap()
}

#[tokio::test]
async fn licenses_are_printed_instead_of_serving() {
    let site = TempDir::new().unwrap();
    fs::write(site.path().join("licenses.txt"), "Of: one 1.0\n\nDo as you like.\n").unwrap();
    let printed = licenses(site.path()).await;
    assert!(printed.status.success(), "{printed:?}");
    assert_eq!(printed.stdout, b"Of: one 1.0\n\nDo as you like.\n");
    assert_eq!(printed.stderr, b"");
}

#[tokio::test]
async fn a_build_without_licenses_says_how_to_make_one_with_them() {
    let site = TempDir::new().unwrap();
    let printed = licenses(site.path()).await;
    assert_eq!(printed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&printed.stderr).contains("cargo xtask build"), "{printed:?}");
    assert_eq!(printed.stdout, b"");
}
