use llm::redact;

use super::Rejected;

/// Ends of addresses that a client adds itself: of OpenAI's API, and of Ollama's.
const PATHS: [&str; 8] = [
    "/chat/completions",
    "/completions",
    "/responses",
    "/embeddings",
    "/models",
    "/api/chat",
    "/api/generate",
    "/api/tags",
];

/// The address of a provider, without a slash at its end; none where nothing is said.
pub(super) fn base_url(value: &str) -> Result<Option<String>, Rejected> {
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if value.contains('@') {
        let accepted = "an address without a login is accepted; UNSPOOL_API_KEY takes the key";
        return Err(Rejected::new("not shown, as it holds a login", accepted));
    }
    if !value.contains("://") {
        let accepted = format!(
            "an address with its scheme is accepted, as http://{}",
            redact(value.trim_start_matches('/'))
        );
        return Err(Rejected::new(value, accepted));
    }
    if !is_address(value) {
        let accepted = "an http:// or https:// address without a query is accepted, as \
                        http://127.0.0.1:8080/v1";
        return Err(Rejected::new(value, accepted));
    }
    let address = value.trim_end_matches('/');
    if let Some(path) = PATHS.iter().find(|path| address.ends_with(*path)) {
        let shorter = redact(address.trim_end_matches(*path)).into_owned();
        let accepted = format!("the address before {path} is accepted, as {shorter}");
        return Err(Rejected::new(value, accepted));
    }
    Ok(Some(address.to_owned()))
}

/// Whether it is the address of something that speaks HTTP, to which paths can be added.
pub(crate) fn is_address(value: &str) -> bool {
    let Ok(uri) = value.parse::<http::Uri>() else { return false };
    let speaks_http = uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https"));
    speaks_http && !value.contains(['?', '#'])
}
