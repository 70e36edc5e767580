use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Block, Children, Edit, EditError};

/// A formatted text that grows: what its edits add up to. As JSON it is just its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    children: Children,
}

impl Default for Rendered {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<Block>> for Rendered {
    fn from(blocks: Vec<Block>) -> Self {
        Self { children: Children::Blocks(blocks) }
    }
}

impl Serialize for Rendered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.blocks().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rendered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

impl Rendered {
    /// Applies the next edit. Its cost does not depend on what is finished.
    ///
    /// # Errors
    /// [`EditError`] when the edit does not fit, as after one was lost. Nothing has changed then.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        self.children.apply(edit)
    }

    /// The blocks so far.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        match &self.children {
            Children::Blocks(blocks) => blocks,
            _ => &[],
        }
    }

    /// The blocks so far.
    #[must_use]
    pub fn into_blocks(self) -> Vec<Block> {
        match self.children {
            Children::Blocks(blocks) => blocks,
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(rendered: &mut Rendered, edit: serde_json::Value) -> Result<(), EditError> {
        rendered.apply(&serde_json::from_value(edit).unwrap())
    }

    #[test]
    fn edits_grow_the_open_chain_and_leave_the_rest() {
        let mut rendered = Rendered::default();
        for edit in [
            json!({"at": 0, "push": {"blocks": [{"p": {"text": [{"t": "one"}]}}]}}),
            json!({"at": 0, "push": {"blocks": [{"list": {"items": [{"blocks": []}]}}]}}),
            json!({"at": 2, "push": {"blocks": [{"p": {"text": [{"t": "a😀"}]}}]}}),
            json!({"at": 4, "drop": 2, "push": {"text": "b"}}),
            json!({"at": 1, "push": {"items": [{"checked": true, "blocks": []}]}}),
        ] {
            apply(&mut rendered, edit).unwrap();
        }
        let whole = json!([
            {"p": {"text": [{"t": "one"}]}},
            {"list": {"items": [
                {"blocks": [{"p": {"text": [{"t": "ab"}]}}]},
                {"checked": true, "blocks": []},
            ]}},
        ]);
        assert_eq!(serde_json::to_value(rendered.blocks()).unwrap(), whole);
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let blocks = json!([{"p": {"text": [{"t": "😀"}]}}]);
        let before = Rendered::from(serde_json::from_value::<Vec<Block>>(blocks).unwrap());
        let mut rendered = before.clone();
        for (edit, error) in [
            (json!({"at": 3, "push": {"text": "x"}}), EditError::NoSuchLevel { at: 3 }),
            (json!({"at": 1, "push": {"text": "x"}}), EditError::OtherKind),
            (json!({"at": 2, "drop": 1, "push": {"text": "x"}}), EditError::DropsTooMuch),
            (json!({"at": 0, "drop": 2, "push": {"blocks": []}}), EditError::DropsTooMuch),
        ] {
            assert_eq!(apply(&mut rendered, edit), Err(error));
            assert_eq!(rendered, before);
        }
    }
}
