//! What is shown of what is not there as a whole.

use crate::outline::so_far;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(so_far(text), *expected, "{text:?}");
    }
}

#[test]
fn emphasis_is_shown_from_its_first_character() {
    check(&[
        ("a **", "p(a)"),
        ("a **b", "p(a b(b))"),
        ("a **b c*", "p(a b(b c))"),
        ("a **b** ", "p(a b(b))"),
        ("a *b **c", "p(a i(b b(c)))"),
        ("a ***b", "p(a i(b(b)))"),
        ("a ~~b", "p(a s(b))"),
        ("a `b *c", "p(a c(b *c))"),
        ("a ``b`", "p(a c(b))"),
        ("a **`b", "p(a b(c(b)))"),
        ("a 2 * 3", "p(a 2 * 3)"),
        ("**a\n\nb", "p(**a) p(b)"),
        ("- **a", "ul[p(b(a))]"),
        ("> a\n> **b", "quote[p(a⏎b(b))]"),
        ("# a *b", "h1(a i(b))"),
        ("a\\", "p(a)"),
        ("a\\*b", "p(a*b)"),
    ]);
}

#[test]
fn a_link_shows_its_text_and_no_half_address() {
    check(&[
        ("a [", "p(a)"),
        ("a [b", "p(a a<>(b))"),
        ("a [b]", "p(a a<>(b))"),
        ("a [b](", "p(a a<>(b))"),
        ("a [b](https://x.y/(z)", "p(a a<>(b))"),
        ("a [b](https://x.y/(z))", "p(a a<https://x.y/(z)>(b))"),
        ("a [b] c", "p(a [b] c)"),
        ("a [**b", "p(a a<>(b(b)))"),
        ("**[b](htt", "p(b(a<>(b)))"),
        ("a ![b](htt", "p(a a<>(b))"),
        ("a https://x.y", "p(a https://x.y)"),
        ("a https://x.y.", "p(a https://x.y.)"),
        ("a https://x.y. b", "p(a a<https://x.y>(https://x.y). b)"),
    ]);
}

#[test]
fn code_is_code_at_once_and_its_language_is_whole() {
    check(&[
        ("a\n\n``", "p(a)"),
        ("a\n\n```", "p(a)"),
        ("```ru", "code:(\"\")"),
        ("```rust\n", "code:rust(\"\")"),
        ("```rust\na\n``", "code:rust(\"a\\n\")"),
        ("```rust\na\n```", "code:rust(\"a\\n\")"),
        ("```rust\n**a", "code:rust(\"**a\")"),
    ]);
}

#[test]
fn a_marker_at_the_beginning_of_a_line_waits_for_what_it_becomes() {
    check(&[
        ("a\n-", "p(a)"),
        ("a\n- ", "p(a)"),
        ("a\n- b", "p(a) ul[p(b)]"),
        ("a\n---", "p(a)"),
        ("a\n---\n", "h2(a)"),
        ("- a\n2", "ul[p(a)]"),
        ("1. a\n2.", "ol1[p(a)]"),
        ("1. a\n2. b", "ol1[p(a), p(b)]"),
        ("#", ""),
        ("# a", "h1(a)"),
        ("> ", ""),
    ]);
}

#[test]
fn a_table_is_a_paragraph_until_its_delimiter_row_has_come() {
    check(&[
        ("| a | b |", "p(| a | b |)"),
        ("| a | b |\n|--", "p(| a | b |)"),
        ("| a | b |\n|---|---|\n", "table:--[a|b]"),
        ("| a | b |\n|---|---|\n| **1", "table:--[a|b/b(1)]"),
        ("| a | b |\n|---|---|\n| 1 | `2", "table:--[a|b/1|c(2)]"),
    ]);
}
