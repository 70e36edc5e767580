use http::{HeaderMap, header};

/// A content coding (RFC 9110, section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The one in which a client gets what can be had in all: the smallest that it accepts.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let mut compressed = [Self::Brotli, Self::Gzip].into_iter();
        compressed.find(|encoding| encoding.accepted(headers)).unwrap_or(Self::Identity)
    }

    /// The name in `Content-Encoding`, which is not sent for `Identity`.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// Makes a file's entity tags differ by encoding, as strong tags must.
    pub(crate) fn etag_suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gzip",
            Self::Identity => "",
        }
    }

    /// Whether `Accept-Encoding` allows it: by its name or else by `*`, with a weight above zero.
    pub(crate) fn accepted(self, headers: &HeaderMap) -> bool {
        let Some(name) = self.name() else { return true };
        let weight = |wanted: &str| {
            let values = headers.get_all(header::ACCEPT_ENCODING).iter();
            values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .filter_map(|item| {
                    let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
                    coding.trim().eq_ignore_ascii_case(wanted).then(|| quality(weight))
                })
                .next()
        };
        weight(name).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
    }
}

/// The `q=` of an item, 1 where there is none.
fn quality(weight: &str) -> f32 {
    let value =
        weight.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.trim().strip_prefix('='));
    value.map_or(1.0, |value| value.trim().parse().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn accepted(encoding: Encoding, value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        encoding.accepted(&headers)
    }

    #[test]
    fn a_client_gets_only_what_it_takes() {
        assert!(accepted(Encoding::Brotli, "gzip, deflate, br, zstd"));
        assert!(accepted(Encoding::Gzip, "br;q=1.0, gzip;q=0.8, *;q=0.1"));
        assert!(accepted(Encoding::Brotli, "*"));
        assert!(!accepted(Encoding::Brotli, "gzip"));
        assert!(!accepted(Encoding::Brotli, "br;q=0, *"));
        assert!(!accepted(Encoding::Gzip, ""));
        assert!(!Encoding::Gzip.accepted(&HeaderMap::new()));
        assert!(Encoding::Identity.accepted(&HeaderMap::new()));
    }
}
