use crate::{
    browser, build::build, process, profile::Profile, site, style, wasm, workspace::Workspace,
};
use anyhow::{Result, bail};
use std::process::Command;

struct Bench {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace, &[String]) -> Result<()>,
}

const BENCHES: [Bench; 7] = [
    Bench {
        name: "conversations",
        about: "ten thousand conversations and turns beside ten",
        run: conversations,
    },
    Bench {
        name: "markdown",
        about: "Markdown as it streams, on the server and in Chromium, beside Streamdown",
        run: markdown,
    },
    Bench {
        name: "overhead",
        about: "our own share of an event's way from a provider to a viewer",
        run: overhead,
    },
    Bench { name: "parse", about: "the incremental JSON parser beside others", run: parse },
    Bench { name: "page", about: "a long stream in Chromium beside other pages", run: page },
    Bench { name: "search", about: "searches among 100,000 generations", run: search },
    Bench {
        name: "streams",
        about: "event streams to many viewers beside other servers",
        run: streams,
    },
];

/// The names of the benches for the help text.
pub(crate) fn names() -> String {
    BENCHES.map(|bench| bench.name).join(", ")
}

/// Runs the named bench with the arguments after its name. Without a name, it lists the benches.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        for Bench { name, about, .. } in BENCHES {
            println!("{name:<13} {about}");
        }
        return Ok(());
    };
    let bench = BENCHES.into_iter().find(|bench| bench.name == name);
    let Some(bench) = bench else { bail!("`{name}` is no bench; there are: {}", names()) };
    (bench.run)(workspace, rest)
}

fn parse(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "bench", "--features", "peers"]);
    process::run(cargo.args(["--", "parse"]).args(arguments))
}

fn search(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "store", "--example", "search", "--"]);
    process::run(cargo.args(arguments))
}

fn streams(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    with_servers(workspace, "streams", arguments)
}

fn overhead(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    with_servers(workspace, "overhead", arguments)
}

/// Runs a bench that starts servers, which are built first.
fn with_servers(workspace: &Workspace, name: &str, arguments: &[String]) -> Result<()> {
    process::run(workspace.cargo().args(["build", "--release", "--package", "bench"]))?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "bench", "--", name]);
    process::run(cargo.args(arguments))
}

fn page(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let folder = workspace.root.join("bench/page");
    browser::install_packages(&folder)?;
    let chromium = browser::chromium(&folder)?;
    let binary = build(Profile::Release, workspace)?;
    let mut node = Command::new("node");
    node.current_dir(&workspace.root).arg("bench/page/run.mjs").args(arguments);
    process::run(node.env("UNSPOOL_BIN", binary).env("CHROMIUM_PATH", chromium))
}

fn conversations(workspace: &Workspace, _: &[String]) -> Result<()> {
    let folder = workspace.root.join("bench/page");
    browser::install_packages(&folder)?;
    let chromium = browser::chromium(&folder)?;
    let binary = build(Profile::Release, workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "bench", "--", "conversations"]);
    cargo.arg(binary).args(["node", "bench/page/first-paint.mjs"]);
    process::run(cargo.env("CHROMIUM_PATH", chromium))
}

fn markdown(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let folder = workspace.root.join("bench/page");
    browser::install_packages(&folder)?;
    let chromium = browser::chromium(&folder)?;
    let work = workspace.target.join("xtask/markdown.json");
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--release", "--package", "bench", "--", "markdown"]);
    process::run(cargo.arg(&work))?;
    let page = wasm::build(workspace, "markdown-page", Profile::Release)?;
    let sheet = style::bundle(&workspace.root.join("style/main.css"))?;
    site::write(&page.join("unspool.css"), sheet.as_bytes())?;
    let mut node = Command::new("node");
    node.current_dir(&workspace.root).arg("bench/page/markdown.mjs").arg(work).arg(page);
    process::run(node.args(arguments).env("CHROMIUM_PATH", chromium))
}
