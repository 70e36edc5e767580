//! How good the built-in engine's summaries are, and the evidence that is found by words alone: both
//! beside what people wrote and marked in 250 papers (ACLSum, MIT).

mod corpus;
mod evidence;
mod rouge;

use std::path::Path;

use anyhow::{Context, Result};
use futures::StreamExt;
use llm::{Budget, Builtin, Delta, Provider, Request};
use serde_json::{Value, json};

use corpus::Paper;
use evidence::Agreement;
use rouge::Rouge;

/// Sentences of the beginning that a summary is compared with: a plain rule that is hard to beat.
const LEAD: usize = 3;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let folder = arguments.first().context("which folder holds the papers?")?;
    let papers = corpus::read(Path::new(folder))?;
    let runtime = tokio::runtime::Runtime::new()?;
    println!("{} papers\n", papers.len());
    println!("| summary | ROUGE-1 | ROUGE-2 |\n|---|---|---|");
    let lead = |paper: &Paper| paper.sentences().take(LEAD).collect::<Vec<_>>().join(" ");
    row(&format!("lead-{LEAD}"), &papers, lead);
    for (name, budget) in
        [("short", Budget::Short), ("medium", Budget::Medium), ("long", Budget::Long)]
    {
        let written = |paper: &Paper| runtime.block_on(summary(paper.text(), budget));
        row(&format!("built-in, {name}"), &papers, written);
    }
    println!("\n| evidence by words | precision | recall | found |\n|---|---|---|---|");
    let agreement: Agreement = papers.iter().flat_map(evidence::of).sum();
    println!("| of human summaries | {agreement} |");
    Ok(())
}

/// Prints what a way of writing summaries reaches on average.
fn row(name: &str, papers: &[Paper], written: impl Fn(&Paper) -> String) {
    let scores = papers.iter().map(|paper| {
        let (written, reference) = (written(paper), paper.reference());
        [1, 2].map(|words| Rouge::of(words, &written, &reference).f1())
    });
    let sum = scores.fold([0.0; 2], |sum, score| [sum[0] + score[0], sum[1] + score[1]]);
    #[expect(clippy::cast_precision_loss, reason = "there are few papers")]
    let [one, two] = sum.map(|sum| 100.0 * sum / papers.len().max(1) as f64);
    println!("| {name} | {one:.1} | {two:.1} |");
}

async fn summary(text: String, budget: Budget) -> String {
    let schema = json!({"type": "object", "properties": {"summary": {"type": "string"}}});
    let request = Request { budget, ..Request::document(String::new(), text, schema) };
    let deltas = Builtin::unpaced().answer(request).collect::<Vec<_>>().await;
    let texts = deltas.into_iter().filter_map(|delta| match delta {
        Ok(Delta::Text(text)) => Some(text),
        _ => None,
    });
    let answer: Value = serde_json::from_str(&texts.collect::<String>()).unwrap_or_default();
    answer["summary"].as_str().unwrap_or_default().to_owned()
}
