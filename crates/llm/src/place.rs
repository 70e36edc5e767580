use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// How many of a key's last characters are shown.
const SHOWN: usize = 4;

/// Keys below this length show nothing: four characters would be much of them.
const SHORT: usize = 12;

/// Where a provider is and what has set it, for those who look after it. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is: `openai`, `ollama`, or the name of a [`Preset`](crate::Preset).
    pub kind: String,
    /// Its address.
    pub base_url: String,
    /// The address's host, with its port where that is said, as `127.0.0.1:8080`.
    pub host: String,
    /// Whether there is a key.
    pub has_key: bool,
    /// The last characters of its key, where that is long enough.
    pub key_end: Option<String>,
    /// What has set all this.
    pub set_by: SetBy,
}

/// The names of the settings that say where a provider is, as `UNSPOOL_API_KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBy {
    /// What sets its address.
    pub address: String,
    /// What sets its key.
    pub key: String,
    /// What sets its model.
    pub model: String,
}

impl Default for SetBy {
    fn default() -> Self {
        let name = |end| format!("UNSPOOL_{end}");
        Self { address: name("BASE_URL"), key: name("API_KEY"), model: name("MODEL") }
    }
}

impl Place {
    pub(crate) fn new(
        kind: &str,
        base_url: &str,
        key: Option<&SecretString>,
        set_by: SetBy,
    ) -> Self {
        let key = key.map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
        Self {
            kind: kind.to_owned(),
            base_url: base_url.trim().trim_end_matches('/').to_owned(),
            host: host(base_url),
            has_key: key.is_some(),
            key_end: key.and_then(end),
            set_by,
        }
    }
}

fn host(base_url: &str) -> String {
    let Ok(url) = Url::parse(base_url.trim()) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn end(key: &str) -> Option<String> {
    let characters: Vec<char> = key.chars().collect();
    (characters.len() >= SHORT).then(|| characters[characters.len() - SHOWN..].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_host_and_the_end_of_its_key() {
        let place =
            |url, key| Place::new("openai", url, Some(&SecretString::from(key)), SetBy::default());
        let local = place("http://127.0.0.1:8080/v1/", "sk-123456789f3c");
        assert_eq!(
            (local.host.as_str(), local.base_url.as_str()),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/v1")
        );
        assert_eq!(local.key_end.as_deref(), Some("9f3c"));
        let far = place("https://api.example/v1", "short");
        assert_eq!((far.host.as_str(), far.has_key, far.key_end), ("api.example", true, None));
        assert!(!place("https://api.example/v1", " ").has_key);
    }
}
