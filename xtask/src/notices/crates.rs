use crate::{process, wasm, workspace::Workspace};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

/// The crate that writes the JavaScript between the page and its WASM.
const GENERATOR: &str = "wasm-bindgen-cli-support";

/// A crate of others.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) version: String,
    /// As an SPDX expression.
    pub(super) licence: String,
    pub(super) authors: String,
    /// Its repository.
    pub(super) origin: String,
    /// The folder of its source.
    pub(super) folder: PathBuf,
}

/// The crates whose code is in the binary or in the page, including macros, which write code into them.
pub(super) fn linked(workspace: &Workspace) -> Result<BTreeSet<Crate>> {
    let mut names = tree(workspace, &["--package", "server", "--features", "embed"])?;
    names.extend(tree(workspace, &["--package", "frontend", "--target", wasm::TARGET])?);
    let packages = packages(workspace)?;
    let generator = |package: &&Value| package["name"] == GENERATOR;
    names.extend(packages.iter().find(generator).map(name_and_version));
    let foreign = packages.iter().filter(|package| !package["source"].is_null());
    let linked = foreign.filter(|package| names.contains(&name_and_version(package)));
    linked.map(described).collect()
}

/// The names and versions of a package's normal dependencies, direct or not.
fn tree(workspace: &Workspace, of: &[&str]) -> Result<BTreeSet<(String, String)>> {
    let mut tree = workspace.cargo();
    tree.args(["tree", "--prefix", "none", "--edges", "normal", "--format", "{p}"]).args(of);
    Ok(process::output(&mut tree)?.lines().filter_map(listed).collect())
}

/// Parses a line such as `ring v0.17.14`.
fn listed(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    let (name, version) = (words.next()?, words.next()?);
    Some((name.to_owned(), version.strip_prefix('v')?.to_owned()))
}

/// All packages that this machine or the page may need. Those of other systems are left out, as cargo
/// would have to fetch them.
fn packages(workspace: &Workspace) -> Result<Vec<Value>> {
    let mut metadata = workspace.cargo();
    metadata.args(["metadata", "--format-version", "1", "--filter-platform", wasm::TARGET]);
    metadata.args(["--filter-platform", &host(&workspace.root)?]);
    let metadata: Value = serde_json::from_str(&process::output(&mut metadata)?)?;
    Ok(metadata["packages"].as_array().context("cargo lists no packages")?.clone())
}

fn host(root: &Path) -> Result<String> {
    let output = process::output(Command::new("rustc").current_dir(root).arg("-vV"))?;
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

fn name_and_version(package: &Value) -> (String, String) {
    (word(&package["name"]), word(&package["version"]))
}

fn described(package: &Value) -> Result<Crate> {
    let manifest = PathBuf::from(word(&package["manifest_path"]));
    let authors = package["authors"].as_array().into_iter().flatten().map(word);
    let origin = [&package["repository"], &package["homepage"]].map(word);
    let file = package["license_file"].as_str().map(|file| format!("as in {file}"));
    Ok(Crate {
        name: word(&package["name"]),
        version: word(&package["version"]),
        licence: package["license"].as_str().map(str::to_owned).or(file).unwrap_or_default(),
        authors: authors.collect::<Vec<_>>().join(", "),
        origin: origin.into_iter().find(|origin| !origin.is_empty()).unwrap_or_default(),
        folder: manifest.parent().context("a manifest lies in a folder")?.to_owned(),
    })
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cargo_are_read() {
        let of = |line| listed(line).map(|(name, version)| format!("{name}={version}"));
        assert_eq!(of("ring v0.17.14").as_deref(), Some("ring=0.17.14"));
        assert_eq!(of("serde_derive v1.0.2 (proc-macro)").as_deref(), Some("serde_derive=1.0.2"));
        assert_eq!(of(""), None);
    }
}
