use leptos::{prelude::*, task::spawn_local};

use crate::{browser, components::Announcer, words::Locale};

/// Response buffering off and patience on, for the proxies that most people have.
///
/// Sources: nginx, `ngx_http_proxy_module`; Caddy, `reverse_proxy`; Apache, `mod_proxy`.
const REMEDIES: [(&str, &str); 3] = [
    (
        "nginx",
        "location / {
    proxy_pass http://127.0.0.1:5001;
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header Connection \"\";
    proxy_buffering off;
    proxy_read_timeout 1h;
    gzip off;
}",
    ),
    (
        "Caddy",
        "reverse_proxy 127.0.0.1:5001 {
    flush_interval -1
}",
    ),
    (
        "Apache",
        "ProxyPreserveHost On
ProxyPass / http://127.0.0.1:5001/ flushpackets=on timeout=3600
ProxyPassReverse / http://127.0.0.1:5001/
SetEnv no-gzip 1",
    ),
];

/// What to write into the configuration of a proxy.
#[component]
pub(super) fn Remedies() -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let remedy = |(proxy, lines): (&'static str, &'static str)| {
        let copy = move |_| {
            spawn_local(async move {
                let words = locale.words_untracked();
                let copied = browser::copy(lines).await;
                announcer.say(if copied { words.copied } else { words.not_copied });
            });
        };
        view! {
            <details name="remedy">
                <summary>{proxy}</summary>
                <pre tabindex="0" aria-label=proxy dir="ltr"><code>{lines}</code></pre>
                <button type="button" class="quiet" on:click=copy>
                    {locale.tell(|words| words.copy)}
                </button>
            </details>
        }
    };
    view! {
        <section class="remedies" aria-labelledby="remedies" data-testid="remedies">
            <h2 class="label" id="remedies">{locale.tell(|words| words.remedies)}</h2>
            {REMEDIES.map(remedy).collect_view()}
        </section>
    }
    .into_any()
}
