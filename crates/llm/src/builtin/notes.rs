//! What notes of a meeting say of people, decisions and tasks, as far as headings, labels, boxes and
//! plain wording tell. What is not marked so is not found: nothing is guessed.

use super::action::Action;
use super::block::{self, Block, Kind};
use super::lexicon::{ACTIONS, ASSIGNING, DECIDING, DECISIONS, PEOPLE};
use super::paste;
use super::sentence::sentences;

/// The longest name, in characters.
const NAME: usize = 60;
/// The most that is listed of one kind.
const MOST: usize = 60;

/// What a part of the notes is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    People,
    Decisions,
    Actions,
}

/// What was found in notes, in their order.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) people: Vec<String>,
    pub(super) decisions: Vec<String>,
    pub(super) actions: Vec<Action>,
}

impl Notes {
    /// Reads notes, or any other text.
    pub(super) fn of(text: &str) -> Self {
        let mut notes = Self::default();
        let mut section = Section::default();
        for block in block::blocks(&paste::prose(text)) {
            section.enter(&block);
            notes.read(&block, section.topic);
        }
        notes
    }

    fn read(&mut self, block: &Block, section: Option<Topic>) {
        let text = block.text.as_str();
        if let Some((topic, rest)) = labelled(text) {
            return self.add(topic, rest);
        }
        match (block.ticked, section) {
            _ if block.kind == Kind::Heading => {}
            // It is done.
            (Some(true), _) => {}
            (Some(false), _) => self.add(Topic::Actions, text),
            (None, Some(topic)) => self.add(topic, text),
            (None, None) => sentences(text).into_iter().for_each(|text| self.look(text)),
        }
    }

    /// Looks for what a sentence says that nothing marks.
    fn look(&mut self, sentence: &str) {
        let lower = sentence.to_lowercase();
        let names = |name: &String| sentence.starts_with(name.as_str());
        if DECIDING.iter().any(|words| lower.contains(words)) {
            self.add(Topic::Decisions, sentence);
        } else if self.people.iter().any(names)
            && ASSIGNING.iter().any(|words| lower.contains(words))
        {
            self.add(Topic::Actions, sentence);
        }
    }

    fn add(&mut self, topic: Topic, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match topic {
            Topic::People if self.people.len() < MOST => self.people.extend(names(text)),
            Topic::Decisions if self.decisions.len() < MOST => self.decisions.push(text.to_owned()),
            Topic::Actions if self.actions.len() < MOST => {
                self.actions.push(Action::of(text, &self.people));
            }
            _ => {}
        }
    }
}

/// The part of the notes that is being read.
#[derive(Default)]
struct Section {
    topic: Option<Topic>,
    /// Whether it began with a label rather than a heading: then only a list belongs to it.
    is_list: bool,
}

impl Section {
    fn enter(&mut self, block: &Block) {
        let bare = block.text.trim_end_matches([':', '：']);
        let named = topic(bare);
        if block.kind == Kind::Heading {
            *self = Self { topic: named, is_list: false };
        } else if named.is_some() && block.kind == Kind::Paragraph {
            *self = Self { topic: named, is_list: true };
        } else if self.is_list && block.kind != Kind::Item {
            *self = Self::default();
        }
    }
}

fn topic(name: &str) -> Option<Topic> {
    let name = name.trim().to_lowercase();
    let lists = [(PEOPLE, Topic::People), (DECISIONS, Topic::Decisions), (ACTIONS, Topic::Actions)];
    lists.into_iter().find_map(|(words, topic)| words.has(&name).then_some(topic))
}

/// What `Decision: …` and the like say. A label alone says nothing, but it is one.
fn labelled(text: &str) -> Option<(Topic, &str)> {
    let (label, rest) = text.split_once([':', '：']).unwrap_or((text, ""));
    Some((topic(label)?, rest))
}

/// The names of a list on one line.
fn names(text: &str) -> Vec<String> {
    let commas = text.replace(" and ", ",").replace(" & ", ",");
    let parts = commas.split([',', ';', '，', '；', '、', '/']);
    let tidy = parts.map(|part| part.trim().trim_end_matches(['.', '。']).trim());
    tidy.filter(|name| !name.is_empty() && name.chars().count() <= NAME)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_labels_and_boxes_are_understood() {
        let notes = Notes::of(
            "# Harbour board\n\nPresent: Ada Byron, Grace and Joan.\n\nThe clock was late again. The \
             board decided to repair it.\n\nGrace will tell the village before Monday.\n\n\
             ## Decisions\n\n- The bell stays.\n- No more fog.\n\n## Action items\n\n\
             - [ ] Ada: oil the clock by 3 March\n- [x] Joan: buy oil\n- Wind it (Grace, next week)\n\n\
             ## Weather\n\nFine.",
        );
        assert_eq!(notes.people, ["Ada Byron", "Grace", "Joan"]);
        let decisions = ["The board decided to repair it.", "The bell stays.", "No more fog."];
        assert_eq!(notes.decisions, decisions);
        let actions: Vec<_> =
            notes.actions.iter().map(|action| [&action.what, &action.who, &action.when]).collect();
        assert_eq!(
            actions,
            [
                ["Grace will tell the village before Monday.", "Grace", "before Monday"],
                ["oil the clock by 3 March", "Ada", "by 3 March"],
                ["Wind it", "Grace", "next week"],
            ]
        );
    }

    #[test]
    fn chinese_notes_are_understood() {
        let notes = Notes::of(
            "# 周会\n\n与会人员：王芳、李雷、小梅\n\n会议决定：周三发布新版本。\n\n## 待办事项\n\n\
             - 小梅负责在周五前整理测试数据\n- 李雷：6月3日前写完文档\n- 更新网站",
        );
        assert_eq!(notes.people, ["王芳", "李雷", "小梅"]);
        assert_eq!(notes.decisions, ["周三发布新版本。"]);
        let actions: Vec<_> =
            notes.actions.iter().map(|action| [&action.what, &action.who, &action.when]).collect();
        assert_eq!(
            actions,
            [
                ["小梅负责在周五前整理测试数据", "小梅", "周五前"],
                ["6月3日前写完文档", "李雷", "6月3日前"],
                ["更新网站", "", ""],
            ]
        );
    }

    #[test]
    fn what_is_no_meeting_has_nothing_of_the_kind() {
        let notes = Notes::of("The river ran under the city. Nobody saw it, and nobody will.");
        assert!(notes.people.is_empty() && notes.decisions.is_empty() && notes.actions.is_empty());
    }
}
