use crate::{process, profile::Profile, workspace::Workspace};
use anyhow::Result;

/// Kills of the run that is part of the tests.
const SHORT: &str = "20";

/// Kills and restarts the server under load as the arguments say, and compares what was seen with
/// what is stored. The server is one without the page: it is about streams.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    process::run(workspace.cargo().args(["build", "--package", "server", "--package", "bench"]))?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "bench", "--", "chaos"]).args(arguments);
    let binary = workspace.binary(Profile::Debug.server_folder());
    // Or one that was built elsewhere.
    let binary = std::env::var_os("UNSPOOL_BIN").map_or(binary, Into::into);
    process::run(cargo.env("UNSPOOL_BIN", binary))
}

/// A short run, for the tests.
pub(crate) fn short(workspace: &Workspace) -> Result<()> {
    run(workspace, &["--kills".into(), SHORT.into()])
}
