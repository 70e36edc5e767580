use leptos::prelude::*;

use super::{question::Question, reply::Reply};
use crate::thread_view::{Row, ThreadView, Turn};

/// A question and its answer.
#[component]
pub(super) fn TurnView(turns: Memo<Vec<Turn>>, key: String) -> impl IntoView {
    let view = ThreadView::here();
    let turn = Memo::new(move |_| {
        turns.with(|turns| turns.iter().rfind(|turn| turn.key() == key).cloned())
    });
    let question = Memo::new(move |_| turn.with(|turn| turn.as_ref()?.question.clone()));
    let reply = Memo::new(move |_| turn.with(|turn| turn.as_ref()?.reply.clone()));
    let id_of =
        |row: Memo<Option<Row>>| move || row.with(|row| row.as_ref().map(|row| row.id.clone()));
    view! {
        <li class="turn" data-testid="turn">
            <For each=id_of(question) key=Clone::clone let(id)>
                <Question row=question content=view.content(&id)/>
            </For>
            <For each=id_of(reply) key=Clone::clone let(id)>
                <Reply row=reply id/>
            </For>
        </li>
    }
    .into_any()
}
