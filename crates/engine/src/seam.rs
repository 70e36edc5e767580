/// So much of what a model repeats must agree with what was written before, in bytes, to be taken
/// for a repetition: a few words may be the same by chance.
const LEAST_OVERLAP: usize = 16;

/// How much of the rest is looked at before it is taken for what it seems to be, in bytes.
const LOOKED_AT: usize = 160;

/// Joins what was written of an answer and what a model writes after that. The model may go right
/// on, begin again from the start, or repeat the last words; which of these it is shows at the
/// beginning.
#[derive(Debug)]
pub(crate) struct Seam {
    written: String,
    /// The model is known to go right on.
    writes_on: bool,
    /// What came, until it is clear what it is.
    held: Option<String>,
}

impl Seam {
    pub(crate) fn new(written: String, writes_on: bool) -> Self {
        Self { written, writes_on, held: Some(String::new()) }
    }

    /// Takes the next piece; gives what is to be read as the answer from its start on, as soon as it
    /// is clear where that is.
    pub(crate) fn join(&mut self, piece: &str) -> Option<String> {
        let Some(held) = &mut self.held else { return Some(piece.to_owned()) };
        held.push_str(piece);
        self.decide(false)
    }

    /// What is left when nothing more comes.
    pub(crate) fn end(&mut self) -> Option<String> {
        self.decide(true)
    }

    fn decide(&mut self, is_all: bool) -> Option<String> {
        let held = self.held.as_deref()?;
        let joined = match begins_again(held, &self.written) {
            Start::Again(at) => held.get(at..).unwrap_or_default().to_owned(),
            Start::Unclear if !is_all => return None,
            // It broke off again before it was a document.
            Start::Unclear if is_opening(held) => self.written.clone(),
            _ if self.writes_on => format!("{}{held}", self.written),
            _ if held.len() < LOOKED_AT && !is_all => return None,
            _ => {
                let overlap = overlap(&self.written, held);
                format!("{}{}", self.written, held.get(overlap..).unwrap_or_default())
            }
        };
        self.held = None;
        Some(joined)
    }
}

/// What some models write around a document.
const FENCE: &str = "```";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// The answer begins again there.
    Again(usize),
    GoesOn,
    Unclear,
}

/// Whether a text begins as `written` does: a document by its first member, however the white space
/// is, and behind a code fence; a plain text by its first words.
fn begins_again(text: &str, written: &str) -> Start {
    let Some(name) = first_name(written) else { return begins_like(text, written) };
    let mut rest = text.trim_start();
    if rest.starts_with(FENCE) || FENCE.starts_with(rest) {
        let Some((_, behind)) = rest.split_once('\n') else {
            return if rest.len() < LOOKED_AT { Start::Unclear } else { Start::GoesOn };
        };
        rest = behind.trim_start();
    }
    let at = text.len() - rest.len();
    for expected in ["{", name, ":"] {
        rest = rest.trim_start();
        match rest.strip_prefix(expected) {
            Some(behind) => rest = behind,
            None if expected.starts_with(rest) => return Start::Unclear,
            None => return Start::GoesOn,
        }
    }
    Start::Again(at)
}

/// Whether a text is the beginning of a document, as far as it goes.
fn is_opening(text: &str) -> bool {
    text.trim_start().starts_with(['{', '`'])
}

/// The first name of a document with its quotes; none where it has none yet, or is no document.
fn first_name(written: &str) -> Option<&str> {
    let name = written.strip_prefix('{')?;
    let length = name.strip_prefix('"')?.find("\": ")?;
    name.get(..length + 2)
}

fn begins_like(text: &str, written: &str) -> Start {
    let beginning = &written[..written.floor_char_boundary(LEAST_OVERLAP)];
    let text = text.trim_start();
    if beginning.len() < LEAST_OVERLAP - 3 {
        return Start::GoesOn;
    }
    match text.strip_prefix(beginning) {
        Some(_) => Start::Again(0),
        None if beginning.starts_with(text) => Start::Unclear,
        None => Start::GoesOn,
    }
}

/// How many bytes of `rest` repeat the end of `written`.
fn overlap(written: &str, rest: &str) -> usize {
    let most = rest.len().min(written.len());
    let ends = (LEAST_OVERLAP..=most).rev().filter(|end| rest.is_char_boundary(*end));
    ends.into_iter().find(|end| written.ends_with(&rest[..*end])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "{\"title\": \"Ice\", \"summary\": \"The harbour of Aldermouth fr";

    /// What is read when a model writes this behind what was written, however it is cut.
    fn joined(written: &str, rest: &str, writes_on: bool) -> String {
        let mut found = None;
        for cut in (0..=rest.len()).filter(|cut| rest.is_char_boundary(*cut)) {
            let mut seam = Seam::new(written.to_owned(), writes_on);
            let mut text = String::new();
            for piece in [&rest[..cut], &rest[cut..]] {
                text.extend(seam.join(piece));
            }
            text.extend(seam.end());
            assert_eq!(*found.get_or_insert_with(|| text.clone()), text, "cut at {cut}");
        }
        found.unwrap()
    }

    #[test]
    fn a_model_that_goes_on_is_joined_without_loss() {
        for writes_on in [true, false] {
            for rest in ["oze in January.\"}", " { \"title\" } \"}", "\"}", "", "`ice`.\"}"] {
                assert_eq!(joined(WRITTEN, rest, writes_on), format!("{WRITTEN}{rest}"));
            }
        }
        let refrain = "ha ha ha ha ha ha ha ha ";
        assert_eq!(joined(refrain, refrain, true).len(), refrain.len(), "begun again");
    }

    #[test]
    fn a_model_that_begins_again_is_read_from_its_start() {
        let whole = format!("{WRITTEN}oze.\"}}");
        for rest in [whole.clone(), whole.replace("{\"title\": ", "{\n  \"title\" :")] {
            assert_eq!(joined(WRITTEN, &rest, true), rest);
            assert_eq!(joined(WRITTEN, &format!("```json\n{rest}"), false), rest);
            assert_eq!(joined(WRITTEN, &format!("\n {rest}"), true), rest);
        }
        let text = "The harbour of Aldermouth froze in January. It ";
        assert_eq!(joined(text, &format!("{text}thawed."), false), format!("{text}thawed."));
    }

    #[test]
    fn a_beginning_that_breaks_off_is_no_part_of_a_text() {
        for rest in ["{", "{\"tit", "{ \"title\" ", "```json\n{", "```js"] {
            assert_eq!(joined(WRITTEN, rest, true), WRITTEN);
            assert_eq!(joined(WRITTEN, rest, false), WRITTEN);
        }
    }

    #[test]
    fn words_that_are_repeated_are_left_out() {
        let rest = "harbour of Aldermouth froze in January.\"}";
        assert_eq!(joined(WRITTEN, rest, false), format!("{WRITTEN}oze in January.\"}}"));
        assert_eq!(
            joined(WRITTEN, "from the sea.\"}", false),
            format!("{WRITTEN}from the sea.\"}}")
        );
    }
}
