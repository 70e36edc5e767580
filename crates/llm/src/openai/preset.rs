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
    /// The model to ask when none is named.
    pub default_model: &'static str,
}

/// The well-known endpoints, in the order in which they are looked for.
pub const PRESETS: [Preset; 4] = [
    Preset {
        name: "openai",
        key_env: Some("OPENAI_API_KEY"),
        base_url_env: Some("OPENAI_BASE_URL"),
        base_url: "https://api.openai.com/v1",
        default_model: "gpt-4.1-mini",
    },
    Preset {
        name: "ark",
        key_env: Some("ARK_API_KEY"),
        base_url_env: None,
        base_url: "https://ark.cn-beijing.volces.com/api/v3",
        default_model: "doubao-seed-1-6-flash-250615",
    },
    Preset {
        name: "dashscope",
        key_env: Some("DASHSCOPE_API_KEY"),
        base_url_env: None,
        base_url: "https://dashscope.aliyuncs.com/compatible-mode/v1",
        default_model: "qwen-plus",
    },
    Preset {
        name: "ollama",
        key_env: None,
        base_url_env: Some("OLLAMA_HOST"),
        base_url: "http://127.0.0.1:11434/v1",
        default_model: "llama3.2",
    },
];

impl Preset {
    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }
}
