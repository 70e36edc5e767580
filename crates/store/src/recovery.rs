use std::collections::HashMap;
use std::{fs, io};

use rusqlite::{Connection, TransactionBehavior};

use crate::folder::Folder;
use crate::journal::Entries;
use crate::settling::sync;
use crate::{Batch, Error, OpenError, write};

/// Moves what a killed process left in the journal into the database.
pub(crate) fn recover(connection: &mut Connection, folder: &Folder) -> Result<(), OpenError> {
    let path = folder.database().to_owned();
    let lost = |source| OpenError::File { path: path.clone(), source };
    let numbers = folder.segments().numbers().map_err(lost)?;
    let Some(last) = numbers.last() else { return Ok(()) };
    let left = numbers.iter().try_fold(Left::default(), |left, number| left.read(folder, *number));
    let left = left.map_err(lost)?;
    left.move_into(connection).map_err(|error| match error {
        Error::Busy => OpenError::InUse { path: path.clone() },
        Error::Full => OpenError::Full { path: path.clone() },
        Error::Database(source) => OpenError::Database { path: path.clone(), source },
        _ => OpenError::Corrupt { path: path.clone() },
    })?;
    sync(folder).map_err(lost)?;
    for number in left.damaged {
        let aside = folder.segments().keep_aside(number).map_err(lost)?;
        tracing::error!(file = %aside.display(), "the journal was damaged; it is kept aside");
    }
    folder.segments().remove(*last).map_err(lost)
}

/// What the segments hold.
#[derive(Default)]
struct Left {
    logs: HashMap<String, Vec<Batch>>,
    damaged: Vec<u64>,
}

impl Left {
    fn read(mut self, folder: &Folder, number: u64) -> io::Result<Self> {
        let segment = fs::read(folder.segments().path(number))?;
        let mut entries = Entries::new(&segment);
        for (id, batch) in entries.by_ref() {
            self.logs.entry(id.to_owned()).or_default().push(batch);
        }
        if entries.is_damaged() {
            self.damaged.push(number);
        }
        Ok(self)
    }

    fn move_into(&self, connection: &mut Connection) -> Result<(), Error> {
        let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (id, batches) in &self.logs {
            write::catch_up(&all, id, batches)?;
        }
        Ok(all.commit()?)
    }
}
