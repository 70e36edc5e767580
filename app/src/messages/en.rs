use protocol::{FailureCause, FailureCode};

use super::{Cause, FailureMessage, Messages};
use crate::document::in_sentence;

/// English.
pub(crate) const EN: Messages = Messages {
    space: " ",
    tagline: "A long text becomes a title and a summary while you watch",
    headline: "Summarise a text",
    skip: "Skip to the content",
    site: "Unspool",
    history: "History",
    other_language: "中文",
    theme: "Theme",
    theme_auto: "Auto",
    theme_light: "Light",
    theme_dark: "Dark",
    needs_script: "Without JavaScript you can start a summary; reload its page to see it grow.",

    source: "Your text",
    source_placeholder: "Paste a text here, or drop a .txt or .md file",
    choose_file: "Choose a file",
    drop_here: "Drop the file to read it",
    edit: "Show the text",
    fold: "Hide the text",
    length: "Length",
    short: "Short",
    medium: "Medium",
    long: "Long",
    language: "Language",
    same_language: "Same as text",
    shape: "What to write",
    where_from: |number| format!("Where sentence {number} comes from"),
    not_in_source: "Not found in the source",
    place_of: |place, count| format!("Place {place} of {count}"),
    edit_source: "Edit",
    previous_place: "Previous",
    next_place: "Next",
    close_place: "Close",
    own_shape: "Own fields…",
    own_schema: "The fields, as a JSON Schema",
    bad_schema: "The fields are not valid JSON.",
    summarise: "Summarise",
    stop: "Stop",
    stop_waits: "once the server answers",
    start_keys: "Ctrl+Enter",
    stop_key: "Esc",
    characters: |n| format!("{n} {}", if n == "1" { "character" } else { "characters" }),
    limit: |size| format!("limit {size}"),
    blank: "There is nothing to read yet. Paste a text, choose a file or take a sample.",
    refused: "That text was not taken: it is blank or over the limit.",
    too_long: "The text is over the limit. Shorten it, or raise UNSPOOL_MAX_INPUT_BYTES.",
    refused_on_the_way: "A proxy before the server refuses texts of this size. Raise its limit (nginx: client_max_body_size), or shorten the text.",
    too_slow: "The text took too long to arrive. Your text is still here: try again, or shorten it.",
    forbidden: "The server thinks that this page belongs to another site. A proxy in front of it must pass the \
                Host header on (nginx: proxy_set_header Host $http_host;).",
    led_back: "The server could not take the text just now. Try again in a moment.",
    no_room: "There is no room left on the server's disk.",
    still_here: "Your text is still here.",
    file_too_large: |size| {
        format!("That file is too large: the limit is {size}. Your text is as it was.")
    },
    file_wrong_kind: "Only .txt and .md files can be read. Your text is as it was.",
    unreachable: "The server does not answer. Your text is still here; try again in a moment.",
    unreachable_short: "The server does not answer. Try again in a moment.",

    result: "Result",
    sample_en: "The lighthouse clock",
    sample_zh: "会说话的河流",
    is_partial: "incomplete",
    thoughts: "What the model is thinking",
    none_found: "None found",
    is_true: "Yes",
    is_false: "No",

    connecting: "Connecting",
    waiting: |ahead| format!("Waiting: {ahead} before you"),
    reading: "Reading",
    reading_part: |part, parts| format!("Reading part {part} of {parts}"),
    reading_percent: |percent| format!("Reading: {percent}%"),
    merging: "Putting the parts together",
    thinking: "Thinking",
    writing: |label| format!("Writing the {}", in_sentence(label)),
    lost: |seconds| format!("Connection lost, trying again in {seconds} s"),
    lost_now: "Connection lost, trying again",
    back: "Connected again",
    done: "Done",
    stopped: "Stopped: what had arrived is kept",
    stopped_short: "Stopped",
    removed: "This summary was deleted: what had arrived stays here until you leave",
    removed_short: "This summary was deleted",
    failed: "Failed",
    text_done: |label, text| format!("The {} is final: {text}", in_sentence(label)),
    field_done: |label, content| format!("{label}: {content}"),
    wrote_nothing: "The model wrote nothing.",
    kept: "What had arrived is kept.",
    again_beside_yours: "This tries the page's text once more. Yours is still in the box.",
    again: "Try again",
    model_wrote: "What the model wrote",
    detail: "In detail",
    failure,
    partly_read: |percent| format!("Only samples of the text were read, {percent}% of it."),
    read_in_parts: |parts| format!("The whole text was read, in {parts} parts."),
    language_differs: "The model did not write in the language that was asked for.",

    first_text: "First text",
    rate: "Speed",
    elapsed: "Time",
    seconds: |n| format!("{n} s"),
    per_second: |n| format!("{n} characters/s"),
    builtin_how: "To connect a model, set UNSPOOL_BASE_URL, UNSPOOL_API_KEY and UNSPOOL_MODEL \
                  (or OPENAI_API_KEY, ARK_API_KEY, DASHSCOPE_API_KEY or OLLAMA_HOST) and start \
                  Unspool again.",

    copy: "Copy",
    task_done: "Done",
    task_open: "To do",

    copy_field: |label| format!("Copy {}", in_sentence(label)),
    download: "Download JSON",
    copied: "Copied",
    not_copied: "Copying was refused. Select the text and copy it by hand.",

    search: "Search",
    search_label: "Search titles and summaries",
    all: "Show all",
    not_deleted: "This could not be deleted. Try again in a moment.",
    older: "Older",
    newest: "Newest",
    no_history: "Nothing here yet. What you summarise is kept in this list.",
    no_match: "Nothing found. Try fewer or other words.",
    listed: |count| match count {
        0 => "No summaries in the list".to_owned(),
        1 => "One summary in the list".to_owned(),
        _ => format!("{count} summaries in the list"),
    },
    untitled: "Untitled",
    running: "Running",

    not_found: "There is nothing here",
    gone: "This page does not exist, or its summary was deleted.",
    start_anew: "Summarise a text",
    broken: "This could not be loaded. It will be tried again automatically.",
    as_json: "Read it as JSON, however long it is",
};

fn failure(cause: Cause<'_>) -> FailureMessage {
    let Cause { code, refusal, host, model } = cause;
    let who = |named: &dyn Fn(&str) -> String, otherwise: &str| {
        host.map_or_else(|| otherwise.to_owned(), named)
    };
    let (what, then) = match (refusal, code) {
        (Some(FailureCause::KeyRefused), _) => (
            who(&|host| format!("{host} refused the key."), "The provider refused the key."),
            "Set UNSPOOL_API_KEY to a valid key, and start Unspool again.",
        ),
        (Some(FailureCause::ModelUnknown), _) => (
            who(
                &|host| format!("{host} does not know the model {model}."),
                "The provider does not know this model.",
            ),
            "Set UNSPOOL_MODEL to one that it has, and start Unspool again.",
        ),
        (Some(FailureCause::NoCredit), _) => (
            who(
                &|host| format!("The account at {host} has no credit left."),
                "The account has no credit left.",
            ),
            "Top it up, or set UNSPOOL_API_KEY to another key. Waiting does not help.",
        ),
        (None, FailureCode::ProviderUnreachable) => (
            who(&|host| format!("{host} cannot be reached."), "The model could not be reached."),
            "Check that its server runs and that UNSPOOL_BASE_URL is right, then try again.",
        ),
        (None, FailureCode::ProviderRejected) => (
            who(
                &|host| format!("{host} refused the request."),
                "The provider refused the request.",
            ),
            "Check UNSPOOL_API_KEY and UNSPOOL_MODEL, and start Unspool again.",
        ),
        (None, FailureCode::RateLimited) => (
            who(
                &|host| format!("{host} asks for fewer requests."),
                "The provider asks for fewer requests.",
            ),
            "Wait a minute and try again.",
        ),
        (None, FailureCode::ProviderError) => (
            who(&|host| format!("Something broke at {host}."), "Something broke at the provider."),
            "Try again; it often passes.",
        ),
        (None, FailureCode::InvalidOutput) => (
            "The model did not answer in the form that was asked for.".to_owned(),
            "Try again, or set UNSPOOL_MODEL to another model.",
        ),
        (None, FailureCode::TruncatedOutput) => (
            "The model stopped early: the answer is incomplete.".to_owned(),
            "Try again, with a shorter length if it happens twice.",
        ),
        (None, FailureCode::InputTooLong) => (
            "The text is longer than this model can read.".to_owned(),
            "Shorten it, or set UNSPOOL_MODEL to a model with a longer context.",
        ),
        (None, FailureCode::Timeout) => (
            "The model was silent for too long.".to_owned(),
            "Try again, or choose a quicker model.",
        ),
        (None, FailureCode::Interrupted) => {
            ("The server was shut down in the middle.".to_owned(), "Try again.")
        }
        (None, FailureCode::Overloaded) => {
            ("Too many summaries are being written.".to_owned(), "Try again in a moment.")
        }
        (None, FailureCode::Internal) => (
            "Something went wrong inside Unspool.".to_owned(),
            "Try again; the server's log says more if it stays.",
        ),
    };
    FailureMessage { what, then }
}
