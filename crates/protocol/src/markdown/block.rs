use serde::{Deserialize, Serialize};

use super::Inline;

/// A block of a formatted text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    #[serde(rename = "p")]
    Paragraph {
        /// What stands in it.
        text: Vec<Inline>,
        /// Whether it goes on with the paragraph before it, which was too long for one block.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        continues: bool,
    },
    /// A heading.
    #[serde(rename = "h")]
    Heading {
        /// From 1, the highest, to 6.
        level: u8,
        /// What stands in it.
        text: Vec<Inline>,
    },
    /// Code, with all its line ends.
    Code {
        /// What language it is said to be in, empty when nothing is said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        language: String,
        /// The code.
        text: String,
    },
    /// A list.
    List {
        /// The first number of a numbered list; none when it is not numbered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A table.
    Table {
        /// How the cells of each column are aligned.
        columns: Vec<Alignment>,
        /// The names of the columns.
        head: Vec<Cell>,
        /// The rows below them.
        rows: Vec<Row>,
    },
    /// A thematic break.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Whether its task is done, when it is a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A row of a table. It can have fewer cells than there are columns: the last ones are empty then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cell {
    /// What stands in it.
    pub text: Vec<Inline>,
}

/// How the cells of a column are aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// As the language reads.
    #[default]
    None,
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}
