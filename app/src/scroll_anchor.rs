use leptos::prelude::*;
use web_sys::Element;

/// A reader who is this near to an end, in CSS pixels, counts as being at it.
const NEAR_PX: f64 = 48.0;
/// The same for a field without text yet, whose label and first line will need more room.
const EMPTY_FIELD_PX: f64 = 160.0;
/// How much space stays free below the end of the text, in CSS pixels.
const SPACE_PX: f64 = 16.0;

/// How much of the page's upper edge the sheet's bar covers, in CSS pixels.
const BAR_PX: f64 = 52.0;

/// What must stay in sight when text is added to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollAnchor {
    /// The end of the page.
    PageEnd,
    /// The end of the text that is being written. On low screens, the page continues below it.
    TextEnd,
    /// What the reader looks at now. The page must not move.
    Elsewhere,
}

impl ScrollAnchor {
    pub(crate) fn of_reader() -> Self {
        if is_at_page_end() {
            Self::PageEnd
        } else if is_at_text_end() {
            Self::TextEnd
        } else {
            Self::Elsewhere
        }
    }

    /// Scrolls after text was added, so that the anchor stays in sight.
    pub(crate) fn keep(self) {
        let Some(page) = document().document_element() else { return };
        match self {
            Self::PageEnd => go_to(&page, page.scroll_height() - page.client_height()),
            Self::TextEnd => {
                let below_px = streaming_text().map_or(0.0, |text| below_fold_px(&text) + SPACE_PX);
                if below_px > 0.0 {
                    go_to(&page, page.scroll_top() + below_px.ceil() as i32);
                }
            }
            Self::Elsewhere => {}
        }
    }
}

/// Scrolls the page down to `place`, but not so far that the title leaves the view: nobody wants to
/// be left below a text that they have yet to read. Whoever has gone further is taken along.
fn go_to(page: &Element, place: i32) {
    let now = page.scroll_top();
    let title = document().query_selector(".fields .title .flow").ok().flatten();
    let title = title.filter(|title| title.client_height() > 0);
    let limit = title.map(|title| {
        let above_px = title.get_bounding_client_rect().top() - BAR_PX;
        now + above_px.floor() as i32
    });
    let place = match limit {
        Some(limit) if now <= limit => place.min(limit),
        _ => place,
    };
    page.set_scroll_top(place);
}

/// Whether the end of the text that is being written is below what is seen.
pub(crate) fn is_text_end_below() -> bool {
    streaming_text().is_some_and(|text| below_fold_px(&text) > NEAR_PX)
}

/// Goes to the end of the text that is being written, and stays there.
pub(crate) fn go_to_text_end() {
    let (page, text) = (document().document_element(), streaming_text());
    if let Some((page, text)) = page.zip(text) {
        let below_px = below_fold_px(&text) + SPACE_PX;
        page.set_scroll_top(page.scroll_top() + below_px.ceil() as i32);
    }
}

/// Whether the end of the scrolling element `view` is in sight, or nearly.
pub(crate) fn is_at_end_of(view: &Element) -> bool {
    let seen = view.scroll_top() + view.client_height();
    f64::from(view.scroll_height() - seen) <= NEAR_PX
}

fn is_at_page_end() -> bool {
    document().document_element().is_some_and(|page| is_at_end_of(&page))
}

fn is_at_text_end() -> bool {
    let Some(text) = streaming_text() else { return false };
    let near_px = if text.child_element_count() == 0 { EMPTY_FIELD_PX } else { NEAR_PX };
    text.get_bounding_client_rect().bottom() > 0.0 && below_fold_px(&text) <= near_px
}

/// The text that is being written, when it is visible.
fn streaming_text() -> Option<Element> {
    let text = document().query_selector(".fields [aria-busy=true]").ok()??;
    (text.client_height() > 0).then_some(text)
}

/// How far the end of a text is below the visible part of the page, which ends at the window's edge
/// or at the action bar where that covers the text.
fn below_fold_px(text: &Element) -> f64 {
    let text = text.get_bounding_client_rect();
    let edge = document().document_element().map_or(0.0, |page| page.client_height().into());
    let bar = document().query_selector(".actions").ok().flatten();
    let bar = bar.map(|bar| bar.get_bounding_client_rect());
    let covering = bar.filter(|bar| bar.right() > text.left());
    text.bottom() - covering.map_or(edge, |bar| bar.top().min(edge))
}
