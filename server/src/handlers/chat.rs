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

use crate::{access::Space, pages, problem::Refusal};

/// What the fourth seed's page expects for a blank message.
const BLANK: &str = "Error: Message cannot be empty";

/// How long a page without scripts waits for a reply before it is shown as it stands.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// `POST /chat`: the whole answer as plain text; for a browser's form, a page with the turn in it.
pub(crate) async fn answer(
    Shared(engine): Shared<Engine>,
    space: Space,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let turn = turn(&body);
    if pages::accepts_html(&headers) {
        return Ok(show(&engine, &space, turn).await);
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

/// Sends a message, waits for its reply and leads to its conversation. A refusal leads back to the form,
/// which shows the reason.
async fn show(engine: &Engine, space: &Space, turn: NewTurn) -> Response {
    let page = page_of(turn.conversation_id.as_deref());
    let stored = match engine.send(space, turn, None).await {
        Ok((stored, _)) => stored,
        Err(error) => {
            let Refusal(problem) = error.into();
            return redirect(&format!("{page}?refused={}", app::word(problem.code)));
        }
    };
    let replied = async {
        let reply = engine.subscribe(space, &stored.reply_id, 0).await;
        if let Ok(mut reply) = reply {
            while let Ok(Some(_)) = reply.next().await {}
        }
    };
    // What takes longer is shown as it stands.
    let _ = timeout(PATIENCE, replied).await;
    redirect(&page_of(Some(&stored.conversation_id)))
}

/// The address of a conversation's page, or of that where one begins.
fn page_of(conversation_id: Option<&str>) -> String {
    // Anything else would not be an id, but could be an address of something else.
    let is_id = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    conversation_id.filter(is_id).map_or_else(|| "/chat".to_owned(), |id| format!("/chat/{id}"))
}

fn redirect(page: &str) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(page)).into_response()
}
