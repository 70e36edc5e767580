use std::{io::PipeReader, net::SocketAddr, path::PathBuf, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    net::{TcpStream, unix::pipe::Receiver},
    process::Child,
    time::sleep,
};

use crate::{
    Client, Exit, Launch, Output,
    launch::{self, Spawned, exit},
    within,
};

/// The program, running. It is killed when this is dropped.
#[derive(Debug)]
pub struct Unspool {
    launch: Launch,
    child: Child,
    address: SocketAddr,
    stdout: Output,
    stderr: Output,
    unread: Vec<PipeReader>,
}

impl Unspool {
    pub(crate) async fn start(launch: Launch) -> Self {
        let Spawned { mut child, mut stdout, stderr, unread } = launch.spawn();
        let listens = match launch.says_where() {
            true => stdout.find(address).await,
            false => Some(answering(launch.addr()).await),
        };
        let Some(address) = listens else {
            let exit = launch::exit(&mut child, stdout, stderr).await;
            panic!("the program does not listen: {exit:?}");
        };
        Self { launch, child, address, stdout, stderr, unread }
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

    /// Begins to read what nobody has read so far.
    ///
    /// # Panics
    /// When there is nothing of the kind.
    pub fn read_unread(&mut self) -> Output {
        match self.unread.pop().map(|reader| Receiver::from_owned_fd(reader.into())) {
            Some(Ok(reader)) => Output::of(reader),
            other => panic!("there is nothing unread: {other:?}"),
        }
    }

    /// What it has in memory, in bytes (Linux only).
    ///
    /// # Panics
    /// When the system does not say.
    #[must_use]
    pub fn resident_bytes(&self) -> usize {
        let status = format!("/proc/{}/status", self.child.id().unwrap_or_default());
        let status = std::fs::read_to_string(status).unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = resident.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok());
        kilobytes.map_or_else(|| panic!("its memory is not known: {status}"), |it: usize| it * 1024)
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

    /// Tells it with SIGHUP that its terminal has gone.
    ///
    /// # Panics
    /// When it has ended before.
    pub fn hang_up(&self) {
        self.signal(Signal::HUP);
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

/// How often a program is looked for that cannot say where it listens.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until someone listens at `addr`.
async fn answering(addr: &str) -> SocketAddr {
    let Ok(address) = addr.parse() else { panic!("{addr} is no address") };
    within("someone who listens", async {
        while TcpStream::connect(address).await.is_err() {
            sleep(LOOK).await;
        }
    })
    .await;
    address
}

/// The address in the line that says where the program listens.
fn address(said: &str) -> Option<SocketAddr> {
    let line = said.lines().find_map(|line| line.strip_prefix("listening on http://"))?;
    line.trim().parse().ok()
}
