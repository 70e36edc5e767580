use llm::{Budget, Request, Role};
use protocol::{Length, NewGeneration, Shape};

/// What a model is asked for `generation`.
pub(crate) fn request(generation: NewGeneration, shape: &Shape) -> Request {
    let NewGeneration { text, language, length, model, .. } = generation;
    let instructions = shape.instructions(length, language);
    let request = Request::document(instructions, text, shape.schema(length));
    Request { model, budget: budget(length), ..request }
}

/// The same for a text in whose place its notes are given.
pub(crate) fn from_notes(mut request: Request) -> Request {
    let system = request.messages.iter_mut().find(|message| message.role == Role::System);
    if let Some(system) = system {
        system.content.push_str(reading::FROM_NOTES);
    }
    request
}

fn budget(length: Length) -> Budget {
    match length {
        Length::Short => Budget::Short,
        Length::Medium => Budget::Medium,
        Length::Long => Budget::Long,
    }
}
