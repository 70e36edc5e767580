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

/// Builds the page alone. As a release it must keep within its budget.
pub(crate) fn page(profile: Profile, workspace: &Workspace) -> Result<()> {
    let mut files = site::Files::default();
    files.add_folder(&workspace.root.join("public"))?;
    files.add("pkg/unspool.css", style::bundle(&workspace.root.join("style/main.css"))?);
    files.add(notices::FILE, notices::text(workspace)?);
    wasm::add_to(&mut files, workspace, profile)?;
    if profile == Profile::Release {
        compress::add_to(&mut files, &workspace.site())?;
    }
    files.write_to(&workspace.site())?;
    if profile == Profile::Release {
        budget::check(&files, &workspace.root)?;
    }
    Ok(())
}

fn server(profile: Profile, workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server", "--features", "embed"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    process::run(cargo.env("UNSPOOL_SITE", workspace.site()))?;
    Ok(workspace.binary(profile.server_folder()))
}
