use llm::{Budget, Request};
use protocol::{Length, NewGeneration, Shape};

/// What a model is asked for `generation`.
pub(crate) fn request(generation: NewGeneration, shape: &Shape) -> Request {
    let NewGeneration { text, language, length, model, .. } = generation;
    let instructions = shape.instructions(length, language);
    let request = Request::document(instructions, text, shape.schema(length));
    Request { model, budget: budget(length), ..request }
}

fn budget(length: Length) -> Budget {
    match length {
        Length::Short => Budget::Short,
        Length::Medium => Budget::Medium,
        Length::Long => Budget::Long,
    }
}
