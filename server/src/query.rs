use std::{fmt::Debug, ops::RangeInclusive, str::FromStr};

use axum::extract::{FromRequestParts, Query as AnyQuery};
use http::{StatusCode, request::Parts};
use percent_encoding::percent_decode_str;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use crate::problem::{Refusal, field_in};

/// The query of a request, or a refusal that names the parameter that cannot be read.
pub(crate) struct Query<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        // axum would replace the wrong bytes, and read another value than the one that was sent.
        if percent_decode_str(query).decode_utf8().is_err() {
            return Err(unreadable("The query is not UTF-8."));
        }
        let read = AnyQuery::try_from_uri(&parts.uri).map_err(|error| {
            let words = error.body_text();
            match field_in(&words) {
                Some(name) => Refusal::parameter(name, format!("`{name}` is given twice.")),
                None => unreadable(&words),
            }
        })?;
        Ok(Self(read.0))
    }
}

fn unreadable(detail: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, ProblemCode::InvalidParameter, detail)
}

/// Parses parameter `name` as a number within `range`; `kind` describes it in the refusal.
pub(crate) fn within<T>(
    name: &str,
    kind: &str,
    value: Option<&str>,
    range: RangeInclusive<T>,
    default: T,
) -> Result<T, Refusal>
where
    T: FromStr + PartialOrd + Debug,
{
    let Some(value) = value else { return Ok(default) };
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => {
            let (least, most) = (range.start(), range.end());
            let detail = format!("`{name}` must be a {kind} from {least:?} to {most:?}.");
            Err(Refusal::invalid(name, detail))
        }
    }
}

/// Parses parameter `name` as true or false. It is true when it is missing.
pub(crate) fn flag(name: &str, value: Option<&str>) -> Result<bool, Refusal> {
    match value {
        None | Some("true" | "1" | "yes" | "on") => Ok(true),
        Some("false" | "0" | "no" | "off") => Ok(false),
        Some(_) => Err(Refusal::invalid(name, format!("`{name}` must be true or false."))),
    }
}
