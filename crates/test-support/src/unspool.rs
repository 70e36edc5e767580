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

/// The running program. It is killed when this is dropped.
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
        let listening = match launch.prints_address() {
            true => stdout.find(address).await,
            false => Some(wait_for_listener(launch.addr()).await),
        };
        let Some(address) = listening else {
            let exit = launch::exit(&mut child, stdout, stderr).await;
            panic!("the program does not listen: {exit:?}");
        };
        Self { launch, child, address, stdout, stderr, unread }
    }

    /// The address that it listens on.
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

    /// Begins to read a pipe that was [`Unread`](crate::Sink::Unread) so far.
    ///
    /// # Panics
    /// When there is no such pipe.
    pub fn read_unread(&mut self) -> Output {
        match self.unread.pop().map(|reader| Receiver::from_owned_fd(reader.into())) {
            Some(Ok(reader)) => Output::of(reader),
            other => panic!("there is nothing unread: {other:?}"),
        }
    }

    /// Its resident memory in bytes (Linux only).
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

    /// Kills it with SIGKILL. The launch keeps the data folder, and can start the program again on it.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn kill(mut self) -> Launch {
        self.signal(Signal::KILL);
        let _ = exit(&mut self.child, self.stdout, self.stderr).await;
        self.launch
    }

    /// Sends SIGTERM, which asks it to end. [`ended`](Self::ended) waits until it has.
    ///
    /// # Panics
    /// When it has ended before.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Sends SIGHUP, as the system does when the program's terminal is closed.
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

/// The pause between two attempts to connect to a program that is starting.
const CONNECT_INTERVAL: Duration = Duration::from_millis(10);

/// Waits until `addr` accepts connections.
async fn wait_for_listener(addr: &str) -> SocketAddr {
    let Ok(address) = addr.parse() else { panic!("{addr} is no address") };
    within("a program that listens", async {
        while TcpStream::connect(address).await.is_err() {
            sleep(CONNECT_INTERVAL).await;
        }
    })
    .await;
    address
}

/// The address in the line `listening on …`.
fn address(output: &str) -> Option<SocketAddr> {
    let line = output.lines().find_map(|line| line.strip_prefix("listening on http://"))?;
    line.trim().parse().ok()
}
