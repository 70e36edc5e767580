use std::{env, path::PathBuf, time::SystemTime};

use anyhow::{Context, Result, bail};

/// What the command line and the environment ask for.
pub(super) struct Options {
    /// How many times the server is killed.
    pub(super) kills: u32,
    /// The seed of all random choices.
    pub(super) seed: u64,
    /// Whether a server goes on with what a killed one was writing.
    pub(super) resumes: bool,
    /// The program: `UNSPOOL_BIN`.
    pub(super) binary: PathBuf,
}

impl Options {
    /// Reads `--kills N`, `--seed S` and `--resume on|off`. Without `--seed`, the seed comes from the
    /// clock.
    pub(super) fn parse(arguments: &[String]) -> Result<Self> {
        let (mut kills, mut seed, mut resumes) = (100, fresh_seed(), true);
        for option in arguments.chunks(2) {
            match option {
                [name, value] if name == "--kills" => {
                    kills = value.parse().with_context(|| format!("--kills {value}"))?;
                }
                [name, value] if name == "--seed" => {
                    seed = value.parse().with_context(|| format!("--seed {value}"))?;
                }
                [name, value] if name == "--resume" && (value == "on" || value == "off") => {
                    resumes = value == "on";
                }
                _ => bail!(
                    "{}: --kills N, --seed S and --resume on|off are known here",
                    option.join(" ")
                ),
            }
        }
        let binary = env::var_os("UNSPOOL_BIN").context("UNSPOOL_BIN is to name the program")?;
        Ok(Self { kills, seed, resumes, binary: binary.into() })
    }
}

fn fresh_seed() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos()) ^ since.as_secs()
}
