use crate::{build::build, process, profile::Profile, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Builds the program and runs the browser tests.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("end2end");
    install_packages(&folder)?;
    let chromium = chromium(&folder)?;
    eprintln!("browser: {}", chromium.display());
    provide_chinese_font();
    let binary = build(Profile::Debug, workspace)?;
    let mut playwright = process::node_tool("npx");
    playwright.current_dir(&folder).args(["playwright", "test"]);
    process::run(playwright.env("UNSPOOL_BIN", binary).env("CHROMIUM_PATH", chromium))
}

/// Installs the Node packages that a folder's lock file names.
pub(crate) fn install_packages(folder: &Path) -> Result<()> {
    if !process::works("node", &["--version"]) {
        bail!("browser tests need Node 20 or newer (leave them out with `test --no-browser`)");
    }
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    let time = |file: &Path| file.metadata().and_then(|metadata| metadata.modified()).ok();
    if time(&installed).is_some_and(|made| time(&lock).is_some_and(|changed| changed <= made)) {
        return Ok(());
    }
    let mut npm = process::node_tool("npm");
    // `chromium` downloads Playwright's browser, but only when there is no other.
    npm.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(npm.args(["ci", "--no-audit", "--no-fund"]))
        .with_context(|| format!("cannot install the Node packages of {}", folder.display()))
}

/// A Chromium that starts: the one named by `CHROMIUM`, one on `PATH`, Playwright's, or Debian's.
pub(crate) fn chromium(end2end: &Path) -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        if !starts(&named) {
            bail!("CHROMIUM={} does not start", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = on_path() {
        return Ok(found);
    }
    eprintln!("no Chromium on PATH: asking Playwright for its own");
    let playwright = of_playwright(end2end);
    if let Ok(found) = playwright {
        return Ok(found);
    }
    eprintln!("Playwright has none that starts: asking Debian");
    let debian = install_from_debian("chromium");
    if let Some(found) = on_path() {
        return Ok(found);
    }
    let reasons = [playwright.err(), debian.err()].into_iter().flatten();
    let reasons: Vec<String> = reasons.map(|error| format!("{error:#}")).collect();
    bail!("no Chromium to be had; name one in CHROMIUM\n  {}", reasons.join("\n  "))
}

fn on_path() -> Option<PathBuf> {
    NAMES.into_iter().filter_map(process::find).find(|file| starts(file))
}

fn of_playwright(end2end: &Path) -> Result<PathBuf> {
    let mut install = process::node_tool("npx");
    process::run(install.current_dir(end2end).args(["playwright", "install", "chromium"]))?;
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let mut node = Command::new("node");
    let path = process::output(node.current_dir(end2end).args(["-e", script]))?;
    let path = PathBuf::from(path.trim());
    if !starts(&path) {
        bail!("{} does not start: system libraries are missing", path.display());
    }
    Ok(path)
}

/// Installs a font for Chinese where there is none. Without one, every character is a box, and Chinese
/// lines have other lengths.
fn provide_chinese_font() {
    let listed = process::output(Command::new("fc-list").arg(":lang=zh")).unwrap_or_default();
    if !listed.trim().is_empty() {
        return;
    }
    eprintln!("no font for Chinese: asking Debian");
    if let Err(error) = install_from_debian("fonts-droid-fallback") {
        eprintln!("none can be installed, so tests that measure Chinese lines may fail: {error:#}");
    }
}

/// Installs a Debian package. This needs root, which is usual in containers.
fn install_from_debian(package: &str) -> Result<()> {
    process::run(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    // Another run may be installing something at the same time.
    install.args(["-o", "DPkg::Lock::Timeout=120"]);
    process::run(install.args(["install", "--yes", "--no-install-recommends", package]))
}

fn starts(file: &Path) -> bool {
    process::works(file, &["--version"])
}
