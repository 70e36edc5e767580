//! What is chosen of a text that is too long.

use proptest::prelude::*;
use protocol::Span;
use reading::{estimate_tokens, excerpt, passages};

/// A long report, of whose sections one is about eels.
fn report() -> String {
    let mut text = String::from("Report on the harbour of Aldermouth.\n\n");
    for number in 0..400 {
        text.push_str(&format!(
            "Section {number}. The council met and spoke about roads, roofs and the budget of the \
             town. Nothing was decided, as on the day before.\n\n"
        ));
        if number == 317 {
            text.push_str(
                "Eels came back to the river in the ninth year, 新年, said the warden.\n\n",
            );
        }
    }
    text
}

fn slice(text: &str, span: Span) -> String {
    text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect()
}

#[test]
fn what_the_question_is_about_is_found_and_fits() {
    let text = report();
    let chosen = passages(&text, "When did the eels return?", 500);
    let excerpt = excerpt(&text, &chosen);
    assert!(excerpt.contains("Eels came back"), "{excerpt}");
    assert!(excerpt.starts_with("Report on the harbour"), "{excerpt}");
    assert!(estimate_tokens(&excerpt) <= 500);
    assert!(chosen.iter().any(|span| slice(&text, *span).contains("Eels came back")));
}

#[test]
fn a_text_that_fits_goes_along_as_a_whole() {
    let text = "新 A short text.";
    assert_eq!(passages(text, "Why?", 100), [Span { start: 0, end: 15 }]);
    assert_eq!(excerpt(text, &passages(text, "Why?", 100)), text);
}

#[test]
fn a_question_without_telling_words_gets_the_beginning() {
    let text = report();
    let excerpt = excerpt(&text, &passages(&text, "What is it about?", 800));
    assert!(excerpt.starts_with("Report on the harbour"), "{excerpt}");
    assert!(estimate_tokens(&excerpt) > 100, "{excerpt}");
}

proptest! {
    #[test]
    fn passages_are_in_order_and_fit(
        words in proptest::collection::vec("[a-z新年]{1,9}[ .\n]{0,2}", 0..400),
        question in "[a-z ]{0,30}",
        budget in 0..600_usize,
    ) {
        let text = words.concat();
        let chosen = passages(&text, &question, budget);
        let all = text.chars().count() as u64;
        prop_assert!(chosen.iter().all(|span| span.start <= span.end && span.end <= all));
        prop_assert!(chosen.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(estimate_tokens(&excerpt(&text, &chosen)) <= budget.max(1));
        let slices: Vec<String> = chosen.iter().map(|span| slice(&text, *span)).collect();
        prop_assert_eq!(excerpt(&text, &chosen), slices.join("\n\n[…]\n\n"));
    }
}
