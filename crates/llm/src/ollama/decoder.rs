use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use serde_json::Value;

use crate::http::halves::{self, Halves};
use crate::http::{Decoder, Lines, Patience, Progress, Refusal, is_web_page, text};
use crate::{Delta, Error, ErrorKind, Finish, Tokens};

/// Reads an answer that is JSON a line.
pub(super) struct LineDecoder {
    lines: Lines,
    patience: Patience,
    text: Halves,
    reasoning: Halves,
    /// What was said in plain words where JSON was due.
    complaint: String,
}

impl LineDecoder {
    pub(super) fn new((lines, patience): (Lines, Patience)) -> Self {
        Self {
            lines,
            patience,
            text: Halves::default(),
            reasoning: Halves::default(),
            complaint: String::new(),
        }
    }

    fn read(&mut self, line: &str, deltas: &mut VecDeque<Delta>) -> Result<Progress, Refusal> {
        // Some proxies make an event stream of it.
        let line = line.strip_prefix("data:").unwrap_or(line).trim();
        if line.is_empty() || line.starts_with(':') {
            return Ok(Progress::More);
        }
        match halves::parse(line) {
            Ok((value, is_marked)) => self.take(&value, is_marked, deltas),
            Err(_) if line.starts_with('{') => {
                Err(Refusal::new(ErrorKind::Broken, "a line is not JSON"))
            }
            Err(_) if is_web_page(line) => {
                Err(Refusal::new(ErrorKind::Broken, "answered with a web page"))
            }
            Err(_) => {
                line.clone_into(&mut self.complaint);
                Ok(Progress::More)
            }
        }
    }

    fn take(
        &mut self,
        line: &Value,
        is_marked: bool,
        deltas: &mut VecDeque<Delta>,
    ) -> Result<Progress, Refusal> {
        if line.get("error").is_some_and(|error| !error.is_null() && error != "") {
            return Err(Refusal::in_answer(line));
        }
        // `/api/generate` writes its text beside the rest.
        let message = line.get("message").filter(|message| message.is_object()).unwrap_or(line);
        let told = |names: [&str; 2]| names.iter().find_map(|name| message.get(*name)?.as_str());
        let thought = self.reasoning.join(told(["thinking", "reasoning"]).unwrap_or(""), is_marked);
        let written = self.text.join(told(["content", "response"]).unwrap_or(""), is_marked);
        self.push(Delta::Reasoning(thought), deltas);
        self.push(Delta::Text(written), deltas);
        if line.get("done") != Some(&Value::Bool(true)) {
            return Ok(Progress::More);
        }
        self.end(line, deltas)?;
        Ok(Progress::End)
    }

    fn end(&mut self, line: &Value, deltas: &mut VecDeque<Delta>) -> Result<(), Refusal> {
        let finish = match line.get("done_reason").and_then(Value::as_str).unwrap_or_default() {
            "" | "stop" => Finish::Stop,
            "length" => Finish::Length,
            "error" | "load" | "unload" => {
                let detail = "the provider says that its answer broke off";
                return Err(Refusal::new(ErrorKind::Broken, detail));
            }
            other => Finish::Other(other.to_owned()),
        };
        let (thought, written) = (self.reasoning.end(), self.text.end());
        self.push(Delta::Reasoning(thought), deltas);
        self.push(Delta::Text(written), deltas);
        let count = |name| line.get(name).and_then(Value::as_u64);
        let (input, output) = (count("prompt_eval_count"), count("eval_count"));
        let tokens =
            Tokens { input: input.unwrap_or(0), output: output.unwrap_or(0), ..Tokens::default() };
        deltas.push_back(Delta::Finish(finish));
        deltas.extend((input.is_some() || output.is_some()).then_some(Delta::Usage(tokens)));
        Ok(())
    }

    fn push(&self, delta: Delta, deltas: &mut VecDeque<Delta>) {
        if !matches!(&delta, Delta::Text(text) | Delta::Reasoning(text) if text.is_empty()) {
            self.patience.begin();
            deltas.push_back(delta);
        }
    }

    /// The bytes ended, and the answer did not.
    fn broken_off(&self) -> Refusal {
        if self.complaint.is_empty() {
            Error::new(ErrorKind::Broken, "the answer broke off").into()
        } else {
            Refusal::of_text(None, &self.complaint)
        }
    }
}

impl Decoder for LineDecoder {
    fn poll_decode(
        &mut self,
        deltas: &mut VecDeque<Delta>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Progress, Refusal>> {
        Poll::Ready(match ready!(self.lines.poll_next(context)) {
            Some(Ok(line)) => self.read(&text(&line), deltas),
            Some(Err(error)) => Err(error.into()),
            None => Err(self.broken_off()),
        })
    }
}
