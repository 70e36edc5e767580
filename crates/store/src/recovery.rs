use std::collections::HashMap;
use std::{fs, io};

use rusqlite::{Connection, TransactionBehavior};

use crate::folder::{Folder, Found};
use crate::journal::Entries;
use crate::settling::sync;
use crate::{Batch, Error, OpenError, write};

/// Moves what a killed process left in the journal into the database that was found. Nothing is
/// thrown away that clients may have seen: what the database has no place for is kept aside.
pub(crate) fn recover(
    connection: &mut Connection,
    folder: &Folder,
    found: Found,
) -> Result<(), OpenError> {
    let path = folder.database().to_owned();
    let lost = |source| OpenError::File { path: path.clone(), source };
    let numbers = folder.segments().numbers().map_err(lost)?;
    let Some(last) = numbers.last() else { return Ok(()) };
    let left = numbers.iter().try_fold(Left::default(), |left, number| left.read(folder, *number));
    let mut left = left.map_err(lost)?;
    let all_follow = left.move_into(connection).map_err(|error| match error {
        Error::Busy => OpenError::InUse { path: path.clone() },
        Error::Full => OpenError::Full { path: path.clone() },
        Error::Database(source) => OpenError::Database { path: path.clone(), source },
        _ => OpenError::Corrupt { path: path.clone() },
    })?;
    sync(folder).map_err(lost)?;
    // It belongs to a database that was moved away, or to a newer copy of this one.
    if found == Found::Nothing || !all_follow && left.damaged.is_none() {
        left.damaged = numbers.first().copied();
    }
    // What comes after damage may not follow what could be read, whole as it is.
    let doubtful = numbers.iter().filter(|number| left.damaged.is_some_and(|it| it <= **number));
    for number in doubtful {
        let aside = folder.segments().keep_aside(*number).map_err(lost)?;
        tracing::error!(
            file = %aside.display(),
            "not all of the journal fits the database; it is kept aside"
        );
    }
    folder.segments().remove(*last).map_err(lost)
}

/// What the segments hold.
#[derive(Default)]
struct Left {
    logs: HashMap<String, Vec<Batch>>,
    /// The first segment of which something is missing.
    damaged: Option<u64>,
}

impl Left {
    fn read(mut self, folder: &Folder, number: u64) -> io::Result<Self> {
        let segment = fs::read(folder.segments().path(number))?;
        let mut entries = Entries::new(&segment);
        for (id, batch) in entries.by_ref() {
            self.logs.entry(id.to_owned()).or_default().push(batch);
        }
        if entries.is_damaged() {
            self.damaged.get_or_insert(number);
        }
        Ok(self)
    }

    /// Says whether all of it follows what the database has.
    fn move_into(&self, connection: &mut Connection) -> Result<bool, Error> {
        let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut all_follow = true;
        for (id, batches) in &self.logs {
            all_follow &= write::catch_up(&all, id, batches)?;
        }
        all.commit()?;
        Ok(all_follow)
    }
}
