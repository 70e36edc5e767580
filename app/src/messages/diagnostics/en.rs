use super::DiagnosticsMessages;

/// English.
pub(super) const EN: DiagnosticsMessages = DiagnosticsMessages {
    name: "Connection",
    lead: "The server sends numbered messages at an even pace. Here you see when each of them \
           arrives, and what that says about the way in between.",
    needs_script: "Without JavaScript: the messages themselves, as they come",

    count: "Messages",
    delay: "Seconds apart",
    event_text: "Text",
    sample: "Message",
    start: "Start",
    again: "Start again",
    stop: "Stop",
    cut: "Cut it",

    result: "What arrives",
    idle: "Nothing has been sent yet.",
    waiting: "Waiting for the first message",
    progress: |n, total| format!("Message {n} of {total}"),
    over: |n, total| format!("Over: {n} of {total} arrived"),
    silence: |time| format!("nothing for {time}"),
    was_cut: |before| format!("Cut after message {before}; waiting for the next one."),
    went_on: |before, next| {
        if next == before + 1 {
            format!("Cut after message {before}, went on with {next}: nothing lost, nothing twice.")
        } else {
            format!("Cut after message {before}, but went on with {next}.")
        }
    },

    fine: |late| format!("Messages arrive as they are sent (largest delay {late})."),
    uneven: |late| {
        format!(
            "Messages arrive one by one, though unevenly (largest delay {late}). The line is busy \
             or far; nothing holds them back."
        )
    },
    held_back: |late| {
        format!(
            "Something between you and the server holds events back for {late}: switch off \
             response buffering."
        )
    },
    cut_off: |after, total| {
        format!(
            "The connection was cut after {after} of {total} messages. Something between you and \
             the server ends long answers: raise its timeout."
        )
    },
    cut_off_whole: |after| {
        format!(
            "The connection was cut after message {after}. It went on from there and all have \
             arrived, but something between you and the server ends long answers: raise its \
             timeout."
        )
    },
    leapt: |due, came| {
        format!(
            "Message {due} should have come, but {came} did: something between you and the server \
             changes what it passes on."
        )
    },
    silent: |time| {
        format!(
            "Nothing has arrived for {time}. The server is busy, or something between holds \
             everything back: switch off response buffering."
        )
    },
    stalled: |after, time| {
        format!(
            "Message {after} was the last; nothing has come for {time}. The server has stopped \
             sending, or something between holds the rest back: switch off response buffering."
        )
    },
    away: |after| {
        let place = if after == 0 { String::new() } else { format!(" after message {after}") };
        format!(
            "The server cannot be reached. It is tried again for half a minute and goes on{place} \
             when it is back."
        )
    },
    stayed_away: |after| {
        let place = if after == 0 { String::new() } else { format!(" after message {after}") };
        format!("The server could not be reached{place}. See that it runs, then start again.")
    },
    returned: |after| {
        format!(
            "The server could not be reached after message {after}. It is back, and the messages \
             went on from there."
        )
    },
    too_few: "One message says nothing about the pace. Ask for two or more.",
    remedies: "Lines for your proxy",
    remedies_note: |address| {
        format!(
            "{address} stands for the address that the server itself listens on. The name that \
             readers ask for belongs in UNSPOOL_HOSTS."
        )
    },
    copy: "Copy",

    gaps: "Time before each message",
    spread: |[least, middle, most, asked]| {
        format!("Shortest {least}, middle {middle}, longest {most}; asked for: {asked}.")
    },
    asked: "asked for",
    ms: |n| format!("{n} ms"),
    seconds: |n| format!("{n} s"),
    events: "Messages",
};
