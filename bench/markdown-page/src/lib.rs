//! The page's part in rendering Markdown, by itself, for `cargo xtask bench markdown`.

#![cfg(target_arch = "wasm32")]

use app::{LiveMarkdown, to_html};
use protocol::markdown::{Block, Edit};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use web_sys::Element;

/// A text that grows in an element.
#[wasm_bindgen]
pub struct Live(LiveMarkdown);

#[wasm_bindgen]
impl Live {
    /// Writes into `root`.
    #[wasm_bindgen(constructor)]
    pub fn new(root: Element) -> Self {
        Self(LiveMarkdown::new(root, "en"))
    }

    /// Applies edits as they come off the wire.
    ///
    /// # Errors
    /// When they are none, or do not fit.
    pub fn apply(&self, json: &str) -> Result<(), JsError> {
        let edits: Vec<Edit> = serde_json::from_str(json)?;
        for edit in &edits {
            self.0.apply(edit)?;
        }
        Ok(())
    }
}

/// What the server would have written for these blocks.
///
/// # Errors
/// When they are none.
#[wasm_bindgen]
pub fn html(json: &str) -> Result<String, JsError> {
    let blocks: Vec<Block> = serde_json::from_str(json)?;
    Ok(to_html(&blocks, "en"))
}
