use serde_json::Value;

use crate::http::Refusal;
use crate::{Finish, Tokens};

/// How deep parts of a text may lie within each other.
const MAX_DEPTH: usize = 8;

/// One chunk of an answer, or all of it. Read leniently: what is missing, null or of another type
/// than expected is not there.
pub(super) struct Chunk<'a>(pub(super) &'a Value);

/// A piece of what a model writes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Reasoning(&'a str),
}

impl<'a> Chunk<'a> {
    /// An error where an answer was due, in any of the ways to say so.
    pub(super) fn error(&self) -> Option<Refusal> {
        let is_set = |name: &str| self.0.get(name).is_some_and(is_told);
        let choice = self.choice().filter(|choice| choice.get("error").is_some_and(is_told));
        if let Some(choice) = choice {
            return Some(Refusal::in_answer(choice));
        }
        let minimax = self.0.pointer("/base_resp/status_code").and_then(Value::as_i64);
        let word = |name: &str| self.0.get(name).and_then(Value::as_str);
        let is_error = is_set("error")
            || minimax.is_some_and(|code| code != 0)
            || word("object") == Some("error")
            || word("type") == Some("error");
        let says = ["message", "msg", "detail", "error_msg", "errmsg"].into_iter().any(is_set);
        let coded = ["code", "status", "status_code", "error_code", "errcode", "type", "detail"];
        let is_complaint = says && self.choice().is_none() && coded.into_iter().any(is_set);
        (is_error || is_complaint).then(|| Refusal::in_answer(self.0))
    }

    /// What the model writes here, in its order. A whole message counts only where no text has
    /// come in pieces before it (`is_first`): some repeat all of it at the end.
    pub(super) fn pieces(&self, is_first: bool) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let Some(choice) = self.choice() else { return pieces };
        let message = choice.get("message").filter(|_| is_first);
        if let Some(delta) = choice.get("delta").filter(|delta| delta.is_object()).or(message) {
            reasoning(delta, &mut pieces);
            match delta.get("content") {
                Some(content) if is_told(content) => parts(content, &mut pieces, MAX_DEPTH),
                // A refusal to answer is all the text there will be.
                _ => pieces.extend(text_of(delta, "refusal").map(Piece::Text)),
            }
        } else {
            pieces.extend(text_of(choice, "text").map(Piece::Text));
        }
        pieces
    }

    /// Why the model stopped; an error when it stopped because its server failed.
    pub(super) fn finish(&self) -> Result<Option<Finish>, Refusal> {
        let reason = self.choice().and_then(|choice| choice.get("finish_reason")?.as_str());
        let Some(reason) = reason else { return Ok(None) };
        Ok(Some(match reason.to_ascii_lowercase().as_str() {
            "" | "null" | "none" => return Ok(None),
            "error" | "network_error" | "abort" | "insufficient_system_resource" => {
                let kind = crate::ErrorKind::Broken;
                return Err(Refusal::new(kind, "the provider says that its answer broke off"));
            }
            "stop" | "end_turn" | "stop_sequence" | "complete" => Finish::Stop,
            "length" | "max_tokens" | "model_length" => Finish::Length,
            "content_filter" | "sensitive" | "safety" | "recitation" | "refusal" => {
                Finish::Filtered
            }
            _ => Finish::Other(reason.to_owned()),
        }))
    }

    /// What was counted. Some endpoints count on each chunk, some within its only choice.
    pub(super) fn usage(&self) -> Option<Tokens> {
        let places = ["/usage", "/choices/0/usage", "/x_groq/usage", "/choices/0/delta/usage"];
        places.into_iter().find_map(|place| tokens(self.0.pointer(place)?))
    }

    /// How many of the prompt's tokens were read, as llama.cpp tells before it writes: done, and in
    /// all.
    pub(super) fn prompt(&self) -> Option<(u64, u64)> {
        let progress = self.0.get("prompt_progress")?;
        let count = |name| progress.get(name).and_then(Value::as_u64);
        Some((count("processed")?, count("total")?))
    }

    fn choice(&self) -> Option<&'a Value> {
        self.0.pointer("/choices/0").filter(|choice| choice.is_object())
    }
}

fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |names: [&str; 2]| names.iter().find_map(|name| usage.get(name)?.as_u64());
    let input = count(["prompt_tokens", "input_tokens"]);
    let output = count(["completion_tokens", "output_tokens"]);
    let detail = |places: [&str; 2]| {
        places.iter().find_map(|place| usage.pointer(place).and_then(Value::as_u64))
    };
    (input.is_some() || output.is_some()).then(|| Tokens {
        input: input.unwrap_or(0),
        output: output.unwrap_or(0),
        // The second is DeepSeek's.
        cached: detail(["/prompt_tokens_details/cached_tokens", "/prompt_cache_hit_tokens"]),
        reasoning: detail([
            "/completion_tokens_details/reasoning_tokens",
            "/output_tokens_details/reasoning_tokens",
        ]),
    })
}

/// What the model thinks, under the names for it that are in use. Where there are several, they
/// say the same.
fn reasoning<'a>(delta: &'a Value, pieces: &mut Vec<Piece<'a>>) {
    for name in ["reasoning_content", "reasoning", "thinking", "reasoning_details"] {
        let mut found = Vec::new();
        if let Some(thoughts) = delta.get(name) {
            parts(thoughts, &mut found, MAX_DEPTH);
        }
        if !found.is_empty() {
            pieces.extend(
                found
                    .into_iter()
                    .map(|(Piece::Text(text) | Piece::Reasoning(text))| Piece::Reasoning(text)),
            );
            return;
        }
    }
}

/// The texts of a content that is one text or several parts.
fn parts<'a>(content: &'a Value, pieces: &mut Vec<Piece<'a>>, depth: usize) {
    match content {
        _ if depth == 0 => {}
        Value::String(text) if !text.is_empty() => pieces.push(Piece::Text(text)),
        Value::Array(items) => items.iter().for_each(|item| parts(item, pieces, depth - 1)),
        Value::Object(part) => {
            let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
            let is_thought = ["think", "reason"].iter().any(|word| kind.contains(word));
            let names = ["text", "thinking", "reasoning", "content", "summary", "refusal"];
            let mut inner = Vec::new();
            if let Some(value) =
                names.iter().filter_map(|name| part.get(*name)).find(|it| is_told(it))
            {
                parts(value, &mut inner, depth - 1);
            }
            let is_thought =
                is_thought || !part.contains_key("type") && part.contains_key("thinking");
            pieces.extend(inner.into_iter().map(|piece| match piece {
                Piece::Text(text) if is_thought => Piece::Reasoning(text),
                piece => piece,
            }));
        }
        _ => {}
    }
}

fn text_of<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str().filter(|text| !text.is_empty())
}

/// Whether it says something.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}
