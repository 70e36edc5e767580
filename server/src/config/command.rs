use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::{Config, DoctorConfig, Exit};

const AUTO: &str = "\
With --provider=auto, the first of these answers:
  openai, when --base-url or --api-key is given
  whose variable is set: OPENAI_API_KEY (at OPENAI_BASE_URL, when set), ARK_API_KEY,
    DASHSCOPE_API_KEY, DEEPSEEK_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, ANTHROPIC_API_KEY,
    GROQ_API_KEY, MISTRAL_API_KEY, OLLAMA_HOST
  an Ollama on this machine
  builtin";

/// What the program is asked to do, with the settings that this takes.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serves the page and its API, as the program does without a command
    Serve(Box<Config>),
    /// Checks whether the providers answer, and says what to do
    Doctor(Box<DoctorConfig>),
    /// Prints the licences of all that is inside
    Licenses,
}

/// The command line. Flags go before the environment, and the environment before the defaults.
#[derive(Parser)]
#[command(
    name = "unspool",
    version,
    about = "Long text in, a title and a summary out, while you watch.",
    after_help = AUTO,
    args_conflicts_with_subcommands = true
)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Box<Config>,
}

impl Command {
    /// Reads the command line and the environment.
    pub(crate) fn parse() -> Result<Self, Exit> {
        let matches = matches().map_err(Exit::of)?;
        let CommandLine { command, config } =
            CommandLine::from_arg_matches(&matches).map_err(Exit::of)?;
        let command = command.unwrap_or(Self::Serve(config));
        if let Self::Serve(config) = &command {
            config.check().map_err(Exit::Setting)?;
        }
        Ok(command)
    }
}

fn matches() -> Result<clap::ArgMatches, clap::Error> {
    // A command that is named has its own settings. clap would read the server's all the same, and
    // `unspool licenses` would fail for a wrong `UNSPOOL_ADDR`.
    let of_command_only = CommandLine::command().mut_args(|arg| arg.env(None::<&str>));
    if let Ok(matches) = with_filled_variables(of_command_only).try_get_matches()
        && matches.subcommand().is_some()
    {
        return Ok(matches);
    }
    with_filled_variables(CommandLine::command()).try_get_matches()
}

/// A variable that is set to nothing is not set.
fn with_filled_variables(command: clap::Command) -> clap::Command {
    command.mut_subcommands(with_filled_variables).mut_args(|arg| {
        let is_empty = arg.get_env().and_then(std::env::var_os).is_some_and(|it| it.is_empty());
        if is_empty { arg.env(None::<&str>) } else { arg }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_a_flag_and_the_variable_of_that_name() {
        CommandLine::command().debug_assert();
        for arg in CommandLine::command().get_arguments() {
            let flag = arg.get_long().unwrap();
            let variable = format!("UNSPOOL_{}", flag.to_uppercase().replace('-', "_"));
            assert_eq!(arg.get_env().unwrap(), variable.as_str(), "--{flag}");
        }
    }
}
