//! Tests the machine in a simulation of several tabs, their browser, a server, and time.

mod log;
mod properties;
mod server;
mod tab;
mod tabs;
mod world;
