use super::DeskMessages;

/// English.
pub(crate) const EN: DeskMessages = DeskMessages {
    undo: "Undo",
    deleted: |title| format!("Deleted “{title}”"),
    cleared: "Your text was cleared",
    replaced: |name| format!("Replaced by {name}"),
    replaced_by_sample: "Replaced by a sample",
    new: "New",
    clear: "Clear",

    several_files: |count| {
        format!("One file at a time: {count} files were brought, and none was read.")
    },
    not_text: "That file is no text. Your text is as it was.",
    read_as: |encoding| format!("Read as {encoding}"),
    change: "change",
    encoding: "Encoding of the file",
    reading_time: |minutes| match minutes {
        1 => "about 1 minute to read".to_owned(),
        _ => format!("about {minutes} minutes to read"),
    },

    only_address: "This is only an address, and Unspool would read the address, not the page. \
                   Paste the page’s text.",
    very_short: "This is too short to summarise: a model may invent what is missing.",
    send_anyway: "Send anyway",
    still_writing: "Still writing. Esc stops it.",
    summarise_again: "Summarise again",
    own_language_only: "The built-in picks sentences as they are, so it keeps the text’s language.",

    promise: "A long text in. A title and a summary out, while you watch.",
    try_it: "Try it: ",
    or: " or ",
    model: "Model",
    builtin: "Built-in: picks sentences, writes none",
    connect: "Connect one",
    your_text: "Your text",
    stays: "Stays on this server; no outside service",
    stays_at: |host| format!("Stays on this server’s machine, at {host}"),
    goes_to: |host| format!("Goes to {host}"),
    details: "Details",
    kept: "Kept",
    open: "Open",
    kept_for_all: "In History, for everyone who can open this page",

    reading: |chars| format!("Reading {chars} characters"),
    by: |model, host| format!("{model} at {host}"),
    picked: "Built-in · sentences picked from the text",
    retry_in: |seconds| format!("It can be asked again in {seconds} s."),
    retry_now: "It can be asked again now.",
    provider_says: "It said:",
    copy: "Copy",
    more: "More",
    plain_text: "Copy plain text",
    print: "Print",
    delete: "Delete",

    more_about: |title| format!("More about {title}"),
    questions: ["What is the main argument?", "List the names and dates", "What is left open?"],
    suggested: "Suggested questions",
    still_writing_below: "Still writing ↓",
};
