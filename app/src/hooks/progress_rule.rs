use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

/// The line beside what is written, drawn out to its height by transform alone.
///
/// The height is read when the browser has just laid the page out, so that it costs no layout of
/// its own, and fonts and window sizes are followed as well. At rest once it is dropped.
pub(super) struct ProgressRule {
    rule: HtmlElement,
    observer: Option<ResizeObserver>,
    _on_resize: Closure<dyn FnMut()>,
}

impl ProgressRule {
    pub(super) fn along(fields: HtmlElement, rule: HtmlElement) -> Self {
        let drawn = rule.clone();
        let watched = fields.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            let scale = format!("scaleY({})", fields.offset_height());
            let _ = drawn.style().set_property("transform", &scale);
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&watched);
        }
        Self { rule, observer, _on_resize: on_resize }
    }
}

impl Drop for ProgressRule {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        let _ = self.rule.style().remove_property("transform");
    }
}
