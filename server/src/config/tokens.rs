use std::{fmt, fs, sync::Arc};

use super::Rejected;
use crate::access::SecretHash;

/// How long a token is at least, in characters.
const LEAST_CHARS: usize = 16;

/// How long a name and a token may be, in characters.
const MOST_CHARS: usize = 256;

/// Who may come in, and by which token. The tokens themselves are not kept.
#[derive(Clone, Default)]
pub(crate) struct Tokens(Arc<[Token]>);

/// A named token.
pub(crate) struct Token {
    /// The name of its space.
    pub(crate) name: Arc<str>,
    pub(crate) hash: SecretHash,
}

impl Tokens {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The token of which this is one. All are compared, each in the same time.
    pub(crate) fn find(&self, hash: &SecretHash) -> Option<&Token> {
        self.0
            .iter()
            .fold(None, |found, token| if token.hash.is(hash) { Some(token) } else { found })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|token| &token.name)).finish()
    }
}

/// Reads `name:token` pairs, separated by commas, or by lines where they stand in a file.
pub(super) fn tokens(value: &str) -> Result<Tokens, Rejected> {
    let value = value.trim();
    let Some(path) = value.strip_prefix('@') else { return list(value) };
    let file = fs::read_to_string(path).map_err(|_| {
        Rejected::new(
            value,
            "@ and the path of a file that can be read is accepted, as @tokens.txt",
        )
    })?;
    list(&file)
}

fn list(text: &str) -> Result<Tokens, Rejected> {
    let entries = text.split(['\n', ',']).map(str::trim);
    let entries = entries.filter(|entry| !entry.is_empty() && !entry.starts_with('#'));
    let mut tokens: Vec<Token> = Vec::new();
    for (number, entry) in (1..).zip(entries) {
        let token = token(number, entry)?;
        for earlier in &tokens {
            if earlier.name == token.name {
                let accepted = "each name is accepted once: this one has two tokens";
                return Err(Rejected::new(&token.name, accepted));
            }
            if earlier.hash.is(&token.hash) {
                let shown = format!("{} and {}", earlier.name, token.name);
                return Err(Rejected::new(
                    &shown,
                    "each token is accepted once: these are the same",
                ));
            }
        }
        tokens.push(token);
    }
    Ok(Tokens(tokens.into()))
}

fn token(number: usize, entry: &str) -> Result<Token, Rejected> {
    let is_name = |name: &&str| {
        let is_plain = |it: char| it.is_alphanumeric() || "-_.@".contains(it);
        !name.is_empty() && name.chars().count() <= MOST_CHARS && name.chars().all(is_plain)
    };
    let (name, secret) = entry.split_once(':').unwrap_or(("", entry));
    let (name, secret) = (name.trim(), secret.trim());
    let Some(name) = Some(name).filter(is_name) else {
        let shown = format!("entry {number}, not shown, as it holds a token");
        let accepted = "entries of a name, a colon and a token are accepted, as alice:TOKEN; the \
                        name consists of letters, digits, -, _, . and @";
        return Err(Rejected::new(&shown, accepted));
    };
    let is_plain = secret.bytes().all(|byte| byte.is_ascii_graphic());
    if !(LEAST_CHARS..=MOST_CHARS).contains(&secret.len()) || !is_plain {
        let shown = format!("{name}, with a token that is not shown");
        let accepted = "tokens of 16 to 256 ASCII characters without spaces are accepted, as \
                        `openssl rand -hex 24` prints them";
        return Err(Rejected::new(&shown, accepted));
    }
    Ok(Token { name: name.into(), hash: SecretHash::of(secret) })
}
