use std::{
    fs::File,
    io::{self, PipeReader, Write},
    process::Stdio,
};

use rustix::io::ioctl_fionbio;

/// Where the program's standard output or standard error goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sink {
    /// It is read as it comes.
    #[default]
    Read,
    /// To a disk that is full: every write fails (Linux only).
    FullDisk,
    /// Into a pipe whose reader has gone: every write fails.
    HungUp,
    /// Into a pipe that is full and that nobody reads: every write waits.
    Unread,
}

impl Sink {
    /// What the program gets, and what must be kept for as long as it runs.
    pub(crate) fn open(self) -> io::Result<(Stdio, Option<PipeReader>)> {
        match self {
            Self::Read => Ok((Stdio::piped(), None)),
            Self::FullDisk => Ok((File::options().write(true).open("/dev/full")?.into(), None)),
            Self::HungUp => Ok((io::pipe()?.1.into(), None)),
            Self::Unread => full_pipe().map(|(reader, writer)| (writer, Some(reader))),
        }
    }
}

fn full_pipe() -> io::Result<(PipeReader, Stdio)> {
    let (reader, mut writer) = io::pipe()?;
    ioctl_fionbio(&writer, true)?;
    while writer.write(&[b' '; 4096]).is_ok() {}
    ioctl_fionbio(&writer, false)?;
    Ok((reader, writer.into()))
}
