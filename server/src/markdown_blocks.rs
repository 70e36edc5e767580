use markdown::Stream;
use protocol::{
    Status,
    conversation::{Conversation, Role},
    markdown::Rendered,
};

/// Renders the replies of a conversation. One that is being written is rendered as far as it goes:
/// the next operations of a stream fit what is there.
pub(crate) fn render(conversation: &mut Conversation) {
    let replies = conversation.messages.iter_mut().filter(|it| it.role == Role::Assistant);
    for reply in replies {
        reply.blocks = Some(match reply.status {
            Status::Running => open(&reply.content),
            _ => markdown::render(&reply.content).into(),
        });
    }
}

fn open(text: &str) -> Rendered {
    let mut rendered = Rendered::default();
    for edit in Stream::new().push(text) {
        if rendered.apply(&edit).is_err() {
            tracing::error!("a renderer's edits do not follow each other");
        }
    }
    rendered
}
