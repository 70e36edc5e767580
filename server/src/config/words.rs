use std::net::SocketAddr;

use llm::Preset;
use tracing_subscriber::EnvFilter;

use super::{BadSetting, Choice};

pub(super) fn addr(value: String) -> Result<SocketAddr, BadSetting> {
    let named = value.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    named.as_deref().unwrap_or(&value).parse().map_err(|_| BadSetting {
        name: "ADDR",
        accepted: "an address with a port is accepted, as 127.0.0.1:5001 or [::1]:5001",
        value,
    })
}

pub(super) fn choice(value: String) -> Result<Choice, BadSetting> {
    match value.as_str() {
        "auto" | "" => Ok(Choice::Auto),
        "builtin" => Ok(Choice::Builtin),
        "openai" => Ok(Choice::OpenAi),
        "ollama" => Ok(Choice::Ollama),
        _ => match Preset::named(&value) {
            Some(preset) => Ok(Choice::Preset(preset)),
            None => Err(BadSetting {
                name: "PROVIDER",
                value,
                accepted: "auto, builtin, openai and ollama are accepted, and ark, dashscope, \
                           deepseek, openrouter, gemini, anthropic, groq, mistral, llamacpp, vllm \
                           and lmstudio",
            }),
        },
    }
}

pub(super) fn base_url(value: String) -> Result<String, BadSetting> {
    if value.contains('@') {
        return Err(BadSetting {
            name: "BASE_URL",
            value: "not shown, as it holds a login".to_owned(),
            accepted: "an address without a login is accepted; UNSPOOL_API_KEY takes the key",
        });
    }
    if is_address(&value) {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err(BadSetting {
            name: "BASE_URL",
            value,
            accepted: "an http:// or https:// address without a query is accepted, as \
                       http://127.0.0.1:8080/v1",
        })
    }
}

/// Whether it is the address of something that speaks HTTP, to which paths can be added.
pub(crate) fn is_address(value: &str) -> bool {
    let Ok(uri) = value.parse::<http::Uri>() else { return false };
    let speaks_http = uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"));
    speaks_http && !value.contains(['?', '#'])
}

/// What is logged when nothing is said: warnings of all, and what we say ourselves.
pub(super) const LOGGED: &str = "warn,server=info,engine=info,llm=info,store=info";

pub(super) fn log(value: String) -> Result<String, BadSetting> {
    if value.trim().is_empty() {
        return Ok(LOGGED.to_owned());
    }
    let is_level =
        |word: &str| matches!(word, "off" | "error" | "warn" | "info" | "debug" | "trace");
    let is_accepted = value.split(',').all(|part| match part.split_once('=') {
        Some((target, level)) => !target.is_empty() && is_level(level),
        None => is_level(part),
    });
    if is_accepted && EnvFilter::try_new(&value).is_ok() {
        return Ok(value);
    }
    Err(BadSetting {
        name: "LOG",
        value,
        accepted: "off, error, warn, info, debug and trace are accepted, also for a target, as \
                   warn,engine=debug",
    })
}
