//! Pages whose code the browser fetches when they are first opened, so that the first page loads
//! less.

use std::future::pending;

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::{LazyRoute, hooks::use_location};

use super::{
    chat::Chat, diagnostics::Diagnostics, persona::Persona, personas::Personas, settings::Settings,
};
use crate::browser;

/// Defines a route whose page is in a file of its own, and what fetches it.
macro_rules! later {
    ($route:ident, $function:ident, $fetch:ident, $page:ident) => {
        pub(crate) struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> AnyView {
                #[cfg(feature = "split")]
                let page = $function().await;
                #[cfg(not(feature = "split"))]
                let page = $function();
                match page {
                    Ok(page) => page,
                    Err(_) => open_document().await,
                }
            }
        }

        #[cfg_attr(
                                                    feature = "split",
                                                    leptos::wasm_split::wasm_split(
                                                        $function,
                                                        wasm_split_path = leptos::wasm_split,
                                                        preload($fetch),
                                                        fallible
                                                    )
                                                )]
        fn $function() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page/> }.into_any())
        }
    };
}

later!(ChatLater, chat_page, fetch_chat, Chat);
later!(DiagnosticsLater, diagnostics_page, fetch_diagnostics, Diagnostics);
later!(PersonaLater, persona_page, fetch_persona, Persona);
later!(PersonasLater, personas_page, fetch_personas, Personas);
later!(SettingsLater, settings_page, fetch_settings, Settings);

/// Fetches the code of the page at a path. Taking over what the server has rendered needs all of it at
/// once.
///
/// # Errors
/// The code could not be fetched.
#[cfg(feature = "split")]
pub async fn fetch_page(path: &str) -> Result<(), SplitLoaderError> {
    let mut folders = path.split('/').filter(|folder| !folder.is_empty());
    match (folders.next(), folders.next()) {
        (Some("chat"), _) => fetch_chat().await,
        (Some("diagnostics"), None) => fetch_diagnostics().await,
        (Some("personas"), None) => fetch_personas().await,
        (Some("personas"), Some(_)) => fetch_persona().await,
        (Some("settings"), None) => fetch_settings().await,
        _ => Ok(()),
    }
}

/// Asks the server for the page, because its code could not be fetched: most likely the server is of
/// another version than this document.
async fn open_document() -> AnyView {
    let location = use_location();
    let search = location.search.get_untracked();
    let mark = if search.is_empty() { "" } else { "?" };
    browser::open(&format!("{}{mark}{search}", location.pathname.get_untracked()));
    pending().await
}
