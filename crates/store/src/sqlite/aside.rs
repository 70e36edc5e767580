use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::private;

const DAMAGED: &str = "damaged-";
const UNKNOWN: &str = "unknown-";

/// Why a file is kept aside. Its name there says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It cannot be read to its end.
    Damaged,
    /// It holds what the database does not know, or may.
    Unknown,
}

/// Moves a file out of the way, and says where it is now.
pub(crate) fn keep(path: &Path, reason: Reason) -> io::Result<PathBuf> {
    // The names of segments come again: what was kept before stays.
    let free = names(path, reason).find(|name| !name.exists());
    let name = free.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, &name)?;
    Ok(name)
}

/// Keeps a copy of a file that is about to be changed, and says where it is. A start that fails
/// afterwards and is tried again makes no second one.
pub(crate) fn keep_copy(path: &Path, reason: Reason) -> io::Result<PathBuf> {
    let content = content(path)?;
    for name in names(path, reason) {
        if !name.exists() {
            let copied = copy(path, &name);
            if copied.is_err() {
                // Half a copy is none.
                let _ = fs::remove_file(&name);
            }
            return copied.map(|()| name);
        }
        if self::content(&name)? == content {
            return Ok(name);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whether `name` is one that [`keep`] gives to a file whose own name is such a one.
pub(crate) fn is_name_after(name: &str, is_own: impl Fn(&str) -> bool) -> bool {
    name.rsplit_once('.').is_some_and(|(own, rest)| {
        is_own(own) && (rest.starts_with(DAMAGED) || rest.starts_with(UNKNOWN))
    })
}

/// The names that the file may have aside, in order.
fn names(path: &Path, reason: Reason) -> impl Iterator<Item = PathBuf> {
    let word = match reason {
        Reason::Damaged => DAMAGED,
        Reason::Unknown => UNKNOWN,
    };
    (1u32..).map(move |time| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{word}{time}"));
        name.into()
    })
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = private::options().write(true).create_new(true).open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// Length and checksum: what tells one file from another here.
fn content(path: &Path) -> io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let (mut sum, mut length) = (crc32fast::Hasher::new(), 0);
    let mut piece = [0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((length, sum.finalize())),
            read => {
                sum.update(&piece[..read]);
                length += read as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_kept_once_for_each_content() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        for (content, kept) in [("a", 1), ("a", 1), ("b", 2), ("a", 1)] {
            fs::write(&file, content).unwrap();
            let copy = keep_copy(&file, Reason::Damaged).unwrap();
            assert_eq!(copy, folder.path().join(format!("file.damaged-{kept}")));
            assert_eq!(fs::read_to_string(copy).unwrap(), content);
        }
    }
}
