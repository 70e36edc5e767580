use protocol::{Listing, Status};
use store::{Error, Record, Store};

use super::{Place, open};
use crate::sample::{complete, record};

fn ids(page: &Listing) -> Vec<&str> {
    page.generations.iter().map(|line| line.id.as_str()).collect()
}

async fn found(store: &dyn Store, query: &str) -> Vec<String> {
    let page = store.list("someone", query, None, 100).await.unwrap();
    ids(&page).into_iter().map(str::to_owned).collect()
}

pub(crate) async fn pages_run_from_the_newest_to_the_oldest<P: Place>() {
    let (_place, store) = open::<P>().await;
    for n in 1..=5 {
        complete(&store, &format!("g{n}"), "t", "s").await;
    }
    let first = store.list("someone", "", None, 2).await.unwrap();
    assert_eq!(ids(&first), ["g5", "g4"]);
    let second = store.list("someone", "", first.next.as_deref(), 2).await.unwrap();
    assert_eq!(ids(&second), ["g3", "g2"]);
    let third = store.list("someone", "", second.next.as_deref(), 1).await.unwrap();
    assert_eq!((ids(&third), third.next.as_deref()), (vec!["g1"], None));
    let lost = store.list("someone", "", Some("nobody"), 9).await;
    assert!(matches!(lost, Err(Error::UnknownPlace)));
}

pub(crate) async fn a_line_tells_what_is_known_so_far<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "done", &"题".repeat(500), "s").await;
    store.create(record("runs")).await.unwrap();
    let page = store.list("someone", "", None, 9).await.unwrap();
    let [runs, done] = &page.generations[..] else { panic!("{page:?}") };
    assert_eq!((runs.status, runs.title.as_str()), (Status::Running, ""));
    assert_eq!(runs.preview, "preview of runs");
    assert_eq!((runs.provider.as_str(), runs.model.as_str()), ("builtin", "extractive"));
    assert_eq!(runs.created_ms, 1_700_000_000_000);
    assert_eq!((done.status, done.title.clone()), (Status::Completed, "题".repeat(200)));
}

pub(crate) async fn owners_see_only_their_own<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "mine", "t", "s").await;
    let other = Record { owner: "someone else".into(), ..record("theirs") };
    store.create(other).await.unwrap();
    assert_eq!(found(&store, "").await, ["mine"]);
    assert_eq!(ids(&store.list("someone else", "", None, 9).await.unwrap()), ["theirs"]);
}

pub(crate) async fn search_looks_at_title_summary_and_preview_in_any_case<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "g1", "科技新闻", "今天发布了新的模型").await;
    complete(&store, "g2", "Élan Vital", "Bergson's IDEA").await;
    store.create(record("g3")).await.unwrap();
    assert_eq!(found(&store, "新闻").await, ["g1"]);
    assert_eq!(found(&store, "新的").await, ["g1"]);
    assert_eq!(found(&store, "éLAN").await, ["g2"]);
    assert_eq!(found(&store, "idea").await, ["g2"]);
    assert_eq!(found(&store, "PREVIEW of g3").await, ["g3"]);
    assert_eq!(found(&store, "preview").await, ["g3", "g2", "g1"]);
    assert!(found(&store, "nothing like it").await.is_empty());
}

pub(crate) async fn wildcards_and_quotes_are_plain_characters<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "percent", "100% sure", "s").await;
    complete(&store, "under", "snake_case", "s").await;
    complete(&store, "quote", "it's \"so\" \\", "s").await;
    assert_eq!(found(&store, "%").await, ["percent"]);
    assert_eq!(found(&store, "_").await, ["under"]);
    assert_eq!(found(&store, "'").await, ["quote"]);
    assert_eq!(found(&store, "\\").await, ["quote"]);
    assert_eq!(found(&store, "\" OR 1=1 --").await, Vec::<String>::new());
}
