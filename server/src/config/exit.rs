use std::process::ExitCode;

use clap::error::ErrorKind;

use super::BadSetting;
use crate::{
    licenses,
    logging::{self, Output},
};

/// Why the program does not start serving.
pub(crate) enum Exit {
    /// The licences were asked for.
    Licenses,
    /// Help or version were asked for, or the command line is not one of this program's.
    Clap(clap::Error),
    /// A setting is not what is accepted.
    Setting(BadSetting),
}

impl Exit {
    /// Says why, in one line of the log where it is an error, or what was asked for.
    pub(crate) async fn report(&self, log: &Output) -> ExitCode {
        match self {
            Self::Licenses => return licenses::print(log).await,
            Self::Clap(error) if !error.use_stderr() => {
                logging::print(error.to_string());
                return ExitCode::SUCCESS;
            }
            Self::Clap(error) => {
                // A key may stand where none belongs.
                let text = error.to_string();
                let text = llm::redact(&text);
                let line = text.lines().next().unwrap_or_default();
                let hint = match error.kind() {
                    ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => {
                        "; `unspool --help` lists what is accepted"
                    }
                    _ => "",
                };
                log.say(format_args!("{}{hint}", line.trim_start_matches("error: ")));
            }
            Self::Setting(bad) => log.say(bad),
        }
        ExitCode::from(2)
    }
}
