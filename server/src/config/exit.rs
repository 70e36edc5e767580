use std::process::ExitCode;

use clap::error::ErrorKind;

use super::BadSetting;
use crate::logging::{self, Output};

/// Why the program does nothing but say so.
pub(crate) enum Exit {
    /// Help or version were asked for, or the command line is not one of this program's.
    Clap(clap::Error),
    /// A setting is not what is accepted.
    Setting(BadSetting),
}

impl Exit {
    pub(super) fn of(error: clap::Error) -> Self {
        BadSetting::of(&error).map_or(Self::Clap(error), Self::Setting)
    }

    /// Says why, in one line of the log where it is an error, or what was asked for.
    pub(crate) fn report(&self, log: &Output) -> ExitCode {
        match self {
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
