use std::{sync::Arc, time::Duration};

use llm::{
    Ollama, OpenAi, Origin, Preset, Provider, SecretString, SetBy, Settings, Timeouts,
    is_same_origin,
};

use super::{NoProvider, PROBE};
use crate::config::is_address;

/// An endpoint that is to be connected.
pub(super) struct Endpoint {
    pub(super) name: String,
    /// What it is. Any other than OpenAI's own address may be anything that speaks its API.
    pub(super) preset: &'static Preset,
    pub(super) base_url: String,
    pub(super) key: Option<SecretString>,
    /// None asks what runs on one's own machine which it has.
    pub(super) model: Option<String>,
    pub(super) context: Option<u32>,
    pub(super) silence: Duration,
    pub(super) set_by: SetBy,
}

impl Endpoint {
    /// Readies a client. An endpoint on one's own machine is asked for its model where none is set.
    pub(super) async fn connect(self) -> Result<Arc<dyn Provider>, NoProvider> {
        if !is_address(&self.base_url) {
            return Err(if self.base_url.contains('@') {
                NoProvider::AddressWithLogin
            } else {
                NoProvider::Address(self.base_url)
            });
        }
        let is_ollama = self.preset.name == "ollama";
        let model = match self.model.clone() {
            Some(model) => model,
            None => self.first_model().await,
        };
        // Another address than its own may be anything.
        let own = Some(self.preset).filter(|own| is_same_origin(&self.base_url, own.base_url));
        let settings = Settings {
            name: self.name,
            base_url: self.base_url,
            api_key: self.key,
            model,
            timeouts: Timeouts::of_silence(self.silence),
            form: own.map(|preset| preset.form).unwrap_or_default(),
            origin: Origin {
                kind: self.preset.name.to_owned(),
                set_by: self.set_by,
                context_tokens: self.context,
                may_have_unlisted: own.is_some_and(|preset| preset.may_have_unlisted),
            },
        };
        if is_ollama {
            return Ok(Arc::new(Ollama::new(settings)?));
        }
        Ok(Arc::new(OpenAi::new(settings)?))
    }

    async fn first_model(&self) -> String {
        let listed = match self.preset.name {
            "ollama" => llm::ollama_model(&self.base_url, PROBE).await,
            _ if self.preset.is_local() => {
                llm::listed_model(&self.base_url, self.key.as_ref(), PROBE).await
            }
            _ => None,
        };
        listed.unwrap_or_else(|| self.preset.default_model.to_owned())
    }
}
