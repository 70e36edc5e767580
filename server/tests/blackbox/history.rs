use serde_json::Value;
use test_support::{Client, Script, Upstream};

use crate::stage::{KEY, launch, problem};

fn ids(listing: &Value) -> Vec<String> {
    let listed = listing["generations"].as_array().unwrap().iter();
    listed.map(|listed| listed["id"].as_str().unwrap().to_owned()).collect()
}

async fn run_each(client: Client, texts: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for text in texts {
        let id = client.start(text).await;
        client.follow(&id, 0).await.rest().await;
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn the_history_is_listed_newest_first_page_by_page() {
    let upstream = Upstream::playing(Script::document("A title", "A summary.", 8)).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let client = server.client();
    let mut expected = run_each(client, &["one", "two", "three", "four", "five"]).await;
    expected.reverse();

    let all = client.get("/api/generations").await.json();
    assert_eq!(ids(&all), expected);
    assert_eq!(all["next"], Value::Null);
    let newest = &all["generations"][0];
    assert_eq!((&newest["title"], &newest["preview"]), (&"A title".into(), &"five".into()));
    assert_eq!(newest["status"], "completed");
    assert_eq!(newest["model"], "test-model");

    let (mut paged, mut path) = (Vec::new(), "/api/generations?limit=2".to_owned());
    loop {
        let page = client.get(&path).await.json();
        assert!(ids(&page).len() <= 2);
        paged.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/generations?limit=2&before={next}");
    }
    assert_eq!(paged, expected);

    // What comes next does not hang on what is there.
    let page = client.get("/api/generations?limit=2").await.json();
    let last = page["generations"][1]["id"].as_str().unwrap();
    client.delete(&format!("/api/generations/{last}")).await;
    let next = page["next"].as_str().unwrap();
    let rest = client.get(&format!("/api/generations?before={next}")).await.json();
    assert_eq!(ids(&rest), expected[2..]);
}

#[tokio::test]
async fn the_history_is_searched_in_any_case() {
    let upstream = Upstream::playing(Script::document("Title", "It froze 新年 100%.", 8)).await;
    let server = launch().asking(&upstream, KEY).start().await;
    let client = server.client();
    let run = run_each(client, &["The Harbour of Aldermouth", "Nothing of note"]).await;
    for (query, expected) in [
        ("harbour", &run[..1]),
        ("HARBOUR", &run[..1]),
        ("%E6%96%B0%E5%B9%B4", &run[..]),
        ("100%25", &run[..]),
        ("1_0", &[]),
        ("absent", &[]),
        ("", &run[..]),
    ] {
        let path = format!("/api/generations?query={query}");
        let mut found = ids(&client.get(&path).await.json());
        found.reverse();
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_out_of_range_is_refused() {
    let server = crate::stage::builtin().await;
    for limit in ["0", "101", "-1", "x", "", "99999999999999999999999"] {
        let answer = server.client().get(&format!("/api/generations?limit={limit}")).await;
        let body = problem(&answer, 422, "invalid_field");
        assert_eq!(body["field"], "limit");
        assert!(body["detail"].as_str().unwrap().contains("from 1 to 100"), "{body}");
    }
    let answer = server.client().get("/api/generations?before=nobody").await;
    assert_eq!(problem(&answer, 422, "invalid_field")["field"], "before");
}
