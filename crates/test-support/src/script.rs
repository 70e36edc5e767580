use std::time::Duration;

use serde_json::{Value, json};

/// A piece of a provider's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text of the answer.
    Text(String),
    /// Text of the model's reasoning.
    Reasoning(String),
    /// Why the model stopped.
    Finish(String),
    /// How many tokens were read and written.
    Usage(u64, u64),
}

impl Piece {
    /// The piece as a frame of OpenAI's stream.
    #[must_use]
    pub fn frame(&self) -> String {
        let chunk = match self {
            Self::Text(text) => chunk(&json!({"content": text}), &Value::Null),
            Self::Reasoning(text) => chunk(&json!({"reasoning_content": text}), &Value::Null),
            Self::Finish(reason) => chunk(&json!({}), &json!(reason)),
            Self::Usage(input, output) => json!({
                "id": "test-support",
                "object": "chat.completion.chunk",
                "choices": [],
                "usage": {
                    "prompt_tokens": input,
                    "completion_tokens": output,
                    "total_tokens": input + output,
                },
            }),
        };
        format!("data: {chunk}\n\n")
    }
}

fn chunk(delta: &Value, finish: &Value) -> Value {
    json!({
        "id": "test-support",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "test-model",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    })
}

/// A whole answer, with which the provider responds to every request.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The pieces, in their order.
    pub pieces: Vec<Piece>,
    /// The time between two pieces.
    pub pace: Duration,
}

impl Script {
    /// A document as JSON in pieces of so many characters (at least one), and the finish reason `stop`.
    #[must_use]
    pub fn document(title: &str, summary: &str, piece_chars: usize) -> Self {
        let document = format!("{{\"title\": {}, \"summary\": {}}}", json!(title), json!(summary));
        let characters: Vec<char> = document.chars().collect();
        let mut pieces: Vec<_> = characters
            .chunks(piece_chars.max(1))
            .map(|piece| Piece::Text(piece.iter().collect()))
            .collect();
        pieces.push(Piece::Finish("stop".to_owned()));
        Self { pieces, pace: Duration::ZERO }
    }

    /// The same script with this time between two pieces.
    #[must_use]
    pub fn paced(self, pace: Duration) -> Self {
        Self { pace, ..self }
    }
}
