use crate::{process, profile::Profile};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The checkout and cargo's view of it.
pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the user's settings put it.
    pub(crate) target: PathBuf,
    /// `packages` of `cargo metadata`: the members alone.
    pub(crate) packages: Vec<Value>,
}

impl Workspace {
    /// Asks cargo about the workspace that xtask itself belongs to.
    pub(crate) fn find() -> Result<Self> {
        // This is read at run time, as checkouts that share a target folder also share the compiled xtask.
        let member = env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask`")?;
        let root = Path::new(&member).parent().context("xtask has no parent folder")?;
        let json = process::output(cargo_in(root).args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        let metadata: Value = serde_json::from_str(&json).context("cargo metadata")?;
        let target =
            metadata["target_directory"].as_str().context("cargo names no target folder")?;
        let packages = metadata["packages"].as_array().context("cargo lists no packages")?;
        Ok(Self { root: root.into(), target: target.into(), packages: packages.clone() })
    }

    /// `cargo`, run in the workspace's root.
    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    /// The folder of the page's files, with cargo-leptos's layout. A release has a folder of its own, so
    /// that checking its size does not cause the debug server to be compiled again.
    pub(crate) fn site(&self, profile: Profile) -> PathBuf {
        self.target.join(match profile {
            Profile::Debug => "site",
            Profile::Release => "site-release",
        })
    }

    /// The server's binary in a folder of the target folder (`debug` or `release`).
    pub(crate) fn binary(&self, folder: &str) -> PathBuf {
        self.target.join(folder).join(format!("unspool{}", env::consts::EXE_SUFFIX))
    }
}

/// `cargo` without the variables that the outer `cargo run` has set for xtask. Build scripts that watch
/// these, such as ring's, would otherwise run again after each change between xtask and plain cargo.
fn cargo_in(root: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    for (name, _) in env::vars_os() {
        let is_set_by_cargo = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name.starts_with("LEPTOS_")
        });
        if is_set_by_cargo {
            command.env_remove(name);
        }
    }
    command
}
