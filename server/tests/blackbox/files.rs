use http::StatusCode;
use test_support::Upstream;

use crate::stage::{KEY, TEXT, launch};

/// Each generation that runs has a connection to its provider.
#[tokio::test]
async fn generations_leave_files_for_those_who_come_and_for_the_database() {
    const GENERATIONS: usize = 60;
    let mut upstream = Upstream::start().await;
    let server = launch().asking(&upstream, KEY).open_files(64).start().await;
    let client = server.client();
    let log = server.stderr().so_far();
    assert!(log.contains("UNSPOOL_MAX_RUNNING is lowered"), "{log}");
    assert!(log.contains("UNSPOOL_MAX_CONNECTIONS is lowered"), "{log}");
    assert!(log.contains("ulimit -n"), "{log}");

    let mut ids = Vec::new();
    for _ in 0..GENERATIONS {
        ids.push(client.start(TEXT).await);
    }
    let mut streams = Vec::new();
    for id in &ids[..10] {
        streams.push(client.follow(id, 0).await);
    }
    assert_eq!(client.get("/health").await.status, StatusCode::OK);
    assert_eq!(client.get("/history").await.status, StatusCode::OK);
    for _ in 0..GENERATIONS {
        upstream.next().await.answer("Ice", "It froze.").await;
    }
    for stream in &mut streams {
        assert_eq!(stream.rest().await.last().unwrap().event, "completed");
    }
    for id in &ids {
        let messages =
            client.open(&format!("/api/generations/{id}/events"), &[]).await.rest().await;
        assert_eq!(messages.last().unwrap().event, "completed");
    }
    let log = server.stderr().so_far();
    assert!(!log.contains("ERROR"), "{log}");
}

#[tokio::test]
async fn a_server_that_may_open_too_few_files_does_not_start() {
    for files in [16, 40] {
        let exit = launch().open_files(files).run().await;
        assert_eq!(exit.status.code(), Some(1), "{}", exit.stderr);
        let lines: Vec<_> = exit.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "{}", exit.stderr);
        assert!(
            lines[0].contains(&format!("allows {files} open files (ulimit -n)")),
            "{}",
            lines[0]
        );
    }
}

#[tokio::test]
async fn a_server_that_may_open_a_few_files_more_serves() {
    let server = launch().open_files(48).start().await;
    let id = server.client().start(TEXT).await;
    let messages = server.client().follow(&id, 0).await.rest().await;
    assert_eq!(messages.last().unwrap().event, "completed");
}
