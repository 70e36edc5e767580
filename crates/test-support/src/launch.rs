use std::{
    io::PipeReader,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{Output, Sink, Unspool, Upstream, within};

/// How to start the program: its settings, and a data folder of its own.
///
/// The program gets no environment but what is set here. By default it listens on a free port of
/// 127.0.0.1 and uses the built-in provider.
#[derive(Clone, Debug)]
pub struct Launch {
    binary: PathBuf,
    subcommand: Option<String>,
    flags: Vec<(String, String)>,
    switches: Vec<String>,
    environment: Vec<(String, String)>,
    /// Shell commands that run before the program, in the same process.
    setup: Vec<String>,
    stdout: Sink,
    stderr: Sink,
    folder: Arc<TempDir>,
}

/// The program as a process.
pub(crate) struct Spawned {
    pub(crate) child: Child,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    /// The reading ends of pipes that nobody reads. Writes would fail if these were dropped.
    pub(crate) unread: Vec<PipeReader>,
}

/// How the program ended.
#[derive(Clone, Debug)]
pub struct Exit {
    /// Its exit code, or the signal that ended it.
    pub status: ExitStatus,
    /// How long it took to end.
    pub took: Duration,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl Launch {
    /// The program at this path.
    ///
    /// # Panics
    /// When the data folder cannot be created.
    #[must_use]
    pub fn new(binary: impl AsRef<Path>) -> Self {
        let folder = TempDir::with_prefix("unspool-")
            .unwrap_or_else(|error| panic!("no temporary folder: {error}"));
        let launch = Self {
            binary: binary.as_ref().to_owned(),
            subcommand: None,
            flags: Vec::new(),
            switches: Vec::new(),
            environment: Vec::new(),
            setup: Vec::new(),
            stdout: Sink::Read,
            stderr: Sink::Read,
            folder: Arc::new(folder),
        };
        let data = launch.data().to_string_lossy().into_owned();
        launch.flag("addr", "127.0.0.1:0").flag("data", &data).flag("provider", "builtin")
    }

    /// Asks for this instead of nothing in particular, which is to serve.
    #[must_use]
    pub fn subcommand(mut self, name: &str) -> Self {
        self.subcommand = Some(name.to_owned());
        self
    }

    /// Sets the flag `--name`; a later value replaces an earlier one.
    #[must_use]
    pub fn flag(mut self, name: &str, value: &str) -> Self {
        self.flags.retain(|(set, _)| set != name);
        self.flags.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds the flag `--name`, which takes no value.
    #[must_use]
    pub fn switch(mut self, name: &str) -> Self {
        self.switches.push(format!("--{name}"));
        self
    }

    /// Removes the flag `--name`, so that the environment or the default applies.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.flags.retain(|(set, _)| set != name);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Limits how many files the program can have open. It cannot raise this limit.
    #[must_use]
    pub fn open_files(mut self, most: u32) -> Self {
        self.setup.push(format!("ulimit -n {most}"));
        self
    }

    /// Starts the program with SIGHUP ignored, as `nohup` does.
    #[must_use]
    pub fn ignoring_hangups(mut self) -> Self {
        self.setup.push("trap '' HUP".to_owned());
        self
    }

    /// Redirects standard output. The flag `addr` must then name a port, as the program cannot print it.
    #[must_use]
    pub fn stdout(mut self, sink: Sink) -> Self {
        self.stdout = sink;
        self
    }

    /// Redirects standard error, which is the program's log.
    #[must_use]
    pub fn stderr(mut self, sink: Sink) -> Self {
        self.stderr = sink;
        self
    }

    /// Makes the program use this provider with this key.
    #[must_use]
    pub fn asking(self, upstream: &Upstream, key: &str) -> Self {
        self.flag("provider", "openai")
            .flag("base-url", &upstream.base_url())
            .flag("model", "test-model")
            .env("UNSPOOL_API_KEY", key)
    }

    /// The data folder. It is removed when the last clone of this is dropped.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the program and waits until it listens.
    ///
    /// # Panics
    /// When it ends instead.
    pub async fn start(self) -> Unspool {
        Unspool::start(self).await
    }

    /// Runs the program until it ends by itself.
    ///
    /// # Panics
    /// When it does not by the [`DEADLINE`](crate::DEADLINE).
    pub async fn run(&self) -> Exit {
        let Spawned { mut child, stdout, stderr, unread: _unread } = self.spawn();
        exit(&mut child, stdout, stderr).await
    }

    /// The address that the program is to listen on.
    pub(crate) fn addr(&self) -> &str {
        let addr = self.flags.iter().find(|(name, _)| name == "addr");
        addr.map_or("", |(_, addr)| addr)
    }

    /// Whether the address that the program prints can be read.
    pub(crate) fn prints_address(&self) -> bool {
        self.stdout == Sink::Read
    }

    fn command(&self) -> Command {
        if self.setup.is_empty() {
            return Command::new(&self.binary);
        }
        let mut shell = Command::new("/bin/sh");
        let setup = self.setup.join(" && ");
        shell.args(["-c", &format!("{setup} && exec \"$0\" \"$@\"")]).arg(&self.binary);
        shell
    }

    pub(crate) fn spawn(&self) -> Spawned {
        let flags = self.flags.iter().map(|(name, value)| format!("--{name}={value}"));
        let (Ok((stdout, unread)), Ok((stderr, unread_log))) =
            (self.stdout.open(), self.stderr.open())
        else {
            panic!("cannot open {:?} or {:?}", self.stdout, self.stderr)
        };
        let mut command = self.command();
        command
            .args(&self.subcommand)
            .args(flags)
            .args(&self.switches)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .kill_on_drop(true);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("cannot start {}: {error}", self.binary.display()),
        };
        Spawned {
            stdout: child.stdout.take().map_or_else(Output::empty, Output::of),
            stderr: child.stderr.take().map_or_else(Output::empty, Output::of),
            child,
            unread: unread.into_iter().chain(unread_log).collect(),
        }
    }
}

/// Waits until the program has ended and all of its output was read.
pub(crate) async fn exit(child: &mut Child, mut stdout: Output, mut stderr: Output) -> Exit {
    let since = Instant::now();
    let status = match within("the end of the program", child.wait()).await {
        Ok(status) => status,
        Err(error) => panic!("the program's end is unknown: {error}"),
    };
    let took = since.elapsed();
    Exit { status, took, stdout: stdout.whole().await, stderr: stderr.whole().await }
}
