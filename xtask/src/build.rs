use crate::{
    budget, compress, notices, process, profile::Profile, site, style, wasm, workspace::Workspace,
};
use anyhow::Result;
use std::path::PathBuf;

/// Builds the page, then the server with the page inside; returns the binary.
pub(crate) fn build(profile: Profile, workspace: &Workspace) -> Result<PathBuf> {
    page(profile, workspace)?;
    server(profile, workspace)
}

/// Checks the size of the page in a release build, as that of a debug build says nothing.
pub(crate) fn size(workspace: &Workspace) -> Result<()> {
    page(Profile::Release, workspace)
}

/// Builds the page alone. A release build fails when it is over its budget.
fn page(profile: Profile, workspace: &Workspace) -> Result<()> {
    let site = workspace.site(profile);
    let mut files = site::Files::default();
    files.add_folder(&workspace.root.join("public"))?;
    files.add("pkg/unspool.css", style::bundle(&workspace.root.join("style/main.css"))?);
    files.add(notices::FILE, notices::text(workspace)?);
    wasm::add_to(&mut files, workspace, profile)?;
    if profile == Profile::Debug {
        return files.write_to(&site);
    }
    compress::add_to(&mut files, &site)?;
    files.write_to(&site)?;
    budget::check(&files, &workspace.root)
}

fn server(profile: Profile, workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server", "--features", "embed"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    process::run(cargo.env("UNSPOOL_SITE", workspace.site(profile)))?;
    Ok(workspace.binary(profile.server_folder()))
}
