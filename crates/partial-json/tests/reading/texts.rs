//! Arbitrary JSON texts, in every way of writing them.

use proptest::prelude::*;
use proptest::sample::select;

/// A document of any kind.
pub(crate) fn document() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 40, 5, |inner| prop_oneof![array(inner.clone()), object(inner)])
}

/// A document that is an object with at least one member.
pub(crate) fn object_document() -> impl Strategy<Value = String> {
    object(document())
}

fn array(items: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (prop::collection::vec((items, space()), 0..5), space()).prop_map(|(items, space)| {
        let items: Vec<String> = items.into_iter().map(|(item, s)| format!("{s}{item}")).collect();
        format!("[{}{space}]", items.join(","))
    })
}

fn object(values: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    // Few keys, so that some are named twice.
    let key = prop_oneof![select(vec!["\"title\"".into(), "\"\\u0074itle\"".into()]), string()];
    prop::collection::vec((key, space(), values, space()), 1..5).prop_map(|members| {
        let members: Vec<String> = members
            .into_iter()
            .map(|(key, s, value, end)| format!("{s}{key}{end}:{s}{value}{end}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["null", "true", "false", "{}", "[]", "\"\""]).prop_map(str::to_owned),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
        string(),
    ]
}

fn space() -> impl Strategy<Value = String> {
    "[ \t\r\n]{0,2}"
}

/// A string with its quotes.
pub(crate) fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[^\"\\\\\u{0}-\u{1f}]{1,12}",
        2 => "[a-z ~/{}\\[\\]<>:,`]{1,12}",
        2 => "\\\\[\"\\\\/bfnrt]",
        1 => "\\\\u[0-9a-cA-C][0-9a-fA-F]{3}",
        1 => "\\\\u[dD][89abAB][0-9a-f]{2}\\\\u[dD][c-fC-F][0-9A-F]{2}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| format!("\"{}\"", parts.concat()))
}
