use leptos::prelude::*;

use crate::{desk::Desk, samples, words::Locale};

/// The sheet before anything is on it: one sentence and two samples.
#[component]
pub(crate) fn BlankSheet() -> impl IntoView {
    let (desk, locale) = (Desk::here(), Locale::here());
    let state = move || if desk.starting.get() { "connecting" } else { "idle" };
    let status = move || if desk.starting.get() { locale.words().connecting } else { "" };
    let unwanted = move || !desk.takes_sample();
    view! {
        <div class="sheet blank" data-testid="sheet" data-state=state>
            <p class="status" data-testid="status">{status}</p>
            <div class="invitation" hidden=move || desk.starting.get()>
                <p>{locale.say(|words| words.invitation)}</p>
                <p class="scripted label" hidden=unwanted>{locale.say(|words| words.try_sample)}</p>
                <div class="samples scripted" hidden=unwanted>
                    <button type="button" class="quiet" lang="en" on:click=move |_| desk.put(samples::EN)>
                        {locale.say(|words| words.sample_en)}
                    </button>
                    <button
                        type="button"
                        class="quiet"
                        lang="zh-CN"
                        on:click=move |_| desk.put(samples::ZH)
                    >
                        {locale.say(|words| words.sample_zh)}
                    </button>
                </div>
            </div>
        </div>
    }
    .into_any()
}
