use crate::{process, profile::Profile, site, wasm_opt, workspace::Workspace};
use anyhow::{Context, Result, anyhow};
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
/// The script that loads later parts, as the first part names it.
const LOADER: &str = "./unspool_later.js";

/// Compiles the page for the browser and adds it below `pkg/`: `unspool.js`, `unspool_bg.wasm`, and the
/// later pages' WASM with the script that loads it.
///
/// These are the names that leptos asks for unless cargo-leptos told it otherwise at compile time.
pub(crate) fn add_to(
    files: &mut site::Files,
    workspace: &Workspace,
    profile: Profile,
) -> Result<()> {
    files.add_folder_as(&build(workspace, "frontend", profile)?, "pkg/")
}

/// Compiles a crate for the browser; returns the folder of its `unspool.js` and `unspool_bg.wasm`. The
/// crate has a feature `split` that lets it load parts of itself later.
pub(crate) fn build(workspace: &Workspace, package: &str, profile: Profile) -> Result<PathBuf> {
    install_target(workspace)?;
    let (name, folder) = profile.page_profile();
    let mut cargo = workspace.cargo();
    cargo.args(["rustc", "--package", package, "--lib", "--target", TARGET, "--profile", name]);
    // The parts are cut along what the linker has put where.
    cargo.args(["--features", "split", "--crate-type", "cdylib", "--", "-Clink-arg=--emit-relocs"]);
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
    let parts = generate(compiled, &folder, profile)?;
    if profile == Profile::Release {
        for part in parts {
            wasm_opt::optimise(workspace, &part)?;
        }
    }
    site::write(&stamp, hash.as_bytes())?;
    Ok(folder)
}

/// Splits the compiled page and makes the JavaScript of its first part. Returns the parts' files.
fn generate(compiled: &Path, folder: &Path, profile: Profile) -> Result<Vec<PathBuf>> {
    let first = folder.with_extension("first.wasm");
    let bytes = site::read(compiled)?;
    let script = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = &script;
    options.link_name = LOADER;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("splitting the WASM: {error:#}"))?;
    Bindgen::new()
        .input_path(&first)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        // The parts find each other's functions by the linker's names.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen")?;
    let mut parts = split.split_modules;
    parts.push(folder.join(format!("{NAME}_bg.wasm")));
    Ok(parts)
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
