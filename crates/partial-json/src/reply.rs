use crate::tag::{Meaning, Step, Tag};
use crate::thought::{Progress, Thought};

/// Behind `<|channel|>`: what ends the channel's name, and how long that may be.
const HEADER_END: &str = "<|message|>";
const MAX_HEADER_BYTES: usize = 96;

/// Who speaks in a reply.
const ROLE: &str = "assistant";

/// Tells thoughts from text in a plain reply: a model may write them before its answer, between
/// marks as `<think>` and `</think>`.
///
/// Only what stands before the first word is looked at; from there on, all is text. White space
/// there is left out.
#[derive(Debug, Default)]
pub struct Reply {
    state: State,
}

/// A part of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// More of the reply's text: never empty.
    Text(&'a str),
    /// More of what the model thinks: never empty.
    Reasoning(&'a str),
}

#[derive(Debug, Default)]
enum State {
    /// Nothing but white space and thoughts yet.
    #[default]
    Before,
    /// Behind a mark of harmony: so many bytes of the role of who speaks next.
    Role(usize),
    Tag(Tag),
    Header(Header),
    Thinking(Thought),
    Text,
}

/// The name of a channel of harmony, as far as it is read.
#[derive(Debug, Default)]
pub(crate) struct Header {
    text: String,
}

/// What follows a channel's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Unfinished,
    /// All channels but the last hold thoughts.
    Thoughts,
    Answer,
}

impl Header {
    pub(crate) fn push(&mut self, char: char) -> Channel {
        self.text.push(char);
        if self.text.ends_with(HEADER_END) {
            let is_final = self.text.starts_with("final");
            return if is_final { Channel::Answer } else { Channel::Thoughts };
        }
        if self.text.len() < MAX_HEADER_BYTES { Channel::Unfinished } else { Channel::Answer }
    }
}

impl Reply {
    /// Takes the next piece, and reports its parts.
    pub fn feed(&mut self, piece: &str, sink: &mut impl FnMut(Part<'_>)) {
        let mut at = 0;
        while at < piece.len() {
            match &mut self.state {
                State::Text => {
                    sink(Part::Text(&piece[at..]));
                    return;
                }
                State::Thinking(thought) => {
                    let is_channel = thought.is_channel();
                    let report = &mut |text: &str| sink(Part::Reasoning(text));
                    let (end, progress) = thought.read(piece, at, report);
                    at = end;
                    match progress {
                        Progress::Open => {}
                        Progress::Ended if is_channel => self.state = State::Role(0),
                        Progress::Ended => self.state = State::Before,
                        Progress::Channel => self.state = State::Header(Header::default()),
                    }
                }
                _ => {
                    let Some(char) = piece[at..].chars().next() else { return };
                    if self.step(char, sink) {
                        at += char.len_utf8();
                    }
                }
            }
        }
    }

    /// Ends the reply, and reports what is left of it.
    pub fn finish(&mut self, sink: &mut impl FnMut(Part<'_>)) {
        match &mut self.state {
            State::Tag(tag) => {
                let text = String::from_utf8_lossy(tag.bytes()).into_owned();
                sink(Part::Text(&text));
            }
            State::Role(read @ 1..) => sink(Part::Text(&ROLE[..*read])),
            State::Thinking(thought) => {
                thought.finish(&mut |text: &str| sink(Part::Reasoning(text)));
            }
            _ => {}
        }
        self.state = State::Text;
    }

    /// Reads a character before the text; says whether it was read.
    fn step(&mut self, char: char, sink: &mut impl FnMut(Part<'_>)) -> bool {
        match &mut self.state {
            State::Before | State::Role(0) if char.is_whitespace() => true,
            State::Role(read) if ROLE[*read..].starts_with(char) => {
                *read += char.len_utf8();
                true
            }
            State::Role(read @ 1..) if *read < ROLE.len() => {
                sink(Part::Text(&ROLE[..*read]));
                self.state = State::Text;
                false
            }
            State::Before | State::Role(_) if matches!(char, '<' | '[' | '◁') => {
                let mut tag = Tag::default();
                char.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                    tag.push(byte);
                });
                self.state = State::Tag(tag);
                true
            }
            State::Tag(tag) => {
                let began = tag.bytes().len();
                let mut buffer = [0; 4];
                let mut bytes = char.encode_utf8(&mut buffer).bytes();
                match bytes.find_map(|byte| Some(tag.push(byte)).filter(|step| *step != Step::More))
                {
                    None => true,
                    Some(Step::Refused) => {
                        tag.truncate(began);
                        self.begin_text(sink);
                        false
                    }
                    Some(_) => {
                        self.end_tag(sink);
                        true
                    }
                }
            }
            State::Header(header) => {
                match header.push(char) {
                    Channel::Unfinished => {}
                    Channel::Thoughts => self.state = State::Thinking(Thought::channel()),
                    Channel::Answer => self.state = State::Text,
                }
                true
            }
            _ => {
                self.state = State::Text;
                false
            }
        }
    }

    fn end_tag(&mut self, sink: &mut impl FnMut(Part<'_>)) {
        let State::Tag(tag) = &self.state else { return };
        self.state = match tag.meaning() {
            Meaning::Opens(name) => State::Thinking(Thought::named(name)),
            Meaning::Channel => State::Header(Header::default()),
            // Behind a channel's end, `<|start|>` and the speaker's role come before the next one.
            Meaning::Message => State::Role(0),
            _ => return self.begin_text(sink),
        };
    }

    /// What looked like a mark is the beginning of the text.
    fn begin_text(&mut self, sink: &mut impl FnMut(Part<'_>)) {
        if let State::Tag(tag) = &self.state {
            sink(Part::Text(&String::from_utf8_lossy(tag.bytes())));
        }
        self.state = State::Text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> (String, String) {
        let mut reply = Reply::default();
        let (mut text, mut reasoning) = (String::new(), String::new());
        let sink = &mut |part: Part<'_>| match part {
            Part::Text(part) => text.push_str(part),
            Part::Reasoning(part) => reasoning.push_str(part),
        };
        pieces.iter().for_each(|piece| reply.feed(piece, sink));
        reply.finish(sink);
        (text, reasoning)
    }

    #[test]
    fn thoughts_before_a_reply_are_told_apart() {
        for (reply, text, reasoning) in [
            ("Yes.", "Yes.", ""),
            (
                " \n<think>Hm <b>, “so” </b></think>\n\nYes. <think>",
                "Yes. <think>",
                "Hm <b>, “so” </b>",
            ),
            ("[THINK]a[/THINK]<think>b</think> c", "c", "ab"),
            ("<b>Yes</b>", "<b>Yes</b>", ""),
            ("[1] is a note", "[1] is a note", ""),
            ("<think", "<think", ""),
            ("<think>a</thi", "", "a</thi"),
            ("< 3", "< 3", ""),
            ("◁think▷a◁/think▷b", "b", "a"),
            ("◁ b", "◁ b", ""),
            (
                "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
                "b",
                "a",
            ),
            ("", "", ""),
        ] {
            let expected = (text.to_owned(), reasoning.to_owned());
            assert_eq!(read(&[reply]), expected, "{reply}");
            let chars: Vec<String> = reply.chars().map(String::from).collect();
            let chars: Vec<&str> = chars.iter().map(String::as_str).collect();
            assert_eq!(read(&chars), expected, "{reply}");
        }
    }
}
