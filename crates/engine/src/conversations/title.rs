use std::{borrow::Cow, time::Duration};

use futures::StreamExt;
use llm::{Budget, Chosen, Delta, Request};
use protocol::{
    Bounds, Document, Field, FieldType, Form, Language, Length, Shape, Status, Wording,
    conversation::{MOST_TITLE_CHARS, Role},
};
use store::{Change, TitleOrigin};
use tokio::time::timeout;

use crate::{Engine, composer::Composer};

/// How long a model may take for a title.
const DEADLINE: Duration = Duration::from_secs(60);

/// How much of the first turn a model is shown for it, in bytes.
const SHOWN_BYTES: usize = 4 * 1024;

const TITLE: Shape = Shape {
    name: "title",
    label: None,
    form: Form::Object,
    fields: Cow::Borrowed(&[Field {
        name: Cow::Borrowed("title"),
        label: None,
        description: Cow::Borrowed(
            "A title for the conversation that the text is from, at most 60 characters, without \
             quotation marks and without a stop",
        ),
        content: FieldType::Text(Bounds::of_all(80)),
    }]),
    wording: Wording::NONE,
};

impl Engine {
    /// Asks the model for a conversation's title once a reply of it is complete, unless a model or
    /// the user has given it one. That it fails leaves the title as it is, for the next turn.
    pub(super) async fn improve_title(
        &self,
        owner: &str,
        conversation_id: &str,
        reply_id: &str,
        chosen: Chosen,
    ) {
        let asked = self.ask_for_title(owner, conversation_id, reply_id, chosen);
        tokio::select! {
            () = self.shared.draining.cancelled() => {}
            asked = timeout(DEADLINE, asked) => match asked {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = error.with_causes(), "a title could not be stored");
                }
                Err(_) => tracing::info!("the model took too long for a title"),
            }
        }
    }

    async fn ask_for_title(
        &self,
        owner: &str,
        conversation_id: &str,
        reply_id: &str,
        chosen: Chosen,
    ) -> Result<(), store::Error> {
        let store = &self.shared.store;
        let Some(page) = store.conversation(owner, conversation_id, None, 1, 0).await? else {
            return Ok(());
        };
        let Ok(_permit) = self.shared.titles.try_acquire() else { return Ok(()) };
        if page.title_origin != TitleOrigin::Message {
            return Ok(());
        }
        let messages = store.branch(owner, reply_id, SHOWN_BYTES).await?.messages;
        if messages.first().is_none_or(|reply| reply.status != Status::Completed) {
            return Ok(());
        }
        let mut shown = String::new();
        for message in messages.iter().take(2).rev() {
            let end = message.content.floor_char_boundary(SHOWN_BYTES / 2);
            shown.push_str(&message.content[..end]);
            shown.push_str(if message.role == Role::User { "\n\n" } else { "" });
        }
        if let Some(title) = title_of(shown, chosen).await {
            let change = Change { title: Some((title, TitleOrigin::Model)), leaf_id: None };
            // Whoever has deleted it meanwhile wants no title.
            let _ = self.change(owner, conversation_id, change).await;
        }
        Ok(())
    }
}

/// The title that the model writes for a text, if it writes one.
async fn title_of(text: String, chosen: Chosen) -> Option<String> {
    let instructions = TITLE.instructions(Length::Short, Language::Auto);
    let request = Request::document(instructions, text, TITLE.schema(Length::Short));
    let request = Request { budget: Budget::Short, model: chosen.model, ..request };
    let mut answer = chosen.provider.answer(request);
    let mut composer = Composer::new(&TITLE);
    while let Some(delta) = answer.next().await {
        let is_good = match delta.ok()? {
            Delta::Text(piece) => composer.text(&piece),
            Delta::Reasoning(_) | Delta::Usage(_) | Delta::Read(_) | Delta::Prompt { .. } => true,
            Delta::Finish(_) => break,
        };
        if !is_good || composer.is_whole() {
            break;
        }
    }
    composer.judge(None).ok()?;
    let mut document = Document::default();
    composer.buffer().events.iter().try_for_each(|event| document.apply(event)).ok()?;
    tidy(document.text("title")?)
}

/// A title on one line, without the marks that models put around it; none when nothing is left.
fn tidy(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let title = words.join(" ");
    let title = title.trim_matches(['"', '“', '”', '「', '」', '#', '*', ' ']);
    let title: String = title.chars().take(MOST_TITLE_CHARS).collect();
    (!protocol::is_blank(&title)).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_tidied() {
        assert_eq!(tidy(" “Ice\nin March” ").as_deref(), Some("Ice in March"));
        assert_eq!(tidy("\u{200b} \"\""), None);
        assert_eq!(tidy(&"x".repeat(300)).unwrap().len(), 200);
    }
}
