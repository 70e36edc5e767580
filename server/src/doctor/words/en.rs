use std::time::Duration;

use llm::{ErrorKind, SetBy};

use super::{Finding, Words, passes};
use crate::doctor::finding::Row;

pub(super) fn words(finding: &Finding) -> Words {
    match finding {
        Finding::BuiltIn => Words::new(
            "The built-in engine is ready",
            "It picks the most telling sentences of a text, here on this server, and writes none.",
        ),
        Finding::Answers { took } => Words::new("The server answers", ms(*took)),
        Finding::Unreachable { host, reason, set_by } => unreachable(host, reason, set_by),
        Finding::KeyFits => Words::new("The key is accepted", ""),
        Finding::NoKeyNeeded => Words::new("No key is needed", ""),
        Finding::KeyMissing { said, set_by } => {
            let SetBy { key, .. } = set_by;
            Words::new("There is no key", quoted(said.as_ref()))
                .remedy(format!("Put one in {key} and start Unspool again."))
                .exporting(key, "YOUR-KEY")
        }
        Finding::KeyRefused { said, set_by } => {
            let SetBy { key, .. } = set_by;
            Words::new("The key is refused", quoted(said.as_ref()))
                .remedy(format!("Put the right one in {key} and start Unspool again."))
                .exporting(key, "YOUR-KEY")
        }
        Finding::HasModel { model, count } => Words::new(
            format!("The model {model} is there"),
            if *count == 1 { "1 model".to_owned() } else { format!("{count} models") },
        ),
        Finding::NoList { model } => Words::new(
            format!("The model {model} is there"),
            "The server lists no models, so that there is none to choose from.",
        ),
        Finding::ModelMissing { model, known, set_by } => model_missing(model, known, set_by),
        Finding::Streams { pieces, first } => Words::new(
            "The answer comes as it is written",
            format!("{pieces} pieces, the first after {}", ms(*first)),
        ),
        Finding::AtOnce { took } => {
            Words::new("The answer comes all at once", format!("After {}.", ms(*took))).remedy(
                "Something on the way holds it back: a proxy that buffers, or a server that does \
                 not stream.",
            )
        }
        Finding::NoAnswer { kind, said } => no_answer(*kind, said.as_ref()),
        Finding::FormKept => {
            Words::new("The model writes the asked-for form", "It is held to the JSON Schema.")
        }
        Finding::FormByWords => Words::new(
            "The model writes the asked-for form",
            "It does so by being asked: the server does not hold it to the JSON Schema.",
        ),
        Finding::FormBroken { wrote } => Words::new(
            "The model does not write the asked-for form",
            format!("It wrote “{wrote}”."),
        )
        .remedy("Choose a larger model, or a server that takes response_format."),
        Finding::Usage(tokens) => Words::new(
            "The server counts tokens",
            format!("{} read, {} written", tokens.input, tokens.output),
        ),
        Finding::NoUsage => Words::new(
            "The server does not count tokens",
            "Whether it has read all of a text is judged by an estimate.",
        ),
        Finding::Thinks { characters } => Words::new(
            "The model thinks before it writes",
            format!("{characters} characters, apart from the answer"),
        ),
        Finding::ThinksSilently => {
            Words::new("The model writes at once", "It does not think first, or does not tell.")
        }
        Finding::Frees { after } => Words::new(
            "Stopping frees the model",
            format!("The next answer began {} after a stop.", ms(*after)),
        ),
        Finding::Holds { waited } => Words::new(
            "Stopping does not free the model",
            format!("The next answer had to wait for {}.", ms(*waited)),
        )
        .remedy("A proxy may hide that a reader has left; or the server works on all the same."),
        Finding::Context { tokens } => Words::new(
            "How long a text it can read is known",
            format!("{tokens} tokens, the answer included"),
        ),
        Finding::ContextUnsaid { assumed } => Words::new(
            "How long a text it can read is not said",
            format!("{assumed} tokens are assumed."),
        )
        .remedy("Say it by UNSPOOL_CONTEXT_TOKENS, or by `context` in the file of providers.")
        .exporting("UNSPOOL_CONTEXT_TOKENS", "32768"),
        Finding::NotTried { row, first } => {
            Words::new(question(*row), format!("Not tried: {} comes first.", subject(*first)))
        }
    }
}

fn unreachable(host: &str, reason: &str, set_by: &SetBy) -> Words {
    let SetBy { address, .. } = set_by;
    Words::new(format!("{host} does not answer"), format!("{reason}."))
        .remedy(format!("Check that it runs there, and that {address} is right."))
        .exporting(address, "http://127.0.0.1:8080/v1")
}

fn model_missing(model: &str, known: &[String], set_by: &SetBy) -> Words {
    let SetBy { model: setting, .. } = set_by;
    let detail = match known {
        [] => "The server does not say which it has.".to_owned(),
        known => format!("It has {}.", known.join(", ")),
    };
    let instead = known.first().map_or("MODEL", String::as_str);
    Words::new(format!("There is no model {model}"), detail)
        .remedy(format!("Put another in {setting} and start Unspool again."))
        .exporting(setting, instead)
}

fn no_answer(kind: ErrorKind, said: Option<&String>) -> Words {
    let what = match kind {
        ErrorKind::RateLimited => "The server asks for fewer requests, or wants to be paid",
        ErrorKind::TooLong => "The model cannot read a short text",
        ErrorKind::Rejected => "The server refuses the request",
        ErrorKind::Silent => "The model is silent for too long",
        _ => "The answer breaks off",
    };
    let words = Words::new(what, quoted(said));
    if passes(kind) {
        return words.remedy("Wait a minute and check again; the log says more.");
    }
    words.remedy("The log says more.")
}

/// What a row asks.
fn question(row: Row) -> &'static str {
    match row {
        Row::Reachable => "The server answers",
        Row::Key => "The key is accepted",
        Row::Models => "The model is there",
        Row::Streams => "The answer comes as it is written",
        Row::Schema => "The model writes the asked-for form",
        Row::Usage => "The server counts tokens",
        Row::Reasoning => "Where the model thinks",
        Row::Cancel => "Stopping frees the model",
        Row::Context => "How long a text it can read",
    }
}

/// What has to be in order before others can be tried.
fn subject(row: Row) -> &'static str {
    match row {
        Row::Reachable => "the connection",
        Row::Key => "the key",
        Row::Models => "the model",
        _ => "an answer",
    }
}

fn ms(time: Duration) -> String {
    if time < Duration::from_secs(10) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{} s", time.as_secs())
    }
}

fn quoted(said: Option<&String>) -> String {
    said.map(|said| format!("“{said}”")).unwrap_or_default()
}
