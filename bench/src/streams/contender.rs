use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// A server that is measured.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What decides how a contender is started and what viewers request from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Unspool; all viewers follow one generation.
    OneGeneration,
    /// Unspool; each viewer follows a generation of its own.
    GenerationEach,
    /// The server of this name in the binary `sse_peer`.
    Rust(&'static str),
    Node,
    FastApi,
}

/// All servers that are measured. The table gives costs as multiples of axum's.
pub(crate) const CONTENDERS: [Contender; 7] = [
    Contender { name: "unspool, one generation", kind: Kind::OneGeneration },
    Contender { name: "unspool, a generation each", kind: Kind::GenerationEach },
    Contender { name: "limit: raw TCP", kind: Kind::Rust("raw") },
    Contender { name: "hyper", kind: Kind::Rust("hyper") },
    Contender { name: "axum Sse", kind: Kind::Rust("axum") },
    Contender { name: "Node http", kind: Kind::Node },
    Contender { name: "FastAPI, sse-starlette", kind: Kind::FastApi },
];

impl Contender {
    /// Installs what the contender needs, unless it is there.
    pub(crate) fn prepare(&self) -> Result<()> {
        match self.kind {
            Kind::Node => succeed(Command::new("node").arg("--version")),
            Kind::FastApi if has_imports().is_ok() => Ok(()),
            Kind::FastApi => {
                let folder = python_folder();
                succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
                let list = streams().join("requirements.txt");
                let mut pip = Command::new(folder.join("bin/pip"));
                succeed(pip.args(["install", "--quiet", "--requirement"]).arg(list))?;
                has_imports()
            }
            _ => Ok(()),
        }
    }

    /// The command that starts it on `port`. Unspool keeps its data in `folder`.
    pub(crate) fn command(&self, port: u16, folder: &Path) -> Result<Command> {
        let address = format!("127.0.0.1:{port}");
        let (program, arguments) = match self.kind {
            Kind::OneGeneration | Kind::GenerationEach => {
                let data = format!("--data={}", folder.join("data").display());
                let limits = ["--max-running=10000", "--max-connections-per-address=16384"];
                let mut arguments = vec![format!("--addr={address}"), data];
                arguments.extend(limits.map(str::to_owned));
                (sibling("unspool_sse")?, arguments)
            }
            Kind::Rust(kind) => (sibling("sse_peer")?, vec![kind.to_owned(), port.to_string()]),
            Kind::Node => {
                let script = streams().join("node.mjs").display().to_string();
                ("node".into(), vec![script, port.to_string()])
            }
            Kind::FastApi => (python(), uvicorn(port)),
        };
        let mut command = pinned(&program, "0");
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }
}

fn uvicorn(port: u16) -> Vec<String> {
    let port = port.to_string();
    let folder = streams().display().to_string();
    let words = ["-m", "uvicorn", "fastapi_sse:app", "--app-dir", &folder, "--port", &port];
    let fast = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--backlog", "4096"];
    words.iter().chain(&fast).map(|word| (*word).to_owned()).collect()
}

/// Runs a program on one core, or on any where there is no `taskset`.
pub(crate) fn pinned(program: &Path, core: &str) -> Command {
    if succeed(Command::new("taskset").arg("--version")).is_err() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", core]).arg(program);
    command
}

/// The path of a binary in the same folder as this one.
pub(crate) fn sibling(name: &str) -> Result<PathBuf> {
    let path = env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is missing: `cargo xtask bench streams` builds it", path.display());
    Ok(path)
}

fn streams() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("streams")
}

fn python_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-peers/python")
}

fn python() -> PathBuf {
    python_folder().join("bin/python")
}

/// Fails unless Python can import what its contender needs. An import also fails where the processor
/// lacks instructions that a package was compiled for.
fn has_imports() -> Result<()> {
    let imports = "import fastapi, httptools, sse_starlette, uvicorn, uvloop";
    succeed(Command::new(python()).args(["-c", imports]))
}

fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let _ = fs::create_dir_all(python_folder().with_file_name(""));
    let output = command.output().with_context(|| program.clone())?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} ended with {}: {said}", output.status);
    Ok(())
}
