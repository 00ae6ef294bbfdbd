//! Which block of a later edition is which of an earlier one.

use std::collections::{HashMap, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Block, words::words};

/// What happened to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It says the same.
    Unchanged,
    /// It says the same at another place.
    Moved,
    /// It says something else, but most words are the same.
    Changed,
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
}

/// A block of both editions, or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What happened.
    pub change: Change,
    /// Its place in the earlier edition.
    pub old: Option<usize>,
    /// Its place in the later edition.
    pub new: Option<usize>,
}

/// Two texts with at least this share of words in common are one text that was changed.
const ALIKE: f32 = 0.4;
/// More pairs of blocks than this are not weighed against each other.
const MANY: usize = 90_000;

/// The blocks of two editions, side by side in the order of the later one; what is gone stands
/// where it stood. Every block of both is in exactly one pair.
pub fn align(old: &[Block], new: &[Block]) -> Vec<Pair> {
    let keys = |blocks: &[Block]| -> Vec<String> {
        // The number of the occurrence says nothing about which of equal blocks stayed.
        blocks.iter().map(|it| it.key.split('-').next().unwrap_or_default().to_owned()).collect()
    };
    let (old_keys, new_keys) = (keys(old), keys(new));
    let mut aligned = Aligned { of_new: vec![None; new.len()], of_old: vec![false; old.len()] };
    let mut gaps = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                for step in 0..len {
                    aligned.set(Change::Unchanged, old_index + step, new_index + step);
                }
            }
            op => gaps.push((op.old_range(), op.new_range())),
        }
    }
    aligned.find_moved(&old_keys, &new_keys);
    let bags = |blocks: &[Block]| -> Vec<Bag> { blocks.iter().map(|it| bag(&it.text)).collect() };
    let (old_bags, new_bags) = (bags(old), bags(new));
    for (old_range, new_range) in gaps {
        let old_free: Vec<usize> =
            old_range.filter(|at| aligned.of_old.get(*at) == Some(&false)).collect();
        let new_free: Vec<usize> =
            new_range.filter(|at| aligned.of_new.get(*at) == Some(&None)).collect();
        for (old, new) in alike(&old_free, &new_free, &old_bags, &new_bags) {
            aligned.set(Change::Changed, old, new);
        }
    }
    aligned.pairs()
}

struct Aligned {
    of_new: Vec<Option<(Change, usize)>>,
    of_old: Vec<bool>,
}

impl Aligned {
    fn set(&mut self, change: Change, old: usize, new: usize) {
        if let (Some(of_old), Some(of_new)) = (self.of_old.get_mut(old), self.of_new.get_mut(new)) {
            *of_old = true;
            *of_new = Some((change, old));
        }
    }

    /// Blocks that are left over on both sides and say the same.
    fn find_moved(&mut self, old_keys: &[String], new_keys: &[String]) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        let free =
            old_keys.iter().enumerate().zip(&self.of_old).rev().filter(|(_, taken)| !**taken);
        for ((at, key), _) in free {
            places.entry(key).or_default().push(at);
        }
        for (at, key) in new_keys.iter().enumerate() {
            let is_free = self.of_new.get(at) == Some(&None);
            let old = places.get_mut(key.as_str()).filter(|_| is_free).and_then(Vec::pop);
            if let Some(old) = old {
                self.set(Change::Moved, old, at);
            }
        }
    }

    fn pairs(&self) -> Vec<Pair> {
        let mut gone =
            (0..self.of_old.len()).filter(|at| self.of_old.get(*at) == Some(&false)).peekable();
        let mut pairs = Vec::with_capacity(self.of_new.len());
        let lost = |old: usize| Pair { change: Change::Gone, old: Some(old), new: None };
        for (new, of_new) in self.of_new.iter().enumerate() {
            if let Some((change, old)) = *of_new {
                // A block that moved says nothing about where its old neighbours stood.
                while change != Change::Moved && gone.peek().is_some_and(|at| *at < old) {
                    pairs.extend(gone.next().map(lost));
                }
                pairs.push(Pair { change, old: Some(old), new: Some(new) });
            } else {
                pairs.push(Pair { change: Change::New, old: None, new: Some(new) });
            }
        }
        pairs.extend(gone.map(lost));
        pairs
    }
}

/// The words of a text as sorted numbers.
type Bag = Vec<u64>;

fn bag(text: &str) -> Bag {
    let letters = words(text).into_iter().filter(|it| it.chars().any(char::is_alphanumeric));
    let mut bag: Bag = letters
        .map(|word| {
            let mut hasher = DefaultHasher::new();
            word.to_lowercase().hash(&mut hasher);
            hasher.finish()
        })
        .collect();
    bag.sort_unstable();
    bag
}

/// The share of words two texts have in common, from 0 to 1.
fn likeness(old: &Bag, new: &Bag) -> f32 {
    let (mut a, mut b) = (old.iter().peekable(), new.iter().peekable());
    let mut common = 0_u16;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => {
                a.next();
            }
            std::cmp::Ordering::Greater => {
                b.next();
            }
            std::cmp::Ordering::Equal => {
                common = common.saturating_add(1);
                a.next();
                b.next();
            }
        }
    }
    let all = u16::try_from(old.len() + new.len()).unwrap_or(u16::MAX);
    if all == 0 { 0.0 } else { 2.0 * f32::from(common) / f32::from(all) }
}

/// The pairs, in order on both sides, that are most alike together.
fn alike(old: &[usize], new: &[usize], old_bags: &[Bag], new_bags: &[Bag]) -> Vec<(usize, usize)> {
    let likeness = |old: &usize, new: &usize| match (old_bags.get(*old), new_bags.get(*new)) {
        (Some(old), Some(new)) => likeness(old, new),
        _ => 0.0,
    };
    if old.len().saturating_mul(new.len()) > MANY {
        let pairs = old.iter().zip(new).filter(|(old, new)| likeness(old, new) >= ALIKE);
        return pairs.map(|(old, new)| (*old, *new)).collect();
    }
    // best[row][column]: the best sum for the old blocks from row on and the new from column on.
    let mut below = vec![0.0_f32; new.len() + 1];
    let mut choices = Vec::with_capacity(old.len());
    for row in old.iter().rev() {
        let mut best = vec![0.0_f32; new.len() + 1];
        let mut choice = vec![Choice::SkipOld; new.len()];
        for (at, column) in new.iter().enumerate().rev() {
            let get = |row: &[f32], at: usize| row.get(at).copied().unwrap_or_default();
            let like = likeness(row, column);
            let both = if like >= ALIKE { like + get(&below, at + 1) } else { -1.0 };
            let (skip_old, skip_new) = (get(&below, at), get(&best, at + 1));
            let (value, chosen) = if both >= skip_old && both >= skip_new {
                (both, Choice::Both)
            } else if skip_old >= skip_new {
                (skip_old, Choice::SkipOld)
            } else {
                (skip_new, Choice::SkipNew)
            };
            if let (Some(best), Some(choice)) = (best.get_mut(at), choice.get_mut(at)) {
                *best = value;
                *choice = chosen;
            }
        }
        choices.push(choice);
        below = best;
    }
    choices.reverse();
    chosen(old, new, &choices)
}

#[derive(Clone, Copy)]
enum Choice {
    Both,
    SkipOld,
    SkipNew,
}

fn chosen(old: &[usize], new: &[usize], choices: &[Vec<Choice>]) -> Vec<(usize, usize)> {
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(from), Some(to)) = (old.get(row), new.get(column)) {
        match choices.get(row).and_then(|choices| choices.get(column)) {
            Some(Choice::Both) => {
                pairs.push((*from, *to));
                row += 1;
                column += 1;
            }
            Some(Choice::SkipNew) => column += 1,
            Some(Choice::SkipOld) | None => row += 1,
        }
    }
    pairs
}
