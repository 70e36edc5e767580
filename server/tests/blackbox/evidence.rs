//! Where the sentences of a document come from.

use serde_json::{Value, json};

use crate::stage::{CHINESE, TEXT, builtin, last, played};

/// What of a text lies in a span of its characters.
fn part(text: &str, span: &Value) -> String {
    let [start, end] = ["start", "end"].map(|name| span[name].as_u64().unwrap() as usize);
    text.chars().skip(start).take(end - start).collect()
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[tokio::test]
async fn the_builtin_engine_says_where_each_sentence_stands() {
    let server = builtin().await;
    for text in [TEXT, CHINESE] {
        let id = server.client().start(text).await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        last(&messages, "completed");
        let snapshot = server.client().snapshot(&id).await;
        let summary = snapshot["document"]["summary"].as_str().unwrap();
        let evidence = snapshot["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty());
        for it in evidence {
            assert_eq!((&it["path"], &it["kind"]), (&json!("/summary"), &json!("cited")));
            assert_eq!(it["found"], true);
            assert_eq!(dense(&part(summary, it)), dense(&part(text, &it["spans"][0])));
        }
        let told: Vec<Value> = messages
            .iter()
            .filter(|message| message.event == "evidence")
            .map(test_support::sse::Message::json)
            .collect();
        assert_eq!(&told, evidence, "the events amount to the snapshot's list");
        // It is there before the end is told, and stays.
        let place = messages.iter().rposition(|message| message.event == "evidence").unwrap();
        assert!(place < messages.len() - 2);
    }
}

#[tokio::test]
async fn a_models_sentences_are_looked_up_by_their_words() {
    let (server, mut upstream) = played().await;
    let id = server.client().start(TEXT).await;
    let summary = "For 3 weeks no fishing boats could leave. The borrowed tug cost 900 crowns. \
        Nobody danced at weddings.";
    upstream.next().await.answer("Ice", summary).await;
    server.client().follow(&id, 0).await.rest().await;
    let snapshot = server.client().snapshot(&id).await;
    let evidence = snapshot["evidence"].as_array().unwrap();
    let told: Vec<_> = evidence.iter().map(|it| (part(summary, it), it["found"].clone())).collect();
    let [boats, tug, danced] = &told[..] else { panic!("{told:?}") };
    assert_eq!(boats, &("For 3 weeks no fishing boats could leave.".to_owned(), json!(true)));
    assert_eq!(tug.1, false, "its number is nowhere");
    assert_eq!(danced.1, false);
    assert!(part(TEXT, &evidence[0]["spans"][0]).starts_with("Fishing boats could not leave"));
    assert_eq!(evidence[2]["spans"], json!([]));
    assert!(evidence.iter().all(|it| it["kind"] == "lexical"));
    let again = server.kill().await.start().await;
    assert_eq!(again.client().snapshot(&id).await["evidence"], snapshot["evidence"]);
}

#[tokio::test]
async fn each_point_has_its_own_path() {
    let server = builtin().await;
    let body = json!({"text": TEXT, "shape": "key_points"});
    let id = server.client().post("/api/generations", &body).await.json()["id"].clone();
    let id = id.as_str().unwrap();
    server.client().follow(id, 0).await.rest().await;
    let snapshot = server.client().snapshot(id).await;
    let points = snapshot["document"]["points"].as_array().unwrap();
    let paths: Vec<_> =
        snapshot["evidence"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    let expected: Vec<_> = (0..points.len()).map(|at| json!(format!("/points/{at}"))).collect();
    assert_eq!(paths, expected.iter().collect::<Vec<_>>());
}
