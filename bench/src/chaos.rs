//! Viewers follow many generations and conversations while the server is killed and restarted, and while a proxy
//! between them cuts, delays and splits the connections. In the end everything that any viewer
//! received is compared with the log.

mod comparison;
mod conversation_viewer;
mod killer;
mod options;
mod provider;
mod proxy;
mod received;
mod run;
mod sender;
mod starter;
mod tally;
mod viewer;

use std::time::Duration;

use anyhow::{Result, bail};
use http::Method;
use serde_json::json;
use test_support::{Client, Launch, Upstream, whole};
use tokio::{task::JoinSet, time::timeout};

use conversation_viewer::ConversationViewer;
use options::Options;
use provider::Provider;
use proxy::Proxy;
use run::Run;
use tally::Violation;

/// How many tasks start generations, each one at a time.
const STARTERS: usize = 20;

/// How many tasks only view generations.
const VIEWERS: usize = 40;

/// How many tasks send messages to conversations.
const SENDERS: usize = 10;

/// How many tasks follow all conversations at once.
const CONVERSATION_VIEWERS: usize = 10;

/// How long starters and viewers may take to end after the last kill.
const FINISH_DEADLINE: Duration = Duration::from_secs(60);

/// How long the provider takes for the titles that it was asked for last.
const TITLES_DEADLINE: Duration = Duration::from_secs(10);

/// Runs chaos as the command line says. Fails when the server broke a promise.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run_with(&options))
}

async fn run_with(options: &Options) -> Result<()> {
    println!("chaos: {} kills, --seed {}", options.kills, options.seed);
    let mut rng = fastrand::Rng::with_seed(options.seed);
    let provider = Provider::new(Upstream::start().await, rng.fork());
    // Starters are faster than people, so the default limit would refuse many of them.
    let resume = if options.resumes { "on" } else { "off" };
    let launch = Launch::new(&options.binary).asking(provider.upstream(), "key");
    let launch =
        launch.flag("max-running", "1000").flag("resume", resume).env("UNSPOOL_LOG", "error");
    let server = launch.start().await;
    let proxy = Proxy::start(server.address(), rng.fork()).await?;
    let run = Run::new(proxy.address());
    let providing = tokio::spawn(provider.serve());
    let mut tasks = JoinSet::new();
    for _ in 0..STARTERS {
        tasks.spawn(starter::start_repeatedly(run.clone(), rng.fork()));
    }
    for _ in 0..VIEWERS {
        tasks.spawn(viewer::view_repeatedly(run.clone(), rng.fork()));
    }
    let mut viewers = JoinSet::new();
    for _ in 0..CONVERSATION_VIEWERS {
        // They join before anything begins, as a stream tells nothing of what was before it.
        let viewer = ConversationViewer::join(run.clone()).await;
        viewers.spawn(viewer.view(rng.fork()));
    }
    for _ in 0..SENDERS {
        tasks.spawn(sender::send_repeatedly(run.clone(), rng.fork()));
    }
    let server = killer::kill_repeatedly(server, options, &run, &proxy, rng.fork()).await;
    run.finish();
    let ended = async { while tasks.join_next().await.is_some() {} };
    if timeout(FINISH_DEADLINE, ended).await.is_err() {
        run.tally.violation(Violation::Hanging, || format!("{} tasks", tasks.len()));
    }
    tasks.shutdown().await;
    end_conversations(&run, server.client(), viewers).await?;
    providing.abort();
    comparison::compare(&run, server).await?;
    print!("{}", run.tally);
    if run.tally.is_clean() {
        return Ok(());
    }
    for description in run.tally.descriptions() {
        eprintln!("{description}");
    }
    bail!("promises were broken; --seed {} repeats the random choices", options.seed)
}

/// Gives every conversation viewer something to know the end by, and compares what each received.
async fn end_conversations(
    run: &Run,
    client: Client,
    mut viewers: JoinSet<ConversationViewer>,
) -> Result<()> {
    // A title that is still asked for would come later.
    let last = client.post("/api/conversations/send", &json!({"content": "The last one?"})).await;
    let last = last.json();
    let (Some(id), Some(reply)) = (last["conversation_id"].as_str(), last["reply_id"].as_str())
    else {
        bail!("the last conversation could not begin: {last}");
    };
    client.follow(reply, 0).await.rest().await;
    tokio::time::sleep(TITLES_DEADLINE).await;
    let title = json!({"title": conversation_viewer::LAST_TITLE}).to_string();
    let request = client
        .request(Method::PATCH, &format!("/api/conversations/{id}"))
        .header("content-type", "application/json")
        .body(whole(title));
    client.send(request).await;
    let ended = async {
        while let Some(viewer) = viewers.join_next().await {
            viewer?.compare(client).await;
        }
        Ok(())
    };
    match timeout(FINISH_DEADLINE, ended).await {
        Ok(ended) => ended,
        Err(_) => {
            run.tally.violation(Violation::Hanging, || "conversation viewers".to_owned());
            Ok(())
        }
    }
}
