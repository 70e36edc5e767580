use std::{
    fs::File,
    io::{self, PipeReader, Write},
    process::Stdio,
};

use rustix::io::ioctl_fionbio;

/// Where the program's standard output or standard error goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sink {
    /// To a reader that keeps up.
    #[default]
    Read,
    /// To a full disk, so that every write fails (Linux only).
    FullDisk,
    /// To a pipe without a reader, so that every write fails.
    HungUp,
    /// To a full pipe that is not read, so that every write waits.
    Unread,
}

impl Sink {
    /// Opens the sink for the program, with a reading end that must be kept for as long as it runs.
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
