//! What a reader may expect of the builtin provider.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what is wrong here is a failed test")]

use std::time::Duration;

use futures::StreamExt;
use llm::{Budget, Builtin, Delta, Finish, Message, Provider, Request, Role};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

const NEWS: &str = include_str!("texts/news.txt");
const ESSAY: &str = include_str!("texts/essay.txt");
const STORY: &str = include_str!("texts/story.txt");
const MEETING: &str = include_str!("texts/meeting.md");
const README: &str = include_str!("texts/readme.md");
const NEWS_ZH: &str = include_str!("texts/news_zh.txt");
const ESSAY_ZH: &str = include_str!("texts/essay_zh.txt");
const STORY_ZH: &str = include_str!("texts/story_zh.txt");
const MEETING_ZH: &str = include_str!("texts/meeting_zh.md");
const README_ZH: &str = include_str!("texts/readme_zh.md");

const PROSE: [&str; 6] = [NEWS, ESSAY, STORY, NEWS_ZH, ESSAY_ZH, STORY_ZH];
const ALL: [&str; 10] =
    [NEWS, ESSAY, STORY, MEETING, README, NEWS_ZH, ESSAY_ZH, STORY_ZH, MEETING_ZH, README_ZH];

fn request(input: &str, budget: Budget) -> Request {
    let schema = json!({
        "type": "object",
        "properties": {"title": {"type": "string"}, "summary": {"type": "string"}},
        "required": ["title", "summary"],
        "additionalProperties": false,
    });
    Request { budget, ..Request::document("Summarise.".into(), input.into(), schema) }
}

async fn pieces(builtin: Builtin, request: Request) -> Vec<String> {
    let chars = request.last(Role::User).chars().count() as u64;
    let deltas: Vec<_> = builtin.answer(request).collect().await;
    let mut deltas: Vec<Delta> = deltas.into_iter().map(Result::unwrap).collect();
    assert_eq!(deltas.pop(), Some(Delta::Finish(Finish::Stop)));
    assert_eq!(deltas.pop(), Some(Delta::Read(chars)), "all of it");
    let text = |delta| match delta {
        Delta::Text(text) => text,
        other => panic!("{other:?}"),
    };
    deltas.into_iter().map(text).collect()
}

async fn object(request: Request) -> Map<String, Value> {
    let text = pieces(Builtin::unpaced(), request).await.concat();
    serde_json::from_str(&text).unwrap()
}

/// The title and the summary of a text.
async fn answer(input: &str, budget: Budget) -> (String, String) {
    let object = object(request(input, budget)).await;
    assert_eq!(object.keys().collect::<Vec<_>>(), ["title", "summary"]);
    let text = |name: &str| object[name].as_str().unwrap().to_owned();
    (text("title"), text("summary"))
}

fn is_chinese(text: &str) -> bool {
    text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).count() > 8
}

/// A text without white space: lines may be joined, words may not change.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether the summary can be read off the text from left to right, a stop added here or there.
fn is_told_in_order(summary: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut at = 0;
    summary.split_inclusive(['.', '。', '!', '！', '?', '？', '；']).all(|part| {
        let part: Vec<char> = part.chars().filter(|c| c.is_alphanumeric()).collect();
        let found = part
            .is_empty()
            .then_some(0)
            .or_else(|| text[at..].windows(part.len()).position(|window| window == part));
        at += found.map_or(0, |found| found + part.len());
        found.is_some()
    })
}

#[tokio::test]
async fn an_answer_comes_in_small_pieces_of_json() {
    for text in ALL {
        let pieces = pieces(Builtin::unpaced(), request(text, Budget::Medium)).await;
        assert!(pieces.len() > 12, "{pieces:?}");
        assert!(
            pieces.iter().all(|piece| !piece.is_empty() && piece.chars().count() < 48),
            "{pieces:?}"
        );
        assert!(serde_json::from_str::<Value>(&pieces.concat()).unwrap().is_object());
    }
}

#[tokio::test]
async fn a_summary_is_the_texts_own_sentences_in_its_order() {
    for text in ALL {
        for budget in [Budget::Short, Budget::Medium, Budget::Long] {
            let (_, summary) = answer(text, budget).await;
            assert!(is_told_in_order(&summary, text), "{summary}");
        }
    }
}

#[tokio::test]
async fn a_summary_of_prose_is_verbatim() {
    for text in PROSE {
        let (_, summary) = answer(text, Budget::Short).await;
        let ends: &[char] = if is_chinese(text) { &['。', '？', '！'] } else { &['.'] };
        let first = summary.split_inclusive(ends).next().unwrap();
        assert!(dense(text).contains(&dense(first)), "{first}");
    }
}

#[tokio::test]
async fn a_title_is_short_whole_and_not_the_first_line() {
    for text in ALL {
        for budget in [Budget::Short, Budget::Medium, Budget::Long] {
            let (title, summary) = answer(text, budget).await;
            let most = if is_chinese(&title) { 30 } else { 80 };
            assert!((4..=most).contains(&title.chars().count()), "{title}");
            assert!(!title.ends_with([',', '，', '.', '。', '…', '、', ':', '：', ' ']), "{title}");
            assert_ne!(
                title,
                text.lines().next().unwrap().trim_start_matches(['#', ' ']),
                "{title}"
            );
            assert!(
                !summary.starts_with(&format!("{title}."))
                    && !summary.starts_with(&format!("{title}。")),
                "{title}"
            );
            let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let (title, text) = (&title, dense(text).to_lowercase());
            words.for_each(|word| assert!(text.contains(&word.to_lowercase()), "{title}"));
        }
    }
}

#[tokio::test]
async fn a_title_says_what_the_text_is_about() {
    let told = [
        (NEWS, "river"),
        (ESSAY, "repair"),
        (README, "tidepool"),
        (NEWS_ZH, "食堂"),
        (ESSAY_ZH, "读"),
        (STORY_ZH, "钟"),
        (README_ZH, "任务"),
        (MEETING_ZH, "导入"),
    ];
    for (text, topic) in told {
        let (title, _) = answer(text, Budget::Medium).await;
        assert!(title.to_lowercase().contains(topic), "{title}");
    }
}

#[tokio::test]
async fn a_title_that_the_text_has_is_taken() {
    let text = format!("How Halden dug up its buried river\n\nBy Nora Lind\n\n{NEWS}");
    assert_eq!(answer(&text, Budget::Short).await.0, "How Halden dug up its buried river");
    let text = format!("# 社区食堂怎样走出亏损\n\n{NEWS_ZH}");
    assert_eq!(answer(&text, Budget::Short).await.0, "社区食堂怎样走出亏损");
}

#[tokio::test]
async fn more_is_written_when_more_is_wanted() {
    for text in ALL {
        let mut lengths = Vec::new();
        for budget in [Budget::Short, Budget::Medium, Budget::Long] {
            lengths.push(answer(text, budget).await.1.chars().count());
        }
        let most = if is_chinese(text) { [112, 270, 750] } else { [300, 720, 2000] };
        assert!(lengths.is_sorted_by(|a, b| a < b), "{lengths:?}");
        assert!(lengths.iter().zip(most).all(|(length, most)| *length <= most), "{lengths:?}");
    }
}

#[tokio::test]
async fn code_tables_and_markup_stay_out() {
    let (_, summary) = answer(README, Budget::Long).await;
    for sign in ["**", "`", "](", "|", "This line is code", "queue.push"] {
        assert!(!summary.contains(sign), "{sign}: {summary}");
    }
    assert!(!answer(README_ZH, Budget::Long).await.1.contains("这一行是代码"));
}

#[tokio::test]
async fn nothing_is_said_twice() {
    let text = [NEWS, NEWS, NEWS].join("\n\n");
    let (_, summary) = answer(&text, Budget::Long).await;
    let first = summary.split(". ").next().unwrap();
    assert_eq!(summary.matches(first).count(), 1, "{summary}");
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    for text in ALL {
        let first = pieces(Builtin::unpaced(), request(text, Budget::Long)).await;
        assert_eq!(first, pieces(Builtin::unpaced(), request(text, Budget::Long)).await);
    }
}

#[tokio::test]
async fn members_follow_the_schema() {
    let mut asked = request(NEWS, Budget::Medium);
    asked.schema = Some(json!({
        "properties": {
            "abstract": {"type": "string", "maxLength": 400},
            "title": {"type": "string", "maxLength": 40},
            "count": {"const": 7},
            "say \"what\"": {"type": ["string", "null"], "maxLength": 60},
        },
        "required": ["say \"what\"", "count", "abstract", "title"],
    }));
    let object = object(asked).await;
    assert_eq!(object.keys().collect::<Vec<_>>(), ["say \"what\"", "count", "abstract", "title"]);
    assert_eq!(object["count"], 7);
    for (name, most) in [("say \"what\"", 60), ("abstract", 400), ("title", 40)] {
        assert!((1..=most).contains(&object[name].as_str().unwrap().chars().count()), "{object:?}");
    }
}

fn asked_for(properties: &Value, text: &str) -> Request {
    let schema = json!({"type": "object", "properties": properties});
    Request::document(String::new(), text.to_owned(), schema)
}

#[tokio::test]
async fn key_points_are_the_texts_own_sentences() {
    let texts =
        json!({"type": "array", "items": {"type": "string", "maxLength": 300}, "maxItems": 4});
    for text in PROSE {
        let object =
            object(asked_for(&json!({"title": {"type": "string"}, "points": texts}), text)).await;
        let points = object["points"].as_array().unwrap();
        assert!((2..=4).contains(&points.len()), "{points:?}");
        for point in points.iter().map(|point| point.as_str().unwrap()) {
            assert!(dense(text).contains(&dense(point)), "{point}");
        }
    }
}

#[tokio::test]
async fn minutes_hold_what_notes_mark_as_such() {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let task = json!({"type": "object", "properties": {
        "what": {"type": "string"}, "who": {"type": "string"}, "when": {"type": "string"}}});
    let properties = json!({
        "attendees": texts, "decisions": texts, "actions": texts,
        "items": {"type": "array", "items": task}, "summary": {"type": "string"},
    });
    let object = object(asked_for(&properties, MEETING)).await;
    assert_eq!(object["attendees"], json!(["Ana", "Bo", "Chidi", "Mei"]));
    assert_eq!(object["decisions"].as_array().unwrap().len(), 2);
    assert_eq!(object["actions"][0], "Mei asks the supplier for a changelog and a test feed.");
    assert_eq!(object["items"][1]["who"], "Chidi");
    assert!(!object["summary"].as_str().unwrap().is_empty());

    let object = self::object(asked_for(&properties, MEETING_ZH)).await;
    assert_eq!(object["attendees"], json!([]));
    assert_eq!(object["decisions"].as_array().unwrap().len(), 2);
    assert_eq!(object["items"][0]["who"], "小梅");
    // A text that is no meeting has nothing of the kind.
    let object = self::object(asked_for(&properties, ESSAY)).await;
    assert_eq!(object["attendees"], json!([]));
}

#[tokio::test]
async fn what_no_sentence_is_is_refused_and_not_made_up() {
    for property in [
        json!({"type": "number"}),
        json!({"enum": ["a", "b"]}),
        json!({"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}}),
    ] {
        let asked = asked_for(&json!({"title": {"type": "string"}, "score": property}), NEWS);
        let mut answer = Builtin::unpaced().answer(asked);
        let error = answer.next().await.unwrap().unwrap_err();
        assert!(error.reason.unwrap().as_str().contains("`score`"));
    }
}

/// What is answered in plain text to a question about a source.
async fn quoted(source: Option<&str>, question: &str, budget: Budget) -> String {
    let content = question.to_owned();
    let messages = vec![Message { role: Role::User, content }];
    let asked = Request { budget, ..Request::text(messages, source.map(str::to_owned)) };
    let deltas: Vec<_> = Builtin::unpaced().answer(asked).collect().await;
    let text = |delta| match delta {
        Ok(Delta::Text(text)) => Some(text),
        _ => None,
    };
    deltas.into_iter().filter_map(text).collect()
}

#[tokio::test]
async fn a_question_is_answered_with_the_sentences_that_answer_it() {
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (source, question, answer) in [
        (NEWS, "How many parking places will disappear?", "340 parking places"),
        (NEWS, "What did the union of the drivers count?", "340 parking places"),
        (NEWS, "What did the council vote?", "31 to 9"),
        (NEWS, "Who leads the drainage office?", "Dr. Ingrid Solberg"),
        (NEWS_ZH, "社区食堂亏损了多少？", "亏损"),
    ] {
        let text = quoted(Some(source), question, Budget::Medium).await;
        assert!(text.contains(answer), "{question}: {text}");
        let quotes: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        assert!((1..=4).contains(&quotes.len()), "{text}");
        for quote in quotes {
            assert!(joined(source).contains(quote), "{quote} is not in the text");
        }
        assert!(text.contains(if question.is_ascii() { "word for word" } else { "逐字引用" }));
    }
}

#[tokio::test]
async fn what_the_text_does_not_speak_of_is_said() {
    let text = quoted(Some(NEWS), "Does it mention quantum chromodynamics?", Budget::Medium).await;
    assert!(text.starts_with("No sentence of the text speaks of this"), "{text}");
    assert!(text.contains("\n> "), "{text}");
    let text = quoted(Some(" "), "Why?", Budget::Medium).await;
    assert_eq!(text, "The text has no sentences to quote.");
}

#[tokio::test]
async fn without_a_source_it_says_how_to_connect_a_model_in_the_language_of_the_question() {
    let text = quoted(None, "Why is the sky blue?", Budget::Medium).await;
    assert!(text.contains("No language model is connected") && text.contains("Ollama"), "{text}");
    let text = quoted(None, "天空为什么是蓝色的？", Budget::Medium).await;
    assert!(text.contains("还没有连接语言模型"), "{text}");
}

#[tokio::test]
async fn nothing_is_left_out_where_all_is_wanted() {
    let source =
        "She answers briefly. She knows the harbour. She answers briefly.\n\n- Never shouts";
    let text = quoted(Some(source), "Write it down.", Budget::Full).await;
    assert_eq!(text, "She answers briefly.\nShe knows the harbour.\nNever shouts");
}

#[tokio::test(start_paused = true)]
async fn it_writes_at_a_gentle_pace_that_has_an_end() {
    let begun = Instant::now();
    let mut answer = Builtin::new().answer(request(NEWS, Budget::Long));
    answer.next().await.unwrap().unwrap();
    let first = begun.elapsed();
    let count = answer.collect::<Vec<_>>().await.len();
    assert!(first < Duration::from_millis(500), "{first:?}");
    assert!(begun.elapsed() >= Duration::from_millis(10) * u32::try_from(count).unwrap() / 2);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());

    let word = "lengthy".repeat(60_000);
    let begun = Instant::now();
    Builtin::new().answer(request(&word, Budget::Long)).collect::<Vec<_>>().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
