//! Well-known providers by their names.

use serde_json::json;
use test_support::Upstream;

use crate::stage::{KEY, begin, last, launch};

#[tokio::test]
async fn a_local_provider_is_asked_which_model_it_has() {
    let mut upstream = Upstream::start().await;
    for name in ["llamacpp", "vllm", "lmstudio"] {
        let launch = launch().flag("provider", name).flag("base-url", &upstream.base_url());
        let server = launch.start().await;
        let (id, exchange) = begin(server.client(), &mut upstream).await;
        assert_eq!(exchange.body["model"], "test-model", "{name}");
        exchange.answer("Ice", "It froze.").await;
        let messages = server.client().follow(&id, 0).await.rest().await;
        last(&messages, "completed");
        let snapshot = server.client().snapshot(&id).await;
        assert_eq!(
            (&snapshot["provider"], &snapshot["model"]),
            (&json!(name), &json!("test-model"))
        );
    }
}

#[tokio::test]
async fn a_provider_that_needs_a_key_says_so() {
    for name in ["deepseek", "groq", "mistral", "gemini", "anthropic", "openrouter"] {
        let exit = launch().flag("provider", name).run().await;
        assert!(exit.stderr.contains("UNSPOOL_API_KEY"), "{name}: {}", exit.stderr);
    }
}

/// The key of a preset is sent to its own address only.
#[tokio::test]
async fn a_presets_own_key_stays_at_home() {
    let mut upstream = Upstream::start().await;
    for (name, variable) in [("groq", "GROQ_API_KEY"), ("deepseek", "DEEPSEEK_API_KEY")] {
        let launch = launch().flag("provider", name).flag("base-url", &upstream.base_url());
        let server = launch.env(variable, KEY).start().await;
        let (_, exchange) = begin(server.client(), &mut upstream).await;
        assert!(!exchange.head.contains(KEY), "{name}: {}", exchange.head);
    }
}
