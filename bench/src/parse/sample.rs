//! A made-up answer, the same on every machine.

use std::fmt::Write as _;

/// A title and a summary, as a peer read them.
pub(crate) type Answer = (String, String);

/// A JSON text, and how a model might hand it out.
pub(crate) struct Sample {
    pub(crate) text: String,
    pub(crate) tokens: Vec<String>,
    /// The tokens, a thousand at a time.
    pub(crate) thousands: Vec<String>,
    pub(crate) answer: Answer,
}

const ENGLISH: &str = "a reader who waits sees nothing until the last bracket has been written but \
    one who reads along gets every word while it is still warm and can stop whenever enough has \
    been said about harbours lighthouses timetables orchards glaciers and other quiet machinery";
const CHINESE: &str = "清晨的港口还没有船只灯塔却已经亮着守塔人把昨夜的记录一页一页读给海风听远处的火车\
    准时穿过果园和隧道车上的乘客低头看着慢慢浮现的文字谁也不急着翻到最后一页";
const MARKS: [&str; 9] = ["，", "。", "；", "「", "」", "🌊", "🗼", ", ", ". "];
const ESCAPES: [&str; 9] =
    ["\\n", "\\n\\n", "\\t", "\\\"", "\\\\", "\\/", "\\u00fc", "\\u6d77", "\\ud83c\\udf0a"];

impl Sample {
    pub(crate) fn new(bytes: usize) -> Self {
        let mut random = Random(bytes as u64);
        let title = "灯塔 \\\"Lighthouse\\\" \\ud83d\\uddfc 日志";
        let mut text = format!("{{\"title\": \"{title}\", \"summary\": \"");
        let words: Vec<&str> = ENGLISH.split_whitespace().collect();
        let chars: Vec<char> = CHINESE.chars().filter(|char| !char.is_whitespace()).collect();
        while text.len() < bytes - 2 {
            match random.below(100) {
                0..45 => {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{} ", words[random.below(words.len())]);
                }
                45..85 => {
                    let length = 2 + random.below(10);
                    let from = random.below(chars.len() - length);
                    text.extend(&chars[from..from + length]);
                }
                85..95 => text.push_str(MARKS[random.below(MARKS.len())]),
                _ => text.push_str(ESCAPES[random.below(ESCAPES.len())]),
            }
        }
        text.push_str("\"}");
        let tokens = cut(&text, &mut random);
        Self {
            thousands: tokens.chunks(1000).map(<[String]>::concat).collect(),
            answer: read(&text).unwrap_or_default(),
            text,
            tokens,
        }
    }
}

/// What serde_json reads in it, whole.
pub(crate) fn read(text: &str) -> Option<Answer> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    Some((value["title"].as_str()?.to_owned(), value["summary"].as_str()?.to_owned()))
}

fn cut(text: &str, random: &mut Random) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let length = 1 + random.below(6);
        tokens.push(chars.by_ref().take(length).collect());
    }
    tokens
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // Far below the range, so the remainder is as good as even.
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
