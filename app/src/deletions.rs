//! What the reader has deleted. It is hidden at once and deleted on the server after ten seconds, in
//! which it can be brought back; when the page is left, it is deleted then.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

use crate::{
    api_error::ApiError,
    browser,
    components::{Act, NoticeId, Notices},
    hooks::{Listener, Local, Timer, in_time},
    messages::Locale,
};

/// How long a deletion can be taken back, in milliseconds.
const GRACE_MS: f64 = 10_000.0;
/// Where the tab keeps the paths of what is to be deleted, until the server has done so.
const KEY: &str = "unspool-deleting";

/// What is being deleted, by its path in the API, as `/api/generations/{id}`. Copies share it.
#[derive(Clone, Copy)]
pub(crate) struct Deletions {
    /// Hidden: to be deleted, or deleted.
    hidden: RwSignal<Vec<String>>,
    due: Local<Vec<Due>>,
    notices: Notices,
    locale: Locale,
}

/// A deletion that can still be taken back.
struct Due {
    path: String,
    notice: NoticeId,
    _timer: Option<Timer>,
}

impl Deletions {
    pub(crate) fn new() -> Self {
        let deletions = Self {
            hidden: RwSignal::new(Vec::new()),
            due: Local::new(Vec::new),
            notices: Notices::here(),
            locale: Locale::here(),
        };
        Effect::new(move |_| {
            // What a page that was left could not delete any more.
            stored().into_iter().for_each(|path| {
                deletions.hidden.update(|hidden| hidden.push(path.clone()));
                deletions.send(path);
            });
            StoredValue::new_local(Listener::on("pagehide", move |_| deletions.send_all()));
        });
        deletions
    }

    /// The deletions in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Whether what is at `path` is deleted, as far as the reader is concerned. Tracked.
    pub(crate) fn hides(self, path: &str) -> bool {
        self.hidden.with(|hidden| hidden.iter().any(|hidden| hidden == path))
    }

    /// Deletes what is at `path`, which is called `title`. `restored` is called when the reader
    /// takes that back.
    pub(crate) fn delete(self, path: String, title: &str, restored: Act) {
        self.hidden.update(|hidden| hidden.push(path.clone()));
        store(|paths| paths.push(path.clone()));
        let own = path.clone();
        let undo = Arc::new(move || {
            self.keep(&own);
            restored();
        });
        let notice = self.notices.offer((self.locale.desk_untracked().deleted)(title), undo);
        let own = path.clone();
        let timer = Timer::after(GRACE_MS, move || self.end(&own));
        self.due.update(|due| due.push(Due { path, notice, _timer: timer }));
    }

    /// Brings back what is at `path`.
    fn keep(self, path: &str) {
        self.due.update(|due| due.retain(|due| due.path != path));
        self.show(path);
        store(|paths| paths.retain(|own| own != path));
    }

    fn show(self, path: &str) {
        self.hidden.update(|hidden| hidden.retain(|hidden| hidden != path));
    }

    /// Deletes what is at `path` for good.
    fn end(self, path: &str) {
        let ended = self.due.update(|due| due.extract_if(.., |due| due.path == path).next());
        if let Some(due) = ended.flatten() {
            self.notices.withdraw(due.notice);
            // The timer that called is not dropped before this returns.
            self.send(path.to_owned());
            set_timeout(move || drop(due), std::time::Duration::ZERO);
        }
    }

    fn send_all(self) {
        let paths = self.due.with(|due| due.iter().map(|due| due.path.clone()).collect());
        let paths: Vec<String> = paths.unwrap_or_default();
        paths.iter().for_each(|path| self.end(path));
    }

    /// Shows again what could not be deleted, and offers to try it once more.
    fn failed(self, path: String) {
        self.keep(&path);
        let again = Arc::new(move || {
            self.hidden.update(|hidden| hidden.push(path.clone()));
            self.send(path.clone());
        });
        let sentence = self.locale.messages_untracked().not_deleted.to_owned();
        self.notices.offer_again(sentence, again);
    }

    fn send(self, path: String) {
        spawn_local(async move {
            match in_time(request(&path)).await {
                Ok(()) => store(|paths| paths.retain(|own| *own != path)),
                Err(_) => self.failed(path),
            }
        });
    }
}

/// Asks the server to delete what is at `path`. The request outlives the page.
async fn request(path: &str) -> Result<(), ApiError> {
    let init = RequestInit::new();
    init.set_method("DELETE");
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE);
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await;
    let status = response.map_or(0, |response| Response::from(response).status());
    // What is not there need not be deleted.
    if matches!(status, 200..300 | 404) {
        return Ok(());
    }
    Err(ApiError::Unreachable(format!("status {status}")))
}

fn stored() -> Vec<String> {
    let kept = || browser::session()?.get_item(KEY).ok()?;
    kept().and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default()
}

fn store(change: impl FnOnce(&mut Vec<String>)) {
    let Some(session) = browser::session() else { return };
    let mut paths = stored();
    change(&mut paths);
    let _ = match serde_json::to_string(&paths) {
        Ok(json) if !paths.is_empty() => session.set_item(KEY, &json),
        _ => session.remove_item(KEY),
    };
}
