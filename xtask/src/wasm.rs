use crate::{process, profile::Profile, site, wasm_opt, workspace::Workspace};
use anyhow::{Context, Result};
use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// The target that browsers run.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// The name of the page's files; the server's leptos options say the same.
const NAME: &str = "unspool";

/// Compiles the page for the browser and adds it as `pkg/unspool.js` and `pkg/unspool_bg.wasm`.
///
/// These are the names that leptos asks for unless cargo-leptos told it otherwise at compile time.
pub(crate) fn add_to(
    files: &mut site::Files,
    workspace: &Workspace,
    profile: Profile,
) -> Result<()> {
    files.add_folder_as(&build(workspace, "frontend", profile)?, "pkg/")
}

/// Compiles a crate for the browser; returns the folder of its `unspool.js` and `unspool_bg.wasm`.
pub(crate) fn build(workspace: &Workspace, package: &str, profile: Profile) -> Result<PathBuf> {
    install_target(workspace)?;
    let (name, folder) = profile.page_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", package, "--lib", "--target", TARGET, "--profile", name]);
    process::run(&mut cargo)?;
    let library = package.replace('-', "_");
    let compiled = workspace.target.join(TARGET).join(folder).join(format!("{library}.wasm"));
    bind(workspace, &compiled, &library, profile)
}

/// Adds the browser's target to the toolchain, unless it is there.
pub(crate) fn install_target(workspace: &Workspace) -> Result<()> {
    let mut rustc = Command::new("rustc");
    let sysroot = process::output(rustc.current_dir(&workspace.root).args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    process::run(rustup.current_dir(&workspace.root).args(["target", "add", TARGET]))
        .with_context(|| format!("the toolchain lacks {TARGET}"))
}

/// Writes the JavaScript and the WASM of the compiled page into a folder. The folder is reused until
/// the compiled page changes.
fn bind(
    workspace: &Workspace,
    compiled: &Path,
    library: &str,
    profile: Profile,
) -> Result<PathBuf> {
    let (_, name) = profile.page_profile();
    let folder = workspace.target.join("xtask").join(format!("{library}-{name}"));
    let stamp = folder.with_extension("stamp");
    let hash = hash(&site::read(compiled)?);
    if fs::read_to_string(&stamp).is_ok_and(|previous| previous == hash) {
        return Ok(folder);
    }
    for stale in [fs::remove_file(&stamp), fs::remove_dir_all(&folder)] {
        stale.or_else(|error| match error.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
    }
    eprintln!("wasm-bindgen {}", compiled.display());
    generate(compiled, &folder, profile).context("wasm-bindgen")?;
    if profile == Profile::Release {
        wasm_opt::optimise(workspace, &folder.join(format!("{NAME}_bg.wasm")))?;
    }
    site::write(&stamp, hash.as_bytes())?;
    Ok(folder)
}

fn generate(compiled: &Path, folder: &Path, profile: Profile) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true)
        .generate(folder)
}

fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_and_its_generator_are_of_one_version() {
        let lock = include_str!("../../Cargo.lock");
        let version = |name: &str| {
            let entry = lock
                .split("[[package]]")
                .find(|entry| entry.lines().any(|line| line == format!("name = \"{name}\"")));
            entry.and_then(|entry| entry.lines().find(|line| line.starts_with("version")))
        };
        assert!(version("wasm-bindgen").is_some());
        assert_eq!(version("wasm-bindgen"), version("wasm-bindgen-cli-support"));
    }
}
