//! The title that a text gives itself: in a heading, as a name that it explains, or as the name of
//! an agenda.

use super::cut::{LONGEST, cut, trim};
use super::lexicon::GENERIC;
use super::reading::Reading;
use super::script::{self, LETTER, is_cjk};

/// What stands between a name and what it is, and what stands there in a title.
const COPULAS: [(&str, &str); 8] = [
    ("is a ", ": a "),
    ("is an ", ": an "),
    ("is the ", ": the "),
    ("是一个", "："),
    ("是一款", "："),
    ("是一种", "："),
    ("是一套", "："),
    ("是", "："),
];

/// The text's own title, if it has one that tells and fits.
pub(super) fn own(reading: &Reading, fits: impl Fn(&str) -> bool) -> Option<String> {
    let heading = || reading.titles().iter().find(|title| fits(title) && tells(reading, title));
    let made = || definition(reading).or_else(|| agenda(reading)).filter(|title| fits(title));
    let named = || reading.name.clone().filter(|name| fits(name) && !is_generic(name));
    heading().cloned().or_else(made).or_else(named)
}

fn is_generic(title: &str) -> bool {
    GENERIC.has(&title.trim_end_matches([':', '：']).to_lowercase())
}

/// Whether a title says something of the text below it.
fn tells(reading: &Reading, title: &str) -> bool {
    let generic = is_generic(title);
    let terms = reading.vocabulary.terms(title);
    let shared = terms.iter().any(|term| reading.topics.contains_key(term));
    !generic && terms.len() > 1 && shared && script::weight(title) >= 10 * LETTER
}

/// The name that a text has for a title, with what its first sentences say that it is:
/// `name: a queue in a file` of `name is a queue in a file.`
fn definition(reading: &Reading) -> Option<String> {
    let name = reading.titles().first().filter(|name| name.split(' ').count() < 3)?;
    reading.sentences.iter().take(3).find_map(|sentence| {
        let (subject, rest) = sentence.text.split_at_checked(name.len())?;
        if subject.to_lowercase() != name.to_lowercase() {
            return None;
        }
        let rest = rest.trim_start();
        let (mark, rest) =
            COPULAS.iter().find_map(|&(copula, mark)| Some((mark, rest.strip_prefix(copula)?)))?;
        let room = LONGEST.checked_sub(script::weight(name) + script::weight(mark))?;
        Some(format!("{name}{mark}{}", trim(cut(rest, room))))
    })
}

/// What the sections of a text of lists are about, as notes and minutes have them, behind the
/// name that it has for a title.
fn agenda(reading: &Reading) -> Option<String> {
    let (name, sections) = reading.headings.split_first()?;
    let telling = |section: &&String| !GENERIC.has(&section.to_lowercase());
    let sections: Vec<&String> = sections.iter().filter(telling).collect();
    if !reading.listed || reading.titles().is_empty() || sections.len() < 2 {
        return None;
    }
    let (mark, comma) = if name.contains(is_cjk) { ("：", "、") } else { (": ", ", ") };
    let mut title = format!("{name}{mark}{}", sections.first()?);
    for section in sections.iter().skip(1) {
        let longer = [title.as_str(), comma, section].concat();
        if script::weight(&longer) > LONGEST {
            break;
        }
        title = longer;
    }
    Some(title)
}
