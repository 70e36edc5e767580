use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

/// The parts of a paper that ACLSum has, in their order.
const SECTIONS: [&str; 3] = ["abstract", "introduction", "conclusion"];
const ASPECTS: [&str; 3] = ["challenge", "approach", "outcome"];

/// A paper with what people wrote and marked.
#[derive(Deserialize)]
pub(super) struct Paper {
    /// By aspect.
    summary: HashMap<String, String>,
    /// By section.
    sentences: HashMap<String, Vec<String>>,
    /// By aspect and section: 1 for each sentence that bears the summary.
    highlights: HashMap<String, HashMap<String, Vec<u8>>>,
}

/// The summary of one aspect, and which of the paper's sentences bear it.
pub(super) struct Aspect<'a> {
    pub(super) summary: &'a str,
    pub(super) marked: Vec<bool>,
}

pub(super) fn read(folder: &Path) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for split in ["train", "val", "test"] {
        let path = folder.join(format!("{split}.jsonl"));
        let lines = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            papers.push(serde_json::from_str(line)?);
        }
    }
    Ok(papers)
}

impl Paper {
    pub(super) fn sentences(&self) -> impl Iterator<Item = &str> {
        SECTIONS.iter().filter_map(|name| self.sentences.get(*name)).flatten().map(String::as_str)
    }

    /// The paper as a text, a section a paragraph.
    pub(super) fn text(&self) -> String {
        let sections = SECTIONS.iter().filter_map(|name| self.sentences.get(*name));
        sections.map(|sentences| sentences.join(" ")).collect::<Vec<_>>().join("\n\n")
    }

    /// The summary that people wrote, of all aspects.
    pub(super) fn reference(&self) -> String {
        let summaries = ASPECTS.iter().filter_map(|aspect| self.summary.get(*aspect));
        summaries.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn aspects(&self) -> impl Iterator<Item = Aspect<'_>> {
        ASPECTS.iter().filter_map(|aspect| {
            let marks = self.highlights.get(*aspect)?;
            let marked = SECTIONS.iter().filter_map(|name| marks.get(*name)).flatten();
            let marked = marked.map(|mark| *mark == 1).collect();
            Some(Aspect { summary: self.summary.get(*aspect)?, marked })
        })
    }
}
