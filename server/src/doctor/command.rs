//! `unspool doctor`

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use llm::Provider;
use protocol::{Check, CheckState, Examination};
use serde::Serialize;

use super::{Finding, Language, checks, connect_lines, examination};
use crate::{
    config::{BadSetting, DoctorConfig},
    logging::{self, Output},
    providers::{self, NoProvider},
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    passed: bool,
    providers: Vec<Examination>,
}

/// Checks the providers and prints what was found. It succeeds when no check has failed.
pub(crate) async fn run(config: &DoctorConfig, log: &Output) -> ExitCode {
    logging::begin("error", log);
    match examine_all(config).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            log.say(&error);
            ExitCode::from(2)
        }
    }
}

/// Says whether everything is in order.
async fn examine_all(config: &DoctorConfig) -> Result<bool, NoProvider> {
    let chosen = config.provider_config().map_err(|bad| BadSetting::new("PROVIDER", bad))?;
    let connected = providers::connect(&chosen).await?;
    let named = config.provider.as_ref().filter(|_| config.connection.providers.is_some());
    let asked: Vec<_> = match named {
        Some(name) => vec![connected.named(name).cloned().ok_or_else(|| {
            let known = connected.all().map(|provider| provider.name()).collect::<Vec<_>>();
            NoProvider::Unlisted { name: name.clone(), known: known.join(", ") }
        })?],
        None => connected.all().cloned().collect(),
    };
    let assumed = u64::from(config.context_tokens.unwrap_or(engine::CONTEXT_TOKENS));
    let mut report = Report { passed: true, providers: Vec::new() };
    for provider in asked {
        let examined = examine(&provider, assumed, config.json).await;
        let is_right =
            |check: &Check| matches!(check.state, CheckState::Passed | CheckState::Noted);
        report.passed &= examined.checks.iter().all(is_right);
        report.providers.push(examined);
    }
    if config.json {
        let json = serde_json::to_string_pretty(&report).unwrap_or_default();
        say(&format!("{json}\n"));
    }
    Ok(report.passed)
}

/// Checks one provider, and prints each finding as it comes unless all are printed as JSON later.
async fn examine(provider: &Arc<dyn Provider>, assumed: u64, is_quiet: bool) -> Examination {
    let english = Language::English;
    let mut findings: Vec<Finding> = Vec::new();
    if !is_quiet {
        say(&head(&examination(&**provider, &[], false, english)));
    }
    checks::examine(&**provider, assumed, |finding| {
        if !is_quiet {
            say(&lines(&super::check(&finding, english)));
        }
        findings.push(finding);
    })
    .await;
    if !is_quiet && provider.place().is_none() {
        say("\nTo connect a model:\n");
        connect_lines().iter().for_each(|preset| say(&format!("  {}\n", preset.line)));
    }
    examination(&**provider, &findings, true, english)
}

fn head(examined: &Examination) -> String {
    let Examination { provider, kind, model, base_url, key, set_by, .. } = examined;
    let name = if provider == kind { provider.clone() } else { format!("{provider} ({kind})") };
    let mut head = format!("{name} · {model}\n");
    if let (Some(base_url), Some(set_by)) = (base_url, set_by) {
        let key = match key {
            Some(key) => {
                let end = key.end.as_deref().unwrap_or_default();
                format!("key …{end} from {}", key.set_by)
            }
            None => "no key".to_owned(),
        };
        head.push_str(&format!("{base_url} · {key} · address from {set_by}\n"));
    }
    head
}

fn lines(check: &Check) -> String {
    let mark = match check.state {
        CheckState::Passed => '✓',
        CheckState::Noted => '!',
        CheckState::Failed => '×',
        CheckState::NotTried => '–',
    };
    let mut lines = format!("  {mark} {}", check.sentence);
    if !check.detail.is_empty() {
        lines.push_str(&format!(": {}", check.detail));
    }
    lines.push('\n');
    for more in check.remedy.iter().chain(&check.line) {
        lines.push_str(&format!("      {more}\n"));
    }
    lines
}

/// Prints for whoever reads along. A pager that is closed early is no failure.
fn say(text: &str) {
    let mut stdout = io::stdout();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}
