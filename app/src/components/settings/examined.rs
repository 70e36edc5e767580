use leptos::{prelude::*, task::spawn_local};
use protocol::{CheckState, Examination};

use super::check_item::CheckItem;
use crate::{
    backend::Examine,
    commands::providers::check_provider,
    hooks::in_time,
    messages::{Locale, SettingsMessages},
};

/// A provider: where it is, and what its checks have found. They are made as the page is opened,
/// unless that was done a while ago.
#[component]
pub(crate) fn Examined(provider: Examination) -> impl IntoView {
    let locale = Locale::here();
    let exam = Exam::new(provider);
    Effect::new(move |_| exam.follow(false, locale.0.get().tag()));
    let again = move |_| exam.follow(true, locale.0.get_untracked().tag());
    let checks = move || {
        let checks = exam.shown.with(|shown| shown.checks.clone());
        checks.into_iter().map(|check| view! { <CheckItem check/> }).collect_view()
    };
    let place = move || exam.shown.with(|shown| place(shown, locale.settings()));
    let author = exam.shown.with_untracked(|shown| format!("{} · {}", shown.kind, shown.model));
    let name = exam.shown.with_untracked(|shown| shown.provider.clone());
    let label = name.clone();
    view! {
        <section class="sheet examined" aria-label=label data-testid="examined">
            <p class="label">
                {locale.settings_text(|m| m.model)}
                {" · "}
                {name}
            </p>
            <h2>{author}</h2>
            <p class="check-detail">{place}</p>
            <ul class="checks">{checks}</ul>
            <p class="check-verdict" role="status" data-testid="verdict">
                {move || verdict(exam, locale.settings())}
            </p>
            <button
                type="button"
                class="primary scripted"
                disabled=move || exam.is_running.get()
                on:click=again
            >
                {locale.settings_text(|m| m.again)}
            </button>
        </section>
    }
    .into_any()
}

/// An examination as it goes on.
#[derive(Clone, Copy)]
struct Exam {
    shown: RwSignal<Examination>,
    is_running: RwSignal<bool>,
    has_failed: RwSignal<bool>,
    /// Counts those that were begun: an older one is not shown any more.
    latest: StoredValue<u32>,
}

impl Exam {
    fn new(provider: Examination) -> Self {
        Self {
            shown: RwSignal::new(provider),
            is_running: RwSignal::new(false),
            has_failed: RwSignal::new(false),
            latest: StoredValue::new(0),
        }
    }

    /// Shows the findings one by one, until there are no more.
    fn follow(self, again: bool, language: &'static str) {
        self.latest.update_value(|latest| *latest += 1);
        let own = self.latest.get_value();
        self.is_running.set(true);
        self.has_failed.set(false);
        let provider = self.shown.with_untracked(|shown| shown.provider.clone());
        let is_wanted = move || self.latest.try_get_value() == Some(own);
        spawn_local(async move {
            let mut asked = Examine { provider, again, seen: 0, language: language.to_owned() };
            while is_wanted() {
                let answer = in_time(check_provider(asked.clone())).await;
                if !is_wanted() {
                    return;
                }
                let done = match answer {
                    Ok(found) => {
                        (asked.again, asked.seen) = (false, found.checks.len());
                        let done = found.done;
                        self.shown.set(found);
                        done
                    }
                    Err(_) => {
                        self.has_failed.set(true);
                        true
                    }
                };
                if done {
                    self.is_running.set(false);
                    return;
                }
            }
        });
    }
}

/// Its address, the end of its key, and what has set them.
fn place(shown: &Examination, messages: &SettingsMessages) -> String {
    let Some(base_url) = &shown.base_url else { return messages.on_this_server.to_owned() };
    let key = match &shown.key {
        Some(key) => (messages.key)(key.end.as_deref().unwrap_or_default(), &key.set_by),
        None => messages.no_key.to_owned(),
    };
    let set_by = shown.set_by.as_deref().map(messages.from).unwrap_or_default();
    [base_url.as_str(), &key, &set_by].join(" · ")
}

fn verdict(exam: Exam, messages: &SettingsMessages) -> String {
    if exam.has_failed.get() {
        return messages.unreachable.to_owned();
    }
    if exam.is_running.get() {
        return messages.checking.to_owned();
    }
    exam.shown.with(|shown| {
        let failed = shown.checks.iter().filter(|check| check.state == CheckState::Failed).count();
        match (shown.checks.len(), failed) {
            (0, _) => String::new(),
            (_, 0) => messages.works.to_owned(),
            (_, failed) => (messages.fails)(failed),
        }
    })
}
