//! The vocabulary that server, page and scripts share: the [`Event`]s of a generation, the
//! [`Frame`] that carries one over Server-Sent Events, the [`Snapshot`] that they add up to, and
//! the shapes of requests and answers.
//!
//! What is deliberately absent: I/O, clocks and randomness. Everything here runs in the browser.

mod blank;
pub mod conversation;
mod digest;
mod document;
mod event;
mod evidence;
mod failure;
mod follower;
mod frame;
mod hash;
mod language;
pub mod markdown;
mod models;
mod pointer;
mod problem;
mod request;
mod search;
mod shape;
mod share;
mod snapshot;
mod span;

pub use blank::is_blank;
pub use document::{ApplyError, Document};
pub use event::{
    Break, Checkpoint, Completed, Continued, DecodeError, Event, FieldCompleted, FieldDelta,
    FieldSet, FieldStarted, Kind, Notice, PartRead, PassagesChosen, Progress, Reasoning, Started,
};
pub use evidence::{Evidence, EvidenceKind};
pub use failure::{Failure, FailureCause, FailureCode};
pub use follower::{Follower, Step};
pub use frame::{Frame, Frames, MEDIA_TYPE, RETRY_MS, encode, merge};
pub use hash::Fnv;
pub use language::Language;
pub use models::{
    Check, CheckState, ConnectLine, Examination, KeyHint, Model, ModelName, Models, ProviderModels,
};
pub use pointer::{escape, unescape};
pub use problem::{Fault, Problem, ProblemCode};
pub use request::{Accepted, Length, NewGeneration};
pub use search::{Run, SearchQuery, Term, runs};
pub use shape::{
    AskedShape, Bounds, Field, FieldType, Form, Label, SchemaError, Shape, ShapeError, TypeAt,
    Wording,
};
pub use share::{ShareLink, Shared, Shares};
pub use snapshot::{Coverage, Listed, Listing, Snapshot, Status, Timings, Usage};
pub use span::Span;
