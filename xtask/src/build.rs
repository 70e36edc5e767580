use crate::{compress, process, site, style, wasm, workspace::Workspace};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// How thoroughly to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// Quickly made, for looking and testing.
    Debug,
    /// Small and fast, for using.
    Release,
}

impl Build {
    pub(crate) fn from_arguments(arguments: &[String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self::Debug),
            [flag] if flag == "--release" => Ok(Self::Release),
            other => bail!("`{}`: only --release is known here", other.join(" ")),
        }
    }

    /// Builds the page, then the server with the page inside; returns the binary.
    pub(crate) fn run(self, workspace: &Workspace) -> Result<PathBuf> {
        let mut files = site::Files::default();
        files.add_folder(&workspace.root.join("public"))?;
        files.add("pkg/unspool.css", style::bundle(&workspace.root.join("style/main.css"))?);
        wasm::add_to(&mut files, workspace, self)?;
        if self == Self::Release {
            compress::add_to(&mut files, &workspace.site())?;
        }
        files.write_to(&workspace.site())?;
        self.server(workspace)
    }

    fn server(self, workspace: &Workspace) -> Result<PathBuf> {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--package", "server", "--features", "embed"]);
        if self == Self::Release {
            cargo.arg("--release");
        }
        process::run(cargo.env("UNSPOOL_SITE", workspace.site()))?;
        Ok(workspace.binary(self.server_folder()))
    }

    /// Cargo's folder for the server's profile.
    pub(crate) fn server_folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    /// The page's profile and cargo's folder for it.
    pub(crate) fn page_profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Debug => ("dev", "debug"),
            Self::Release => ("wasm-release", "wasm-release"),
        }
    }
}
