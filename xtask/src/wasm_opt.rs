use crate::{process, workspace::Workspace};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The WASM features that rustc enables by default. All supported versions of wasm-opt know these
/// names.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// The oldest version whose output works in a browser.
const OLDEST: u32 = 116;
/// The npm package that has wasm-opt, for systems without a version that works.
const PACKAGE: &str = "binaryen@132";

/// Makes a WASM file smaller, in place. Without a wasm-opt that works, the build does not fail: the file
/// stays as it is, and a line says so.
pub(crate) fn optimise(workspace: &Workspace, file: &Path) -> Result<()> {
    let before = fs::metadata(file)?.len();
    let tool = match process::find("wasm-opt").filter(|tool| is_recent(tool)) {
        Some(tool) => Ok(tool),
        None => install(workspace),
    };
    match tool.and_then(|tool| shrink(&tool, file)) {
        Ok(()) => eprintln!("wasm-opt: {before} → {} bytes", fs::metadata(file)?.len()),
        Err(error) => {
            eprintln!("wasm-opt skipped, so the WASM is about a tenth larger: {error:#}");
        }
    }
    Ok(())
}

/// Whether a wasm-opt handles what rustc and wasm-bindgen write. Older versions accept that, but break
/// its tables.
fn is_recent(tool: &Path) -> bool {
    let output = process::output(Command::new(tool).arg("--version")).unwrap_or_default();
    version(&output).is_some_and(|version| version >= OLDEST)
}

/// The number in `wasm-opt version 116 (version_116)`.
fn version(output: &str) -> Option<u32> {
    output.split_whitespace().find_map(|word| word.parse().ok())
}

fn shrink(tool: &Path, file: &Path) -> Result<()> {
    let small = file.with_extension("small");
    let mut command = Command::new(tool);
    process::output(command.arg("-Oz").args(FEATURES).arg(file).arg("-o").arg(&small))?;
    fs::rename(&small, file).context("cannot replace the WASM file")
}

fn install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("tools");
    let tool = folder.join("node_modules/.bin/wasm-opt");
    if !tool.exists() {
        fs::create_dir_all(&folder)?;
        let mut npm = process::node_tool("npm");
        npm.arg("install").args(["--no-save", "--no-audit", "--no-fund", "--prefix"]);
        process::output(npm.arg(&folder).arg(PACKAGE))
            .context("no wasm-opt on PATH, and npm cannot bring it")?;
    }
    Ok(tool)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_read_as_it_is_printed() {
        assert_eq!(version("wasm-opt version 108\n"), Some(108));
        assert_eq!(version("wasm-opt version 132 (version_132-7-gabc)\n"), Some(132));
        assert_eq!(version("wasm-opt"), None);
    }
}
