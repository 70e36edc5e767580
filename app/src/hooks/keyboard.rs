use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, VisualViewport};

/// Tells the styles how high the keyboard on the screen is, by the property `--keyboard`. Browsers
/// that resize the page for it need not be told: it is 0 there.
pub(crate) fn use_keyboard_inset() {
    Effect::new(move |_| StoredValue::new_local(KeyboardInset::observe()));
}

/// Listens to the visual viewport until it is dropped.
struct KeyboardInset {
    viewport: VisualViewport,
    on_change: Closure<dyn FnMut()>,
}

impl KeyboardInset {
    fn observe() -> Option<Self> {
        let viewport = window().visual_viewport()?;
        let seen = viewport.clone();
        let on_change = Closure::<dyn FnMut()>::new(move || publish(&seen));
        for name in ["resize", "scroll"] {
            let listener = on_change.as_ref().unchecked_ref();
            viewport.add_event_listener_with_callback(name, listener).ok()?;
        }
        Some(Self { viewport, on_change })
    }
}

impl Drop for KeyboardInset {
    fn drop(&mut self) {
        for name in ["resize", "scroll"] {
            let listener = self.on_change.as_ref().unchecked_ref();
            let _ = self.viewport.remove_event_listener_with_callback(name, listener);
        }
    }
}

fn publish(viewport: &VisualViewport) {
    let page_px = window().inner_height().ok().and_then(|height| height.as_f64());
    let Some(page_px) = page_px else { return };
    // A reader who has zoomed in sees a part of the page, with or without a keyboard.
    let is_zoomed = (viewport.scale() - 1.0).abs() > 0.01;
    let below_px = page_px - viewport.height() - viewport.offset_top();
    let inset_px = if is_zoomed { 0.0 } else { below_px.max(0.0) };
    let root = document().document_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(root) = root {
        let _ = root.style().set_property("--keyboard", &format!("{inset_px}px"));
    }
}
