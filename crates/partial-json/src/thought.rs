use crate::tag::{Meaning, Step, Tag};

/// A thought that is open: its text, up to the mark that ends it.
#[derive(Debug, Default)]
pub(crate) struct Thought {
    /// None for a channel of harmony, which ends with any of its marks.
    name: Option<String>,
    /// What may be the mark that ends it.
    tag: Tag,
}

/// How far a thought has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It goes on in the next piece.
    Open,
    Ended,
    /// It has ended, and a channel of harmony is named next.
    Channel,
}

/// What a character is to a thought.
enum Mark {
    Read,
    /// It is yet to be read.
    Refused,
    /// The thought ends with it.
    Ends(Progress),
}

impl Thought {
    pub(crate) fn named(name: String) -> Self {
        Self { name: Some(name), tag: Tag::default() }
    }

    /// A channel of harmony.
    pub(crate) fn channel() -> Self {
        Self::default()
    }

    /// Whether it is a channel of harmony.
    pub(crate) fn is_channel(&self) -> bool {
        self.name.is_none()
    }

    /// Reads on from there, and reports text of the thought, all but what may be the mark that ends
    /// it. Gives where it stopped.
    pub(crate) fn read(
        &mut self,
        piece: &str,
        from: usize,
        report: &mut impl FnMut(&str),
    ) -> (usize, Progress) {
        let bytes = piece.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            if self.tag.is_empty() {
                let rest = &bytes[at..];
                let sign = rest.iter().position(|byte| Tag::may_begin(*byte));
                let sign = sign.unwrap_or(rest.len());
                tell(&piece[at..at + sign], report);
                at += sign;
            }
            // A mark is read by whole characters, since what is none is reported.
            let Some(char) = piece[at..].chars().next() else { break };
            match self.read_mark(char, report) {
                Mark::Read => at += char.len_utf8(),
                Mark::Refused => {}
                Mark::Ends(progress) => return (at + char.len_utf8(), progress),
            }
        }
        (at, Progress::Open)
    }

    /// Reports what is left at the end of the input.
    pub(crate) fn finish(&mut self, report: &mut impl FnMut(&str)) {
        tell(&String::from_utf8_lossy(self.tag.bytes()), report);
        self.tag.clear();
    }

    fn read_mark(&mut self, char: char, report: &mut impl FnMut(&str)) -> Mark {
        let began = self.tag.bytes().len();
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            match self.tag.push(byte) {
                Step::More => {}
                Step::Whole => return self.end_mark(report),
                Step::Refused if began == 0 => {
                    self.tag.clear();
                    tell(char.encode_utf8(&mut [0; 4]), report);
                    return Mark::Read;
                }
                Step::Refused => {
                    self.tag.truncate(began);
                    self.finish(report);
                    return Mark::Refused;
                }
            }
        }
        Mark::Read
    }

    fn end_mark(&mut self, report: &mut impl FnMut(&str)) -> Mark {
        let progress = match (self.tag.meaning(), &self.name) {
            (Meaning::Closes(name), Some(thought)) if name == *thought => Progress::Ended,
            (Meaning::Message, None) => Progress::Ended,
            (Meaning::Channel, None) => Progress::Channel,
            _ => {
                self.finish(report);
                return Mark::Read;
            }
        };
        self.tag.clear();
        Mark::Ends(progress)
    }
}

fn tell(text: &str, report: &mut impl FnMut(&str)) {
    if !text.is_empty() {
        report(text);
    }
}
