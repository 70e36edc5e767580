use leptos::{html, prelude::*};
use web_sys::HtmlElement;

use super::{Probe, span};
use crate::{
    diagnostics::{Bar, Gaps, Plot, Trial},
    messages::Locale,
};

/// The time before each event, as bars and in words.
#[component]
pub(crate) fn PlotView() -> impl IntoView {
    let (probe, locale) = (Probe::here(), Locale::here());
    let plot = Memo::new(move |_| probe.trial.with(Plot::of));
    let spread = Memo::new(move |_| probe.trial.with(|trial| spread(locale, trial)));
    let bars = move || plot.get().bars.into_iter().map(bar).collect_view();
    let cuts = move || {
        let line = |x: f64| view! { <line class="plot-cut" x1=x x2=x y1="0" y2="100"/> };
        plot.get().cuts_x.into_iter().map(line).collect_view()
    };
    let asked_y = move || plot.with(|plot| plot.asked_y);
    // By script alone: the page's policy lets no style attribute come with its HTML.
    let asked_word = NodeRef::<html::Span>::new();
    Effect::new(move |_| {
        if let Some(word) = asked_word.get() {
            let place = format!("{}%", asked_y());
            let _ = HtmlElement::style(&word).set_property("inset-block-start", &place);
        }
    });
    view! {
        <figure class="plot" hidden=move || plot.with(|plot| plot.bars.is_empty())>
            <figcaption>
                <span class="label">{locale.diagnostics_text(|m| m.gaps)}</span>
                <span class="plot-spread" id="spread" data-testid="spread">{spread}</span>
            </figcaption>
            <div class="plot-field">
                <svg
                    viewBox="0 0 100 100"
                    preserveAspectRatio="none"
                    role="img"
                    aria-label=locale.diagnostics_text(|m| m.gaps)
                    aria-describedby="spread"
                    data-testid="plot"
                >
                    {bars}
                    <line class="plot-asked" x1="0" x2="100" y1=asked_y y2=asked_y/>
                    {cuts}
                </svg>
                <span class="plot-top" aria-hidden="true">
                    {move || span(locale, plot.with(|plot| plot.top_ms))}
                </span>
                <span class="plot-asked-word" aria-hidden="true" node_ref=asked_word>
                    {locale.diagnostics_text(|m| m.asked)}
                </span>
            </div>
        </figure>
    }
    .into_any()
}

fn bar(Bar { x, y, width, height, is_late }: Bar) -> impl IntoView {
    view! { <rect class:late=is_late x=x y=y width=width height=height/> }
}

fn spread(locale: Locale, trial: &Trial) -> Option<String> {
    let (least, middle, most) = Gaps::of(trial).spread_ms()?;
    let [least, middle, most, asked] =
        [least, middle, most, trial.plan.delay_ms].map(|ms| span(locale, ms));
    Some((locale.diagnostics().spread)([&least, &middle, &most, &asked]))
}
