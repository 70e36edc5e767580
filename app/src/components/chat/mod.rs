//! The views of the conversation pages.

mod ask_box;
mod basis;
mod composer;
mod item;
mod message_box;
mod outgoing;
mod persona_select;
mod question;
mod reply;
mod source_panel;
mod thread;
mod title;
mod turn;
mod versions;

pub(crate) use ask_box::{AskAboutText, AskBox};
pub(crate) use composer::Composer;
pub(crate) use item::ConversationItem;
pub(crate) use message_box::MessageBox;
pub(crate) use persona_select::Personas;
pub(crate) use thread::ThreadPanel;
