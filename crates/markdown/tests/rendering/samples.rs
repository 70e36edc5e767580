//! CommonMark and GFM, and what this renderer leaves out.

use crate::outline::rendered;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(rendered(text), *expected, "{text:?}");
    }
}

#[test]
fn blocks() {
    check(&[
        ("", ""),
        (" \n\n", ""),
        ("one\ntwo\n\nthree", "p(one⏎two) p(three)"),
        ("one  \ntwo\\\nthree", "p(onebrtwobrthree)"),
        ("# One\n## Two ##\n####### seven", "h1(One) h2(Two) p(####### seven)"),
        ("One\n===\nTwo\n---", "h1(One) h2(Two)"),
        ("one\n***\ntwo\n- - -", "p(one) rule p(two) rule"),
        ("> one\ntwo\n>\n> > three", "quote[p(one⏎two) quote[p(three)]]"),
        ("```rust ignore\nfn a() {}\n\n```\nb", "code:rust(\"fn a() {}\\n\\n\") p(b)"),
        ("~~~\n```\n~~~", "code:(\"```\\n\")"),
        ("    one\n\n    two\n", "code:(\"one\\n\\ntwo\\n\")"),
        ("\ttab\n", "code:(\"tab\\n\")"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("- a\n- b\n", "ul[p(a), p(b)]"),
        ("- a\n\n- b\n", "ul[p(a), p(b)]"),
        ("- a\n* b\n+ c", "ul[p(a)] ul[p(b)] ul[p(c)]"),
        ("3. a\n4. b\n4) c", "ol3[p(a), p(b)] ol4[p(c)]"),
        ("- a\n  - b\n    1. c\n- d", "ul[p(a) ul[p(b) ol1[p(c)]], p(d)]"),
        ("1. a\n\n   b\n\n   ```sh\n   c\n   ```\n2. d", "ol1[p(a) p(b) code:sh(\"c\\n\"), p(d)]"),
        ("- a\nlazy\n\nb", "ul[p(a⏎lazy)] p(b)"),
        ("- [ ] a\n- [x] b\n- [y] c", "ul[o p(a), x p(b), p([y] c)]"),
        ("- > a\n  > b\n-\n- # c", "ul[quote[p(a⏎b)], , h1(c)]"),
        ("text\n2. no list", "p(text⏎2. no list)"),
    ]);
}

#[test]
fn tables() {
    check(&[
        (
            "| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | **2** | `3|` | x \\| y |\n| 4 |\n\nend",
            "table:-lcr[a|b|c|d/1|b(2)|`3|`/4] p(end)",
        ),
        ("a | b\n--|--\n", "table:--[a|b]"),
        ("text\n\n> | a |\n> |---|\n> | b |\n", "p(text) quote[table:-[a/b]]"),
        ("- | a |\n  |---|\n  | b |\n- c", "ul[table:-[a/b], p(c)]"),
        ("| a | b |\nno table", "p(| a | b |⏎no table)"),
    ]);
}

#[test]
fn inlines() {
    check(&[
        ("*a* _b_ **c** __d__ ***e*** ~~f~~", "p(i(a) i(b) b(c) b(d) i(b(e)) s(f))"),
        ("snake_case_name 2 * 3 * 4", "p(snake_case_name 2 * 3 * 4)"),
        ("`a *b*` ``c`d``", "p(c(a *b*) c(c`d))"),
        ("\\*a\\* &amp; &lt;b&gt;", "p(*a* & <b>)"),
        ("**粗体**，*强调*", "p(b(粗体)，i(强调))"),
    ]);
}

#[test]
fn links_lead_to_web_pages_and_mailboxes_only() {
    check(&[
        ("[a](https://x.y/z \"title\")", "p(a<https://x.y/z>(a))"),
        (
            "[a](HTTP://x.y) <https://x.y> <me@x.y>",
            "p(a<HTTP://x.y>(a) a<https://x.y>(https://x.y) a<mailto:me@x.y>(me@x.y))",
        ),
        ("[a](javascript:alert(1)) [b](/path) [c](data:text/html,x) [d]()", "p(a b c d)"),
        ("[a](java\nscript:x) <javascript:x>", "p([a](java⏎script:x) javascript:x)"),
        (
            "![alt](https://x.y/z.png) ![b](data:image/png;base64,x)",
            "p(a<https://x.y/z.png>(alt) b)",
        ),
        ("[![alt](https://x.y/z.png)](https://x.y)", "p(a<https://x.y>(alt))"),
        (
            "See https://x.y/a_b_c(d)?e=f, (http://x.y/) and **https://x.y.**",
            "p(See a<https://x.y/a_b_c(d)?e=f>(https://x.y/a_b_c(d)?e=f), \
             (a<http://x.y/>(http://x.y/)) and b(a<https://x.y>(https://x.y).))",
        ),
        ("见https://x.y/路。`https://x.y`", "p(见https://x.y/路。c(https://x.y))"),
        (
            "见 https://x.y/路。xhttps://x.y https://",
            "p(见 a<https://x.y/路>(https://x.y/路)。xhttps://x.y https://)",
        ),
    ]);
}

#[test]
fn html_is_text() {
    check(&[
        ("a <b>c</b> <!-- d -->", "p(a <b>c</b> <!-- d -->)"),
        ("<script>\nalert(1)\n</script>\n\nb", "p(<script>bralert(1)br</script>) p(b)"),
        ("<img src=x onerror=alert(1)>", "p(<img src=x onerror=alert(1)>)"),
    ]);
}

#[test]
fn definitions_and_footnotes_are_text() {
    check(&[
        ("[a][1]\n\n[1]: https://x.y\n", "p([a][1]) p([1]: a<https://x.y>(https://x.y))"),
        ("[a]: x\n\n[a]: y\n\n[a]", "p([a]: x) p([a]: y) p([a])"),
        ("a[^1]\n\n[^1]: b", "p(a[^1]) p([^1]: b)"),
        ("- [a]: x\n\n  [a]", "ul[p([a]: x) p([a])]"),
    ]);
}
