//! Conversations: their messages, the events of their streams and the reducer over these, and the
//! personas that answer in them.
//!
//! A conversation is a tree of messages. A reply is a generation of plain text whose id is the id
//! of its message, so everything that holds for generations holds for replies as well.

mod event;
mod listing;
mod message;
mod persona;
mod request;
mod state;
mod title;

pub use event::{
    Blocks, Chunk, Completed, Connected, DecodeError, Deleted, Event, Failed, LeafChanged,
    PassagesChosen, Started, Stopped, TitleChanged, UserMessage,
};
pub use listing::{Listed, Listing};
pub use message::{Message, Role};
pub use persona::{
    ChangePersona, NewPersona, Origin, Persona, PersonaListing, PersonaVersion, PersonaVersions,
};
pub use request::{ChangeConversation, NewTurn, Turn};
pub use state::Conversation;
pub use title::{MOST_TITLE_CHARS, first_title};
