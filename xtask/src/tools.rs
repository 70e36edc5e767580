use crate::{process, workspace::Workspace};
use anyhow::{Context, Result};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// A program that cargo can install.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl Tool {
    /// The program of exactly this version: the one on `PATH`, or one that is installed on first use.
    pub(crate) fn find(&self, workspace: &Workspace) -> Result<PathBuf> {
        if let Some(found) = process::find(self.name).filter(|file| self.is(file)) {
            return Ok(found);
        }
        let root = workspace.target.join("tools").join(format!("{}-{}", self.name, self.version));
        let program = root.join("bin").join(format!("{}{}", self.name, env::consts::EXE_SUFFIX));
        // Cargo moves the program there only when it is complete.
        if !program.is_file() {
            let mut cargo = workspace.cargo();
            // A debug build, as the tool runs for seconds only and a release build takes longer.
            cargo.args(["install", "--locked", "--debug", "--version", self.version]);
            cargo.arg(self.name).arg("--root").arg(&root).env("CARGO_PROFILE_DEV_DEBUG", "0");
            // Not into the workspace's target folder, which holds other versions of the same crates.
            cargo.env_remove("CARGO_TARGET_DIR");
            process::run(&mut cargo).with_context(|| format!("cannot install {}", self.name))?;
        }
        Ok(program)
    }

    /// Whether a program reports this version.
    fn is(&self, program: &Path) -> bool {
        let output = process::output(Command::new(program).arg("--version")).unwrap_or_default();
        output.split_whitespace().any(|word| word.trim_start_matches('v') == self.version)
    }
}
