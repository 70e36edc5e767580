//! Peers that run in Node, if there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::sample::Sample;
use super::{row, verdict};

const SCRIPT: &str = include_str!("peers.mjs");
const PACKAGES: [&str; 4] = ["@streamparser/json@0.0.26", "jsonriver@1.1.1", "ai@7", "zod@4"];

/// Prints a row for each, or why there is none.
pub(crate) fn run(sample: &Sample, quadratic: bool, limit: f64) {
    match measure(sample, quadratic) {
        Ok(lines) => {
            for line in lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
                let name = line["name"].as_str().unwrap_or_default();
                let right = verdict(line["right"].as_bool());
                match line["seconds"].as_f64() {
                    Some(seconds) => row(name, seconds, sample.tokens.len(), limit, right),
                    None => println!("{name:52} {:>12}", "not run"),
                }
            }
        }
        Err(reason) => println!("JavaScript peers skipped: {reason}"),
    }
}

fn measure(sample: &Sample, quadratic: bool) -> Result<String, String> {
    let folder = installed()?;
    let (script, input) = (folder.join("peers.mjs"), folder.join("sample.json"));
    let (title, summary) = &sample.answer;
    let text = json!({
        "tokens": sample.tokens, "title": title, "summary": summary, "quadratic": quadratic,
    });
    write(&script, SCRIPT)?;
    write(&input, &text.to_string())?;
    let output = Command::new("node").arg(script).arg(input).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("node: {error}"))?;
    if !output.status.success() {
        return Err(format!("node: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// The folder with the packages, installed once.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-peers");
    let folder = fs::create_dir_all(&folder)
        .and_then(|()| folder.canonicalize())
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    if PACKAGES.iter().all(|package| {
        let name = package.rsplit_once('@').map_or(*package, |(name, _)| name);
        folder.join("node_modules").join(name).exists()
    }) {
        return Ok(folder);
    }
    write(&folder.join("package.json"), "{\"private\": true, \"type\": \"module\"}")?;
    let npm = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
        .args(PACKAGES)
        .current_dir(&folder)
        .stdout(Stdio::null())
        .status();
    match npm {
        Ok(status) if status.success() => Ok(folder),
        Ok(status) => Err(format!("npm: {status}")),
        Err(error) => Err(format!("npm: {error}")),
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
