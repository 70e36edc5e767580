use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Checkpoint, Fnv, escape};

/// Length and hash of a document, kept up to date at a cost that does not depend on its size.
///
/// The hash is the exclusive or of the FNV-1a hashes of all nodes but the root, so it depends on the
/// document alone and not on the order in which it was built. A node's hash is over its
/// path, a byte 0, a byte for its kind and its content: `t` and the text, `o` or `a` alone for an
/// object or array, `n` and the eight bytes of its double (IEEE 754, the first one with the sign)
/// for a number, `v` and the word for `true`, `false` and `null`.
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
        let mut pending = vec![(String::new(), root)];
        while let Some((path, value)) = pending.pop() {
            if !path.is_empty() {
                digest.put(&path, value);
            }
            match value {
                Value::Object(members) => pending.extend(
                    members.iter().map(|(name, value)| (format!("{path}/{}", escape(name)), value)),
                ),
                Value::Array(items) => pending.extend(
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

    /// Adds a node, or replaces the one at `path` together with all nodes below it.
    pub(crate) fn put(&mut self, path: &str, value: &Value) {
        self.remove(path);
        let mut hash = Fnv::default();
        hash.write(path.as_bytes());
        hash.write(&[0]);
        match value {
            Value::String(_) => hash.write(b"t"),
            Value::Object(_) => hash.write(b"o"),
            Value::Array(_) => hash.write(b"a"),
            Value::Number(number) => {
                hash.write(b"n");
                hash.write(&number.as_f64().unwrap_or_default().to_be_bytes());
            }
            word => {
                hash.write(b"v");
                hash.write(word.to_string().as_bytes());
            }
        }
        self.hash ^= hash.finish();
        self.nodes.insert(path.to_owned(), Node { hash, chars: 0 });
        if let Value::String(text) = value {
            self.append(path, text);
        }
    }

    /// Appends text to a node.
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
        let removed: Vec<_> = self
            .nodes
            .range(path.to_owned()..)
            .take_while(|(other, _)| other.starts_with(path))
            .filter(|(other, _)| *other == path || other.starts_with(&below))
            .map(|(other, _)| other.clone())
            .collect();
        for node in removed.iter().filter_map(|path| self.nodes.remove(path)) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_its_double_however_it_is_written() {
        let hash =
            |json: &str| Digest::of(&json!({"n": serde_json::from_str::<Value>(json).unwrap()}));
        assert_eq!(hash("1"), hash("1.0"));
        assert_eq!(hash("9007199254740992"), hash("9007199254740993"));
        assert_eq!(hash("1e21"), hash("1000000000000000000000"));
        assert_ne!(hash("0.1"), hash("0.10000000000000002"));
    }
}
