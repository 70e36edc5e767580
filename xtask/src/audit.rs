use crate::{
    process,
    steps::{self, Step},
    tools::Tool,
    workspace::Workspace,
};
use anyhow::Result;
use std::process::Command;

const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
const SHEAR: Tool = Tool { name: "cargo-shear", version: "1.11.2" };

/// The lints for exceptions in `deny.toml` that are no longer needed.
const SUPERFLUOUS: [&str; 3] =
    ["unmatched-skip", "unnecessary-skip", "license-exception-not-encountered"];

/// These are not part of `test`, as their outcome depends on what others publish.
const STEPS: [Step; 3] = [
    Step { name: "unused", run: unused },
    Step { name: "crates", run: crates },
    Step { name: "advisories", run: advisories },
];

/// Checks the crates that Unspool depends on.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    steps::run(workspace, &STEPS)
}

/// Dependencies that are not used, or that only tests use but that are not declared for tests alone.
fn unused(workspace: &Workspace) -> Result<()> {
    let mut shear = Command::new(SHEAR.find(workspace)?);
    process::run(shear.current_dir(&workspace.root).args(["--locked", "--deny-warnings"]))
}

/// Licences, sources and duplicate crates, as `deny.toml` allows them.
fn crates(workspace: &Workspace) -> Result<()> {
    let mut deny = deny(workspace)?;
    deny.arg("check").args(SUPERFLUOUS.iter().flat_map(|lint| ["--deny", lint]));
    process::run(deny.args(["licenses", "sources", "bans"]))
}

/// Known vulnerabilities, unless the list of them cannot be fetched.
fn advisories(workspace: &Workspace) -> Result<()> {
    if let Err(error) = process::output(deny(workspace)?.args(["fetch", "db"])) {
        eprintln!("{error:#}");
        println!("advisories: not checked, the database could not be fetched");
        return Ok(());
    }
    process::run(deny(workspace)?.args(["check", "--disable-fetch", "advisories"]))
}

fn deny(workspace: &Workspace) -> Result<Command> {
    let mut deny = Command::new(DENY.find(workspace)?);
    deny.current_dir(&workspace.root);
    Ok(deny)
}
