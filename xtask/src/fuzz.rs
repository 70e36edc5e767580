use crate::{process, tools::Tool, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };
/// How long each target is fuzzed by default.
const SECONDS: &str = "60";

/// Fuzzes every target of every crate, one after the other: `[--seconds N]`.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let seconds = match arguments {
        [] => SECONDS,
        [flag, seconds] if flag == "--seconds" && seconds.parse::<u32>().is_ok() => seconds,
        other => bail!("`{}`: only --seconds N is known here", other.join(" ")),
    };
    if process::output(Command::new("rustup").args(["run", "nightly", "rustc", "-V"])).is_err() {
        bail!(
            "nothing was fuzzed, as that needs a nightly toolchain and there is none: \
             `rustup toolchain install nightly --profile minimal` brings it"
        );
    }
    let tool = FUZZ.find(workspace)?;
    for (folder, target) in targets(&workspace.root.join("crates"))? {
        let mut fuzz = Command::new(&tool);
        fuzz.current_dir(folder).args([
            "run",
            &target,
            "--",
            &format!("-max_total_time={seconds}"),
        ]);
        // Child processes inherit the toolchain of xtask, which is another one.
        fuzz.env("RUSTUP_TOOLCHAIN", "nightly").env_remove("CARGO").env_remove("RUSTC");
        process::run(&mut fuzz).with_context(|| format!("{target} found something"))?;
    }
    Ok(())
}

/// Every fuzz target: the folder of its crate, and its name.
fn targets(crates: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for member in fs::read_dir(crates).with_context(|| format!("{}", crates.display()))? {
        let member = member?.path();
        let Ok(targets) = fs::read_dir(member.join("fuzz/fuzz_targets")) else { continue };
        for target in targets {
            let file = target?.path();
            let is_rust = file.extension().is_some_and(|ending| ending == "rs");
            if let (true, Some(name)) = (is_rust, file.file_stem()) {
                found.push((member.clone(), name.to_string_lossy().into_owned()));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found() {
        let workspace = Workspace::find().unwrap();
        let found = targets(&workspace.root.join("crates")).unwrap();
        let parser = workspace.root.join("crates/partial-json");
        assert!(found.contains(&(parser, "splits".to_owned())), "{found:?}");
    }
}
