use leptos::prelude::*;
use protocol::Language;

use super::{
    announcements::announce_when_final,
    byline::Byline,
    growing_text::{FormattedText, GrowingText},
};
use crate::{
    document::{Content, Field, Fields, TextField},
    generation_view::{GenerationView, Phase},
    messages::Locale,
};

/// The document, of whatever shape: each field with its name, whether it is final, and what is in
/// it so far.
#[component]
pub(crate) fn DocumentView(
    run: GenerationView,
    /// The language that was asked for.
    language: Language,
) -> impl IntoView {
    view! {
        <For each=move || run.document.get() key=Field::key let(field)>
            <FieldView run field language/>
        </For>
    }
    .into_any()
}

/// A top-level field.
#[component]
fn FieldView(run: GenerationView, field: Field, language: Language) -> impl IntoView {
    let (locale, path) = (Locale::here(), field.path.clone());
    announce_when_final(run, field.clone());
    let label = move || run.label(&path, locale);
    let content = content(run, &field, language);
    if let Content::Value(_) = field.content {
        return view! {
            <dl class="field value">
                <div>
                    <dt class="label">{label}</dt>
                    <dd>{content}</dd>
                </div>
            </dl>
        }
        .into_any();
    }
    let style = match &field.content {
        _ if field.is_title() => "field title",
        Content::Text(_) => "field summary",
        _ => "field parts",
    };
    // One line under the title says who wrote it.
    let byline = field.is_title().then(|| view! { <Byline run/> });
    let (shown, is_title) = (field.clone(), field.is_title());
    let mark = move || {
        let messages = locale.messages();
        match run.phase.get() {
            // The status says then that everything is final.
            Phase::Completed => None,
            _ if field.is_final.get() => None,
            phase => (phase.is_over() && field.is_shown()).then_some(messages.is_partial),
        }
    };
    // A title is the page's heading itself.
    let label = if is_title {
        view! {
            <p class="label">
                <span class="name">{label}</span> " " <span class="mark">{mark}</span>
            </p>
        }
        .into_any()
    } else {
        view! {
            <h2 class="label">
                <span class="name">{label}</span> " " <span class="mark">{mark}</span>
            </h2>
        }
        .into_any()
    };
    view! {
        <section class=style class:waiting=move || !shown.is_shown()>
            {label}
            {content}
        </section>
        {byline}
    }
    .into_any()
}

/// What is in a field of any depth. No document is deeper than the server's parser lets it be.
fn content(run: GenerationView, field: &Field, language: Language) -> AnyView {
    let locale = Locale::here();
    match &field.content {
        Content::Text(text) => text_view(run, field.clone(), *text, language),
        Content::Value(value) => {
            let value = value.clone();
            view! { <span class="scalar">{move || locale.messages().scalar(&value)}</span> }
                .into_any()
        }
        Content::List(items) => list(run, *items, field.is_final, language),
        Content::Object(members) => object(run, *members, language),
    }
}

/// A text: as it grows, and formatted once it is whole and turns out to be Markdown.
fn text_view(run: GenerationView, field: Field, text: TextField, language: Language) -> AnyView {
    let path = field.path.clone();
    let blocks = Memo::new(move |_| run.formatted.with(|all| all.get(&*path).cloned()));
    let view = move || {
        let testid = field.path.trim_start_matches('/').to_owned();
        match blocks.get() {
            Some(blocks) => view! { <FormattedText blocks text language testid/> }.into_any(),
            None => view! {
                <GrowingText
                    field=text
                    rendered=text.rendered(&untrack(|| run.text_at(&field.path)))
                    is_final=field.is_final
                    is_title=field.is_title()
                    language
                    testid
                />
            }
            .into_any(),
        }
    };
    view.into_any()
}

/// A list, whose items appear one by one.
fn list(
    run: GenerationView,
    items: Fields,
    is_final: RwSignal<bool>,
    language: Language,
) -> AnyView {
    let locale = Locale::here();
    let none = move || {
        let is_none = is_final.get() && items.is_empty();
        is_none.then(|| locale.messages().none_found)
    };
    view! {
        <ul class="list">
            <For each=move || items.get() key=Field::key let(item)>
                <li>
                    {content(run, &item, language)}
                    <CutMark run field=item/>
                </li>
            </For>
        </ul>
        <p class="none">{none}</p>
    }
    .into_any()
}

/// Says of an item that it was cut short.
#[component]
fn CutMark(run: GenerationView, field: Field) -> impl IntoView {
    let locale = Locale::here();
    let mark = move || {
        let is_cut = run.is_cut_short() && !field.is_final.get();
        is_cut.then(|| locale.messages().is_partial)
    };
    view! { <span class="mark">{mark}</span> }.into_any()
}

/// An object, whose members have names.
fn object(run: GenerationView, members: Fields, language: Language) -> AnyView {
    let locale = Locale::here();
    let member = move |member: Field| {
        let path = member.path.clone();
        view! {
            <div>
                <dt>{move || run.label(&path, locale)}</dt>
                <dd>{content(run, &member, language)}</dd>
            </div>
        }
    };
    view! {
        <dl class="object">
            <For each=move || members.get() key=Field::key children=member/>
        </dl>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
