//! Formatted text: as HTML on the server, as elements in the browser. Both are written by the same
//! code, [`write`], so that they agree.

mod copy;
mod html;
mod live;
mod output;
mod view;
mod write;

pub use html::to_html;
pub use live::LiveMarkdown;
pub use view::Markdown;
