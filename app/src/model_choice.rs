use leptos::{prelude::*, task::spawn_local};
use protocol::{Model, Models, ProviderModels};

use crate::{browser, commands::providers::list_models, hooks::in_time, page_context::about};

/// Where the choice is remembered, for all tabs.
const KEY: &str = "unspool-model";

/// Which model the reader wants to write, where there are several. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct ModelChoice {
    /// The models that can be asked; none before the server has said it.
    pub(crate) models: RwSignal<Models>,
    /// As `provider/model`; empty for the server's own.
    chosen: RwSignal<String>,
    /// Whether the server has to be asked for them: there are several, and nobody has yet.
    is_wanted: StoredValue<bool>,
}

impl ModelChoice {
    pub(crate) fn new() -> Self {
        Self {
            models: RwSignal::new(Models::default()),
            chosen: RwSignal::new(String::new()),
            is_wanted: StoredValue::new(about().has_choice),
        }
    }

    /// The choice of the page, from Leptos's context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Asks once which models there are, where there are several, and takes up what was chosen before if it is among them.
    pub(crate) fn load(self) {
        if !self.is_wanted.get_value() {
            return;
        }
        self.is_wanted.set_value(false);
        spawn_local(async move {
            let Ok(models) = in_time(list_models()).await else {
                self.is_wanted.try_set_value(true);
                return;
            };
            let remembered = browser::local().and_then(|all| all.get_item(KEY).ok()?);
            let remembered = remembered.filter(|name| is_among(&models, name));
            self.models.try_set(models);
            self.chosen.try_set(remembered.unwrap_or_default());
        });
    }

    /// Whether there is something to choose.
    pub(crate) fn is_offered(self) -> bool {
        let count = |models: &Models| {
            models.providers.iter().map(|provider| provider.models.len()).sum::<usize>()
        };
        self.models.with(count) > 1
    }

    /// The name of what is chosen, the server's own included.
    pub(crate) fn shown(self) -> String {
        let chosen = self.chosen.get();
        if chosen.is_empty() {
            return self
                .models
                .with(|models| name(&models.default.provider, &models.default.model));
        }
        chosen
    }

    /// Chooses a model, and remembers it. That of the server is remembered as no choice, so that
    /// another setting of the server's is followed.
    pub(crate) fn choose(self, chosen: String) {
        let is_own = self.models.with_untracked(|models| {
            name(&models.default.provider, &models.default.model) == chosen
        });
        let chosen = if is_own { String::new() } else { chosen };
        if let Some(storage) = browser::local() {
            let _ = storage.set_item(KEY, &chosen);
        }
        self.chosen.set(chosen);
    }

    /// What a request names; none for the server's own model.
    pub(crate) fn asked(self) -> Option<String> {
        Some(self.chosen.get_untracked()).filter(|chosen| !chosen.is_empty())
    }
}

/// A model as a request names it.
pub(crate) fn name(provider: &str, model: &str) -> String {
    format!("{provider}/{model}")
}

fn is_among(models: &Models, wanted: &str) -> bool {
    models.providers.iter().any(|ProviderModels { name: provider, models, .. }| {
        models.iter().any(|Model { id, .. }| name(provider, id) == wanted)
    })
}
