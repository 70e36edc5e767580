use leptos::prelude::*;
use web_sys::Element;

/// The reader is at an end when they are this near to it, in CSS pixels.
const NEAR_PX: f64 = 48.0;
/// The same for a field without text yet, whose label and first line will need more room.
const BEGINNING_PX: f64 = 160.0;
/// How much room is kept free below the end of the text, in CSS pixels.
const ROOM_PX: f64 = 16.0;

/// What must stay in sight when text is added to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScrollAnchor {
    /// The end of the page.
    PageEnd,
    /// The end of the text that is being written, where the page goes on below it, as on low
    /// screens.
    TextEnd,
    /// Whatever the reader looks at: the page must not move.
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

    /// Scrolls after text was added, so that the end which the reader was at stays in sight.
    pub(crate) fn keep(self) {
        let Some(page) = document().document_element() else { return };
        match self {
            Self::PageEnd => page.set_scroll_top(page.scroll_height()),
            Self::TextEnd => {
                let below_px = writing().map_or(0.0, |text| below_fold_px(&text) + ROOM_PX);
                if below_px > 0.0 {
                    page.set_scroll_top(page.scroll_top() + below_px.ceil() as i32);
                }
            }
            Self::Elsewhere => {}
        }
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
    let Some(text) = writing() else { return false };
    let near_px = if text.child_element_count() == 0 { BEGINNING_PX } else { NEAR_PX };
    text.get_bounding_client_rect().bottom() > 0.0 && below_fold_px(&text) <= near_px
}

/// The text that is being written, when it is visible.
fn writing() -> Option<Element> {
    let text = document().query_selector(".fields [aria-busy=true]").ok()??;
    (text.client_height() > 0).then_some(text)
}

/// How far the end of a text lies below the window's edge, or below the top of the bar in front of
/// it.
fn below_fold_px(text: &Element) -> f64 {
    let text = text.get_bounding_client_rect();
    let edge = document().document_element().map_or(0.0, |page| page.client_height().into());
    let bar = document().query_selector(".actions").ok().flatten();
    let bar = bar.map(|bar| bar.get_bounding_client_rect());
    let over_it = bar.filter(|bar| bar.right() > text.left());
    text.bottom() - over_it.map_or(edge, |bar| bar.top().min(edge))
}
