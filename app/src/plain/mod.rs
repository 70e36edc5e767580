//! Pages that need no scripts, rendered on the server alone: what is shared, and where one logs in.

mod login;
mod shared;
mod words;

use http::HeaderMap;
use leptos::prelude::*;

pub use login::LoginState;
pub use shared::SharedContent;
use words::Words;

use crate::{
    messages::UiLanguage,
    page_context::Theme,
    request::{theme, ui_language},
    ssr::PageFiles,
};

/// How a page without scripts looks to whoever asks for it.
pub struct PlainPage {
    language: UiLanguage,
    theme: Theme,
    files: PageFiles,
}

impl PlainPage {
    /// The page in the language and the colours that the request asks for.
    #[must_use]
    pub fn new(headers: &HeaderMap, files: PageFiles) -> Self {
        Self { language: ui_language(headers), theme: theme(headers), files }
    }

    fn words(&self) -> &'static Words {
        words::of(self.language)
    }

    /// The document around `content`.
    fn around(&self, title: String, content: AnyView, has_form: bool) -> String {
        let html = view! {
            <!DOCTYPE html>
            <html lang=self.language.tag() data-theme=self.theme.name()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="robots" content="noindex, nofollow"/>
                    // The header says `no-referrer`, with which a form would bear no origin.
                    {has_form.then(|| view! { <meta name="referrer" content="same-origin"/> })}
                    <title>{title}</title>
                    <link rel="stylesheet" href=self.files.style.clone()/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                </head>
                <body>
                    <header class="header">
                        <a href="/" class="wordmark">"Unspool"</a>
                    </header>
                    <main id="main" class="column plain">{content}</main>
                </body>
            </html>
        };
        html.to_html()
    }
}
