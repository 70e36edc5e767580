//! What is found, in the languages of the page. The command says it in English.

mod en;
mod zh;

use llm::ErrorKind;

use super::finding::Finding;

/// A language that findings are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// The language of a tag as the page has it; English for any other.
    pub(crate) fn of_tag(tag: &str) -> Self {
        if tag.starts_with("zh") { Self::Chinese } else { Self::English }
    }

    pub(super) fn words(self, finding: &Finding) -> Words {
        match self {
            Self::English => en::words(finding),
            Self::Chinese => zh::words(finding),
        }
    }
}

/// What is said of a finding.
#[derive(Default)]
pub(super) struct Words {
    pub(super) sentence: String,
    pub(super) detail: String,
    pub(super) remedy: Option<String>,
    pub(super) line: Option<String>,
}

impl Words {
    fn new(sentence: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), detail: detail.into(), ..Self::default() }
    }

    fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    fn line(self, line: impl Into<String>) -> Self {
        Self { line: Some(line.into()), ..self }
    }
}

/// A line that sets a variable; none where a file sets it.
fn export(set_by: &str, value: &str) -> Option<String> {
    let is_variable =
        |char: char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_';
    set_by.chars().all(is_variable).then(|| format!("export {set_by}='{value}'"))
}

impl Words {
    fn exporting(self, set_by: &str, value: &str) -> Self {
        match export(set_by, value) {
            Some(line) => self.line(line),
            None => self,
        }
    }
}

/// Whether waiting helps.
fn passes(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::RateLimited | ErrorKind::Broken | ErrorKind::Silent)
}
