//! Whose a request is.

mod space;

pub(crate) use space::Space;
