use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use llm::Script;
use reading::Gauge;

/// Models of which something is remembered. Requests name models, so that the number needs a bound.
const MOST_MODELS: usize = 256;

/// What was learned of the models that were asked: how many tokens they make of a text, and how
/// many were too many.
#[derive(Default)]
pub(crate) struct Learned {
    models: Mutex<HashMap<String, ModelReading>>,
}

/// What was learned of one model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ModelReading {
    pub(crate) gauge: Gauge,
    /// A request of this many tokens was read whole at best: more was refused, or cut.
    pub(crate) most_tokens: Option<u64>,
}

impl Learned {
    /// What is known of a model.
    pub(crate) fn of(&self, model: &str) -> ModelReading {
        self.models().get(model).copied().unwrap_or_default()
    }

    /// Learns how many tokens something has of which so many were estimated.
    pub(crate) fn counted(&self, model: &str, script: Script, estimated: u64, counted: u64) {
        self.change(model, |known| known.gauge.learn(script, estimated, counted));
    }

    /// Learns how many tokens the model's own server has counted of which so many were estimated.
    pub(crate) fn measured(&self, model: &str, script: Script, estimated: u64, counted: u64) {
        self.change(model, |known| known.gauge.set(script, estimated, counted));
    }

    /// Learns that the model reads no more than this.
    pub(crate) fn too_long(&self, model: &str, most_tokens: u64) {
        self.change(model, |known| {
            let before = known.most_tokens.unwrap_or(u64::MAX);
            known.most_tokens = Some(before.min(most_tokens));
        });
    }

    fn change(&self, model: &str, change: impl FnOnce(&mut ModelReading)) {
        let mut models = self.models();
        if let Some(known) = models.get_mut(model) {
            change(known);
        } else if models.len() < MOST_MODELS {
            change(models.entry(model.to_owned()).or_default());
        }
    }

    fn models(&self) -> MutexGuard<'_, HashMap<String, ModelReading>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
