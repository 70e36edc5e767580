use super::SettingsMessages;

/// English.
pub(super) const EN: SettingsMessages = SettingsMessages {
    name: "Settings",
    lead: "Where the model lives, and whether everything works.",
    model: "Model",
    on_this_server: "On this server: no text leaves it.",
    no_key: "no key",
    key: |end, set_by| match end {
        "" => format!("key from {set_by}"),
        end => format!("key ends in …{end}, from {set_by}"),
    },
    from: |set_by| format!("address from {set_by}"),
    again: "Check again",
    checking: "Checking…",
    works: "Everything works.",
    fails: |count| match count {
        1 => "One thing needs you.".to_owned(),
        count => format!("{count} things need you."),
    },
    unreachable: "Unspool's own server does not answer. Try again in a moment.",
    copy_line: "Copy the line",

    passed: "In order",
    noted: "Worth knowing",
    failed: "Not in order",
    not_tried: "Not tried",

    connect: "Connect a model",
    connect_how: "Stop Unspool and start it again with one of these lines.",
    connection: "The way from the server to you",
    connection_how: "Whether text reaches you as it is written, or a proxy holds it back.",
    details: "Details",
    appearance: "Appearance",
    appearance_how: "Light, dark, or as your system has it.",
    check_model: "Check the model",
};
