use proptest::prelude::*;

use super::*;

const HARBOUR: &str = "# The harbour\n\nThe harbour of **Aldermouth** froze in\nJanuary. Fishing boats \
    could not leave for three weeks, and the town sold 1,200 tons of fish from its cold stores. \
    Engineers broke the ice with a borrowed tug. By March the harbour was open again.\n\nThe mayor, \
    Ruth Okafor, called the winter “a long white wall”.";

const CITY: &str = "科技发展改变了城市的生活。地铁每天运送三百万人，自动驾驶的公交车在郊区试运行。\
    专家认为，科技发展也带来了新的问题。城市需要为老年人保留人工服务。";

fn quoted(source: &str, span: Span) -> String {
    source.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect()
}

/// Of each sentence: its places, and whether it was found.
fn told(source: &str, text: &str) -> Vec<(Vec<String>, bool)> {
    let grounded = Source::of(source).ground(text);
    let places = |it: &Grounded| it.places.iter().map(|place| quoted(source, *place)).collect();
    grounded.iter().map(|it| (places(it), it.is_found)).collect()
}

#[test]
fn what_stands_there_word_for_word_has_that_place() {
    let text =
        "The harbour of Aldermouth froze in January. Engineers broke the ice with a borrowed tug.";
    let grounded = Source::of(HARBOUR).ground(text);
    assert!(grounded.iter().all(|it| it.is_verbatim && it.is_found));
    assert_eq!(quoted(text, grounded[1].sentence), "Engineers broke the ice with a borrowed tug.");
    let places: Vec<String> = grounded.iter().map(|it| quoted(HARBOUR, it.places[0])).collect();
    assert_eq!(
        places,
        [
            "The harbour of **Aldermouth** froze in\nJanuary",
            "Engineers broke the ice with a borrowed tug",
        ]
    );
    let [city] = &told(CITY, "专家认为，科技发展也带来了新的问题。")[..] else {
        panic!()
    };
    assert_eq!(*city, (vec!["专家认为，科技发展也带来了新的问题".to_owned()], true));
}

#[test]
fn other_words_for_the_same_are_found_by_what_they_share() {
    let text = "For 3 weeks the fishing boats of the town could not leave. An ice-breaking tug was \
        borrowed by engineers.";
    let told = told(HARBOUR, text);
    assert!(told[0].0[0].starts_with("Fishing boats could not leave"), "{told:?}");
    assert!(told[0].1, "three is 3");
    assert!(told[1].0[0].contains("tug"), "{told:?}");
    let city = self::told(CITY, "郊区正在试运行自动驾驶公交车。");
    assert!(city[0].0[0].contains("郊区试运行") && city[0].1, "{city:?}");
}

#[test]
fn numbers_names_and_quotes_must_be_there() {
    for (sentence, is_found) in [
        ("The town sold 1200 tons of fish from its cold stores.", true),
        ("The town sold 1,300 tons of fish from its cold stores.", false),
        ("The mayor Ruth Okafor called the winter a wall.", true),
        ("The mayor Rita Okafor called the winter a wall.", false),
        ("Okafor called the winter “a long white wall” as mayor.", true),
        ("Okafor called the winter “a short white wall” as mayor.", false),
    ] {
        let told = told(HARBOUR, sentence);
        assert_eq!(told[0].1, is_found, "{sentence} {told:?}");
        assert!(!told[0].0.is_empty(), "{sentence}");
    }
}

#[test]
fn what_is_not_there_has_no_place() {
    let told = told(HARBOUR, "Parliament debated railway subsidies until midnight.");
    assert_eq!(told, [(vec![], false)]);
}

#[test]
fn of_a_translation_and_of_mere_marks_nothing_is_said() {
    assert_eq!(told(CITY, "Technology changes the city."), []);
    assert_eq!(told(HARBOUR, "港口在一月结冰了。 — …"), []);
}

#[test]
fn whole_words_are_meant() {
    assert_eq!(told("The eyes of the storm.", "yes"), [(vec![], false)]);
    assert_eq!(told("No. Yes, sir.", "Yes"), [(vec!["Yes".to_owned()], true)]);
}

proptest! {
    #[test]
    fn spans_lie_in_their_texts(source in "[a-cA-C 1-3.,\n“”钟城。]{0,80}", text in "[a-cA-C 1-3.\n“”钟城。]{0,40}") {
        let (long, short) = (source.chars().count() as u64, text.chars().count() as u64);
        let mut last = 0;
        for it in Source::of(&source).ground(&text) {
            prop_assert!(last <= it.sentence.start && it.sentence.start < it.sentence.end && it.sentence.end <= short);
            last = it.sentence.end;
            prop_assert!(it.places.iter().all(|place| place.start < place.end && place.end <= long));
            prop_assert!(it.places.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
