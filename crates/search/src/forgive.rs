//! Second chances, when nothing matches as typed: one wrong letter in a long word, then fewer
//! words of a long question.

use tantivy::Term;

use crate::{
    Result,
    plan::{Plan, Variant},
    query::Leniency,
    schema::Fields,
    snapshot::Snapshot,
};

/// Words of so many letters may have a wrong one.
const LONG: usize = 5;
/// So many readings of one wrong word are tried, the commonest first.
const READINGS: usize = 4;
/// So many readings of the whole question are tried together.
const VARIANTS: usize = 12;
/// So many words of one question are looked at for a wrong letter: each costs hundreds of terms.
const DOUBTED: usize = 24;
/// Questions of fewer syllables are not cut short.
const RELAXED: usize = 4;

/// The question with one letter forgiven in each word that is nowhere, or in any one word when
/// all of them are somewhere. `None` when that gives no other question.
pub(crate) fn typos(
    fields: &Fields,
    snapshot: &Snapshot,
    plan: &Plan,
) -> Result<Option<(Plan, Leniency)>> {
    let Some(asked) = plan.variants.first() else { return Ok(None) };
    let mut unknown = Vec::new();
    for word in &asked.required {
        if snapshot.frequency(&Term::from_field_text(fields.text, word))? == 0 {
            unknown.push(word.clone());
        }
    }
    let mut read = Vec::new();
    let mut variants = Vec::new();
    if unknown.is_empty() {
        let doubted = asked.required.iter().filter(|word| is_long(word)).take(DOUBTED);
        for word in doubted {
            for reading in readings(fields, snapshot, word)? {
                if variants.len() < VARIANTS {
                    variants.push(reread(asked, word, &reading));
                    read.push((word.clone(), reading));
                }
            }
        }
    } else if unknown.len() <= DOUBTED {
        variants.push(asked.clone());
        for word in &unknown {
            let readings = readings(fields, snapshot, word)?;
            variants = variants
                .iter()
                .flat_map(|variant| readings.iter().map(|it| reread(variant, word, it)))
                .take(VARIANTS)
                .collect();
            read.extend(readings.into_iter().map(|reading| (word.clone(), reading)));
        }
    }
    if variants.is_empty() {
        return Ok(None);
    }
    let plan = Plan { variants, ..Plan::default() };
    Ok(Some((plan, Leniency::Typo(read))))
}

/// The question with another word in the place of `word`.
fn reread(variant: &Variant, word: &str, reading: &String) -> Variant {
    let place = variant.words.iter().position(|it| it.folded == word);
    let mut read = variant.clone();
    while let Some(at) = place.and(read.words.iter().position(|it| it.folded == word)) {
        let rows = read.rows.clone();
        read = read.replaced(at..at + 1, std::slice::from_ref(reading));
        read.rows = rows;
    }
    for syllable in read.rows.iter_mut().flatten().filter(|it| *it == word) {
        syllable.clone_from(reading);
    }
    read
}

/// The known words one letter away from `word`, the commonest first.
fn readings(fields: &Fields, snapshot: &Snapshot, word: &str) -> Result<Vec<String>> {
    if !is_long(word) {
        return Ok(Vec::new());
    }
    let mut known = Vec::new();
    for reading in neighbours(word) {
        let count = snapshot.frequency(&Term::from_field_text(fields.text, &reading))?;
        if count > 0 {
            known.push((std::cmp::Reverse(count), reading));
        }
    }
    known.sort();
    known.dedup();
    Ok(known.into_iter().take(READINGS).map(|(_, reading)| reading).collect())
}

/// Whether a word is long enough to have a wrong letter.
fn is_long(word: &str) -> bool {
    word.len() >= LONG && word.bytes().all(|letter| letter.is_ascii_lowercase())
}

/// Every word that is one letter more, less, other or swapped.
fn neighbours(word: &str) -> Vec<String> {
    let mut all = Vec::new();
    let letters: Vec<char> = word.chars().collect();
    for at in 0..=letters.len() {
        let (before, after) = letters.split_at_checked(at).unwrap_or_default();
        let mut add = |middle: &[char], after: &[char]| {
            all.push(before.iter().chain(middle).chain(after).collect::<String>());
        };
        ('a'..='z').for_each(|letter| add(&[letter], after));
        let Some((first, rest)) = after.split_first() else { continue };
        add(&[], rest);
        ('a'..='z').for_each(|letter| add(&[letter], rest));
        if let Some((second, rest)) = rest.split_first() {
            add(&[*second, *first], rest);
        }
    }
    all.retain(|it| it != word);
    all.sort();
    all.dedup();
    all
}

/// The question with only its rarest words required: two thirds of them, half, a third. Nothing
/// need stand in a row any more.
pub(crate) fn relaxed(
    fields: &Fields,
    snapshot: &Snapshot,
    plan: &Plan,
) -> Result<Vec<(Plan, Leniency)>> {
    let Some(asked) = plan.variants.first() else { return Ok(Vec::new()) };
    let mut known = Vec::new();
    let mut gone = Vec::new();
    for word in &asked.required {
        match snapshot.frequency(&Term::from_field_text(fields.text, word))? {
            0 => gone.push(word.clone()),
            count => known.push((count, word.clone())),
        }
    }
    if asked.required.len() < RELAXED || known.is_empty() {
        return Ok(Vec::new());
    }
    known.sort();
    let all = asked.required.len();
    let attempts = [known.len(), all * 2 / 3, all / 2, all / 3].into_iter().filter_map(|keep| {
        let keep = keep.min(known.len());
        let (kept, dropped) = known.split_at_checked(keep)?;
        let dropped = gone.iter().chain(dropped.iter().map(|(_, word)| word)).cloned();
        let dropped: Vec<String> = dropped.collect();
        let required: Vec<String> = kept.iter().map(|(_, word)| word.clone()).collect();
        let variant = Variant { required, rows: Vec::new(), ..asked.clone() };
        let plan = Plan { variants: vec![variant], ..Plan::default() };
        (keep > 0).then_some((plan, Leniency::Relaxed(dropped)))
    });
    Ok(attempts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_one_letter_away() {
        let all = neighbours("nghiep");
        for near in ["nghip", "nghiepp", "nghiap", "nhgiep", "xnghiep"] {
            assert!(all.contains(&near.to_owned()), "{near}");
        }
        for far in ["nghiep", "ngip", "nghiepxy"] {
            assert!(!all.contains(&far.to_owned()), "{far}");
        }
    }
}
