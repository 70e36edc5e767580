use crate::tag::{Meaning, Step, Tag};

/// What harmony's marks for the answer leave behind where a server has taken the marks out.
const BARE_FINAL: &[u8] = b"assistantfinal";
/// Behind `<|channel|>`, the channel of the answer.
const FINAL: &[u8] = b"final";

/// What comes behind the document: finds a sign that the document was a draft, as models that
/// think without an opening mark write one.
#[derive(Debug, Default)]
pub(crate) struct Epilogue {
    tag: Tag,
    /// How much has been read of a channel's name, behind its mark.
    channel: Option<usize>,
    bare: usize,
    /// Bytes of letters and digits so far.
    word_bytes: u64,
}

impl Epilogue {
    /// How many bytes of letters and digits there are.
    pub(crate) fn word_bytes(&self) -> u64 {
        self.word_bytes
    }

    /// Reads on; gives where the thought that the document stood in has ended.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        let words = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
        self.word_bytes += words.count() as u64;
        let mut at = 0;
        while at < bytes.len() {
            if self.is_idle() {
                at += next_sign(&bytes[at..]);
            }
            let byte = *bytes.get(at)?;
            at += 1;
            if self.step(byte) {
                return Some(at);
            }
        }
        None
    }

    fn is_idle(&self) -> bool {
        self.tag.is_empty() && self.channel.is_none() && self.bare == 0
    }

    /// Whether the thought ends with this byte.
    fn step(&mut self, byte: u8) -> bool {
        if let Some(known) = self.channel {
            let is_next = FINAL.get(known) == Some(&byte);
            self.channel = is_next.then_some(known + 1);
            if self.channel == Some(FINAL.len()) {
                return true;
            }
        }
        self.bare = match BARE_FINAL.get(self.bare) {
            Some(expected) if byte == *expected => self.bare + 1,
            _ => usize::from(byte == BARE_FINAL[0]),
        };
        self.bare == BARE_FINAL.len() || self.tag_ends_it(byte)
    }

    fn tag_ends_it(&mut self, byte: u8) -> bool {
        if self.tag.is_empty() && !Tag::may_begin(byte) {
            return false;
        }
        match self.tag.push(byte) {
            Step::More => false,
            Step::Refused => {
                self.tag.clear();
                Tag::may_begin(byte) && self.tag_ends_it(byte)
            }
            Step::Whole => {
                let meaning = self.tag.meaning();
                self.tag.clear();
                if meaning == Meaning::Channel {
                    self.channel = Some(0);
                }
                matches!(meaning, Meaning::Closes(_) | Meaning::Answer)
            }
        }
    }
}

/// Where something begins that has to be looked at.
fn next_sign(bytes: &[u8]) -> usize {
    let sign = bytes.iter().position(|byte| Tag::may_begin(*byte) || *byte == BARE_FINAL[0]);
    sign.unwrap_or(bytes.len())
}
