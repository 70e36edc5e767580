//! The OpenAI dialect over real TCP: recorded answers, broken ones, refusals.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod answers;
mod asking;
mod connection;
mod refusals;
mod servers;
mod upstream;

use std::time::Duration;

use futures::StreamExt;
use llm::{
    Delta, Error, ErrorKind, Finish, OpenAi, Provider, Request, SecretString, Settings, Timeouts,
    Tokens,
};
use serde_json::json;

const KEY: &str = "sk-of-nobody-123";

/// What a reader made of an answer.
#[derive(Debug, Default)]
struct ReadAnswer {
    text: String,
    reasoning: String,
    deltas: usize,
    finish: Option<Finish>,
    usage: Option<Tokens>,
    error: Option<Error>,
}

impl ReadAnswer {
    fn error_kind(&self) -> Option<ErrorKind> {
        self.error.as_ref().map(|error| error.kind)
    }
}

fn request() -> Request {
    Request::document(
        "You write short, factual summaries.".to_owned(),
        "Lely proposed closing off the Zuiderzee.".to_owned(),
        json!({
            "type": "object",
            "properties": { "title": { "type": "string" }, "summary": { "type": "string" } },
            "required": ["title", "summary"],
            "additionalProperties": false,
        }),
    )
}

fn provider(base_url: &str) -> OpenAi {
    patient(base_url, Duration::from_secs(20))
}

fn patient(base_url: &str, silence: Duration) -> OpenAi {
    let settings = Settings {
        name: "test".to_owned(),
        base_url: base_url.to_owned(),
        api_key: Some(SecretString::from(KEY)),
        model: "small".to_owned(),
        timeouts: Timeouts { first_byte: silence, ..Timeouts::of_silence(silence) },
        form: llm::Form::Schema,
        origin: llm::Origin::default(),
    };
    OpenAi::new(settings).unwrap()
}

async fn read(provider: &OpenAi) -> ReadAnswer {
    read_request(provider, request()).await
}

async fn read_request(provider: &OpenAi, request: Request) -> ReadAnswer {
    let mut answer = ReadAnswer::default();
    let mut deltas = provider.answer(request);
    while let Some(delta) = deltas.next().await {
        assert!(answer.error.is_none(), "{delta:?} after an error");
        match delta {
            Ok(Delta::Text(text)) => {
                assert!(!text.is_empty() && answer.finish.is_none());
                answer.text.push_str(&text);
                answer.deltas += 1;
            }
            Ok(Delta::Reasoning(text)) => answer.reasoning.push_str(&text),
            Ok(Delta::Read(_) | Delta::Prompt { .. }) => {}
            Ok(Delta::Usage(tokens)) => assert!(answer.usage.replace(tokens).is_none()),
            Ok(Delta::Finish(finish)) => assert!(answer.finish.replace(finish).is_none()),
            Err(error) => answer.error = Some(error),
        }
    }
    answer
}
