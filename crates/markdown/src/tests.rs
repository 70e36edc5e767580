//! Cutting a text must not change what it is rendered as.

use proptest::prelude::*;
use protocol::markdown::{Block, Children};

use crate::{
    builder::Extent,
    parse::{parse, without_definitions},
    render,
};

/// What the parser makes of the whole text at once.
fn uncut(text: &str) -> Vec<Block> {
    let text = without_definitions(text);
    let extent = Extent { opening: 0, open: &[], end: text.len(), may_go_on: false };
    match parse(&text, extent).levels.0.remove(0) {
        Children::Blocks(blocks) => blocks,
        other => panic!("a document has blocks: {other:?}"),
    }
}

fn inline() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            6 => "[a-z灯]{1,8}",
            1 => "\\*\\*[a-z ]{1,9}[a-z]\\*\\*".prop_map(|text| text.replace("** ", "**")),
            1 => "`[a-z]{1,9}`",
            1 => Just("[a](https://x.y)".to_owned()),
        ],
        1..12,
    )
    .prop_map(|words| words.join(" "))
}

fn block() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => prop::collection::vec(inline(), 1..4).prop_map(|lines| lines.join("\n") + "\n"),
        1 => inline().prop_map(|text| format!("## {text}\n")),
        1 => prop::collection::vec("[ a-z{};#>-]{0,40}", 0..12)
            .prop_map(|lines| format!("```rust\n{}\n```\n", lines.join("\n"))),
        1 => prop::collection::vec((inline(), inline()), 0..8).prop_map(|rows| {
            let rows: String = rows.iter().map(|(a, b)| format!("| {a} | {b} |\n")).collect();
            format!("| a | b |\n|---|--:|\n{rows}")
        }),
        1 => Just("---\n".to_owned()),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        let blocks = prop::collection::vec(inner, 1..5);
        prop_oneof![
            blocks.clone().prop_map(|blocks| indented(&blocks.join("\n"), "> ", "> ")),
            (prop::collection::vec(blocks.clone(), 1..6), any::<bool>()).prop_map(
                |(items, loose)| {
                    let items = items.iter().map(|blocks| indented(&blocks.join("\n"), "- ", "  "));
                    items.collect::<Vec<_>>().join(if loose { "\n" } else { "" })
                }
            ),
            prop::collection::vec(blocks, 1..6).prop_map(|items| {
                let items = items.iter().enumerate().map(|(index, blocks)| {
                    let marker = format!("{}. ", index + 8);
                    indented(&blocks.join("\n"), &marker, &" ".repeat(marker.len()))
                });
                items.collect()
            }),
        ]
    })
}

fn indented(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(at, line)| format!("{}{line}\n", if at == 0 { first } else { others })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn cuts_do_not_show(blocks in prop::collection::vec(block(), 1..8)) {
        let text = blocks.join("\n");
        prop_assert_eq!(render(&text), uncut(&text), "{}", text);
    }
}
