use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    process::{Child, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    Workload,
    contender::{CONTENDERS, Contender, pinned},
    figures::Measured,
    viewer::Request,
};

/// How long a server may take to listen.
const START_DEADLINE: Duration = Duration::from_secs(20);

/// A server under test. It is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    /// The data folder, which is removed with the server.
    _folder: TempDir,
}

impl Server {
    pub(crate) async fn start(contender: &Contender) -> Result<Self> {
        let folder = TempDir::with_prefix("unspool-bench-")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let child = contender.command(port, folder.path())?.spawn().context(contender.name)?;
        let mut server = Self { child, port, _folder: folder };
        let listening = timeout(START_DEADLINE, server.listening()).await;
        let listening = listening.with_context(|| format!("waited for {START_DEADLINE:?}"));
        listening.flatten().with_context(|| format!("{} does not start", contender.name))?;
        Ok(server)
    }

    /// Waits until the server accepts connections, and fails as soon as it has ended.
    async fn listening(&mut self) -> Result<()> {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended with {status}");
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Runs a small load, so that what the server loads and allocates only once is not measured.
    pub(crate) async fn warm_up(&self, contender: &Contender) -> Result<()> {
        let workload =
            Workload { name: "", connections: 20, query: "n=200&y=1", hold: false, seconds: 1 };
        self.load(contender, &workload).await.map(drop)
    }

    /// Runs the load generator as a process of its own.
    pub(crate) async fn load(
        &self,
        contender: &Contender,
        workload: &Workload,
    ) -> Result<Measured> {
        let arguments = json!({
            "port": self.port,
            "pid": self.child.id(),
            "request": Request::of(contender, workload.query),
            "connections": workload.connections,
            "hold": workload.hold,
            "seconds": workload.seconds,
        });
        let mut command: tokio::process::Command = pinned(&env::current_exe()?, "1").into();
        command.args(["load", &arguments.to_string()]).stderr(Stdio::inherit()).kill_on_drop(true);
        let output = timeout(Duration::from_secs(120), command.output()).await??;
        ensure!(output.status.success(), "the load generator failed");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    pub(crate) fn resident_kb(&self) -> Result<u64> {
        resident_kb(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Unspool with a provider at a port of this machine. It is killed when this is dropped.
pub(crate) struct Unspool(Server);

impl Unspool {
    pub(crate) async fn asking(provider: u16) -> Result<Self> {
        let contender = &CONTENDERS[0];
        let folder = TempDir::with_prefix("unspool-bench-")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = contender.command(port, folder.path())?;
        command.arg("--provider=openai").arg("--model=bench");
        command.arg(format!("--base-url=http://127.0.0.1:{provider}/v1"));
        let child = command.spawn().context(contender.name)?;
        let mut server = Server { child, port, _folder: folder };
        let listening = timeout(START_DEADLINE, server.listening()).await;
        listening.context("it does not start in time")??;
        Ok(Self(server))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port()
    }
}

/// The resident memory of a process (proc(5), `VmRSS`).
pub(crate) fn resident_kb(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let number = line.split_whitespace().next().context("VmRSS")?;
    Ok(number.parse()?)
}

/// The CPU time of a process and all its threads in seconds (proc(5), `utime` and `stime`).
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| -> Result<f64> { Ok(fields.get(at).context("stat")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) / ticks_per_second())
}

fn ticks_per_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

/// Raises this process's limit of open files as far as the system permits. Child processes inherit it.
pub(crate) fn open_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
}
