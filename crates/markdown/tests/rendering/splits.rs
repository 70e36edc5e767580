//! What holds for every text, however it is cut into pieces.

use markdown::{Stream, render};
use proptest::prelude::*;
use protocol::markdown::{Block, Rendered};

/// Text made of what the parser cares about.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => "[a-z灯]{1,6} ",
        4 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        2 => "[ \t]{1,5}",
        2 => prop::sample::select(vec!["- ", "* ", "1. ", "12) ", "> ", "# ", "- [ ] ", "+\t"])
            .prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "```", "~~~", "``", "---\n", "===\n", "***\n", "| a | b |\n|---|---|\n", "| x | y |\n",
            "[a](https://x.y)", "[a]: x\n", "https://x.y/z", "<b>", "<div>\n", "&amp;", "\r\n",
        ]).prop_map(str::to_owned),
        3 => "[*_~`\\[\\]()!<>|\\\\#:]{1,3}",
    ];
    prop::collection::vec(part, 0..120).prop_map(|parts| parts.concat())
}

/// Cuts a text at places, which are taken modulo its length.
fn cut<'a>(text: &'a str, places: &[usize]) -> Vec<&'a str> {
    let mut places: Vec<_> = places
        .iter()
        .map(|place| text.floor_char_boundary(place % (text.len() + 1)))
        .chain([0, text.len()])
        .collect();
    places.sort_unstable();
    places.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

fn streamed<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Block> {
    let mut stream = Stream::new();
    let mut rendered = Rendered::default();
    for piece in pieces {
        for edit in stream.push(piece) {
            rendered.apply(&edit).unwrap();
        }
    }
    for edit in stream.finish() {
        rendered.apply(&edit).unwrap();
    }
    rendered.into_blocks()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_split_gives_what_the_whole_gives(
        text in soup(), places in prop::collection::vec(any::<usize>(), 0..60),
    ) {
        prop_assert_eq!(streamed(cut(&text, &places)), render(&text));
    }

    #[test]
    fn a_character_at_a_time_gives_what_the_whole_gives(text in soup()) {
        prop_assert_eq!(streamed(text.split("").filter(|piece| !piece.is_empty())), render(&text));
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        prop_assert_eq!(streamed([text.as_str()]), render(&text));
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn long_texts_are_the_same_in_pieces(
        parts in prop::collection::vec((soup(), 1_usize..60), 1..6), size in 1_usize..4_000,
    ) {
        let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
        let places: Vec<_> = (0..text.len() / size).map(|index| index * size).collect();
        prop_assert_eq!(streamed(cut(&text, &places)), render(&text));
    }
}
