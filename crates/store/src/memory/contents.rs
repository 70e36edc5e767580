use protocol::{Listed, Listing, SearchQuery, Snapshot};

use super::conversations::Conversations;
use super::personas::Personas;
use crate::clock::Clock;
use crate::retention::{ROUND, Surplus, Verdict};
use crate::saved::Saved;
use crate::{Batch, Earlier, Error, Head, Idempotency, Pruned, Record, Retention, Session, Share};

/// All that there is, in the order of creation.
#[derive(Clone, Default)]
pub(super) struct Contents {
    generations: Vec<Generation>,
    created: u64,
    clock: Option<Clock>,
    pub(super) conversations: Conversations,
    pub(super) personas: Personas,
    pub(super) shares: Vec<Share>,
    pub(super) sessions: Vec<Session>,
}

#[derive(Clone)]
pub(super) struct Generation {
    /// Its place in the order of creation.
    pub(super) key: u64,
    /// As it was at birth.
    pub(super) record: Record,
    /// The snapshot as last saved, and what of it is searched and listed.
    pub(super) snapshot: Snapshot,
    pub(super) saved: Saved,
    pub(super) log: Vec<Batch>,
    pub(super) is_running: bool,
    /// Which writer may append: a later one has a larger number.
    pub(super) epoch: u64,
    /// How much it takes, as far as that is counted.
    pub(super) bytes: u64,
}

impl Generation {
    /// How far its log reaches.
    pub(super) fn head(&self) -> Head {
        let cursor = self.log.last().map_or(0, |last| last.last);
        Head { cursor, ended: !self.is_running }
    }

    /// Whether that writer may append `batch` next.
    pub(super) fn check(&self, epoch: u64, batch: &Batch) -> Result<(), Error> {
        if self.epoch != epoch {
            return Err(Error::Superseded);
        }
        let follows = batch.first == self.head().cursor + 1 && batch.last >= batch.first;
        if self.is_running && follows { Ok(()) } else { Err(Error::OutOfOrder) }
    }

    /// Whether the history and retention know it.
    pub(super) fn is_document(&self) -> bool {
        self.saved.kind == "document"
    }

    fn listed(&self) -> Listed {
        let born = &self.record.snapshot;
        Listed {
            id: born.id.clone(),
            status: self.snapshot.status,
            title: self.saved.title.clone(),
            preview: born.preview.clone(),
            provider: born.provider.clone(),
            model: born.model.clone(),
            created_ms: born.created_ms,
            excerpt: None,
        }
    }

    /// What searches look through: while it runs, the beginning of its source.
    fn texts(&self) -> [&str; 3] {
        let source = if self.is_running { "" } else { &self.record.input };
        [&self.saved.text, &self.record.snapshot.preview, source]
    }

    /// As it is listed when something is searched for.
    fn found(&self, sought: &SearchQuery) -> Listed {
        let listed = self.listed();
        if sought.terms().is_empty() || sought.is_in(&[&listed.title]) {
            return listed;
        }
        let written = &self.saved.text;
        let beside = written.strip_prefix(&listed.title).unwrap_or(written);
        let excerpt = sought.excerpt(beside).or_else(|| sought.excerpt(&self.record.input));
        Listed { excerpt, ..listed }
    }
}

impl Contents {
    pub(super) fn add(&mut self, record: Record) -> Result<Option<Earlier>, Error> {
        let earlier = record.idempotency.as_ref().and_then(|key| self.earlier(&record.owner, key));
        if earlier.is_none() {
            self.created += 1;
            self.generations.push(Generation {
                key: self.created,
                snapshot: record.snapshot.clone(),
                saved: Saved::new(&record.snapshot)?,
                log: vec![record.first.clone()],
                is_running: true,
                epoch: 0,
                bytes: record.input.len() as u64,
                record,
            });
        }
        Ok(earlier)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Generation> {
        self.generations.iter()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Generation> {
        self.all().find(|it| it.record.snapshot.id == id)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Generation> {
        self.generations.iter_mut().find(|it| it.record.snapshot.id == id)
    }

    pub(super) fn of(&self, owner: &str, id: &str) -> Option<&Generation> {
        self.get(id).filter(|it| it.record.owner == owner)
    }

    pub(super) fn earlier(&self, owner: &str, asked: &Idempotency) -> Option<Earlier> {
        self.all().filter(|it| it.record.owner == owner).find_map(|it| {
            let known = it.record.idempotency.as_ref().filter(|known| known.key == asked.key)?;
            Some(if known.fingerprint == asked.fingerprint {
                Earlier::SameRequest(Box::new(it.snapshot.clone()))
            } else {
                Earlier::OtherRequest
            })
        })
    }

    pub(super) fn list(
        &self,
        owner: &str,
        query: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Listing, Error> {
        let before: u64 = match before {
            Some(key) => key.parse().map_err(|_| Error::UnknownPlace)?,
            None => u64::MAX,
        };
        let (is_all, sought) = (query.trim().is_empty(), SearchQuery::new(query));
        let found = |it: &&Generation| {
            it.key < before
                && it.record.owner == owner
                && it.is_document()
                && (is_all || sought.is_in(&it.texts()))
        };
        let mut lines = self.generations.iter().rev().filter(found);
        let page: Vec<_> = lines.by_ref().take(limit).collect();
        let last = page.last().filter(|_| lines.next().is_some());
        Ok(Listing {
            next: last.map(|last| last.key.to_string()),
            generations: page.into_iter().map(|it| it.found(&sought)).collect(),
        })
    }

    pub(super) fn remove(&mut self, owner: &str, id: &str) -> bool {
        let count = self.generations.len();
        self.generations.retain(|it| it.record.snapshot.id != id || it.record.owner != owner);
        self.generations.len() < count
    }

    pub(super) fn prune(&mut self, keep: Retention, now_ms: u64) -> Pruned {
        let created = self.generations.iter().map(|it| it.record.snapshot.created_ms);
        let newest_ms = created.filter(|created_ms| *created_ms <= now_ms).max();
        let (mut oldest_ms, mut clock_is_doubted) = (0, false);
        if let Some(max_age) = keep.max_age {
            self.clock = self.clock.or_else(|| newest_ms.map(Clock::starting_at));
            if let Some(clock) = &mut self.clock {
                oldest_ms = clock.oldest_ms(now_ms, max_age);
                clock_is_doubted = clock.doubted_since_ms.is_some();
            }
        }
        let ended = |it: &&Generation| !it.is_running && it.is_document();
        let bytes: u64 = self.generations.iter().filter(ended).map(|it| it.bytes).sum();
        let excess = keep.max_bytes.map_or(0, |max_bytes| bytes.saturating_sub(max_bytes));
        let mut surplus = Surplus { oldest_ms, excess, now_ms };
        let mut gone = Vec::new();
        for it in self.generations.iter().filter(ended) {
            match surplus.judge(it.record.snapshot.created_ms, it.bytes) {
                Verdict::Goes if gone.len() < ROUND => gone.push(it.key),
                Verdict::Stays => {}
                Verdict::Goes | Verdict::StaysWithTheRest => break,
            }
        }
        self.generations.retain(|it| !gone.contains(&it.key));
        Pruned { removed: gone.len() as u64, clock_is_doubted }
    }
}
