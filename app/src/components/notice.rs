use std::sync::Arc;

use leptos::prelude::*;

use crate::messages::Locale;

/// What was just done, each with the way to take it back or to try it again.
#[derive(Clone, Copy)]
pub(crate) struct Notices {
    shown: RwSignal<Vec<Notice>>,
    count: StoredValue<u64>,
}

/// What a notice's button does. It outlives the view that has offered it.
pub(crate) type Act = Arc<dyn Fn() + Send + Sync>;

/// The number of a notice, to withdraw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoticeId(u64);

#[derive(Clone)]
struct Notice {
    id: NoticeId,
    sentence: String,
    /// What the button says, and does.
    label: fn(Locale) -> &'static str,
    act: Act,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), count: StoredValue::new(0) }
    }

    /// The notices in the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Shows that something was done, until it is withdrawn or undone.
    pub(crate) fn offer(self, sentence: String, undo: Act) -> NoticeId {
        self.add(sentence, |locale| locale.desk().undo, undo)
    }

    /// Shows that something has failed, until it is tried again.
    pub(crate) fn offer_again(self, sentence: String, again: Act) {
        self.add(sentence, |locale| locale.messages().again, again);
    }

    fn add(self, sentence: String, label: fn(Locale) -> &'static str, act: Act) -> NoticeId {
        self.count.update_value(|count| *count += 1);
        let id = NoticeId(self.count.get_value());
        self.shown.update(|shown| shown.push(Notice { id, sentence, label, act }));
        id
    }

    /// Takes a notice away, if it is still there.
    pub(crate) fn withdraw(self, id: NoticeId) {
        if self.shown.with_untracked(|shown| shown.iter().any(|notice| notice.id == id)) {
            self.shown.update(|shown| shown.retain(|notice| notice.id != id));
        }
    }
}

/// The notices, at the page's lower edge and read by screen readers as they come.
#[component]
pub(crate) fn NoticeBar() -> impl IntoView {
    let (notices, locale) = (Notices::here(), Locale::here());
    let line = move |notice: Notice| {
        let Notice { id, sentence, label, act } = notice;
        let clicked = move |_| {
            notices.withdraw(id);
            act();
        };
        view! {
            <p class="notice">
                <span dir="auto">{sentence}</span>
                <button type="button" class="quiet" on:click=clicked>
                    {move || label(locale)}
                </button>
            </p>
        }
    };
    view! {
        <div class="notices" role="status" data-testid="notices">
            <For each=move || notices.shown.get() key=|notice| notice.id.0 children=line/>
        </div>
    }
    .into_any()
}
