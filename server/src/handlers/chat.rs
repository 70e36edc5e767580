use std::time::Duration;

use axum::{
    body::Bytes,
    extract::State as Shared,
    response::{IntoResponse, Redirect, Response},
};
use engine::{CompleteError, Engine};
use http::{HeaderMap, StatusCode, header};
use protocol::{ProblemCode, conversation::NewTurn};
use tokio::time::timeout;
use url::form_urlencoded;

use super::generations::OWNER;
use crate::{pages, problem::Refusal};

/// What the fourth seed's page expects for a blank message.
const BLANK: &str = "Error: Message cannot be empty";

/// How long a page without scripts waits for a reply before it is shown as it stands.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// `POST /chat`: the whole answer as plain text; for a browser's form, a page with the turn in it.
pub(crate) async fn answer(
    Shared(engine): Shared<Engine>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let turn = turn(&body);
    if pages::accepts_html(&headers) {
        return show(&engine, turn).await;
    }
    if protocol::is_blank(&turn.content) {
        return Ok(BLANK.into_response());
    }
    match engine.complete(turn.content).await {
        Ok(text) => Ok(text.into_response()),
        Err(CompleteError::Start(error)) => Err(error.into()),
        Err(CompleteError::Failed(failure)) => {
            Err(Refusal::new(StatusCode::BAD_GATEWAY, ProblemCode::ProviderFailed, failure.message))
        }
    }
}

/// The form's fields. What is empty was not given.
fn turn(form: &[u8]) -> NewTurn {
    let mut turn = NewTurn::default();
    for (name, value) in form_urlencoded::parse(form) {
        let value = value.into_owned();
        let given = || Some(value.clone()).filter(|value| !value.is_empty());
        match &*name {
            "message" => turn.content = value,
            "conversation_id" => turn.conversation_id = given(),
            "parent_id" => turn.parent_id = given(),
            "persona_id" => turn.persona_id = given(),
            "generation_id" => turn.generation_id = given(),
            _ => {}
        }
    }
    turn
}

/// Sends a message, waits for its reply and leads to its conversation.
async fn show(engine: &Engine, turn: NewTurn) -> Result<Response, Refusal> {
    let (stored, _) = engine.send(OWNER, turn, None).await?;
    let replied = async {
        let reply = engine.subscribe(OWNER, &stored.reply_id, 0).await;
        if let Ok(mut reply) = reply {
            while let Ok(Some(_)) = reply.next().await {}
        }
    };
    // What takes longer is shown as it stands.
    let _ = timeout(PATIENCE, replied).await;
    let page = Redirect::to(&format!("/chat/{}", stored.conversation_id));
    Ok(([(header::CACHE_CONTROL, "no-store")], page).into_response())
}
