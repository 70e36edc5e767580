use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

use super::training::{self, Refused, Training, TrainingUpdate};
use crate::{
    components::{Announcer, Hint},
    hooks::{Local, Pane},
    messages::Locale,
};

/// Where a training stands.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Idle,
    /// It was asked for, or is followed, and has not begun.
    Beginning,
    Writing,
    Learnt(u64),
}

/// A box for what a persona is to learn, and the profile as it is being written from that.
#[component]
pub(crate) fn Teach(
    persona_id: String,
    /// Whether a training runs already.
    is_running: bool,
    /// Called once the persona has changed.
    changed: Callback<()>,
) -> impl IntoView {
    let (locale, announcer) = (Locale::here(), Announcer::here());
    let id = StoredValue::new(persona_id);
    let stage = RwSignal::new(if is_running { Stage::Beginning } else { Stage::Idle });
    let hint = RwSignal::new(String::new());
    let (node, written) = (NodeRef::<html::Textarea>::new(), NodeRef::<html::Div>::new());
    // The profile as far as it is written, and what shows it.
    let (profile, pane) = (StoredValue::new(String::new()), Local::new(|| None::<Pane>));
    let training = Local::new(|| None::<Training>);
    // What is to be taught once the stream is there, so that no training can be over before.
    let message = StoredValue::new(None::<String>);
    let fail = move |sentence: String| {
        stage.try_set(Stage::Idle);
        training.set(None);
        hint.try_set(sentence);
    };
    let show = move |update: TrainingUpdate| {
        let messages = untrack(|| locale.personas());
        match update {
            TrainingUpdate::Ready => {
                let Some(text) = message.try_update_value(Option::take).flatten() else { return };
                spawn_local(async move {
                    match training::begin(&id.get_value(), &text).await {
                        Ok(()) => {}
                        Err(Refused::Running) => fail(messages.already_learning.to_owned()),
                        Err(Refused::Other(why)) => {
                            fail(format!("{} {why}", messages.not_learnt));
                        }
                    }
                });
            }
            TrainingUpdate::Started => {
                stage.set(Stage::Writing);
                if let Some(root) = written.get_untracked() {
                    root.set_text_content(None);
                    profile.set_value(String::new());
                    pane.set(Some(Pane::adopt(root.into(), "")));
                }
            }
            TrainingUpdate::Chunk(text) => {
                profile.update_value(|profile| profile.push_str(&text));
                pane.update(|pane| {
                    if let Some(pane) = pane {
                        profile.with_value(|profile| pane.write(profile));
                    }
                });
            }
            TrainingUpdate::Completed(version) => {
                stage.set(Stage::Learnt(version));
                training.set(None);
                announcer.announce((messages.learnt)(version));
                if let Some(text_box) = node.get_untracked() {
                    text_box.set_value("");
                }
                changed.run(());
            }
            TrainingUpdate::Failed(why) => fail(format!("{} {why}", messages.not_learnt)),
        }
    };
    let follow = move || {
        let stream = Training::follow(&id.get_value(), show);
        if stream.is_open() {
            training.set(Some(stream));
        } else {
            fail(untrack(|| locale.personas()).not_learnt.to_owned());
        }
    };
    if is_running {
        Effect::new(move |_| follow());
    }
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        let text = node.get_untracked().map(|text_box| text_box.value()).unwrap_or_default();
        if protocol::is_blank(&text) {
            return hint.set(untrack(|| locale.personas()).teach_blank.to_owned());
        }
        hint.set(String::new());
        message.set_value(Some(text));
        stage.set(Stage::Beginning);
        follow();
    };
    let runs = move || matches!(stage.get(), Stage::Beginning | Stage::Writing);
    let stop = move |_| {
        spawn_local(async move { training::stop(&id.get_value()).await });
    };
    let status = move || {
        let messages = locale.personas();
        match stage.get() {
            Stage::Idle => String::new(),
            Stage::Beginning | Stage::Writing => messages.learning.to_owned(),
            Stage::Learnt(version) => (messages.learnt)(version),
        }
    };
    view! {
        <section class="scripted" aria-labelledby="teach">
            <h2 id="teach">{locale.personas_text(|m| m.teach)}</h2>
            <form class="form" prop:noValidate=true on:submit=submitted data-testid="teach">
                <label>
                    <span>{locale.personas_text(|m| m.teach_label)}</span>
                    <textarea name="lesson" dir="auto" aria-describedby="teach-hint" node_ref=node></textarea>
                    <span class="label" id="teach-hint">{locale.personas_text(|m| m.teach_hint)}</span>
                </label>
                <div class="form-foot">
                    <button type="submit" class="primary" disabled=runs>
                        {locale.personas_text(|m| m.teach)}
                    </button>
                    <button type="button" class="quiet" hidden=move || !runs() on:click=stop>
                        {locale.personas_text(|m| m.stop)}
                    </button>
                    <Hint sentence=hint/>
                </div>
            </form>
            <p class="status" data-testid="teach-status">{status}</p>
            <div class="taught" hidden=move || stage.get() == Stage::Idle>
                <div class="flow" dir="auto" data-testid="taught" node_ref=written></div>
            </div>
        </section>
    }
    .into_any()
}
