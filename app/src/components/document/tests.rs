//! The server's rendering of documents.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{Language, Snapshot, Status};
use serde_json::{Value, json};

use super::DocumentView;
use crate::{
    components::Announcer,
    generation_view::GenerationView,
    messages::{Locale, UiLanguage},
    test_owner::with_owner,
};

/// What can be read on the page: the text of each element, and the classes that tell what it is.
fn rendered(snapshot: Snapshot, ui_language: UiLanguage) -> String {
    let mut html = String::new();
    with_owner(|| {
        provide_context(Locale(RwSignal::new(ui_language)));
        provide_context(Announcer::new());
        let run = GenerationView::of(&Arc::new(snapshot));
        html = view! { <DocumentView run language=Language::Auto/> }.to_html();
    });
    html
}

fn snapshot(document: Value, completed: &[&str], status: Status) -> Snapshot {
    Snapshot {
        document: document.into(),
        completed: completed.iter().map(|path| (*path).to_owned()).collect(),
        shape: "own".to_owned(),
        status,
        cursor: 9,
        ..Snapshot::default()
    }
}

/// The texts between the tags, without comments and empty ones, and without the title's byline, which
/// is no part of the document.
fn texts(html: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let (before, byline) = html.split_once("<details class=\"byline\"").unwrap_or((html, ""));
    let after = byline.split_once("</details>").map_or("", |(_, after)| after);
    let html = &format!("{before}{after}");
    for piece in html.split('<').skip(1) {
        let text = piece.split_once('>').map_or("", |(_, text)| text);
        if !text.trim().is_empty() {
            texts.push(text.to_owned());
        }
    }
    texts
}

#[test]
fn a_document_of_another_shape_is_rendered_with_the_names_of_its_fields() {
    let document = json!({
        "title": "The harbour board",
        "attendees": ["Ada", "Grace <b>"],
        "decisions": [],
        "action_items": [{"what": "Oil it", "who": "Ada", "when": null}],
        "votesFor": 12,
        "is_public": true,
    });
    let paths = ["/title", "/attendees", "/decisions", "/action_items", "/votesFor", "/is_public"];
    let html = rendered(snapshot(document, &paths, Status::Completed), UiLanguage::English);
    assert_eq!(
        texts(&html),
        [
            "Title",
            "The harbour board",
            "Attendees",
            "Ada",
            "Grace &lt;b&gt;",
            "Decisions",
            "None found",
            "Action items",
            "What",
            "Oil it",
            "Who",
            "Ada",
            "When",
            "–",
            "Votes for",
            "12",
            "Is public",
            "Yes",
        ]
        .map(str::to_owned),
        "{html}",
    );
    assert_eq!(html.matches("<li>").count(), 3, "{html}");
    assert_eq!(html.matches("<dl class=\"object\">").count(), 1, "{html}");
    assert_eq!(html.matches("<dl class=\"field value\">").count(), 2, "{html}");
}

#[test]
fn what_was_cut_short_says_so_and_the_caret_is_in_the_item_that_is_written() {
    let document = || json!({"title": "T", "points": ["whole", "cut sh"]});
    let html = rendered(
        snapshot(document(), &["/title", "/points/0"], Status::Stopped),
        UiLanguage::Chinese,
    );
    let partial = UiLanguage::Chinese.messages().is_partial;
    assert_eq!(texts(&html).iter().filter(|text| *text == partial).count(), 2, "{html}");
    assert_eq!(texts(&html).last().map(String::as_str), Some(partial), "the last item: {html}");

    let html = rendered(
        snapshot(document(), &["/title", "/points/0"], Status::Running),
        UiLanguage::English,
    );
    let busy: Vec<_> = html.match_indices("aria-busy=\"true\"").collect();
    assert_eq!(busy.len(), 1, "{html}");
    assert!(html[busy[0].0..].contains("cut sh"), "{html}");
}

#[test]
fn the_default_shape_is_a_title_and_a_text_from_the_beginning() {
    let empty = Snapshot { shape: "summary".to_owned(), ..Snapshot::default() };
    let html = rendered(empty, UiLanguage::English);
    assert_eq!(texts(&html), ["Title", "Summary"].map(str::to_owned), "{html}");
    assert_eq!(html.matches("waiting\"").count(), 2, "{html}");
    for field in ["title", "summary"] {
        assert!(html.contains(&format!("data-testid=\"{field}\"")), "{html}");
    }
}
