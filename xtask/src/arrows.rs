use crate::{process, wasm, workspace::Workspace};
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// Which crates of the workspace each of them may depend on. A new dependency is a design decision:
/// change this table together with ARCHITECTURE.md.
const ARROWS: [(&str, &[&str]); 14] = [
    ("app", &["protocol"]),
    ("bench", &["llm", "markdown", "partial-json", "protocol", "test-support", "server", "store"]),
    ("engine", &["llm", "partial-json", "protocol", "reading", "store"]),
    ("frontend", &["app"]),
    ("llm", &[]),
    ("markdown", &["protocol"]),
    ("markdown-page", &["app", "protocol"]),
    ("partial-json", &[]),
    ("protocol", &[]),
    ("reading", &["llm", "protocol"]),
    ("test-support", &[]),
    ("server", &["app", "engine", "llm", "markdown", "protocol", "store"]),
    ("store", &["protocol"]),
    ("xtask", &[]),
];

/// Crates that must not be compiled into the page.
const NOT_IN_THE_PAGE: [&str; 10] = [
    "axum",
    "hyper",
    "leptos_axum",
    "libsqlite3-sys",
    "mio",
    "pulldown-cmark",
    "reqwest",
    "rusqlite",
    "sqlx",
    "tokio",
];
/// Crates that the engine must not depend on, directly or not, as it knows no HTTP server and no page.
const NOT_IN_THE_ENGINE: [&str; 4] = ["axum", "axum-core", "hyper/server", "leptos"];
/// Crates that a crate without I/O must not depend on, directly or not.
const NOT_IN_PURE_CRATES: [&str; 5] = ["hyper", "mio", "reqwest", "rusqlite", "tokio"];

/// Fails when a crate depends on something that the design forbids.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut wrong = workspace.packages.iter().flat_map(direct).collect::<Vec<_>>();
    wrong.extend(reach(workspace, "frontend", Some(wasm::TARGET), &NOT_IN_THE_PAGE)?);
    wrong.extend(reach(workspace, "engine", None, &NOT_IN_THE_ENGINE)?);
    for pure in ["markdown", "partial-json", "protocol"] {
        wrong.extend(reach(workspace, pure, None, &NOT_IN_PURE_CRATES)?);
    }
    if !wrong.is_empty() {
        bail!("arrows that the design does not have:\n  {}", wrong.join("\n  "));
    }
    println!("{} crates, every arrow as designed", workspace.packages.len());
    Ok(())
}

/// Dependencies between members that are not in the table. Those of tests are not checked.
fn direct(package: &serde_json::Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = ARROWS.iter().find(|(member, _)| *member == name) else {
        return vec![format!("{name} is not in the table of xtask/src/arrows.rs")];
    };
    let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    dependencies
        .iter()
        .filter(|dependency| dependency["path"].is_string() && dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|used| !allowed.contains(used))
        .map(|used| format!("{name} → {used}"))
        .collect()
}

/// The forbidden crates that a member depends on, directly or not.
fn reach(
    workspace: &Workspace,
    package: &str,
    target: Option<&str>,
    forbidden: &[&str],
) -> Result<Vec<String>> {
    let mut tree = workspace.cargo();
    tree.args(["tree", "--package", package, "--prefix", "none", "--format", "{p}|{f}"]);
    tree.args(["--edges", "normal,no-proc-macro"]);
    if let Some(target) = target {
        tree.args(["--target", target]);
    }
    let listed = process::output(&mut tree)?;
    Ok(among(&listed, forbidden).into_iter().map(|used| format!("{package} ⇢ {used}")).collect())
}

/// Which of the forbidden crates (`crate`) and features (`crate/feature`) are in a listing.
fn among<'a>(listed: &str, forbidden: &[&'a str]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for line in listed.lines() {
        let (package, features) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        found.extend(forbidden.iter().filter(|forbidden| match forbidden.split_once('/') {
            Some((of, feature)) => of == name && features.split(',').any(|on| on == feature),
            None => **forbidden == name,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_arrow_off_the_table_is_named_and_one_of_a_test_is_not() {
        let package = json!({"name": "llm", "dependencies": [
            {"name": "protocol", "path": "/p", "kind": null},
            {"name": "engine", "path": "/e", "kind": "dev"},
            {"name": "serde", "kind": null},
        ]});
        assert_eq!(direct(&package), ["llm → protocol"]);
    }

    #[test]
    fn a_forbidden_crate_is_found_by_its_whole_name_and_a_feature_within_its_crate() {
        let listed =
            "page v0.1.0 (/x)|server\ntokio-stream v0.1|\ntokio v1.0.0|rt,time\nhyper v1|client";
        let forbidden = ["tokio", "axum", "tokio/time", "hyper/server"];
        assert_eq!(among(listed, &forbidden), BTreeSet::from(["tokio", "tokio/time"]));
    }
}
