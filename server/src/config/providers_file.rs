//! The file of providers:
//!
//! ```toml
//! [[provider]]
//! name = "near"
//! kind = "llamacpp"
//! context = 16384
//! default = true
//!
//! [[provider]]
//! name = "deepseek"
//! kind = "deepseek"
//! key_env = "DEEPSEEK_API_KEY"
//! ```

use std::{collections::HashSet, ops::Range};

use llm::SecretString;
use serde::Deserialize;
use toml::Spanned;

use super::{
    Choice, Rejected,
    address::base_url,
    provider::{KINDS, choice},
};

/// The longest file in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// The providers that a file lists: the default one first, if it says which that is.
#[derive(Clone, Debug)]
pub(crate) struct ProvidersFile {
    /// Its path, as it was given.
    pub(crate) path: String,
    pub(crate) listed: Vec<ListedProvider>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct ListedProvider {
    pub(crate) name: String,
    pub(crate) kind: Choice,
    pub(crate) base_url: Option<String>,
    pub(crate) key: Option<SecretString>,
    /// The variable that holds the key.
    pub(crate) key_env: Option<String>,
    pub(crate) model: Option<String>,
    /// Tokens that the model reads and writes together.
    pub(crate) context: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    provider: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    kind: Spanned<String>,
    base_url: Option<Spanned<String>>,
    key: Option<Spanned<String>>,
    key_env: Option<Spanned<String>>,
    model: Option<Spanned<String>>,
    context: Option<Spanned<u32>>,
    default: Option<Spanned<bool>>,
}

/// What is wrong at some place of the file.
struct Mistake {
    at: Range<usize>,
    expected: String,
}

/// Reads the file at a path; none where nothing is said.
pub(super) fn providers_file(path: &str) -> Result<Option<ProvidersFile>, Rejected> {
    let path = path.trim();
    if path.is_empty() {
        return Ok(None);
    }
    let text = match std::fs::metadata(path) {
        Ok(file) if file.len() > MOST_BYTES => {
            return Err(Rejected::new(path, "a file of up to 1 MiB is accepted"));
        }
        _ => std::fs::read_to_string(path),
    };
    let text = text.map_err(|error| {
        Rejected::new(path, format!("a TOML file with [[provider]] tables is accepted: {error}"))
    })?;
    match read(&text) {
        Ok(listed) => Ok(Some(ProvidersFile { path: path.to_owned(), listed })),
        Err(Mistake { at, expected }) => {
            let line = text[..text.floor_char_boundary(at.start)].matches('\n').count() + 1;
            Err(Rejected::new(path, format!("line {line}: {expected}")))
        }
    }
}

fn read(text: &str) -> Result<Vec<ListedProvider>, Mistake> {
    let written: Written = toml::from_str(text).map_err(|error| of_toml(text, &error))?;
    let mut names = HashSet::new();
    let mut listed = Vec::new();
    let mut has_default = false;
    for entry in written.provider {
        let entry = entry.into_inner();
        if !names.insert(entry.name.get_ref().clone()) {
            return Err(mistake(&entry.name, "another name is expected: this one is taken"));
        }
        let is_default = entry.default.as_ref().filter(|default| *default.get_ref());
        if let Some(again) = is_default.filter(|_| has_default) {
            return Err(mistake(again, "one provider at most is expected to be the default"));
        }
        let is_default = is_default.is_some();
        has_default |= is_default;
        let at = if is_default { 0 } else { listed.len() };
        listed.insert(at, checked(entry)?);
    }
    if listed.is_empty() {
        let expected = "a [[provider]] table with a name and a kind is expected".to_owned();
        return Err(Mistake { at: 0..0, expected });
    }
    Ok(listed)
}

fn checked(entry: Entry) -> Result<ListedProvider, Mistake> {
    let Entry { name, kind, base_url: address, key, key_env, model, context, default: _ } = entry;
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let is_name = |name: &str| (1..=64).contains(&name.len()) && name.chars().all(is_plain);
    if !is_name(name.get_ref()) {
        let expected = "a name of up to 64 letters, digits, -, _ and . is expected";
        return Err(mistake(&name, expected));
    }
    let unknown = |_| mistake(&kind, format!("{:?} is no kind: {KINDS}", kind.get_ref()));
    let choice = match kind.get_ref().as_str() {
        "" | "auto" => Err(mistake(&kind, KINDS)),
        written => choice(written).map_err(unknown),
    }?;
    if (choice == Choice::Builtin) != (name.get_ref() == "builtin") {
        let expected = "the kind builtin and the name builtin are expected together";
        return Err(mistake(&name, expected));
    }
    if let (Some(_), Some(variable)) = (&key, &key_env) {
        return Err(mistake(variable, "either key or key_env is expected"));
    }
    if let Some(tokens) = context.as_ref().filter(|tokens| *tokens.get_ref() < 64) {
        return Err(mistake(tokens, "a number of tokens from 64 is expected, as 32768"));
    }
    let base_url = match &address {
        Some(address) => base_url(address.get_ref())
            .map_err(|rejected| mistake(address, format!("base_url: {rejected}")))?,
        None => None,
    };
    let text = |text: Option<Spanned<String>>| {
        text.map(Spanned::into_inner).filter(|text| !text.trim().is_empty())
    };
    Ok(ListedProvider {
        name: name.into_inner(),
        kind: choice,
        base_url,
        key: text(key).map(SecretString::from),
        key_env: text(key_env),
        model: text(model),
        context: context.map(Spanned::into_inner),
    })
}

fn mistake<T>(written: &Spanned<T>, expected: impl Into<String>) -> Mistake {
    Mistake { at: written.span(), expected: expected.into() }
}

/// What the parser says, in one line. It may quote what stands there, which is not to be a key.
fn of_toml(text: &str, error: &toml::de::Error) -> Mistake {
    let at = error.span().unwrap_or_default();
    let start = text.floor_char_boundary(at.start);
    let line = text[..start].rsplit('\n').next().unwrap_or_default();
    let is_key = line
        .trim_start()
        .strip_prefix("key")
        .is_some_and(|rest| rest.trim_start().starts_with('='));
    let expected = if is_key {
        "a text in quotes is expected as the key".to_owned()
    } else {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        llm::redact(&message).into_owned()
    };
    Mistake { at: start..start, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let Err(Mistake { at, expected }) = read(text) else { panic!("it is accepted: {text}") };
        format!("{}: {expected}", text[..at.start].matches('\n').count() + 1)
    }

    #[test]
    fn the_default_one_comes_first() {
        let listed = read(
            "[[provider]]\nname = 'one'\nkind = 'llamacpp'\n\n[[provider]]\nname = 'two'\n\
             kind = 'openai'\nbase_url = 'http://h/v1/'\nkey_env = 'K'\ndefault = true\n",
        );
        let Ok(listed) = listed else { panic!("it is refused") };
        assert_eq!([&*listed[0].name, &*listed[1].name], ["two", "one"]);
        assert_eq!(listed[0].base_url.as_deref(), Some("http://h/v1"));
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_was_expected() {
        for (text, said) in [
            ("[[provider]]\nname = 'a'\nkind = 'opanai'\n", "3: \"opanai\" is no kind: "),
            ("[[provider]]\nnaem = 'a'\nkind = 'openai'\n", "2: unknown field `naem`, expected"),
            ("\n[[provider]]\nkind = 'openai'\n", "2: missing field `name`"),
            ("[[provider]]\nname = \n", "2: "),
            ("[[provider]]\nname = 'a b'\nkind = 'openai'\n", "2: a name of up to 64"),
            ("[[provider]]\nname = 'a'\nkind = 'openai'\nkey = 31415\n", "4: a text in quotes"),
            (
                "[[provider]]\nname = 'a'\nkind = 'openai'\nbase_url = 'h:1'\n",
                "4: base_url: an address with its scheme is accepted, as http://h:1",
            ),
            ("[[provider]]\nname = 'a'\nkind = 'openai'\ncontext = 8\n", "4: a number of tokens"),
            (
                "[[provider]]\nname = 'a'\nkind = 'vllm'\n[[provider]]\nname = 'a'\nkind = 'vllm'",
                "5: another name",
            ),
            ("# nothing\n", "1: a [[provider]] table"),
        ] {
            let line = refused(text);
            assert!(line.starts_with(said), "{text}: {line}");
            assert!(!line.contains('\n') && !line.contains("31415"), "{line}");
        }
    }
}
