//! The builtin provider with what people paste.

#![expect(clippy::unwrap_used, reason = "what is wrong here is a failed test")]

use futures::StreamExt;
use llm::{Budget, Builtin, Delta, Provider, Request};
use serde_json::json;

const NEWS: &str = include_str!("texts/news.txt");
const README: &str = include_str!("texts/readme.md");
const STORY: &str = include_str!("texts/story.txt");

/// Title, summary, and how much was read.
async fn answer(input: &str) -> (String, String, u64) {
    let schema = json!({
        "properties": {"title": {"type": "string"}, "summary": {"type": "string"}},
        "required": ["title", "summary"],
    });
    let request = Request::document(String::new(), input.to_owned(), schema);
    let request = Request { budget: Budget::Long, ..request };
    let deltas: Vec<_> = Builtin::unpaced().answer(request).collect().await;
    let (mut text, mut read) = (String::new(), 0);
    for delta in deltas {
        match delta.unwrap() {
            Delta::Text(piece) => text.push_str(&piece),
            Delta::Read(chars) => read = chars,
            _ => {}
        }
    }
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    let text = |name: &str| object[name].as_str().unwrap().to_owned();
    (text("title"), text("summary"), read)
}

fn none_of(text: &str, signs: &[&str]) {
    for sign in signs {
        assert!(!text.contains(sign), "{sign}: {text}");
    }
}

#[tokio::test]
async fn subtitles_are_read_as_what_is_said() {
    let words: Vec<&str> = NEWS.split_whitespace().collect();
    let mut srt = String::new();
    for (at, words) in words.chunks(9).enumerate() {
        let time = |seconds: usize| format!("00:{:02}:{:02},000", seconds / 60, seconds % 60);
        let text = words.join(" ");
        srt.push_str(&format!("{}\n{} --> {}\n{text}\n\n", at + 1, time(3 * at), time(3 * at + 2)));
    }
    let vtt = format!("WEBVTT\n\n{}", srt.replace(",000", ".000"));
    for text in [srt, vtt] {
        let (title, summary, _) = answer(&text).await;
        none_of(&format!("{title} {summary}"), &["-->", "00:", "WEBVTT"]);
        assert!(title.to_lowercase().contains("river"), "{title}");
    }
}

#[tokio::test]
async fn the_source_of_a_page_is_read_as_its_text() {
    let paragraphs: String =
        NEWS.split("\n\n").map(|part| format!("<p class=\"x\">{part}</p>\n")).collect();
    let page = format!(
        "<!DOCTYPE html><html><head><title>Site</title><style>p {{ color: red }}</style></head>\
         <body><nav>Home About</nav><script>let a = 1;</script><h1>A river comes back</h1>\
         {paragraphs}<footer>All rights reserved.</footer></body></html>"
    );
    let (title, summary, _) = answer(&page).await;
    assert_eq!(title, "A river comes back");
    none_of(&summary, &["<", ">", "color", "let a", "Home About", "All rights", "&"]);
}

#[tokio::test]
async fn code_without_fences_is_left_out() {
    let code = ".ollama-message {\n  background-color: #f0f0f0;\n  padding: 1em;\n}\n\n\
                const client = new Client({ url });\nawait client.send(\"hello\");\n\n\
                def main(*args):\n    print(args)\n    return 0\n";
    let (before, after) = NEWS.split_once("\n\n").unwrap();
    for text in [format!("{code}\n{NEWS}"), format!("{before}\n\n{code}\n{after}")] {
        let (title, summary, _) = answer(&text).await;
        let told = format!("{title} {summary}");
        none_of(&told, &["background", "{", "client", "print(", "return 0"]);
        assert!(title.to_lowercase().contains("river"), "{title}");
    }
}

#[tokio::test]
async fn names_stay_as_they_are() {
    let text = "Each class has a method `__init__` that takes *args and **kwargs as they come. The \
                method __init__ is called when an object of the class is made. A name such as \
                snake_case_name or __name__ is never emphasised by a class. The *class* itself is \
                an object, too, and so its method __init__ may be replaced.";
    let (_, summary, _) = answer(text).await;
    assert!(summary.contains("__init__"), "{summary}");
    none_of(&summary, &[" init", "`", "*class*"]);
    if summary.contains("kwargs") {
        assert!(summary.contains("*args and **kwargs"), "{summary}");
    }
}

#[tokio::test]
async fn data_is_left_out() {
    let data = "iVBORw0KGgoAAAANSUhEUgAAAAUA".repeat(40);
    let picture = format!("![chart](data:image/png;base64,{data})");
    let text = NEWS.replacen("\n\n", &format!("\n\n{picture} {picture}\n\n{data}\n\n"), 1);
    let (title, summary, _) = answer(&text).await;
    none_of(&format!("{title} {summary}"), &["data:", "iVBOR", "base64"]);
    assert!(title.to_lowercase().contains("river"), "{title}");
}

#[tokio::test]
async fn a_mail_is_read_without_what_it_answers_to() {
    let mail = format!(
        "From: Nora Lind <nora@example.org>\nTo: Bo\nDate: Mon, 2 Nov 2026\n\
         Subject: Re: The river under Halden\n\n{NEWS}\n\nBest wishes,\nNora\n\n\
         On Monday, Bo Ek wrote:\n> Could you tell me of the bakery and its ovens?\n> The bakery is old.\n\n\
         This e-mail may contain confidential information and is intended only for the intended \
         recipient of this message.\n\n-- \nNora Lind | Halden Courier\n"
    );
    let (title, summary, _) = answer(&mail).await;
    assert_eq!(title, "The river under Halden");
    none_of(&summary, &["bakery", "confidential", "Courier", "@", "wrote:", "From:"]);
}

#[tokio::test]
async fn a_readme_is_called_by_its_heading() {
    let (title, _, _) = answer(README).await;
    assert!(title.starts_with("tidepool"), "{title}");
    let text = README.replace("**tidepool** is a job queue that", "It is a queue which");
    assert_eq!(answer(&text).await.0, "tidepool");
}

#[tokio::test]
async fn a_title_is_not_the_beginning_of_the_summary() {
    let texts = [
        NEWS,
        STORY,
        include_str!("texts/essay.txt"),
        include_str!("texts/news_zh.txt"),
        include_str!("texts/essay_zh.txt"),
        include_str!("texts/story_zh.txt"),
    ];
    for text in texts {
        let (title, summary, _) = answer(text).await;
        assert!(!summary.to_lowercase().starts_with(&title.to_lowercase()), "{title}: {summary}");
    }
}

#[tokio::test]
async fn all_of_a_long_text_is_read() {
    let mut text = String::new();
    for number in 0..32_000 {
        // What it is about is in its middle, where a sample of its beginning and end is not.
        if (14_000..24_000).contains(&number) {
            text.push_str(&format!("The keeper of light {number} saw how the ships passed it. "));
        } else {
            text.push_str(&format!("Nothing was written on day {number}. "));
        }
    }
    let (title, summary, read) = answer(&text).await;
    assert!(text.len() > 1_000_000);
    assert_eq!(read, text.chars().count() as u64);
    assert!(summary.contains("keeper of light"), "{title}: {summary}");
}
