//! How long a page of a search takes among many generations: `cargo xtask bench search`.
//!
//! `cargo run --release -p store --example search [GENERATIONS]`

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use protocol::{
    Completed, Coverage, Event, FieldCompleted, FieldDelta, FieldStarted, Kind, Snapshot, Started,
    Timings,
};
use store::sqlite::SqliteStore;
use store::{
    ArchiveEntries, ArchiveEntry, ArchiveStore, ArchivedGeneration, Error as StoreError, Import,
    Store,
};

const OWNER: &str = "someone";

/// How many generations there are when nobody says.
const GENERATIONS: usize = 100_000;

const ROUNDS: usize = 21;

/// What is searched for: words of every text, of every tenth, of every hundredth and of one, prefixes
/// and several of them.
const QUERIES: &[&str] = &[
    "report",
    "repo",
    "tenth",
    "hundredth",
    "needle99",
    "模型",
    "型",
    "百分之一",
    "report 模型",
    "hundredth tenth",
    "needle99 report",
    "nowhere",
    "没有",
];

/// Texts that are made as they are read.
struct Corpus(usize);

impl ArchiveEntries for Corpus {
    fn read(
        &self,
        take: &mut dyn FnMut(ArchiveEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        (0..self.0).try_for_each(|number| take(ArchiveEntry::Generation(Box::new(entry(number)))))
    }
}

/// A text of some 1,200 characters, half of them Chinese, with a summary.
fn entry(number: usize) -> ArchivedGeneration {
    let mut text = format!("This is report {number}, which was written about the model. ");
    for sentence in 0..12 {
        let _ =
            write!(text, "Word{} stands for itself in sentence {sentence}. ", number * 7 % 5_000);
        let _ = write!(text, "这是第{number}份关于大模型训练的报告，第{sentence}句。");
    }
    for (every, said) in [(10, "A tenth of them. 十分之一。"), (100, "A hundredth. 百分之一。")]
    {
        if number.is_multiple_of(every) {
            text.push_str(said);
        }
    }
    if number == 99 {
        text.push_str("The needle99.");
    }
    generation(&format!("g{number}"), &text, "A summary of what the report says. 报告的摘要。")
}

fn generation(id: &str, text: &str, summary: &str) -> ArchivedGeneration {
    let path = "/summary".to_owned();
    let events = [
        Event::Started(Started {
            generation_id: id.to_owned(),
            provider: "builtin".into(),
            model: "extractive".into(),
            shape: "summary".into(),
            input_chars: text.chars().count() as u64,
        }),
        Event::FieldStarted(FieldStarted { path: path.clone(), kind: Kind::Text }),
        Event::FieldDelta(FieldDelta { path: path.clone(), text: summary.to_owned() }),
        Event::FieldCompleted(FieldCompleted { path }),
        Event::Completed(Completed {
            finish_reason: "stop".into(),
            usage: None,
            timings: Timings::default(),
            coverage: Coverage::default(),
        }),
    ];
    let mut snapshot = Snapshot { id: id.to_owned(), ..Snapshot::default() };
    let mut log = Vec::new();
    for (number, event) in (1..).zip(&events) {
        // A log of our own always fits.
        let _ = snapshot.apply(number, event);
        protocol::encode(number, event, &mut log);
    }
    let log = String::from_utf8(log).unwrap_or_default();
    ArchivedGeneration { snapshot, text: text.to_owned(), log }
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args().nth(1).map(|count| count.parse()).transpose()?;
    let count = asked.unwrap_or(GENERATIONS);
    let folder = tempfile::tempdir()?;
    let store = SqliteStore::open(folder.path())?;
    let begun = Instant::now();
    let fresh_id = Arc::new(|| Err(StoreError::Busy));
    store.import(OWNER, Import { entries: Arc::new(Corpus(count)), fresh_id }).await?;
    let bytes = std::fs::metadata(folder.path().join("unspool.db"))?.len()
        + std::fs::metadata(folder.path().join("unspool.db-wal")).map_or(0, |file| file.len());
    println!(
        "{count} generations, entered in {:.1} s, {:.0} MB\n",
        begun.elapsed().as_secs_f64(),
        bytes as f64 / 1e6
    );
    println!("{:<18} {:>8} {:>12} {:>12}", "query", "listed", "first, ms", "median, ms");
    for query in QUERIES {
        let mut times: Vec<Duration> = Vec::new();
        let mut listed = 0;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            listed = store.list(OWNER, query, None, 20).await?.generations.len();
            times.push(begun.elapsed());
        }
        let first = times[0];
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{query:<18} {listed:>8} {:>12.2} {:>12.2}", ms(first), ms(times[ROUNDS / 2]));
    }
    store.close().await;
    Ok(())
}
