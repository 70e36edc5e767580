use std::{str::FromStr, time::Duration};

use axum::{
    extract::{Query, State as Shared, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::events::After;
use crate::{
    problem::Refusal,
    state::State,
    timed::{Clock, Numbered, Numbers, Ticker},
};

/// The query of `GET /stream`, as text: each part has an error of its own.
#[derive(Deserialize)]
pub(crate) struct Asked {
    count: Option<String>,
    delay: Option<String>,
    message: Option<String>,
    enable_heartbeat: Option<String>,
}

/// `GET /stream`
pub(crate) async fn numbered(
    Shared(state): Shared<State>,
    asked: Result<Query<Asked>, QueryRejection>,
    after: After,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|error| Refusal::parameter("query", error.body_text()))?;
    let count = within("count", asked.count.as_deref(), 1..=100, 10)?;
    let delay = within("delay", asked.delay.as_deref(), 0.1..=5.0, 1.0)?;
    let heartbeat = flag("enable_heartbeat", asked.enable_heartbeat.as_deref())?;
    if after.id > count {
        let detail = format!("The stream ends at {count}: an id from 0 to {count} is accepted.");
        return Err(Refusal::parameter(after.told_by, detail));
    }
    if after.id == count {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let message = asked.message.unwrap_or_else(|| "Message".to_owned());
    let numbers =
        Numbers { count, delay: Duration::from_secs_f64(delay), message, after: after.id };
    let heartbeat = heartbeat.then_some(state.config.heartbeat);
    Ok(state.tell_until_closing(3000, heartbeat, |connection| Numbered::new(numbers, connection)))
}

/// `GET /stream-sse`
pub(crate) async fn ticker(Shared(state): Shared<State>) -> Response {
    let heartbeat = Some(state.config.heartbeat);
    state.tell_until_closing(protocol::RETRY_MS, heartbeat, |_| Ticker::new())
}

/// The query of `GET /clock`.
#[derive(Deserialize)]
pub(crate) struct Zone {
    tz: Option<String>,
}

/// `GET /clock`
pub(crate) async fn clock(
    Shared(state): Shared<State>,
    zone: Result<Query<Zone>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(zone) = zone.map_err(|error| Refusal::parameter("tz", error.body_text()))?;
    let name = zone.tz.as_deref().unwrap_or("Asia/Shanghai");
    let zone = TimeZone::get(name).map_err(|_| {
        let accepted = "a name of the IANA time zone database is accepted, as Asia/Shanghai";
        Refusal::invalid("tz", format!("There is no such time zone; {accepted}."))
    })?;
    let heartbeat = Some(state.config.heartbeat);
    Ok(state.tell_until_closing(10_000, heartbeat, |_| Clock::new(zone)))
}

fn within<T>(
    name: &str,
    value: Option<&str>,
    range: std::ops::RangeInclusive<T>,
    default: T,
) -> Result<T, Refusal>
where
    T: FromStr + PartialOrd + std::fmt::Debug,
{
    let Some(value) = value else { return Ok(default) };
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => {
            let (least, most) = (range.start(), range.end());
            let detail = format!("`{name}` must be a number from {least:?} to {most:?}.");
            Err(Refusal::invalid(name, detail))
        }
    }
}

fn flag(name: &str, value: Option<&str>) -> Result<bool, Refusal> {
    match value {
        None | Some("true" | "1" | "yes" | "on") => Ok(true),
        Some("false" | "0" | "no" | "off") => Ok(false),
        Some(_) => Err(Refusal::invalid(name, format!("`{name}` must be true or false."))),
    }
}
