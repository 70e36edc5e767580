//! What is asked of the browser itself. Called in effects and event handlers only.

use js_sys::Date;
use leptos::{html, leptos_dom::helpers::is_browser, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FocusOptions, HtmlDocument, HtmlElement, Storage};

#[cfg(not(feature = "ssr"))]
pub(crate) fn page_context() -> crate::page_context::PageContext {
    use crate::{
        backend::About, messages::UiLanguage, page_context::PageContext, page_context::Theme,
    };
    let attribute = |name: &str| {
        document().document_element().and_then(|html| html.get_attribute(name)).unwrap_or_default()
    };
    PageContext {
        ui_language: UiLanguage::from_tag(&attribute("lang")).unwrap_or_default(),
        theme: Theme::named(&attribute("data-theme")),
        about: About {
            provider: attribute("data-provider"),
            model: attribute("data-model"),
            host: attribute("data-host"),
            has_choice: attribute("data-choice") == "true",
            max_input_bytes: attribute("data-limit").parse().unwrap_or(u64::MAX),
            is_logged_in: attribute("data-login") == "true",
        },
    }
}

/// Tells the styles that what can be pressed does something from now on.
pub(crate) fn say_alive() {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute("data-alive", "");
    }
}

/// Sets an attribute of `<html>` and remembers it in a cookie for a year.
pub(crate) fn remember(attribute: &str, cookie: &str, value: &str) {
    if let Some(html) = document().document_element() {
        let _ = html.set_attribute(attribute, value);
    }
    let document: HtmlDocument = document().unchecked_into();
    let _ =
        document.set_cookie(&format!("{cookie}={value}; path=/; max-age=31536000; samesite=lax"));
}

/// The value that an element of the document was rendered with; none on the server.
pub(crate) fn value_of(selector: &str) -> Option<String> {
    if !is_browser() {
        return None;
    }
    document().query_selector(selector).ok()??.get_attribute("value")
}

/// Milliseconds since the Unix epoch, by a clock that may be set at any time.
pub(crate) fn now_ms() -> f64 {
    Date::now()
}

/// A number that nobody else comes upon.
pub(crate) fn random() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^32")]
    let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
    half() << 32 | half()
}

/// How far the reader's clocks are ahead of UTC at that moment, in minutes: not the same in winter
/// as in summer.
pub(crate) fn utc_offset_min(epoch_ms: u64) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let moment = Date::new(&(epoch_ms as f64).into());
    #[expect(clippy::cast_possible_truncation, reason = "minutes of at most a day")]
    let west = moment.get_timezone_offset() as i64;
    -west
}

/// Milliseconds since the page was opened, by a clock that nobody sets.
pub(crate) fn clock_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Whether nobody can see the page, so that no animation frame will come.
pub(crate) fn is_hidden() -> bool {
    document().hidden()
}

/// How far the page is scrolled, in CSS pixels.
pub(crate) fn scroll_top() -> f64 {
    window().scroll_y().unwrap_or_default()
}

/// The address's path.
pub(crate) fn path() -> Option<String> {
    window().location().pathname().ok()
}

/// Asks the server for the document at this path.
pub(crate) fn open(path: &str) {
    let _ = window().location().set_href(path);
}

/// Makes the address this path, as a step of its own, unless it is that already.
pub(crate) fn set_address(path: &str) {
    let location = window().location();
    let (Ok(now), Ok(search), Ok(history)) =
        (location.pathname(), location.search(), window().history())
    else {
        return;
    };
    if format!("{now}{search}") != path {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Storage that lasts as long as the tab; none when it is switched off.
pub(crate) fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Storage that all tabs share, and that lasts; none when it is switched off.
pub(crate) fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Whether the reader wants things to stand still.
pub(crate) fn prefers_stillness() -> bool {
    window()
        .match_media("(prefers-reduced-motion: reduce)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Gives `button` the focus at the next frame, when it can be seen.
pub(crate) fn focus(button: NodeRef<html::Button>) {
    focus_if(button, || true);
}

/// Gives it the focus when what had that is gone by then.
pub(crate) fn rescue_focus(button: NodeRef<html::Button>) {
    focus_if(button, is_focus_lost);
}

/// Gives the first element that matches `selector` the focus at the next frame, when what had that
/// is gone by then. The page stays where it is.
pub(crate) fn rescue_focus_at(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        let found = found.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = found.filter(|_| is_focus_lost()) {
            let still = FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = element.focus_with_options(&still);
        }
    });
}

fn focus_if(button: NodeRef<html::Button>, is_wanted: fn() -> bool) {
    request_animation_frame(move || {
        if let Some(button) = button.try_get_untracked().flatten().filter(|_| is_wanted()) {
            let _ = button.focus();
        }
    });
}

/// Whether nothing on the page has the focus.
pub(crate) fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Puts `text` on the clipboard: by the Clipboard API where there is one (HTTPS and localhost),
/// else by selecting it and asking for a copy, as plain HTTP in a local network needs.
pub(crate) async fn copy(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|clipboard| !clipboard.is_undefined()) {
        let promise = window().navigator().clipboard().write_text(text);
        if JsFuture::from(promise).await.is_ok() {
            return true;
        }
    }
    copy_by_selection(text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let area: web_sys::HtmlTextAreaElement =
        document().create_element("textarea").ok()?.unchecked_into();
    area.set_value(text);
    area.set_class_name("visually-hidden");
    let focused = document().active_element();
    document().body()?.append_child(&area).ok()?;
    area.select();
    let copied = document().unchecked_into::<HtmlDocument>().exec_command("copy").ok();
    area.remove();
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
    copied
}

/// Hands `text` to the reader as a file.
pub(crate) fn download(name: &str, media_type: &str, text: &str) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a").ok()?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

/// The origin of the page, as `https://example.org`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Loads the page anew.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// What the server says of a file that was imported.
#[derive(serde::Deserialize)]
struct Imported {
    generations: u64,
    personas: u64,
    conversations: u64,
}

/// Has the server import a file, and says how many things that added; else why it did not.
pub(crate) async fn import(file: &web_sys::File) -> Result<u64, String> {
    let options = web_sys::RequestInit::new();
    options.set_method("POST");
    options.set_body(file);
    let json = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&json, &"content-type".into(), &"application/json".into());
    options.set_headers(&json);
    let answer = window().fetch_with_str_and_init("/api/import", &options);
    let text = async {
        let answer: web_sys::Response = JsFuture::from(answer).await?.unchecked_into();
        Ok::<_, JsValue>((answer.ok(), JsFuture::from(answer.text()?).await?))
    };
    let (is_done, text) = text.await.map_err(|_| String::new())?;
    let text = text.as_string().unwrap_or_default();
    if !is_done {
        let problem = serde_json::from_str::<protocol::Problem>(&text);
        return Err(problem.map(|problem| problem.detail).unwrap_or_default());
    }
    let imported = serde_json::from_str::<Imported>(&text).map_err(|_| String::new())?;
    Ok(imported.generations + imported.personas + imported.conversations)
}
