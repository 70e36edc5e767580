use reqwest::Url;

use super::dialect::Form;

/// A well-known endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name, as `openai`.
    pub name: &'static str,
    /// The environment variable that customarily holds its key.
    pub key_env: Option<&'static str>,
    /// The environment variable that customarily holds another address.
    pub base_url_env: Option<&'static str>,
    /// Its address, for [`Settings::base_url`](crate::Settings).
    pub base_url: &'static str,
    /// The model to ask when none is named. What runs on one's own machine is asked which it has.
    pub default_model: &'static str,
    /// How its answers are held to their form: not everybody takes a schema.
    pub form: Form,
    /// Whether it takes names of models that it does not list: of versions, routes, endpoints.
    pub may_have_unlisted: bool,
}

/// The well-known endpoints, in the order in which they are looked for.
pub const PRESETS: [Preset; 13] = [
    Preset {
        name: "openai",
        key_env: Some("OPENAI_API_KEY"),
        base_url_env: Some("OPENAI_BASE_URL"),
        base_url: "https://api.openai.com/v1",
        default_model: "gpt-4.1-mini",
        form: Form::Schema,
        may_have_unlisted: false,
    },
    Preset {
        name: "ark",
        key_env: Some("ARK_API_KEY"),
        base_url_env: None,
        base_url: "https://ark.cn-beijing.volces.com/api/v3",
        default_model: "doubao-seed-1-6-flash-250615",
        form: Form::Schema,
        may_have_unlisted: true,
    },
    Preset {
        name: "dashscope",
        key_env: Some("DASHSCOPE_API_KEY"),
        base_url_env: None,
        base_url: "https://dashscope.aliyuncs.com/compatible-mode/v1",
        default_model: "qwen-plus",
        form: Form::Schema,
        may_have_unlisted: true,
    },
    Preset {
        name: "deepseek",
        key_env: Some("DEEPSEEK_API_KEY"),
        base_url_env: None,
        base_url: "https://api.deepseek.com/v1",
        default_model: "deepseek-chat",
        form: Form::Object,
        may_have_unlisted: false,
    },
    Preset {
        name: "openrouter",
        key_env: Some("OPENROUTER_API_KEY"),
        base_url_env: None,
        base_url: "https://openrouter.ai/api/v1",
        default_model: "openrouter/auto",
        form: Form::Schema,
        may_have_unlisted: true,
    },
    Preset {
        name: "gemini",
        key_env: Some("GEMINI_API_KEY"),
        base_url_env: None,
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        default_model: "gemini-2.5-flash",
        form: Form::Schema,
        may_have_unlisted: false,
    },
    Preset {
        name: "anthropic",
        key_env: Some("ANTHROPIC_API_KEY"),
        base_url_env: None,
        base_url: "https://api.anthropic.com/v1",
        default_model: "claude-haiku-4-5",
        form: Form::Words,
        may_have_unlisted: true,
    },
    Preset {
        name: "groq",
        key_env: Some("GROQ_API_KEY"),
        base_url_env: None,
        base_url: "https://api.groq.com/openai/v1",
        default_model: "llama-3.3-70b-versatile",
        form: Form::Object,
        may_have_unlisted: false,
    },
    Preset {
        name: "mistral",
        key_env: Some("MISTRAL_API_KEY"),
        base_url_env: None,
        base_url: "https://api.mistral.ai/v1",
        default_model: "mistral-small-latest",
        form: Form::Schema,
        may_have_unlisted: false,
    },
    Preset::OLLAMA,
    Preset {
        name: "llamacpp",
        key_env: None,
        base_url_env: None,
        base_url: "http://127.0.0.1:8080/v1",
        default_model: "default",
        form: Form::Schema,
        may_have_unlisted: false,
    },
    Preset {
        name: "vllm",
        key_env: None,
        base_url_env: None,
        base_url: "http://127.0.0.1:8000/v1",
        default_model: "default",
        form: Form::Schema,
        may_have_unlisted: false,
    },
    Preset {
        name: "lmstudio",
        key_env: None,
        base_url_env: None,
        base_url: "http://127.0.0.1:1234/v1",
        default_model: "default",
        form: Form::Schema,
        may_have_unlisted: false,
    },
];

impl Preset {
    /// An Ollama, whose own API is spoken where it is known to be one.
    pub const OLLAMA: Self = Self {
        name: "ollama",
        key_env: None,
        base_url_env: Some("OLLAMA_HOST"),
        base_url: "http://127.0.0.1:11434/v1",
        default_model: "llama3.2",
        form: Form::Schema,
        may_have_unlisted: false,
    };

    /// Whether it runs on one's own machine, without a key.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.key_env.is_none()
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }
}

/// Whether two addresses are of one scheme, host and port. A key that was given for one of them may
/// be sent to the other then.
#[must_use]
pub fn is_same_origin(one: &str, other: &str) -> bool {
    let origin = |address: &str| Url::parse(address.trim()).map(|url| url.origin());
    matches!((origin(one), origin(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_whole_and_differ() {
        for (at, preset) in PRESETS.iter().enumerate() {
            let url = Url::parse(preset.base_url).unwrap();
            assert!(url.scheme() == "https" || preset.is_local(), "{}", preset.name);
            assert!(!preset.default_model.is_empty() && !preset.base_url.ends_with('/'));
            for other in &PRESETS[at + 1..] {
                assert!(
                    preset.name != other.name && !is_same_origin(preset.base_url, other.base_url)
                );
            }
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let own = "https://api.openai.com/v1";
        for same in ["https://API.openai.com:443", " https://api.openai.com/v2/x?y"] {
            assert!(is_same_origin(own, same), "{same}");
        }
        for other in [
            "http://api.openai.com/v1",
            "https://api.openai.com:8443/v1",
            "https://api.openai.com.evil.example/v1",
            "https://openai.com/v1",
            "https://evil.example/api.openai.com/v1",
            "https://api.openai.com@evil.example/v1",
            "api.openai.com",
            "",
        ] {
            assert!(!is_same_origin(own, other), "{other}");
        }
        assert!(!is_same_origin("no address", "no address"));
    }
}
