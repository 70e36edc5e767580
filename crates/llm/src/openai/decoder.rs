use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use serde_json::Value;

use super::chunk::{Chunk, Piece};
use super::events::{Events, Item};
use crate::http::halves::{self, Halves};
use crate::http::{Decoder, Lines, Patience, Progress, Refusal, is_web_page};
use crate::{Delta, Error, ErrorKind, Finish, Tokens};

/// How much is kept of lines that belong to no event.
const MAX_STRAY_BYTES: usize = 4 * 1024 * 1024;

/// Reads an answer's chunks as deltas.
pub(super) struct ChunkDecoder {
    events: Events,
    patience: Patience,
    ready: VecDeque<Delta>,
    text: Halves,
    reasoning: Halves,
    has_text: bool,
    /// Lines that belong to no event: an error, or a whole answer in spite of all.
    stray: String,
    /// What was said in plain words where data was due.
    complaint: String,
    /// Kept until the end, as is the usage: some endpoints send text beside or after it.
    finish: Option<Finish>,
    usage: Option<Tokens>,
    ended: bool,
}

impl ChunkDecoder {
    pub(super) fn new((lines, patience): (Lines, Patience)) -> Self {
        Self {
            events: Events::new(lines),
            patience,
            ready: VecDeque::new(),
            text: Halves::default(),
            reasoning: Halves::default(),
            has_text: false,
            stray: String::new(),
            complaint: String::new(),
            finish: None,
            usage: None,
            ended: false,
        }
    }

    /// Reads the data of one event.
    fn read(&mut self, name: &str, data: &str) -> Result<(), Refusal> {
        self.end_stray()?;
        let data = data.trim();
        if data == "[DONE]" {
            self.finish.get_or_insert(Finish::Stop);
            return self.end(None);
        }
        match halves::parse(data) {
            Ok((value, _)) if name == "error" => Err(Refusal::in_answer(&value)),
            Ok((value, is_marked)) => self.take(&value, is_marked),
            Err(_) if name == "error" => Err(Refusal::of_text(None, data)),
            // Events of other names are none of ours, and words that are no JSON keep the
            // connection alive, or say what is wrong.
            Err(_) if data.starts_with('{') && matches!(name, "" | "message") => {
                Err(Refusal::new(ErrorKind::Broken, "a chunk is not JSON"))
            }
            Err(_) => {
                self.complain(data);
                Ok(())
            }
        }
    }

    /// Reads a line that belongs to no event: a chunk by itself, or a part of something larger.
    fn read_stray(&mut self, line: &str) -> Result<(), Refusal> {
        if self.stray.is_empty()
            && line.starts_with(['{', '['])
            && let Ok((value, is_marked)) = halves::parse(line)
        {
            return self.take(&value, is_marked);
        }
        if self.stray.len() + line.len() > MAX_STRAY_BYTES {
            return Err(Refusal::new(ErrorKind::Broken, "what it sends is no answer"));
        }
        self.stray.push_str(line);
        self.stray.push('\n');
        Ok(())
    }

    /// Reads what the lines that belong to no event make together.
    fn end_stray(&mut self) -> Result<(), Refusal> {
        let stray = std::mem::take(&mut self.stray);
        if stray.is_empty() {
            return Ok(());
        }
        match halves::parse(&stray) {
            Ok((value, is_marked)) => self.take(&value, is_marked),
            Err(_) if is_web_page(&stray) => {
                Err(Refusal::new(ErrorKind::Broken, "answered with a web page"))
            }
            Err(_) => {
                self.complain(&stray);
                Ok(())
            }
        }
    }

    fn complain(&mut self, words: &str) {
        if words.chars().any(char::is_alphabetic) {
            words.clone_into(&mut self.complaint);
        }
    }

    fn take(&mut self, value: &Value, is_marked: bool) -> Result<(), Refusal> {
        if let Value::Array(chunks) = value {
            return chunks.iter().try_for_each(|chunk| self.take_chunk(&Chunk(chunk), is_marked));
        }
        self.take_chunk(&Chunk(value), is_marked)
    }

    fn take_chunk(&mut self, chunk: &Chunk<'_>, is_marked: bool) -> Result<(), Refusal> {
        if let Some(refusal) = chunk.error() {
            return Err(refusal);
        }
        for piece in chunk.pieces(!self.has_text) {
            let delta = match piece {
                Piece::Text(text) => Delta::Text(self.text.join(text, is_marked)),
                Piece::Reasoning(text) => Delta::Reasoning(self.reasoning.join(text, is_marked)),
            };
            self.has_text |= matches!(piece, Piece::Text(_));
            self.push(delta);
        }
        if let Some((done, total)) = chunk.prompt() {
            self.ready.push_back(Delta::Prompt { done, total });
        }
        self.finish = chunk.finish()?.or(self.finish.take());
        self.usage = chunk.usage().or(self.usage);
        Ok(())
    }

    fn push(&mut self, delta: Delta) {
        if !matches!(&delta, Delta::Text(text) | Delta::Reasoning(text) if text.is_empty()) {
            self.patience.begin();
            self.ready.push_back(delta);
        }
    }

    /// The answer is over, by itself or by a failure of the connection.
    fn end(&mut self, failure: Option<Error>) -> Result<(), Refusal> {
        if failure.is_none() {
            self.end_stray()?;
        }
        self.ended = true;
        let Some(finish) = self.finish.take() else { return Err(self.broken_off(failure)) };
        let rest = [Delta::Reasoning(self.reasoning.end()), Delta::Text(self.text.end())];
        rest.into_iter().for_each(|rest| self.push(rest));
        self.ready.push_back(Delta::Finish(finish));
        self.ready.extend(self.usage.take().map(Delta::Usage));
        Ok(())
    }

    /// Why the answer has no end: what was said in plain words tells most.
    fn broken_off(&self, failure: Option<Error>) -> Refusal {
        if let Some(error) = failure {
            return error.into();
        }
        if !self.complaint.is_empty() && !self.has_text {
            return Refusal::of_text(None, &self.complaint);
        }
        Refusal::new(ErrorKind::Broken, "the answer broke off")
    }
}

impl Decoder for ChunkDecoder {
    fn poll_decode(
        &mut self,
        deltas: &mut VecDeque<Delta>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Progress, Refusal>> {
        let item = ready!(self.events.poll_next(context));
        let read = match item {
            Some(Ok(Item::Event { name, data })) => self.read(&name, &data),
            Some(Ok(Item::Stray(line))) => self.read_stray(&line),
            Some(Err(error)) => self.end(Some(error)),
            None => self.end(None),
        };
        deltas.extend(self.ready.drain(..));
        let progress = if self.ended { Progress::End } else { Progress::More };
        Poll::Ready(read.map(|()| progress))
    }
}
