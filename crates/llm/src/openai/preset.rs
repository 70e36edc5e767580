use reqwest::Url;

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
