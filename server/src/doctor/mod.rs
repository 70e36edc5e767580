//! Whether the providers answer, and what to do where they don't: for the command `unspool doctor`
//! and for the page `/settings`. [`checks`] asks, and says what it has found as facts
//! ([`finding`]), which [`words`] puts into a language.

mod checks;
pub(crate) mod command;
mod examinations;
mod finding;
mod words;

use std::fmt::Write as _;

pub(crate) use examinations::{Examinations, Look};
use finding::Finding;
use llm::{PRESETS, Provider};
use protocol::{Check, ConnectLine, Examination, KeyHint};
pub(crate) use words::Language;

/// A provider of which nothing has been found.
pub(crate) fn unexamined(provider: &dyn Provider) -> Examination {
    examination(provider, &[], false, Language::default())
}

/// A provider with what was found of it so far.
fn examination(
    provider: &dyn Provider,
    findings: &[Finding],
    done: bool,
    language: Language,
) -> Examination {
    let place = provider.place();
    let key = place.filter(|place| place.has_key);
    Examination {
        provider: provider.name().to_owned(),
        kind: place.map_or("builtin", |place| &place.kind).to_owned(),
        model: provider.model().to_owned(),
        base_url: place.map(|place| place.base_url.clone()),
        host: place.map(|place| place.host.clone()),
        key: key
            .map(|place| KeyHint { end: place.key_end.clone(), set_by: place.set_by.key.clone() }),
        set_by: place.map(|place| place.set_by.address.clone()),
        checks: findings.iter().map(|finding| check(finding, language)).collect(),
        done,
    }
}

fn check(finding: &Finding, language: Language) -> Check {
    let words = language.words(finding);
    Check {
        name: finding.row().name().to_owned(),
        state: finding.state(),
        sentence: words.sentence,
        detail: words.detail,
        remedy: words.remedy,
        line: words.line,
    }
}

/// How to start the server with each of the well-known providers.
pub(crate) fn connect_lines() -> Vec<ConnectLine> {
    let line = |preset: &llm::Preset| {
        let mut line = String::new();
        match preset.key_env {
            Some(variable) => {
                let _ = write!(line, "{variable}=YOUR-KEY unspool --provider {}", preset.name);
            }
            None => {
                let _ = write!(line, "unspool --provider {}", preset.name);
            }
        }
        ConnectLine { name: preset.name.to_owned(), line }
    };
    PRESETS.iter().map(line).collect()
}
