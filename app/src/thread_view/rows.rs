use std::collections::HashMap;

use protocol::{
    Coverage, Failure, Span, Status,
    conversation::{Conversation, Message, Role},
};

/// A question and its answer, as far as there are both.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Turn {
    pub(crate) question: Option<Row>,
    pub(crate) reply: Option<Row>,
}

/// What is shown of a message beside its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) parent_id: Option<String>,
    pub(crate) status: Status,
    /// The ids of its versions, in the order in which they began, and its own place among them.
    pub(crate) versions: Vec<String>,
    pub(crate) version: usize,
    pub(crate) coverage: Option<Coverage>,
    pub(crate) passages: Vec<Span>,
    pub(crate) error: Option<Failure>,
}

impl Turn {
    /// What tells it from others.
    pub(crate) fn key(&self) -> &str {
        let row = self.question.as_ref().or(self.reply.as_ref());
        row.map(|row| row.id.as_str()).unwrap_or_default()
    }
}

/// The turns of the branch that is shown.
pub(crate) fn turns(conversation: &Conversation) -> Vec<Turn> {
    let mut siblings = HashMap::<(Option<&str>, bool), Vec<&str>>::new();
    for message in &conversation.messages {
        let key = (message.parent_id.as_deref(), message.role == Role::User);
        siblings.entry(key).or_default().push(&message.id);
    }
    let row = |message: &Message| {
        let key = (message.parent_id.as_deref(), message.role == Role::User);
        let versions = siblings.get(&key).map(Vec::as_slice).unwrap_or_default();
        Row {
            id: message.id.clone(),
            parent_id: message.parent_id.clone(),
            status: message.status,
            version: versions.iter().position(|id| *id == message.id).unwrap_or_default(),
            versions: versions.iter().map(|id| (*id).to_owned()).collect(),
            coverage: message.coverage,
            passages: message.passages.clone(),
            error: message.error.clone(),
        }
    };
    let mut turns = Vec::<Turn>::new();
    for message in conversation.branch() {
        match (message.role, turns.last_mut()) {
            (Role::Assistant, Some(turn)) if turn.reply.is_none() => {
                turn.reply = Some(row(message));
            }
            (Role::Assistant, _) => turns.push(Turn { question: None, reply: Some(row(message)) }),
            (Role::User, _) => turns.push(Turn { question: Some(row(message)), reply: None }),
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, parent_id: Option<&str>, role: Role) -> Message {
        let parent_id = parent_id.map(str::to_owned);
        Message { id: id.to_owned(), parent_id, role, ..Message::default() }
    }

    #[test]
    fn a_branch_is_shown_in_turns_which_know_their_versions() {
        let conversation = Conversation {
            leaf_id: Some("5".to_owned()),
            messages: vec![
                message("1", None, Role::User),
                message("2", Some("1"), Role::Assistant),
                message("3", Some("1"), Role::Assistant),
                message("4", None, Role::User),
                message("5", Some("4"), Role::Assistant),
            ],
            ..Conversation::default()
        };
        let shown = turns(&conversation);
        let [turn] = &shown[..] else { panic!("{shown:?}") };
        let question = turn.question.as_ref().unwrap();
        assert_eq!((question.id.as_str(), question.version), ("4", 1));
        assert_eq!(question.versions, ["1", "4"]);
        assert_eq!(turn.reply.as_ref().unwrap().versions, ["5"]);
        let other = Conversation { leaf_id: Some("2".to_owned()), ..conversation };
        let shown = turns(&other);
        assert_eq!(shown[0].reply.as_ref().unwrap().versions, ["2", "3"]);
    }

    #[test]
    fn an_answer_whose_question_is_not_here_is_a_turn_of_its_own() {
        let conversation = Conversation {
            leaf_id: Some("4".to_owned()),
            messages: vec![
                message("2", Some("1"), Role::Assistant),
                message("3", Some("2"), Role::User),
                message("4", Some("3"), Role::Assistant),
            ],
            ..Conversation::default()
        };
        let keys: Vec<_> = turns(&conversation).iter().map(|turn| turn.key().to_owned()).collect();
        assert_eq!(keys, ["2", "3"]);
    }
}
