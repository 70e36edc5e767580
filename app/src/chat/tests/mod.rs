//! Tries the machine with several tabs, a server and simulated time.

mod properties;
mod server;
mod streams;
mod tabs;
mod world;
