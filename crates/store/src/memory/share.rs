use async_trait::async_trait;

use super::contents::{Contents, Generation};
use super::store::MemoryStore;
use crate::{Error, Share, ShareStore, ShareSubject};

#[async_trait]
impl ShareStore for MemoryStore {
    async fn share(&self, share: Share) -> Result<Option<Share>, Error> {
        let mut contents = self.contents()?;
        if !contents.has(&share.owner, &share.subject) {
            return Ok(None);
        }
        let is_same = |it: &&Share| {
            !it.is_withdrawn && it.owner == share.owner && it.subject == share.subject
        };
        if let Some(earlier) = contents.shares.iter().find(is_same) {
            return Ok(Some(earlier.clone()));
        }
        contents.shares.push(share.clone());
        Ok(Some(share))
    }

    async fn shared(&self, id: &str) -> Result<Option<Share>, Error> {
        Ok(self.contents()?.shares.iter().find(|share| share.id == id).cloned())
    }

    async fn shares(&self, owner: &str) -> Result<Vec<Share>, Error> {
        let contents = self.contents()?;
        let shares = contents.shares.iter().rev();
        Ok(shares.filter(|it| it.owner == owner && !it.is_withdrawn).cloned().collect())
    }

    async fn withdraw(&self, owner: &str, id: &str) -> Result<bool, Error> {
        let mut contents = self.contents()?;
        let share = contents.shares.iter_mut().find(|it| it.id == id && it.owner == owner);
        Ok(share.map(|share| share.is_withdrawn = true).is_some())
    }
}

impl Contents {
    fn has(&self, owner: &str, subject: &ShareSubject) -> bool {
        match subject {
            ShareSubject::Generation(id) => self.of(owner, id).is_some_and(Generation::is_document),
            ShareSubject::Branch { conversation_id, leaf_id } => {
                self.has_message(owner, conversation_id, leaf_id)
            }
        }
    }
}
