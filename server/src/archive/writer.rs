use bytes::Bytes;
use engine::{ArchiveEntry, ArchivePlace, Engine, StoreError};

use super::{FORMAT, VERSION, markdown};
use crate::access::Space;

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Markdown,
}

/// Writes an archive piece by piece: no more than one entry is in memory.
pub(crate) struct Writer {
    pub(crate) engine: Engine,
    pub(crate) space: Space,
    pub(crate) format: Format,
    /// The last entry that was written.
    pub(crate) place: ArchivePlace,
    /// Whether only the thing after `place` is wanted.
    pub(crate) is_single: bool,
    pub(crate) step: Step,
}

/// What an archive's next piece is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    #[default]
    Head,
    First,
    Following,
    End,
}

impl Writer {
    /// The next piece; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        match self.step {
            Step::Head => {
                self.step = Step::First;
                let head =
                    format!("{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"entries\":[\n");
                Ok(Some(match self.format {
                    Format::Json => head.into(),
                    Format::Markdown => "\u{feff}".into(),
                }))
            }
            Step::End => Ok(None),
            Step::First | Step::Following => self.next_entry().await.map(Some),
        }
    }

    async fn next_entry(&mut self) -> Result<Bytes, StoreError> {
        let found = self.engine.next_archived(&self.space, self.place).await?;
        let is_other = |entry: &ArchiveEntry| !matches!(entry, ArchiveEntry::Message(_));
        let is_first = self.step == Step::First;
        match found {
            Some((place, entry)) if is_first || !self.is_single || !is_other(&entry) => {
                self.place = place;
                self.step = Step::Following;
                self.write(&entry, is_first)
            }
            _ => {
                self.step = Step::End;
                Ok(match self.format {
                    Format::Json => "\n]}\n".into(),
                    Format::Markdown => Bytes::new(),
                })
            }
        }
    }

    fn write(&self, entry: &ArchiveEntry, is_first: bool) -> Result<Bytes, StoreError> {
        match self.format {
            Format::Json => {
                let mut json = if is_first { Vec::new() } else { b",\n".to_vec() };
                serde_json::to_writer(&mut json, entry).map_err(|_| StoreError::Corrupt)?;
                Ok(json.into())
            }
            Format::Markdown => Ok(markdown::entry(entry).into()),
        }
    }
}
