//! Whose a request is, and whether it may come in.

mod attempts;
mod client_address;
mod cookie;
mod identity;
mod login;
mod rate;
mod secret;
mod space;

pub(crate) use attempts::Attempts;
pub(crate) use client_address::Peer;
pub(crate) use identity::{LoggedIn, identify};
pub(crate) use login::{log_in, log_out, show_login};
pub(crate) use rate::RateLimit;
pub(crate) use secret::SecretHash;
pub(crate) use space::Space;
