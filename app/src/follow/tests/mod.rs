//! The machine in a world of its own: several tabs, their browser, a server, and time.

mod log;
mod properties;
mod server;
mod tab;
mod tabs;
mod world;
