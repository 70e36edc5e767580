//! The views of the persona pages.

mod create_form;
mod edit_form;
mod field;
mod item;
mod teach;
mod training;
mod versions;

pub(crate) use create_form::CreateForm;
pub(crate) use edit_form::EditForm;
pub(crate) use item::PersonaItem;
pub(crate) use teach::Teach;
pub(crate) use versions::Versions;
