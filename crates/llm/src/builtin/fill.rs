//! Fills the members that a schema asks for out of a text.

use serde_json::{Map, Value};

use super::action::Action;
use super::extract;
use super::form::{self, Content, ListBounds, Listed};
use super::headline;
use super::notes::Notes;
use super::reading::Reading;
use crate::error::Reason;
use crate::{Budget, Error, ErrorKind};

/// The members of the answer, in their order.
pub(super) fn members(
    reading: &Reading,
    text: &str,
    budget: Budget,
    schema: &Value,
) -> Result<Vec<(String, Value)>, Error> {
    let members = form::members(schema);
    let is_of_notes = |content: &Content| match content {
        Content::List { of, .. } => *of != Listed::Points,
        content => matches!(content, Content::Tasks { .. }),
    };
    let needs_notes = members.iter().any(|member| is_of_notes(&member.content));
    let source = Source {
        reading,
        chosen: extract::choose(reading, budget),
        notes: if needs_notes { Notes::of(text) } else { Notes::default() },
        budget,
    };
    members
        .into_iter()
        .map(|member| {
            let value = source.value(&member.name, member.content)?;
            Ok((member.name, value))
        })
        .collect()
}

/// What members are filled from.
struct Source<'a> {
    reading: &'a Reading,
    /// The places of the sentences that tell the most.
    chosen: Vec<usize>,
    notes: Notes,
    budget: Budget,
}

impl Source<'_> {
    fn value(&self, name: &str, content: Content) -> Result<Value, Error> {
        Ok(match content {
            Content::Headline(most) => {
                headline::headline(self.reading, self.chosen.first().copied(), most).into()
            }
            Content::Extract(most) => {
                extract::compose(self.reading, &self.chosen, self.budget, most).into()
            }
            Content::List { of, bounds } => self.list(of, bounds),
            Content::Tasks { members, bounds } => self.tasks(&members, bounds),
            Content::Plain(value) => value,
            Content::Never(what) => return Err(refusal(name, what)),
        })
    }

    fn list(&self, of: Listed, bounds: ListBounds) -> Value {
        let texts: Vec<String> = match of {
            Listed::Points => {
                let sentences =
                    self.chosen.iter().map(|place| &self.reading.sentences[*place].text);
                sentences.cloned().collect()
            }
            Listed::People => self.notes.people.clone(),
            Listed::Decisions => self.notes.decisions.clone(),
            Listed::Tasks => self.notes.actions.iter().map(Action::in_words).collect(),
        };
        // What is cut would say something else.
        let fits = |text: &String| text.chars().count() <= bounds.chars;
        texts.into_iter().filter(fits).take(bounds.items).collect()
    }

    fn tasks(&self, members: &[String], bounds: ListBounds) -> Value {
        let task = |action: &Action| {
            let member = |name: &String| {
                let text = match name.as_str() {
                    "who" => &action.who,
                    "when" => &action.when,
                    _ => &action.what,
                };
                (name.clone(), Value::from(text.as_str()))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        };
        self.notes.actions.iter().take(bounds.items).map(task).collect()
    }
}

fn refusal(name: &str, what: &str) -> Error {
    let reason = format!(
        "The built-in engine only quotes sentences: it fills texts and lists of texts. `{name}` is \
         to be {what}, for which a language model has to be connected"
    );
    let detail = format!("the built-in engine cannot fill {what}");
    Error { reason: Reason::new(&reason), ..Error::new(ErrorKind::Rejected, detail) }
}
