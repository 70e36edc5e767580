use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Checkpoint, Fnv, escape};

/// Length and hash of a document, kept up to date at a cost that does not depend on its size.
///
/// The hash is the exclusive or of one FNV-1a hash a node (the root left out), so it depends on
/// what the document is and not on the order in which it came to be. A node's hash is over its
/// path, a byte 0, a byte for its kind and its content: `t` and the text, `o` or `a` alone for an
/// object or array, `v` and the JSON for anything else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Digest {
    nodes: BTreeMap<String, Node>,
    chars: u64,
    hash: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    hash: Fnv,
    chars: u64,
}

impl Digest {
    /// The digest of a whole document.
    pub(crate) fn of(root: &Value) -> Self {
        let mut digest = Self::default();
        let mut waiting = vec![(String::new(), root)];
        while let Some((path, value)) = waiting.pop() {
            if !path.is_empty() {
                digest.put(&path, value);
            }
            match value {
                Value::Object(members) => waiting.extend(
                    members.iter().map(|(name, value)| (format!("{path}/{}", escape(name)), value)),
                ),
                Value::Array(items) => waiting.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, value)| (format!("{path}/{index}"), value)),
                ),
                _ => {}
            }
        }
        digest
    }

    /// A node is there, or another than before; what was below it is gone.
    pub(crate) fn put(&mut self, path: &str, value: &Value) {
        self.remove(path);
        let mut hash = Fnv::default();
        hash.write(path.as_bytes());
        hash.write(&[0]);
        match value {
            Value::String(_) => hash.write(b"t"),
            Value::Object(_) => hash.write(b"o"),
            Value::Array(_) => hash.write(b"a"),
            other => {
                hash.write(b"v");
                hash.write(other.to_string().as_bytes());
            }
        }
        self.hash ^= hash.finish();
        self.nodes.insert(path.to_owned(), Node { hash, chars: 0 });
        if let Value::String(text) = value {
            self.append(path, text);
        }
    }

    /// Text was appended to a node.
    pub(crate) fn append(&mut self, path: &str, text: &str) {
        let Some(node) = self.nodes.get_mut(path) else { return };
        let chars = text.chars().count() as u64;
        self.hash ^= node.hash.finish();
        node.hash.write(text.as_bytes());
        node.chars += chars;
        self.hash ^= node.hash.finish();
        self.chars += chars;
    }

    fn remove(&mut self, path: &str) {
        let below = format!("{path}/");
        let gone: Vec<_> = self
            .nodes
            .range(path.to_owned()..)
            .take_while(|(other, _)| other.starts_with(path))
            .filter(|(other, _)| *other == path || other.starts_with(&below))
            .map(|(other, _)| other.clone())
            .collect();
        for node in gone.iter().filter_map(|path| self.nodes.remove(path)) {
            self.hash ^= node.hash.finish();
            self.chars -= node.chars;
        }
    }

    pub(crate) fn chars(&self) -> u64 {
        self.chars
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint { chars: self.chars, hash: format!("{:016x}", self.hash) }
    }
}
