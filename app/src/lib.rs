//! The page: its shell, routes, components and hooks, and the server functions behind them.
//!
//! It is compiled twice. With `ssr` it renders on the server and calls a [`Backend`]; with
//! `hydrate` it takes over in the browser. Code that only the server can run is in `ssr` and
//! `request`. Code that only the browser can run is called in effects and event handlers, which
//! never run on the server.
//!
//! The crate knows neither tokio nor axum, nor how generations are made.

#![expect(unreachable_pub, reason = "what #[component] makes is always pub")]

mod adapters;
mod api_error;
mod app;
mod attempt;
mod backend;
mod browser;
mod chat;
mod client;
mod commands;
mod components;
mod deletions;
mod diagnostics;
mod document;
mod evidence;
mod follow;
mod generation_view;
mod hooks;
mod json_text;
mod messages;
mod model_choice;
mod now;
mod page_context;
mod pages;
mod pending_stops;
#[cfg(feature = "ssr")]
mod plain;
#[cfg(feature = "ssr")]
mod request;
mod samples;
mod scroll_anchor;
mod silence;
#[cfg(feature = "ssr")]
mod ssr;
#[cfg(test)]
mod test_owner;
mod text;
mod thread_view;
mod workspace;

pub use api_error::ApiError;
pub use app::App;
pub use backend::{About, Backend, Connected, Examine, Reply, SharedBackend};
pub use components::{LiveMarkdown, Markdown, to_html};
#[cfg(feature = "split")]
pub use pages::fetch_page;
#[cfg(feature = "ssr")]
pub use plain::{LoginState, PlainPage, SharedContent};
#[cfg(feature = "ssr")]
pub use ssr::{FrameAncestors, PageFiles, shell, word};
