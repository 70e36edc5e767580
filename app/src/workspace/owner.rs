use super::draft::{Choices, Draft};

/// Whose text is in the text box.
///
/// This type decides which draft is kept and which one is restored. It does not touch the text box
/// itself. A sample is a draft like any other: [`Measure`](crate::text::Measure) finds out whether it
/// was changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Owner {
    /// The page was just hydrated, and nothing has been put into the box yet.
    #[default]
    Nobody,
    /// The text in the box is the reader's draft.
    Reader,
    /// The text in the box is that of generation `id`, or will be once it was fetched. The reader's
    /// draft is kept here meanwhile.
    Generation { id: String, is_fetching: bool, draft: Draft },
}

impl Owner {
    pub(super) fn is_reader(&self) -> bool {
        *self == Self::Reader
    }

    /// Gives the box to generation `id`, and keeps the reader's draft: `written`, if it is in the box, or
    /// what was `stored`, if nothing is.
    pub(super) fn lend(
        &mut self,
        id: String,
        is_fetching: bool,
        written: impl FnOnce() -> Draft,
        stored: impl FnOnce() -> Draft,
    ) {
        let draft = match std::mem::take(self) {
            Self::Nobody => stored(),
            Self::Reader => written(),
            Self::Generation { draft, .. } => draft,
        };
        *self = Self::Generation { id, is_fetching, draft };
    }

    /// Gives the box back to the reader. Returns the draft that must be put into the box, or `None` when
    /// it is there already.
    pub(super) fn give_back(
        &mut self,
        chosen: Choices,
        stored: impl FnOnce() -> Draft,
    ) -> Option<Draft> {
        let before = std::mem::replace(self, Self::Reader);
        match before {
            Self::Nobody => {
                let Draft { text, choices } = stored();
                Some(Draft { text, choices: chosen.over(choices) })
            }
            Self::Reader => None,
            Self::Generation { draft, .. } => Some(draft),
        }
    }

    /// The choices to show with a generation that was started with `others`, when the form shows
    /// `chosen`. Choices that the reader made before the page was hydrated are kept.
    pub(super) fn choices(&self, chosen: Choices, others: Choices) -> Choices {
        if *self == Self::Nobody { chosen.over(others) } else { others }
    }

    /// Whether the box still waits for the text of generation `id`.
    pub(super) fn awaits(&self, id: &str) -> bool {
        matches!(self, Self::Generation { id: own, is_fetching: true, .. } if own == id)
    }

    /// Gives the box to generation `id`, which has just taken the reader's text: that is no draft any
    /// more.
    pub(super) fn spend(&mut self, id: String, choices: Choices) {
        let draft = Draft { text: String::new(), choices };
        *self = Self::Generation { id, is_fetching: false, draft };
    }

    /// Records that the text in the box is now that of generation `new`.
    pub(super) fn filled_for(&mut self, new: &str) {
        if let Self::Generation { id, is_fetching, .. } = self {
            new.clone_into(id);
            *is_fetching = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Language, Length};

    use super::*;

    fn draft(text: &str) -> Draft {
        Draft { text: text.to_owned(), choices: Choices::default() }
    }

    fn unasked() -> Draft {
        unreachable!("this draft is not needed")
    }

    #[test]
    fn a_draft_comes_back_after_any_number_of_generations() {
        let mut owner = Owner::Reader;
        owner.lend("a".to_owned(), false, || draft("own"), unasked);
        owner.lend("b".to_owned(), true, unasked, unasked);
        assert_eq!(owner.give_back(Choices::default(), unasked), Some(draft("own")));
        assert!(owner.is_reader());
    }

    #[test]
    fn a_text_that_was_sent_is_no_draft() {
        let mut owner = Owner::Reader;
        owner.spend("a".to_owned(), Choices::default());
        assert_eq!(owner.give_back(Choices::default(), unasked), Some(draft("")));
    }

    #[test]
    fn a_draft_that_is_in_the_box_stays_there() {
        assert_eq!(Owner::Reader.give_back(Choices::default(), unasked), None);
    }

    #[test]
    fn the_stored_draft_waits_behind_the_generation_that_a_page_begins_with() {
        let mut owner = Owner::Nobody;
        owner.lend("a".to_owned(), false, unasked, || draft("stored"));
        assert_eq!(owner.give_back(Choices::default(), unasked), Some(draft("stored")));
    }

    #[test]
    fn early_choices_stand_above_those_of_the_draft_and_of_the_first_generation() {
        let long = Choices { length: Length::Long, ..Choices::default() };
        let chinese =
            Choices { language: Language::Chinese, length: Length::Short, ..Choices::default() };
        let both =
            Choices { language: Language::Chinese, length: Length::Long, ..Choices::default() };
        assert_eq!(Owner::Nobody.choices(long, chinese), both);
        let stored = || Draft { text: String::new(), choices: chinese };
        let restored = Owner::Nobody.give_back(long, stored);
        assert_eq!(restored.map(|draft| draft.choices), Some(both));
        assert_eq!(Owner::Reader.choices(long, chinese), chinese);
    }

    #[test]
    fn a_text_that_arrives_late_is_wanted_by_its_own_generation_alone() {
        let mut owner = Owner::Reader;
        owner.lend("a".to_owned(), true, || draft(""), unasked);
        assert!(owner.awaits("a") && !owner.awaits("b"));
        owner.lend("b".to_owned(), true, unasked, unasked);
        assert!(!owner.awaits("a"));
        owner.filled_for("c");
        assert!(!owner.awaits("b") && !owner.awaits("c"));
        owner.lend("d".to_owned(), true, unasked, unasked);
        owner = Owner::Reader;
        assert!(!owner.awaits("d"));
    }
}
