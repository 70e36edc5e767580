use leptos::prelude::*;

use crate::{messages::Locale, samples, workspace::Workspace};

/// The result before anything was started: an invitation and two samples.
#[component]
pub(crate) fn EmptyResult() -> impl IntoView {
    let (workspace, locale) = (Workspace::here(), Locale::here());
    let state = move || if workspace.is_starting() { "connecting" } else { "idle" };
    let status = move || if workspace.is_starting() { locale.messages().connecting } else { "" };
    let unwanted = move || !workspace.takes_sample();
    view! {
        <div class="sheet blank" data-testid="sheet" data-state=state>
            <p class="status" data-testid="status">{status}</p>
            <div class="invitation" hidden=move || workspace.is_starting()>
                <p>{locale.text(|m| m.invitation)}</p>
                <p class="scripted label" hidden=unwanted>{locale.text(|m| m.try_sample)}</p>
                <div class="samples scripted" hidden=unwanted>
                    <button type="button" class="quiet" lang="en" on:click=move |_| workspace.replace_draft(samples::EN)>
                        {locale.text(|m| m.sample_en)}
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        lang="zh-CN"
                        on:click=move |_| workspace.replace_draft(samples::ZH)
                    >
                        {locale.text(|m| m.sample_zh)}
                    </button>
                </div>
            </div>
        </div>
    }
    .into_any()
}
