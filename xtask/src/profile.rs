use anyhow::{Result, bail};

/// How much a build is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Compiles quickly, for development and tests.
    Debug,
    /// Makes the program small and fast.
    Release,
}

impl Profile {
    pub(crate) fn from_arguments(arguments: &[String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self::Debug),
            [flag] if flag == "--release" => Ok(Self::Release),
            other => bail!("`{}`: only --release is known here", other.join(" ")),
        }
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
