//! Answers in plain text: a question about a source gets the sentences that answer it best, and
//! one without a source is told how to connect a model.

use std::collections::{HashMap, HashSet};

use super::extract;
use super::reading::Reading;
use super::script::is_cjk;
use crate::Budget;

/// Most sentences that answer a question.
const MOST: usize = 4;
/// A sentence that fits the question this much worse than the best one is left out.
const SHARE: f32 = 0.5;
/// What a sentence's own worth counts beside a word of the question.
const WORTH: f32 = 0.3;

/// How an answer is introduced, in one language.
struct Words {
    /// Sentences that use the question's words.
    quoted: &'static str,
    /// There are none: what tells the most follows.
    nothing: &'static str,
    /// The source is empty.
    empty: &'static str,
    /// There is no source.
    no_model: &'static str,
}

const ENGLISH: Words = Words {
    quoted: "The text says, word for word:",
    nothing: "No sentence of the text speaks of this in the same words. These tell the most of \
              it, word for word:",
    empty: "The text has no sentences to quote.",
    no_model: "No language model is connected. The built-in engine cannot answer questions by \
               itself: it only quotes from a text that you ask about.\n\nTo connect a model, do \
               one of these and start Unspool again:\n\n\
               - Start Ollama on this machine; it is found by itself.\n\
               - Set `OPENAI_API_KEY`, `ARK_API_KEY` or `DASHSCOPE_API_KEY`.\n\
               - For any other OpenAI-compatible server, set `UNSPOOL_PROVIDER=openai`, \
               `UNSPOOL_BASE_URL`, `UNSPOOL_MODEL` and, if it needs one, `UNSPOOL_API_KEY`.",
};

const CHINESE: Words = Words {
    quoted: "原文中这样写道（逐字引用）：",
    nothing: "原文中没有用同样的词谈到这一点。下面几句最能概括原文（逐字引用）：",
    empty: "这段原文没有可以引用的句子。",
    no_model: "还没有连接语言模型。内置引擎自己不能回答问题，只能从您所问的文章里引用原句。\n\n\
               要连接模型，请任选一种方式，然后重新启动 Unspool：\n\n\
               - 在本机启动 Ollama，会自动找到。\n\
               - 设置 `OPENAI_API_KEY`、`ARK_API_KEY` 或 `DASHSCOPE_API_KEY`。\n\
               - 其他兼容 OpenAI 接口的服务，请设置 `UNSPOOL_PROVIDER=openai`、\
               `UNSPOOL_BASE_URL`、`UNSPOOL_MODEL`，需要密钥时再设置 `UNSPOOL_API_KEY`。",
};

impl Words {
    /// In the language of the question.
    fn of(question: &str) -> &'static Self {
        if question.contains(is_cjk) { &CHINESE } else { &ENGLISH }
    }
}

/// How to connect a model.
pub(super) fn without_source(question: &str) -> String {
    Words::of(question).no_model.to_owned()
}

/// The sentences of a source that answer `question` best; with [`Budget::Full`], all there are.
pub(super) fn from_source(reading: &Reading, question: &str, budget: Budget) -> String {
    if budget == Budget::Full {
        let all: Vec<usize> = (0..reading.sentences.len()).collect();
        return quote(reading, &all, "\n");
    }
    let words = Words::of(question);
    let (lead, chosen) = match best(reading, question) {
        Some(chosen) => (words.quoted, chosen),
        None => (words.nothing, extract::choose(reading, Budget::Short)),
    };
    if chosen.is_empty() {
        return words.empty.to_owned();
    }
    format!("{lead}\n\n> {}", quote(reading, &chosen, "\n>\n> "))
}

fn quote(reading: &Reading, chosen: &[usize], between: &str) -> String {
    let sentences = chosen.iter().filter_map(|&place| reading.sentences.get(place));
    let sentences: Vec<&str> = sentences.map(|sentence| sentence.text.as_str()).collect();
    sentences.join(between)
}

/// The places of the sentences that share the most telling words with the question, rising; none
/// when no sentence shares any.
fn best(reading: &Reading, question: &str) -> Option<Vec<usize>> {
    let asked: HashSet<String> = reading.vocabulary.terms(question).into_iter().collect();
    let shared: Vec<HashSet<String>> = reading
        .sentences
        .iter()
        .map(|sentence| {
            let terms = reading.vocabulary.terms(&sentence.text).into_iter();
            terms.filter(|term| asked.contains(term)).collect()
        })
        .collect();
    let rarity = rarity(&shared, &asked);
    let mut found: Vec<(f32, usize)> = reading
        .sentences
        .iter()
        .zip(&shared)
        .enumerate()
        .filter_map(|(place, (sentence, shared))| {
            let fit: f32 = shared.iter().filter_map(|term| rarity.get(term)).sum();
            (fit > 0.0).then_some((fit + WORTH * sentence.score, place))
        })
        .collect();
    found.sort_by(|(a, place), (b, other)| b.total_cmp(a).then(place.cmp(other)));
    let (highest, _) = *found.first()?;
    let good = found.into_iter().take(MOST).filter(|(fit, _)| *fit >= SHARE * highest);
    let mut chosen: Vec<usize> = good.map(|(_, place)| place).collect();
    chosen.sort_unstable();
    Some(chosen)
}

/// How much each term of the question tells: the fewer sentences share it, the more.
#[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
fn rarity<'a>(shared: &[HashSet<String>], asked: &'a HashSet<String>) -> HashMap<&'a String, f32> {
    let all = shared.len() as f32;
    asked
        .iter()
        .map(|term| {
            let found = shared.iter().filter(|shared| shared.contains(term)).count();
            // Squared, so that a rare word tells more than several common ones.
            (term, (1.0 + all / (1.0 + found as f32)).ln().powi(2))
        })
        .collect()
}
