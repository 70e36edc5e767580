use std::time::Duration;

use axum::{
    extract::State as Shared,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::events::After;
use crate::{
    problem::Refusal,
    query::{Query, flag, within},
    state::State,
    timed::{Clock, Numbered, Numbers, Ticker},
};

/// The query of `GET /stream`. Its parameters are text here, as each is refused with a message of its
/// own when it is parsed.
#[derive(Deserialize)]
pub(crate) struct NumbersQuery {
    count: Option<String>,
    delay: Option<String>,
    message: Option<String>,
    enable_heartbeat: Option<String>,
}

/// `GET /stream`
pub(crate) async fn numbered(
    Shared(state): Shared<State>,
    Query(query): Query<NumbersQuery>,
    after: After,
) -> Result<Response, Refusal> {
    let count = within("count", "whole number", query.count.as_deref(), 1..=100, 10)?;
    let delay = within("delay", "number", query.delay.as_deref(), 0.1..=5.0, 1.0)?;
    let heartbeat = flag("enable_heartbeat", query.enable_heartbeat.as_deref())?;
    if after.id > count {
        let detail = format!("The stream ends at {count}: an id from 0 to {count} is accepted.");
        return Err(Refusal::parameter(after.given_by, detail));
    }
    if after.id == count {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let message = query.message.unwrap_or_else(|| "Message".to_owned());
    let numbers =
        Numbers { count, delay: Duration::from_secs_f64(delay), message, after: after.id };
    let heartbeat = heartbeat.then_some(state.config.heartbeat);
    Ok(state.sse_response_until_shutdown(3000, heartbeat, |connection| {
        Numbered::new(numbers, connection)
    }))
}

/// `GET /stream-sse`
pub(crate) async fn ticker(Shared(state): Shared<State>) -> Response {
    let heartbeat = Some(state.config.heartbeat);
    state.sse_response_until_shutdown(protocol::RETRY_MS, heartbeat, |_| Ticker::new())
}

/// The query of `GET /clock`.
#[derive(Deserialize)]
pub(crate) struct Zone {
    tz: Option<String>,
}

/// `GET /clock`
pub(crate) async fn clock(
    Shared(state): Shared<State>,
    Query(zone): Query<Zone>,
) -> Result<Response, Refusal> {
    let name = zone.tz.as_deref().unwrap_or("Asia/Shanghai");
    let zone = TimeZone::get(name).map_err(|_| {
        let accepted = "a name of the IANA time zone database is accepted, as Asia/Shanghai";
        Refusal::invalid("tz", format!("There is no such time zone; {accepted}."))
    })?;
    let heartbeat = Some(state.config.heartbeat);
    Ok(state.sse_response_until_shutdown(10_000, heartbeat, |_| Clock::new(zone)))
}
