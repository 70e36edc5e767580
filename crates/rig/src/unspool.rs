use std::{net::SocketAddr, path::PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;

use crate::{
    Client, Exit, Launch, Output,
    launch::{self, exit},
};

/// The program, running. It is killed when this is dropped.
#[derive(Debug)]
pub struct Unspool {
    launch: Launch,
    child: Child,
    address: SocketAddr,
    stdout: Output,
    stderr: Output,
}

impl Unspool {
    pub(crate) async fn start(launch: Launch) -> Self {
        let (mut child, mut stdout, stderr) = launch.spawn();
        let Some(address) = stdout.find(address).await else {
            let exit = launch::exit(&mut child, stdout, stderr).await;
            panic!("the program does not listen: {exit:?}");
        };
        Self { launch, child, address, stdout, stderr }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client of it.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.launch.data()
    }

    /// What it has logged.
    #[must_use]
    pub fn stderr(&self) -> Output {
        self.stderr.clone()
    }

    /// How it was started.
    #[must_use]
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// Kills it with SIGKILL; its data folder stays with the launch, which can start it again.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn kill(mut self) -> Launch {
        self.signal(Signal::KILL);
        let _ = exit(&mut self.child, self.stdout, self.stderr).await;
        self.launch
    }

    /// Asks it with SIGTERM to end. It may take a while: [`ended`](Self::ended) waits for it.
    ///
    /// # Panics
    /// When it has ended before.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// When it does not by the [`DEADLINE`](crate::DEADLINE).
    pub async fn ended(mut self) -> Exit {
        exit(&mut self.child, self.stdout, self.stderr).await
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        match pid.map(|pid| kill_process(pid, signal)) {
            Some(Ok(())) => {}
            other => panic!("{signal:?} could not be sent: {other:?}"),
        }
    }
}

/// The address in the line that says where the program listens.
fn address(said: &str) -> Option<SocketAddr> {
    let line = said.lines().find_map(|line| line.strip_prefix("listening on http://"))?;
    line.trim().parse().ok()
}
