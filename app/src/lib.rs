//! The page: its shell, routes, components and hooks, and the server functions behind them.
//!
//! Compiled twice. With `ssr` it renders on the server and calls a [`Backend`]; with `hydrate`
//! it takes over in the browser. What only the server can do lies in the `ssr` module, what only
//! the browser can do is called in effects and event handlers, which never run on the server.
//!
//! What is deliberately absent: tokio, axum, and any knowledge of how generations are made.

#![expect(unreachable_pub, reason = "what #[component] makes is always pub")]

mod app;
mod attempt;
mod backend;
mod browser;
mod client;
mod commands;
mod components;
mod diagnostics;
mod fault;
mod hooks;
mod pages;
mod place;
#[cfg(feature = "ssr")]
mod request;
mod run;
mod samples;
#[cfg(feature = "ssr")]
mod ssr;
mod stop_wishes;
mod surroundings;
mod text;
mod words;
mod workspace;

pub use app::App;
pub use backend::{About, Backend, Reply, SharedBackend};
pub use fault::Fault;
#[cfg(feature = "ssr")]
pub use ssr::shell;
