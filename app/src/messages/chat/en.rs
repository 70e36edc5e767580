use super::ChatMessages;

/// English.
pub(super) const EN: ChatMessages = ChatMessages {
    name: "Chat",
    lead: "Ask anything, or ask about a text: a box under each summary begins a conversation about it.",

    conversations: "Conversations",
    search_label: "Search titles and questions",
    none: "Nothing here yet. What you ask is kept in this list.",
    no_match: "Nothing found. Try fewer or other words.",
    listed: |count| match count {
        0 => "No conversations in the list".to_owned(),
        1 => "One conversation in the list".to_owned(),
        _ => format!("{count} conversations in the list"),
    },
    answering: "being answered",
    about_text: "about a text",
    new: "New conversation",

    ask: "Ask something",
    ask_on: "Ask on",
    ask_short: "Ask",
    ask_about: "Ask about this text",
    send: "Send",
    stop: "Stop",
    stopping: "Stopping",
    keys: "Enter sends, Shift+Enter begins a new line",
    blank: "There is nothing to send yet. Write a question first.",
    persona: "Answers as",
    no_persona: "Nobody in particular",
    personas: "Personas",
    connect: "No model is connected. Questions about a text are answered with its own sentences; \
              connect a model to ask on.",

    question: "You asked",
    answer: "Answer",
    waiting: "Waiting for the first word",
    writing: "Answering",
    done: "The answer is complete",
    stopped: "Stopped: what had arrived is kept",
    wrote_nothing: "The model wrote nothing.",
    sending: "Sending",
    queued: "Waits until the answer above is complete",
    take_back: "Take back",
    not_sent: "This was not sent.",
    persona_gone: "The persona that was to answer does not exist any more. Choose another one.",
    copy: "Copy",
    edit: "Edit",
    ask_again: "Ask again",
    again: "Again",
    cancel: "Cancel",
    version: |version, of| format!("{version} of {of}"),
    previous: "Previous version",
    next: "Next version",
    earlier: "Earlier messages",
    reload: "Reload to see more of the answer",
    gone: "This conversation was deleted. What you see stays here until you leave.",

    about: "About",
    about_summary: "the text of this summary",
    source_deleted: "The text that this was about was deleted. New questions are answered without it.",
    messages_left_out: |given, total| {
        format!(
            "The model was given the last {given} of {total} messages; there was no room for more."
        )
    },
    partly_read: |percent| format!("The model was given {percent}% of the text."),
    passages: "Passages that were read",
    passage: |number| format!("Passage {number}"),
    source: "The text",
    close: "Close",
    source_missing: "The text could not be loaded. Try again in a moment.",

    rename: "Rename",
    title_label: "Title",
    save: "Save",
    not_saved: "This could not be saved. Try again in a moment.",
    delete: "Delete",
};
