//! One task of someone's, taken apart: what is to be done, by whom, and by when.

use std::sync::LazyLock;

use regex::Regex;

use super::lexicon::OPENERS;
use super::script::is_cjk;

/// The longest name of a person in Han characters, and in words of letters.
const HAN_NAME: usize = 6;
const NAME_WORDS: usize = 3;

/// When something is due, in English. The words before a date belong to it.
static WHEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
    let month = "(?:january|february|march|april|may|june|july|august|september|october|november|\
                 december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)";
    let number = r"\d{1,2}(?:st|nd|rd|th)?";
    let date = format!(
        r"(?:{number} (?:of )?{month}|{month} {number})(?:,? \d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    );
    let span = "(?:day|week|month|quarter|year)";
    let relative = format!(
        "(?:next|this) (?:{day}|{span})|(?:the )?end of (?:the )?(?:next )?(?:{span}|{month})|\
         tomorrow|today|tonight|{day}"
    );
    Regex::new(&format!(r"(?i)\b(?:(?:by|before|until|due|on|from) )?(?:{date}|{relative})\b")).ok()
});

/// When something is due, in Chinese.
static HAN_WHEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "[0-9一二三四五六七八九十]{1,3}";
    let day = format!("(?:[0-9]{{4}}年)?{number}月{number}[日号]|今天|明天|后天");
    let week = "(?:[本这下]个?)?(?:周|星期|礼拜)[一二三四五六日天末]";
    let span = "[本这下]个?(?:周|星期|月|季度)|(?:[本这下]?月|年|季度)[底末]";
    Regex::new(&format!("(?:{day}|{week}|{span})(?:[上下]午)?(?:之前|以前|前|内)?")).ok()
});

/// A task. What notes do not say of it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) what: String,
    pub(super) who: String,
    pub(super) when: String,
}

impl Action {
    /// A task as notes have it, given who is known to have been there.
    pub(super) fn of(text: &str, people: &[String]) -> Self {
        let (text, mut noted) = without_brackets(text);
        let (who, what) = owner(text, people);
        noted.who = if noted.who.is_empty() { who.to_owned() } else { noted.who };
        noted.when = if noted.when.is_empty() { when(what).to_owned() } else { noted.when };
        Self { what: what.to_owned(), ..noted }
    }

    /// The task as one text.
    pub(super) fn in_words(&self) -> String {
        let colon = if self.what.contains(is_cjk) { "：" } else { ": " };
        if self.who.is_empty() || self.what.contains(&self.who) {
            return self.what.clone();
        }
        format!("{}{colon}{}", self.who, self.what)
    }
}

/// The text without brackets at its end that say who and when, as in `Wind it (Ada, Monday)`.
fn without_brackets(text: &str) -> (&str, Action) {
    let bare = text.trim_end_matches(['.', '。']);
    let inner = bare.strip_suffix([')', '）']);
    let Some((before, inner)) = inner.and_then(|text| text.rsplit_once(['(', '（'])) else {
        return (text, Action::default());
    };
    let mut noted = Action::default();
    for part in inner.split([',', '，', '、', ';', '；']).map(str::trim) {
        if !when(part).is_empty() {
            part.clone_into(&mut noted.when);
        } else if is_name(part) {
            part.clone_into(&mut noted.who);
        } else {
            return (text, Action::default());
        }
    }
    (before.trim_end(), noted)
}

/// Who is to do it, and the task.
fn owner<'a>(text: &'a str, people: &'a [String]) -> (&'a str, &'a str) {
    if let Some((name, rest)) = text.split_once([':', '：'])
        && is_name(name.trim())
    {
        return (name.trim(), rest.trim());
    }
    if let Some(rest) = text.strip_prefix('@')
        && let Some((name, task)) = rest.split_once(char::is_whitespace)
    {
        return (name.trim_end_matches([':', '：', ',']), task.trim());
    }
    let known = people.iter().find(|name| text.starts_with(name.as_str()));
    if let Some(name) = known {
        return (name, text);
    }
    if let Some((name, _)) = text.split_once("负责") {
        let name = name.trim_start_matches('由');
        return (if is_name(name) { name } else { "" }, text);
    }
    (subject(text), text)
}

/// The name that an English sentence begins with, if what follows is what they do.
fn subject(text: &str) -> &str {
    let mut words = text.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let acts = ["will", "to", "should", "must"].contains(&second)
        || second.len() > 3 && second.ends_with('s') && second.starts_with(char::is_lowercase);
    if acts && is_name(first) && !OPENERS.has(first) { first } else { "" }
}

/// Whether it looks like a person's name.
fn is_name(text: &str) -> bool {
    if text.is_empty() || !when(text).is_empty() || text.contains(|c: char| c.is_numeric()) {
        return false;
    }
    if text.chars().all(is_cjk) {
        return text.chars().count() <= HAN_NAME;
    }
    let words: Vec<&str> = text.split(' ').collect();
    words.len() <= NAME_WORDS && words.iter().all(|word| word.starts_with(char::is_uppercase))
}

/// The words that say when.
fn when(text: &str) -> &str {
    let find = |regex: &Option<Regex>| regex.as_ref().and_then(|regex| regex.find(text));
    find(&WHEN).or_else(|| find(&HAN_WHEN)).map_or("", |found| found.as_str())
}
