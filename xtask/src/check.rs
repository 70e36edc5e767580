use crate::{
    arrows, browser, build, chaos, process,
    steps::{self, Step},
    wasm,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};

/// The cheapest steps come first, as the first that fails ends the run.
const STEPS: [Step; 8] = [
    Step { name: "format", run: format },
    Step { name: "arrows", run: arrows::check },
    Step { name: "clippy", run: clippy },
    Step { name: "clippy-wasm", run: clippy_wasm },
    Step { name: "tests", run: tests },
    Step { name: "chaos", run: chaos::short },
    Step { name: "size", run: build::size },
    Step { name: "browser", run: browser::test },
];

/// The names of the steps for the help text.
pub(crate) fn names() -> String {
    STEPS.map(|step| step.name).join(", ")
}

/// Runs all steps, or the named ones.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    steps::run(workspace, choose(arguments)?)
}

fn choose(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let mut browser = true;
    let mut named = Vec::new();
    for argument in arguments {
        if argument == "--no-browser" {
            browser = false;
        } else if STEPS.iter().any(|step| step.name == argument) {
            named.push(argument.as_str());
        } else {
            bail!("`{argument}` is no step of test; there are: {}", names());
        }
    }
    let wanted = |step: &&Step| {
        (named.is_empty() || named.contains(&step.name)) && (browser || step.name != "browser")
    };
    Ok(STEPS.iter().filter(wanted).collect())
}

/// All crates that are compiled for this machine, including those that `default-members` leaves out.
/// `frontend` is for the browser: it would enable `app`'s feature `hydrate` in addition to `ssr`.
const ALL: [&str; 3] = ["--workspace", "--exclude", "frontend"];

fn format(workspace: &Workspace) -> Result<()> {
    install_component(workspace, "rustfmt", "fmt")?;
    process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    install_component(workspace, "clippy", "clippy")?;
    let mut cargo = workspace.cargo();
    cargo.arg("clippy").args(ALL).args(["--features", "bench/peers", "--all-targets"]);
    process::run(cargo.args(["--", "-D", "warnings"]))?;
    // Once more for the code that embeds the page. Any folder will do as the page.
    let mut cargo = workspace.cargo();
    cargo.env("UNSPOOL_SITE", workspace.root.join("public"));
    cargo.args(["clippy", "--features", "server/embed", "--", "-D", "warnings"]);
    process::run(&mut cargo)
}

/// The page's crates with the target and the features of the browser.
fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    install_component(workspace, "clippy", "clippy")?;
    wasm::install_target(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.arg("clippy");
    for package in ["frontend", "app", "markdown-page"] {
        cargo.args(["--package", package]);
    }
    cargo.args(["--features", "app/hydrate,frontend/split"]);
    process::run(cargo.args(["--target", wasm::TARGET, "--", "-D", "warnings"]))
}

/// Unit, property, black-box and documentation tests, with nextest where it is installed.
fn tests(workspace: &Workspace) -> Result<()> {
    if process::output(workspace.cargo().args(["nextest", "--version"])).is_err() {
        return process::run(workspace.cargo().args(["test", "--no-fail-fast"]).args(ALL));
    }
    process::run(workspace.cargo().args(["nextest", "run", "--no-fail-fast"]).args(ALL))?;
    process::run(workspace.cargo().args(["test", "--doc"]).args(ALL))
}

fn install_component(workspace: &Workspace, component: &str, command: &str) -> Result<()> {
    if process::output(workspace.cargo().args([command, "--version"])).is_ok() {
        return Ok(());
    }
    let mut rustup = std::process::Command::new("rustup");
    process::run(rustup.current_dir(&workspace.root).args(["component", "add", component]))
        .with_context(|| format!("the toolchain lacks {component}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        choose(&arguments).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn names_choose_steps_in_their_order() {
        assert_eq!(chosen(&["tests", "format"]), ["format", "tests"]);
        assert_eq!(chosen(&[]).len(), STEPS.len());
        assert!(!chosen(&["--no-browser"]).contains(&"browser"));
        assert!(choose(&["teats".into()]).is_err());
    }
}
