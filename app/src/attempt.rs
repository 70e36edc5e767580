use std::sync::Arc;

use protocol::{AskedShape, NewGeneration, Shape, Snapshot};

use crate::{
    api_error::ApiError,
    backend::About,
    browser,
    commands::{self, Viewed},
    hooks::text_in_time,
    text::shortened,
};

/// A generation that is asked for.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) request: NewGeneration,
    /// Makes it the same generation each time: the first answer may have been lost.
    key: u64,
    /// The generation as it is first shown, but for its id.
    snapshot: Snapshot,
    begun_ms: f64,
}

impl Attempt {
    pub(crate) fn at(request: NewGeneration, about: About) -> Self {
        let snapshot = blank_snapshot(&request, about);
        Self { request, key: browser::random(), snapshot, begun_ms: browser::now_ms() }
    }

    /// Asks for it.
    pub(crate) async fn make(&self) -> Result<Viewed, ApiError> {
        let asked = commands::start(self.request.clone(), Some(self.key));
        let id = text_in_time(asked).await?.id;
        let snapshot = Arc::new(Snapshot { id, ..self.snapshot.clone() });
        Ok(Viewed { snapshot, text: None, begun_ms: Some(self.begun_ms) })
    }
}

/// A generation that has just been accepted, as far as the page knows it.
fn blank_snapshot(request: &NewGeneration, about: About) -> Snapshot {
    let About { provider, model, host, .. } = about;
    let asked = request.model.as_deref().and_then(|asked| asked.split_once('/'));
    // Where another provider is, its first event tells.
    let is_elsewhere = asked.is_some_and(|(named, _)| named != provider);
    let (provider, model) =
        asked.map_or((provider, model), |(named, model)| (named.to_owned(), model.to_owned()));
    let shape = request.shape.as_ref().map_or(Shape::SUMMARY.name, AskedShape::name);
    let schema = match &request.shape {
        Some(AskedShape::Own(schema)) => Some(schema.clone()),
        _ => None,
    };
    Snapshot {
        provider,
        model,
        host: Some(host).filter(|host| !host.is_empty() && !is_elsewhere),
        shape: shape.to_owned(),
        schema,
        language: request.language,
        length: request.length,
        input_chars: request.text.chars().count() as u64,
        preview: shortened(&request.text, 120),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "after 1970")]
        created_ms: browser::now_ms() as u64,
        ..Snapshot::default()
    }
}
