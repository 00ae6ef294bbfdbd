//! Spellings as paths of words and slots.

use std::collections::HashMap;

use super::Slot;

/// A word no spelling has.
pub(super) const UNKNOWN: u32 = u32::MAX;
/// The comma inside a spelling.
const COMMA: u32 = u32::MAX - 1;
/// Where every spelling begins.
pub(super) const ROOT: u32 = 0;

/// A step of a spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Word(String),
    Comma,
    Slot(Slot),
}

/// Words are numbered, so that a step is one look into one map.
#[derive(Debug, Default)]
pub(super) struct Trie {
    words: HashMap<String, u32>,
    edges: HashMap<(u32, u32), u32>,
    slots: HashMap<u32, Vec<(Slot, u32)>>,
    ends: HashMap<u32, usize>,
    nodes: u32,
}

impl Trie {
    /// Adds a spelling of `term`; gives the term that has the same spelling already.
    pub(super) fn insert(&mut self, steps: &[Step], term: usize) -> Option<usize> {
        let mut node = ROOT;
        for step in steps {
            node = match step {
                Step::Word(word) => {
                    let fresh = u32::try_from(self.words.len()).unwrap_or(UNKNOWN);
                    let word = *self.words.entry(word.clone()).or_insert(fresh);
                    self.edge(node, word)
                }
                Step::Comma => self.edge(node, COMMA),
                Step::Slot(slot) => self.slot_edge(node, *slot),
            };
        }
        match self.ends.get(&node) {
            Some(other) => Some(*other),
            None => {
                self.ends.insert(node, term);
                None
            }
        }
    }

    fn edge(&mut self, from: u32, word: u32) -> u32 {
        let nodes = &mut self.nodes;
        *self.edges.entry((from, word)).or_insert_with(|| {
            *nodes += 1;
            *nodes
        })
    }

    fn slot_edge(&mut self, from: u32, slot: Slot) -> u32 {
        let slots = self.slots.entry(from).or_default();
        if let Some((_, to)) = slots.iter().find(|(other, _)| *other == slot) {
            return *to;
        }
        self.nodes += 1;
        slots.push((slot, self.nodes));
        self.nodes
    }

    /// The number of a word.
    pub(super) fn word(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// Where `word` leads from a node.
    pub(super) fn next(&self, node: u32, word: u32) -> Option<u32> {
        self.edges.get(&(node, word)).copied()
    }

    /// Where a comma leads from a node.
    pub(super) fn comma(&self, node: u32) -> Option<u32> {
        self.next(node, COMMA)
    }

    /// The slots that may follow a node.
    pub(super) fn slots(&self, node: u32) -> &[(Slot, u32)] {
        self.slots.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The term spelled by the way to a node.
    pub(super) fn end(&self, node: u32) -> Option<usize> {
        self.ends.get(&node).copied()
    }
}
