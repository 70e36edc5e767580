use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

use crate::{Error, ListedModel, Provider};

/// How long a list of models is taken to be right.
const FRESH: Duration = Duration::from_secs(30);

/// How many names are told to someone who asks for an unknown one.
const MOST_TOLD: usize = 24;

/// The providers that are connected, one of them the default. A cheap handle: clones share
/// everything.
///
/// `provider/model` names a model of one of them. A name without a provider's is a model of the
/// default one, and so is one that this one lists although it has a slash in it.
#[derive(Clone)]
pub struct Providers {
    /// The default one first. There is always one.
    default: Arc<Connected>,
    others: Arc<[Connected]>,
}

struct Connected {
    provider: Arc<dyn Provider>,
    listing: Mutex<Option<Asked>>,
}

/// A list of models that was asked for, by all who want it at that time together.
struct Asked {
    at: Instant,
    listing: Shared<BoxFuture<'static, Result<Arc<[ListedModel]>, Error>>>,
}

/// Who is to answer.
#[derive(Clone)]
pub struct Chosen {
    /// The provider.
    pub provider: Arc<dyn Provider>,
    /// Another model than the provider's own.
    pub model: Option<String>,
}

/// There is no such provider or model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown; known: {}", known.join(", "))]
pub struct UnknownModel {
    /// Those that there are, as a request names them; the first of them where they are many.
    pub known: Vec<String>,
}

impl From<Arc<dyn Provider>> for Providers {
    fn from(provider: Arc<dyn Provider>) -> Self {
        Self::new(provider, Vec::new())
    }
}

impl<P: Provider + 'static> From<Arc<P>> for Providers {
    fn from(provider: Arc<P>) -> Self {
        Self::new(provider, Vec::new())
    }
}

impl Providers {
    /// The one that answers where none is named, and others.
    #[must_use]
    pub fn new(default: Arc<dyn Provider>, others: Vec<Arc<dyn Provider>>) -> Self {
        let others = others.into_iter().map(Connected::new).collect();
        Self { default: Arc::new(Connected::new(default)), others }
    }

    /// The one that answers where none is named.
    #[must_use]
    pub fn default(&self) -> &Arc<dyn Provider> {
        &self.default.provider
    }

    /// All of them, the default one first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.connected().map(|connected| &connected.provider)
    }

    fn connected(&self) -> impl Iterator<Item = &Connected> {
        std::iter::once(&*self.default).chain(&*self.others)
    }

    /// The one of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.all().find(|provider| provider.name() == name)
    }

    /// The models that the provider of that name has, as it said half a minute ago at most.
    ///
    /// # Errors
    /// Why it does not say.
    pub async fn models(&self, name: &str) -> Result<Arc<[ListedModel]>, Error> {
        match self.connected().find(|connected| connected.provider.name() == name) {
            Some(connected) => connected.listing().await,
            None => Ok(Arc::default()),
        }
    }

    /// Whether there are several models to choose from, as far as is known by now. What is not known,
    /// or not any more, is asked meanwhile.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    #[must_use]
    pub fn has_choice(&self) -> bool {
        let known: Vec<usize> = self.connected().map(Connected::known_models).collect();
        known.iter().sum::<usize>() > 1
    }

    /// Who answers when a request names this model.
    ///
    /// # Errors
    /// [`UnknownModel`] when it is certain that nobody does.
    pub async fn choose(&self, model: Option<&str>) -> Result<Chosen, UnknownModel> {
        let default = &self.default;
        let Some(model) = model else { return Ok(default.chosen(None)) };
        let Some((name, rest)) = model.split_once('/') else {
            return Ok(default.chosen(Some(model)));
        };
        if default.provider.model() == model {
            return Ok(default.chosen(None));
        }
        let named = self.connected().find(|connected| connected.provider.name() == name);
        match named {
            Some(named) if named.has(rest).await => Ok(named.chosen(Some(rest))),
            None if default.has(model).await => Ok(default.chosen(Some(model))),
            _ => Err(UnknownModel { known: self.known().await }),
        }
    }

    /// Names of models, those of the default provider first.
    async fn known(&self) -> Vec<String> {
        let mut known = Vec::new();
        for connected in self.connected() {
            let provider = &connected.provider;
            let named = |model: &str| format!("{}/{model}", provider.name());
            known.push(named(provider.model()));
            let models = connected.listing().await.unwrap_or_default();
            let others = models.iter().filter(|model| model.id != provider.model());
            known.extend(others.map(|model| named(&model.id)));
        }
        known.truncate(MOST_TOLD);
        known
    }
}

impl Connected {
    fn new(provider: Arc<dyn Provider>) -> Self {
        Self { provider, listing: Mutex::default() }
    }

    fn chosen(&self, model: Option<&str>) -> Chosen {
        let own = self.provider.model();
        let model = model.filter(|model| self.provider.takes_other_models() && *model != own);
        Chosen { provider: Arc::clone(&self.provider), model: model.map(str::to_owned) }
    }

    /// Whether it has this model, as far as it can be told.
    async fn has(&self, model: &str) -> bool {
        if model == self.provider.model() {
            return true;
        }
        if !self.provider.takes_other_models() || model.is_empty() {
            return false;
        }
        if self.provider.may_have_unlisted() {
            return true;
        }
        // Ollama's names have a tag, which may be left out.
        let is_meant = |listed: &ListedModel| {
            listed.id == model || listed.id.strip_suffix(":latest") == Some(model)
        };
        match self.listing().await {
            Ok(models) => models.is_empty() || models.iter().any(is_meant),
            Err(_) => true,
        }
    }

    /// How many models it is known to have: its own, or all that it has listed.
    fn known_models(&self) -> usize {
        let before = {
            let asked = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
            asked.as_ref().and_then(|asked| asked.listing.peek().cloned())
        };
        let listing = self.listing();
        if listing.peek().is_none() {
            tokio::spawn(listing);
        }
        before.and_then(Result::ok).map_or(1, |models| models.len().max(1))
    }

    fn listing(&self) -> Shared<BoxFuture<'static, Result<Arc<[ListedModel]>, Error>>> {
        let mut asked = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Asked { at, listing }) = &*asked
            && at.elapsed() < FRESH
            // A failure is no reason to wait: who starts a server looks for it at once.
            && !matches!(listing.peek(), Some(Err(_)))
        {
            return listing.clone();
        }
        let models = self.provider.models();
        let listing = async move { models.await.map(Arc::from) }.boxed().shared();
        *asked = Some(Asked { at: Instant::now(), listing: listing.clone() });
        listing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scripted;

    fn providers() -> Providers {
        let provider = |name: &str| -> Arc<dyn Provider> {
            Arc::new(Scripted::deltas(["x"]).named(name, "own"))
        };
        Providers::new(provider("far"), vec![provider("near")])
    }

    async fn choose(model: &str) -> Result<(String, Option<String>), UnknownModel> {
        let chosen = providers().choose(Some(model)).await?;
        Ok((chosen.provider.name().to_owned(), chosen.model))
    }

    #[tokio::test]
    async fn a_provider_is_named_before_the_slash() {
        let providers = providers();
        assert_eq!(providers.default().name(), "far");
        assert_eq!(providers.choose(None).await.unwrap().provider.name(), "far");
        assert_eq!(choose("near/own").await, Ok(("near".to_owned(), None)));
        assert_eq!(choose("other").await, Ok(("far".to_owned(), Some("other".to_owned()))));
        for unknown in ["nobody/own", "near/other", "near/", "/own"] {
            let known = ["far/own", "near/own"].map(str::to_owned).to_vec();
            assert_eq!(choose(unknown).await, Err(UnknownModel { known }), "{unknown}");
        }
    }
}
