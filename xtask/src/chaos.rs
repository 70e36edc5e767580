use crate::{process, profile::Profile, workspace::Workspace};
use anyhow::Result;

/// How many kills the run has that is part of `test`.
const SHORT: &str = "20";

/// Kills and restarts the server under load as the arguments say, and compares what viewers received
/// with what is stored. The server is built without the page, which this does not need.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    process::run(workspace.cargo().args(["build", "--package", "server", "--package", "bench"]))?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "bench", "--", "chaos"]).args(arguments);
    let binary = workspace.binary(Profile::Debug.server_folder());
    // The variable can name a server that was built elsewhere.
    let binary = std::env::var_os("UNSPOOL_BIN").map_or(binary, Into::into);
    process::run(cargo.env("UNSPOOL_BIN", binary))
}

/// The short run that is part of `test`.
pub(crate) fn short(workspace: &Workspace) -> Result<()> {
    run(workspace, &["--kills".into(), SHORT.into()])
}
