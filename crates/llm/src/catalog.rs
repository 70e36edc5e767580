use serde_json::Value;

/// A model as its provider lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedModel {
    /// Its name in requests.
    pub id: String,
    /// How many tokens it reads and writes together, where its provider says so.
    pub context: Option<u64>,
}

impl ListedModel {
    /// A model of which only the name is known.
    #[must_use]
    pub fn named(id: impl Into<String>) -> Self {
        Self { id: id.into(), context: None }
    }
}

/// The models of an answer to `GET /models`, without those that write no text. None where it is no
/// such answer.
pub(crate) fn of_openai(answer: &Value) -> Option<Vec<ListedModel>> {
    let models = answer.get("data").unwrap_or(answer).as_array()?;
    let listed = models.iter().filter_map(|model| {
        let id = model.get("id")?.as_str()?;
        // Gemini lists them by resource names, which its chat takes as well as the bare ones.
        let id = id.strip_prefix("models/").unwrap_or(id);
        let context = context_of_openai(model);
        writes(id).then(|| ListedModel { id: id.to_owned(), context })
    });
    Some(listed.collect())
}

/// The context that a list of models tells of one, by the names for it that are in use: vLLM's,
/// OpenRouter's, Groq's, Mistral's and LM Studio's.
pub(crate) fn context_of_openai(entry: &Value) -> Option<u64> {
    let names = ["loaded_context_length", "max_model_len", "context_length", "context_window"];
    let names = names.into_iter().chain(["max_context_length"]);
    names
        .filter_map(|name| entry.get(name)?.as_u64())
        .find(|tokens| *tokens > 0)
        .or_else(|| entry.pointer("/meta/n_ctx").and_then(Value::as_u64))
}

/// The names of an answer to Ollama's `GET /api/tags`.
pub(crate) fn of_ollama(answer: &Value) -> Option<Vec<ListedModel>> {
    let models = answer.get("models")?.as_array()?;
    let names = models.iter().filter_map(|model| model.get("name")?.as_str());
    Some(names.filter(|name| writes(name)).map(ListedModel::named).collect())
}

/// What Ollama's `POST /api/show` says of how much a model reads.
pub(crate) fn context_of_ollama(answer: &Value) -> Option<u64> {
    let info = answer.get("model_info")?.as_object()?;
    let context = info.iter().find(|(name, _)| name.ends_with(".context_length"));
    context?.1.as_u64()
}

/// Models of embeddings are told by their names.
fn writes(name: &str) -> bool {
    !["embed", "bge-", "minilm", "rerank"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn models_are_read_as_providers_list_them() {
        let listed = of_openai(&json!({"data": [
            {"id": "models/gemini-2.5-flash"},
            {"id": "qwen", "max_model_len": 32768},
            {"id": "text-embedding-3-small"},
            {"name": "nameless"},
        ]}));
        let qwen = ListedModel { id: "qwen".to_owned(), context: Some(32768) };
        assert_eq!(listed, Some(vec![ListedModel::named("gemini-2.5-flash"), qwen]));
        assert_eq!(of_openai(&json!({"error": "no"})), None);
        let tags = json!({"models": [{"name": "llama3.2:latest"}, {"name": "nomic-embed-text"}]});
        assert_eq!(of_ollama(&tags), Some(vec![ListedModel::named("llama3.2:latest")]));
    }

    #[test]
    fn contexts_are_read_where_they_stand() {
        let show = json!({"model_info": {"general.name": "x", "llama.context_length": 131_072}});
        assert_eq!(context_of_ollama(&show), Some(131_072));
    }
}
