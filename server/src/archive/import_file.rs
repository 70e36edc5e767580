use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Seek, SeekFrom},
    sync::{Mutex, PoisonError},
};

use engine::{ArchiveCheck, ArchiveEntries, ArchiveEntry, StoreError};
use protocol::Fault;
use serde::{
    Deserializer as _,
    de::{
        DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
    },
};
use serde_json::{Deserializer, Value};

use super::{FORMAT, VERSION};

/// How many faults are named at most.
const MOST_FAULTS: usize = 20;

/// A file that is to be imported.
pub(crate) struct ImportFile(Mutex<File>);

/// Why a file is not imported.
pub(crate) enum Rejected {
    /// It is not JSON, or none of ours: why.
    Unreadable(String),
    /// Some of its entries are not what is expected.
    Faults(Vec<Fault>),
}

impl ImportFile {
    pub(crate) fn new(file: File) -> Self {
        Self(Mutex::new(file))
    }

    /// Checks all of it.
    pub(crate) fn check(&self) -> Result<(), Rejected> {
        let (mut check, mut faults) = (ArchiveCheck::default(), Vec::new());
        let read = self.each(&mut |number, value| {
            let id = id(&value);
            let checked = entry(value).and_then(|entry| check.check(&entry));
            if let Err(detail) = checked
                && faults.len() < MOST_FAULTS
            {
                faults.push(Fault { entry: number, id, detail });
            }
            Ok(())
        });
        match read {
            Err(error) => Err(Rejected::Unreadable(error.to_string())),
            Ok(()) if faults.is_empty() => Ok(()),
            Ok(()) => Err(Rejected::Faults(faults)),
        }
    }

    fn each(
        &self,
        take: &mut dyn FnMut(u64, Value) -> Result<(), String>,
    ) -> Result<(), serde_json::Error> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0)).map_err(serde_json::Error::io)?;
        let mut json = Deserializer::from_reader(BufReader::new(&mut *file));
        json.deserialize_map(Archive { take })?;
        json.end()
    }
}

impl ArchiveEntries for ImportFile {
    fn read(
        &self,
        take: &mut dyn FnMut(ArchiveEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut failed = None;
        let read = self.each(&mut |_, value| {
            let taken = entry(value).map_err(|_| StoreError::Corrupt).and_then(&mut *take);
            taken.map_err(|error| {
                failed = Some(error);
                String::new()
            })
        });
        match (failed, read) {
            (Some(error), _) => Err(error),
            (None, Err(_)) => Err(StoreError::Corrupt),
            (None, Ok(())) => Ok(()),
        }
    }
}

/// Reads an entry by its `kind`, so that what does not fit is named by its path.
fn entry(value: Value) -> Result<ArchiveEntry, String> {
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "generation" => read(value).map(ArchiveEntry::Generation),
        "persona" => read(value).map(ArchiveEntry::Persona),
        "conversation" => read(value).map(ArchiveEntry::Conversation),
        "message" => read(value).map(ArchiveEntry::Message),
        _ => Err("`kind` is `generation`, `persona`, `conversation` or `message`".to_owned()),
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let words = error.into_inner().to_string();
        if path == "." { words } else { format!("{path}: {words}") }
    })
}

/// The id of what an entry holds.
fn id(value: &Value) -> Option<String> {
    let id = value.get("id").or_else(|| value.get("snapshot")?.get("id"))?.as_str()?;
    Some(id.chars().take(64).collect())
}

type Take<'a> = &'a mut dyn FnMut(u64, Value) -> Result<(), String>;

/// The object that an archive is.
struct Archive<'a> {
    take: Take<'a>,
}

impl<'de> Visitor<'de> for Archive<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that `GET /api/export?format=json` gave")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut is_ours, mut version, mut has_entries) = (false, None, false);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "format" => is_ours = map.next_value::<String>()? == FORMAT,
                "version" => version = Some(map.next_value::<u64>()?),
                "entries" if !is_ours => {
                    return Err(A::Error::custom(format!("`format` \"{FORMAT}\" comes first")));
                }
                "entries" if version.is_none_or(|version| version > VERSION) => {
                    let newest = format!("a `version` of at most {VERSION} comes before `entries`");
                    return Err(A::Error::custom(newest));
                }
                "entries" => {
                    has_entries = true;
                    map.next_value_seed(Entries { take: &mut *self.take })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if has_entries { Ok(()) } else { Err(A::Error::missing_field("entries")) }
    }
}

/// The array of an archive's entries.
struct Entries<'a> {
    take: Take<'a>,
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(value) = entries.next_element::<Value>()? {
            (self.take)(number, value).map_err(A::Error::custom)?;
            number += 1;
        }
        Ok(())
    }
}

/// Whether writing failed because there is no room.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
