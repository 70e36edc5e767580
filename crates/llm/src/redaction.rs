use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use secrecy::{ExposeSecret, SecretString};

use crate::Error;
use crate::error::Reason;

/// What stands in the place of a key.
const MASK: &str = "[redacted]";

/// Keys below this length are masked as whole words only: a key `a` is no reason to mask each `a`.
const SHORT: usize = 8;

/// What looks like a key, whoever's it is. What is named stays.
const SECRETS: [&str; 5] = [
    // Authorization: Bearer KEY
    r#"\b(?<scheme>bearer(?:\s|\+|%20)+)[^\s"'\\,;<>&]+"#,
    // ?key=KEY, &access_token=KEY
    r#"(?<parameter>(?:[?&;]|%3f|%26)[\w-]*(?:key|token|secret|password)(?:=|%3d))[^\s"'\\<>&\#]+"#,
    // https://USER:KEY@host
    r#"(?<slashes>://)[^\s"'\\<>/@]+(?<at>@)"#,
    // sk-KEY and the like, at the beginning of a word, whole or partly masked by the provider
    r"(?<start>^|[^0-9a-z]|%[0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4})(?:(?:sk|rk|gsk|hf|xai|pplx|nvapi)[-_]|AIza)[\w.*…-]{6,}",
    // abcd****wxyz
    r"[\w.-]*\*{3,}[\w.-]*",
];

static LOOKING_LIKE_SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the patterns are constant, and tests use them")]
    insensitive(&SECRETS.join("|")).expect("the patterns of secrets are well-formed")
});

/// Masks whatever looks like a key in a text that others have written: a provider's error, or a
/// setting. It is for what is logged or shown, not for documents.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let masked = format!("${{scheme}}${{parameter}}${{slashes}}${{start}}{MASK}${{at}}");
    LOOKING_LIKE_SECRETS.replace_all(text, masked)
}

/// Masks one key as well, in whatever form it comes back: as it is, percent-encoded, or escaped as
/// in a JSON string.
pub(crate) struct Redaction {
    key: Option<Regex>,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").finish_non_exhaustive()
    }
}

impl Redaction {
    /// Fails when the key is so long that it can be none.
    pub(crate) fn new(key: Option<&SecretString>) -> Result<Self, regex::Error> {
        let key = key.map(|key| key.expose_secret().trim()).filter(|key| !key.is_empty());
        Ok(Self { key: key.map(|key| insensitive(&forms_of(key))).transpose()? })
    }

    /// The error without keys.
    pub(crate) fn clean(&self, error: Error) -> Error {
        let detail = self.apply(&error.detail);
        let reason = error.reason.and_then(|reason| Reason::new(&self.apply(reason.as_str())));
        Error { detail, reason, ..error }
    }

    /// The text without keys.
    pub(crate) fn apply(&self, text: &str) -> String {
        let without_own = match &self.key {
            Some(key) => key.replace_all(text, MASK),
            None => Cow::Borrowed(text),
        };
        redact(&without_own).into_owned()
    }
}

fn insensitive(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(true).build()
}

/// A pattern of the key, each of whose characters may be encoded.
fn forms_of(key: &str) -> String {
    let pattern: String = key.chars().map(forms_of_char).collect();
    if key.len() < SHORT {
        return format!(r"\b{{start-half}}{pattern}\b{{end-half}}");
    }
    pattern
}

fn forms_of_char(char: char) -> String {
    let (mut percent, mut json) = (String::new(), String::new());
    for byte in char.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(percent, "%{byte:02x}");
    }
    for unit in char.encode_utf16(&mut [0; 2]) {
        let _ = write!(json, r"\\u{unit:04x}");
    }
    let plain = regex::escape(char.encode_utf8(&mut [0; 4]));
    // Longest first: what is escaped by a backslash begins with one.
    format!(r"(?:{json}|{percent}|\\{plain}|{plain})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(key: &str, text: &str) -> String {
        Redaction::new(Some(&SecretString::from(key))).unwrap().apply(text)
    }

    #[test]
    fn the_key_is_masked_however_it_is_encoded() {
        let key = r#"a/key+"of\mine="#;
        for text in [
            r#"a/key+"of\mine="#,
            r#"A/KEY+"OF\MINE="#,
            r#"a\/key+\"of\\mine="#,
            r#"a\u002fkey\u002B\u0022of\u005Cmine\u003d"#,
            "a%2Fkey%2B%22of%5Cmine%3D",
            "%61%2f%6b%65%79%2b%22%6f%66%5c%6d%69%6e%65%3d",
        ] {
            assert_eq!(masked(key, &format!("<{text}>")), "<[redacted]>");
        }
        assert_eq!(masked("schlüssel", "schl%C3%BCssel schl\\u00fcssel"), "[redacted] [redacted]");
    }

    #[test]
    fn a_short_key_is_masked_as_a_word() {
        assert_eq!(
            masked("no", "no key: 'no', nobody, piano"),
            "[redacted] key: '[redacted]', nobody, piano"
        );
        assert_eq!(masked(" \n", "a b"), "a b");
    }

    #[test]
    fn a_key_with_a_space_is_masked_whole() {
        assert_eq!(
            masked("first second", "Bearer first second, it says"),
            "Bearer [redacted], it says"
        );
    }

    #[test]
    fn what_looks_like_a_key_is_masked() {
        for (text, expected) in [
            ("Incorrect API key provided: sk-abcd1234.", "Incorrect API key provided: [redacted]"),
            ("'sk-proj-****************wxyz'", "'[redacted]'"),
            ("sk-ab…yz1234", "[redacted]"),
            ("key%3Dsk-abcdefgh", "key%3D[redacted]"),
            (r"\nsk-abcdefgh", r"\n[redacted]"),
            ("abcd****wxyz is wrong", "[redacted] is wrong"),
            ("authorization: Bearer abc.def", "authorization: Bearer [redacted]"),
            ("bearer%20abc", "bearer%20[redacted]"),
            ("https://a.example/v1?api-key=abc&x=1", "https://a.example/v1?api-key=[redacted]&x=1"),
            ("GET /v1%3Fkey%3Dabc", "GET /v1%3Fkey%3D[redacted]"),
            ("http://me:word@a.example/v1", "http://[redacted]@a.example/v1"),
            ("AIzaSyA1234567890abcdef", "[redacted]"),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn words_that_are_no_keys_stay() {
        for text in [
            "status 400, type exceed_context_size_error, code 400",
            "task-scheduler-failed, risk-assessment, disk_full_error",
            "connection refused (os error 111)",
            "https://models.example/v1?api-version=2",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
