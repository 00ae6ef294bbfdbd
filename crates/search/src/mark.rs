//! Marking what was found in the texts of a hit. What comes out is text and never HTML: whoever
//! draws it escapes it piece by piece.
//!
//! What only folds alike is marked where the text has nothing better: not `Khải` beside `khai` when
//! accents were typed, and not `kết` of `kết quả` beside `kết hôn`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    plan::Plan,
    vocabulary::{Vocabulary, Words},
};

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text as it was written.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_marked: bool,
}

/// The part of a text that shows best why it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Its pieces, spaces and line ends made single spaces.
    pub pieces: Vec<Piece>,
    /// Whether the text begins before it.
    pub has_before: bool,
    /// Whether the text goes on after it.
    pub has_after: bool,
    /// How much of the question it shows; 0 when nothing, and it is only the beginning.
    pub weight: u32,
}

/// Knows what was looked for.
#[derive(Clone, Debug, Default)]
pub struct Marker {
    vocabulary: Arc<Vocabulary>,
    /// Folded syllables, numbered.
    syllables: BTreeMap<String, usize>,
    /// Which of them were asked for in a row.
    pairs: BTreeSet<(usize, usize)>,
    /// How they were typed, where accents were typed at all.
    exact: BTreeSet<(usize, String)>,
}

/// A syllable of a text, and which of the syllables asked for it is.
struct Seen {
    start: usize,
    end: usize,
    syllable: Option<usize>,
    /// Whether its accents are those that were typed.
    is_exact: bool,
    /// Whether it goes on where the syllable before left off, as asked.
    follows: bool,
    /// Whether the syllable after it does.
    leads: bool,
    /// Whether it is an abbreviation, which stands for several syllables.
    is_short: bool,
}

impl Marker {
    pub(crate) fn new(plan: &Plan, vocabulary: &Arc<Vocabulary>) -> Self {
        let mut marker = Self { vocabulary: vocabulary.clone(), ..Self::default() };
        let required: BTreeSet<&String> =
            plan.variants.iter().flat_map(|it| &it.required).collect();
        marker.syllables = required.into_iter().cloned().zip(0..).collect();
        for variant in plan.variants.iter().filter(|it| it.is_accented) {
            for word in &variant.words {
                let number = marker.syllables.get(&word.folded).copied();
                marker.exact.extend(number.zip(word.exact.clone()));
            }
        }
        for pair in plan.variants.iter().flat_map(|variant| variant.words.windows(2)) {
            let number = |at: usize| pair.get(at).and_then(|it| marker.syllables.get(&it.folded));
            if let (Some(first), Some(second)) = (number(0), number(1)) {
                marker.pairs.insert((*first, *second));
            }
        }
        marker
    }

    /// The whole of `text`, for titles.
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        pieces(text, (0, text.len()), &self.see(text))
    }

    /// The part of `text`, of about `letters` bytes, that shows most of what was asked for.
    pub fn excerpt(&self, text: &str, letters: usize) -> Excerpt {
        let seen = self.see(text);
        let (weight, from, to) = self.best_window(&seen, letters);
        let start = seen.get(from).map_or(0, |it| it.start);
        let end = seen.get(to).map_or(start, |it| it.end);
        let before = letters.saturating_sub(end - start) / 3;
        // The words around it, whole: from the first that begins late enough to the last that
        // ends early enough.
        let first = seen.partition_point(|it| it.start + before < start).min(from);
        let start = if first == 0 { 0 } else { seen.get(first).map_or(start, |it| it.start) };
        let last = seen.partition_point(|it| it.end <= start + letters).max(to + 1);
        let is_end = last >= seen.len();
        let end = if is_end {
            let short = seen.last().map_or(0, |it| it.end) + 20 >= text.len();
            if short { text.len() } else { seen.last().map_or(text.len(), |it| it.end) }
        } else {
            seen.get(last - 1).map_or(end, |it| it.end)
        };
        let mut pieces = pieces(text, (start, end.max(start)), &seen);
        for piece in &mut pieces {
            piece.text = single_spaced(&piece.text);
        }
        Excerpt { pieces, has_before: start > 0, has_after: end < text.len(), weight }
    }

    /// The best excerpt of several texts, the pages of files for one, and which text it is from.
    pub fn best(
        &self,
        texts: impl IntoIterator<Item: AsRef<str>>,
        letters: usize,
    ) -> Option<(usize, Excerpt)> {
        let mut best: Option<(usize, Excerpt)> = None;
        for (number, text) in texts.into_iter().enumerate() {
            let excerpt = self.excerpt(text.as_ref(), letters);
            if best.as_ref().is_none_or(|(_, it)| excerpt.weight > it.weight) {
                best = Some((number, excerpt));
            }
        }
        best
    }

    fn see(&self, text: &str) -> Vec<Seen> {
        let mut seen = self.read(text);
        Self::leave_unlike(&mut seen);
        self.join(&mut seen);
        Self::leave_single(&mut seen);
        merged(seen)
    }

    /// Every syllable of a text; those of a long form stand where its abbreviation does.
    fn read(&self, text: &str) -> Vec<Seen> {
        let mut words = Words::new(&self.vocabulary, text);
        let mut all: Vec<Seen> = Vec::new();
        while words.advance() {
            let word = words.current();
            let syllable = self.syllables.get(word.folded.as_str()).copied();
            let is_typed = |it| self.exact.contains(&(it, word.exact.clone()));
            let is_exact = syllable.is_some_and(is_typed);
            let (start, end) = words.span();
            let is_short = all.last().is_some_and(|last| last.start == start);
            if let Some(last) = all.last_mut().filter(|_| is_short) {
                last.is_short = true;
            }
            let (follows, leads) = (false, false);
            all.push(Seen { start, end, syllable, is_exact, follows, leads, is_short });
        }
        all
    }

    /// Leaves what only folds alike of each syllable that also stands there as it was typed.
    fn leave_unlike(all: &mut [Seen]) {
        let exact = Self::those(all, |it| it.is_exact);
        for seen in all.iter_mut().filter(|it| !it.is_exact) {
            seen.syllable = seen.syllable.filter(|it| !exact.contains(it));
        }
    }

    /// Notes which syllables stand beside another as they were asked for.
    fn join(&self, all: &mut [Seen]) {
        for at in 1..all.len() {
            if let Some([first, second]) = all.get_mut(at - 1..=at)
                && let Some(pair) = first.syllable.zip(second.syllable)
                && self.pairs.contains(&pair)
            {
                (first.leads, second.follows) = (true, true);
            }
        }
    }

    /// Leaves what stands alone of each syllable that also stands in a pair.
    fn leave_single(all: &mut [Seen]) {
        let paired = Self::those(all, |it| it.leads || it.follows);
        for seen in all.iter_mut().filter(|it| !it.leads && !it.follows) {
            seen.syllable = seen.syllable.filter(|it| !paired.contains(it));
        }
    }

    /// The syllables asked for of which one is as `wanted`.
    fn those(all: &[Seen], wanted: fn(&Seen) -> bool) -> BTreeSet<usize> {
        all.iter().filter(|it| wanted(it)).filter_map(|it| it.syllable).collect()
    }

    /// The window that shows most: its weight, its first and its last syllable.
    fn best_window(&self, seen: &[Seen], letters: usize) -> (u32, usize, usize) {
        let mut shown = vec![0_u32; self.syllables.len()];
        let (mut weight, mut best) = (0_u32, (0, 0, 0));
        let mut open = std::collections::VecDeque::new();
        for (at, it) in seen.iter().enumerate() {
            let Some(syllable) = it.syllable else { continue };
            open.push_back((at, it, syllable));
            weight += 1 + if it.follows { 20 } else { 0 };
            if let Some(shown) = shown.get_mut(syllable) {
                weight += if *shown == 0 { 30 } else { 0 };
                *shown += 1;
            }
            while let Some((_, first, syllable)) = open.front()
                && it.end - first.start > letters
            {
                weight -= 1 + if first.follows { 20 } else { 0 };
                if let Some(shown) = shown.get_mut(*syllable) {
                    *shown -= 1;
                    weight -= if *shown == 0 { 30 } else { 0 };
                }
                open.pop_front();
            }
            let first = open.front().map_or(at, |(first, ..)| *first);
            if weight > best.0 {
                best = (weight, first, at);
            }
        }
        best
    }
}

/// The same with each abbreviation as one.
fn merged(all: Vec<Seen>) -> Vec<Seen> {
    let mut merged: Vec<Seen> = Vec::with_capacity(all.len());
    for seen in all {
        match merged.last_mut().filter(|last| last.start == seen.start) {
            Some(last) => {
                last.syllable = last.syllable.or(seen.syllable);
                last.follows |= seen.follows;
            }
            None => merged.push(seen),
        }
    }
    // Who asks for one syllable of an abbreviation does not mean the whole.
    for seen in merged.iter_mut().filter(|it| it.is_short && !it.follows) {
        seen.syllable = None;
    }
    merged
}

/// The text between two places, cut where marks begin and end. Marked neighbours with nothing
/// but space between them are one.
fn pieces(text: &str, (start, end): (usize, usize), seen: &[Seen]) -> Vec<Piece> {
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let inside = |it: &&Seen| it.syllable.is_some() && it.start >= start && it.end <= end;
    for it in seen.iter().filter(inside) {
        match marks.last_mut() {
            Some(last) if text.get(last.1..it.start).is_some_and(|gap| gap.trim().is_empty()) => {
                last.1 = it.end;
            }
            _ => marks.push((it.start, it.end)),
        }
    }
    let mut pieces = Vec::new();
    let mut add = |from: usize, to: usize, is_marked: bool| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), is_marked });
        }
    };
    let mut at = start;
    for (from, to) in marks {
        add(at, from, false);
        add(from, to, true);
        at = to;
    }
    add(at, end, false);
    pieces
}

fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => {
                if !spaced.ends_with(' ') {
                    spaced.push(' ');
                }
            }
            c => spaced.push(c),
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::vocabulary::Successors;

    fn marker(text: &str) -> Marker {
        let abbreviations = "[abbreviations]\nUBND = 'ủy ban nhân dân'";
        let vocabulary = Arc::new(Vocabulary::parse(abbreviations, "phrases = ['và']").unwrap());
        let plan = Plan::read(text, &vocabulary, &Successors::default(), None);
        Marker::new(&plan, &vocabulary)
    }

    fn shown(pieces: &[Piece]) -> String {
        let show = |it: &Piece| {
            if it.is_marked { format!("[{}]", it.text) } else { it.text.clone() }
        };
        pieces.iter().map(show).collect()
    }

    #[track_caller]
    fn check(query: &str, text: &str, expected: &str) {
        assert_eq!(shown(&marker(query).mark(text)), expected);
    }

    #[test]
    fn what_was_written_is_marked_however_it_was_asked_for() {
        check("thu tuc", "Về Thủ  tục <b>", "Về [Thủ  tục] <b>");
        check("ủy ban", "Do UBND xã", "Do [UBND] xã");
        check("ubnd", "Do UBND xã và ủy ban nhân dân", "Do [UBND] xã và [ủy ban nhân dân]");
        check("họp dân", "UBND xã họp dân", "UBND xã [họp dân]");
        check("hòa và bình", "Hoà và bình", "[Hoà] và [bình]");
        let decomposed: String = "Hoà.".nfd().collect();
        let inside: String = "Hoà".nfd().collect();
        check("hòa", &decomposed, &format!("[{inside}]."));
    }

    #[test]
    fn what_only_folds_alike_is_marked_where_nothing_else_is() {
        check("kết hôn", "ket hon và kết hôn", "ket hon và [kết hôn]");
        check("kết hôn", "Ket hon, kêt hơn", "[Ket hon], [kêt hơn]");
        check("giấy khai sinh", "Khải có giấy khai sinh", "Khải có [giấy khai sinh]");
        check("khai", "khai và Khải", "[khai] và [Khải]");
    }

    #[test]
    fn a_syllable_alone_is_marked_where_it_is_in_no_pair() {
        check("ket hon", "Kết quả hơn: kết hôn", "Kết quả hơn: [kết hôn]");
        check("ket hon", "Kết quả còn hơn", "[Kết] quả còn [hơn]");
        check("dang ky ket hon", "Đăng ký kết hôn hơn", "[Đăng ký kết hôn] hơn");
        check("thu tuc dat", "thủ tục thu về đất", "[thủ tục] thu về [đất]");
        check("ủy ban nhân dân", "UBND họp dân", "[UBND] họp dân");
    }

    #[test]
    fn an_excerpt_is_the_part_that_shows_most() {
        let far = "xin chào các bạn ".repeat(50);
        let text = format!("đất {far}\nquyền sử dụng\n đất {far}");
        let excerpt = marker("quyen su dung dat").excerpt(&text, 60);
        assert!(shown(&excerpt.pieces).contains("[quyền sử dụng đất]"), "{excerpt:?}");
        assert!(excerpt.has_before && excerpt.has_after);
        let length: usize = excerpt.pieces.iter().map(|piece| piece.text.len()).sum();
        assert!(length <= 80, "{length}");
    }

    #[test]
    fn a_text_without_a_match_shows_its_beginning() {
        let excerpt = marker("không có").excerpt("một hai ba bốn", 12);
        assert_eq!((shown(&excerpt.pieces).as_str(), excerpt.weight), ("một hai ba", 0));
        assert!(!excerpt.has_before && excerpt.has_after);
        assert_eq!(marker("a").excerpt("", 10), Excerpt::default());
        assert_eq!(shown(&marker("a").excerpt("🙂🙂 ***", 3).pieces), "🙂🙂 ***");
    }

    #[test]
    fn the_best_of_several_pages_is_named() {
        let pages = ["mục lục đất", "luật đất đai năm 2024", "hết"];
        let (page, _) = marker("luật đất đai").best(pages, 100).unwrap();
        assert_eq!(page, 1);
    }
}
