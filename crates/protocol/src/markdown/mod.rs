//! A formatted text as a typed tree, and the edits by which it grows.
//!
//! The server reads Markdown and sends [`Edit`]s; the page applies them, to a [`Rendered`] or to
//! its elements. An edit reaches only the *open chain* of the document: the document, its last
//! block, that block's last child, and so on. So what is finished is never touched again.
//!
//! Everything here is data: no Markdown is read in the browser.

mod block;
mod children;
mod edit;
mod inline;
mod rendered;

pub use block::{Alignment, Block, Cell, Item, Row};
pub use children::Children;
pub use edit::{Edit, EditError};
pub use inline::Inline;
pub use rendered::Rendered;
