use protocol::{Listing, Status};
use store::{Error, Record, Store};

use super::{Place, open};
use crate::sample::{batch, born, complete, ended, record};

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

pub(crate) async fn signs_are_found_nowhere_and_break_nothing<P: Place>() {
    let (_place, store) = open::<P>().await;
    complete(&store, "percent", "100% sure", "s").await;
    complete(&store, "under", "snake_case", "it's \"so\" \\").await;
    for query in ["%", "_", "'", "\\", "\"", "*", "？！", "\u{0}", "-", "(", "😀"] {
        assert!(found(&store, query).await.is_empty(), "{query:?}");
    }
    assert_eq!(found(&store, "100%").await, ["percent"]);
    assert_eq!(found(&store, "snake_case").await, ["under"]);
    assert_eq!(found(&store, "\"case* snake(").await, ["under"]);
    assert!(found(&store, "\" OR 1=1 --").await.is_empty());
    assert_eq!(found(&store, " \n").await, ["under", "percent"]);
}

/// A generation that read `source` and has ended.
async fn add(store: &dyn Store, id: &str, source: &str, summary: &str) {
    let log = born(store, Record { input: source.into(), ..record(id) }).await;
    log.end(batch(2, 2), &ended(id, "", summary, 2)).await.unwrap();
}

pub(crate) async fn sources_are_searched_for_words_in_any_order<P: Place>() {
    let (_place, store) = open::<P>().await;
    let deep = format!("{}The glacier's melt was measured.", "Nothing here. ".repeat(2000));
    add(&store, "en", &deep, "It melts.").await;
    add(&store, "zh", "我们在北京训练大模型，型号是GPT-4。", "关于模型的训练").await;
    for (query, expected) in [
        ("glacier", &["en"][..]),
        ("measured GLACIER", &["en"]),
        ("meas", &["en"]),
        ("me", &[]),
        ("acier", &[]),
        ("模型", &["zh"]),
        ("型", &["zh"]),
        ("训练 北京", &["zh"]),
        ("大模型", &["zh"]),
        ("模型号", &[]),
        ("GPT4", &[]),
        ("型号是gpt", &["zh"]),
        ("glacier 模型", &[]),
    ] {
        assert_eq!(found(&store, query).await, expected, "{query}");
    }
    let page = store.list("someone", "glacier", None, 9).await.unwrap();
    let excerpt = page.generations[0].excerpt.as_deref().unwrap();
    assert!(excerpt.contains("The glacier's melt was measured."), "{excerpt}");
}

pub(crate) async fn what_is_deleted_or_another_s_is_not_found<P: Place>() {
    let (_place, store) = open::<P>().await;
    add(&store, "first", "A glacier.", "").await;
    add(&store, "second", "A glacier.", "").await;
    let theirs =
        Record { owner: "someone else".into(), input: "glacier".into(), ..record("third") };
    let log = born(&store, theirs).await;
    log.end(batch(2, 2), &ended("third", "", "", 2)).await.unwrap();
    assert_eq!(found(&store, "glacier").await, ["second", "first"]);
    assert!(store.delete("someone", "second").await.unwrap());
    assert_eq!(found(&store, "glacier").await, ["first"]);
    assert_eq!(ids(&store.list("someone else", "glacier", None, 9).await.unwrap()), ["third"]);
}

/// Texts of words that are drawn one after the other, in both languages.
fn corpus() -> Vec<(String, String)> {
    let words = ["harbour", "glacier", "模型", "训", "model", "models", "冰川", "é", "报告", "ice"];
    let mut drawn = 7_u64;
    let mut word = move || {
        drawn =
            drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words[(drawn >> 33) as usize % words.len()]
    };
    (0..200)
        .map(|number| {
            let text: Vec<_> = (0..3 + number % 4).map(|_| word()).collect();
            // Chinese stands beside Chinese without anything between them.
            (format!("g{number}"), text.join(if number % 2 == 0 { " " } else { "，" }))
        })
        .collect()
}

pub(crate) async fn every_true_hit_is_found_and_nothing_else<P: Place>() {
    let (_place, store) = open::<P>().await;
    let corpus = corpus();
    for (id, text) in &corpus {
        add(&store, id, text, "").await;
    }
    let words =
        |text: &str| -> Vec<String> { text.split([' ', '，']).map(str::to_owned).collect() };
    let is_hit = |text: &str, term: &str| match term.is_ascii() {
        true => words(text).iter().any(|word| word.starts_with(term)),
        false => words(text).iter().any(|word| word.contains(term)),
    };
    for query in
        ["harbour", "模型", "型", "训", "model", "冰川 ice", "报告 glacier 模", "川", "mod"]
    {
        let is_found = |text: &str| query.split(' ').all(|term| is_hit(text, term));
        let hits = corpus.iter().rev().filter(|(_, text)| is_found(text));
        let expected: Vec<_> = hits.map(|(id, _)| id.clone()).collect();
        assert!(!expected.is_empty(), "{query}");
        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let page = store.list("someone", query, before.as_deref(), 7).await.unwrap();
            paged.extend(ids(&page).into_iter().map(str::to_owned));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(paged, expected, "{query}");
    }
}
