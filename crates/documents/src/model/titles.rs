//! Relations that an abstract tells of: "Sửa đổi, bổ sung một số điều của Nghị định số 26/2023/NĐ-CP".

use base::Number;

use super::Verb;

/// Words of an abstract and what they say of the document named after them; those that say
/// nothing begin the title of another document.
const VERBS: [(&str, Option<Verb>); 14] = [
    ("sua doi", Some(Verb::Amends)),
    ("bo sung", Some(Verb::Supplements)),
    ("thay the", Some(Verb::Replaces)),
    ("bai bo", Some(Verb::Repeals)),
    ("dinh chinh", Some(Verb::Corrects)),
    ("dinh chi", Some(Verb::Halts)),
    ("tam ngung", Some(Verb::Suspends)),
    ("ngung hieu luc", Some(Verb::Suspends)),
    ("quy dinh chi tiet", Some(Verb::Details)),
    ("huong dan", Some(Verb::Details)),
    ("quy dinh", None),
    ("ban hanh", None),
    ("ve viec", None),
    ("phe duyet", None),
];

/// A relation read from an abstract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it says.
    pub verb: Verb,
    /// Of which document.
    pub number: Number,
    /// Of which part of it; empty for the whole.
    pub part: String,
}

/// The relations an abstract tells of. Only what follows its first verb counts: after another one
/// the words are the title of the document that was named.
pub fn relations(summary: &str) -> Vec<Found> {
    let plain = base::text::unaccented(&base::text::line(summary));
    let Some((at, verb)) = first_verb(&plain) else { return Vec::new() };
    let rest = plain.get(at..).unwrap_or_default();
    let mut found: Vec<Found> = Vec::new();
    let own = until_next_verb(rest, verb);
    let part = part(own);
    for number in Number::find(&cased(summary, at, own.len())) {
        if number.has_symbol() && !found.iter().any(|it| it.number.key() == number.key()) {
            found.push(Found { verb, number, part: part.clone() });
        }
    }
    found
}

/// The first verb and where it ends.
fn first_verb(plain: &str) -> Option<(usize, Verb)> {
    let places = VERBS.iter().filter_map(|(words, verb)| {
        plain.find(words).and_then(|at| Some((at, at + words.len(), (*verb)?)))
    });
    places.min_by_key(|(at, ..)| *at).map(|(_, end, verb)| (end, verb))
}

/// What belongs to `verb`: "bổ sung" after "sửa đổi" is the same deed.
fn until_next_verb(rest: &str, verb: Verb) -> &str {
    let next = VERBS.iter().filter(|(_, other)| {
        *other != Some(verb) && !(verb == Verb::Amends && *other == Some(Verb::Supplements))
    });
    let end = next.filter_map(|(words, _)| rest.find(words)).min();
    end.and_then(|end| rest.get(..end)).unwrap_or(rest)
}

/// The same stretch of the abstract as it was written. Leaving out accents keeps the number of
/// letters, not of bytes.
fn cased(summary: &str, at: usize, length: usize) -> String {
    let line = base::text::line(summary);
    let before = base::text::unaccented(&line);
    let skip = before.get(..at).map_or(0, |it| it.chars().count());
    let take = before.get(at..at + length).map_or(0, |it| it.chars().count());
    line.chars().skip(skip).take(take).collect()
}

/// "sửa đổi Điều 5 Thông tư": the article, when the words name one and no more. "Một số điều" and
/// "một phần" are a part, too.
fn part(words: &str) -> String {
    let mut tokens = words.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    while let Some(token) = tokens.next() {
        match token {
            "dieu" => {
                let number = tokens.next().unwrap_or_default();
                let is_number = number.starts_with(|c: char| c.is_ascii_digit());
                return if is_number {
                    format!("Điều {number}")
                } else {
                    "Một số điều".into()
                };
            }
            "phan" => return "Một phần".into(),
            "luat" | "nghi" | "thong" | "quyet" => return String::new(),
            _ => (),
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(summary: &str, expected: &[(Verb, &str, &str)]) {
        let found = relations(summary);
        let found: Vec<(Verb, String, &str)> =
            found.iter().map(|it| (it.verb, it.number.to_string(), it.part.as_str())).collect();
        let expected: Vec<(Verb, String, &str)> =
            expected.iter().map(|(verb, number, part)| (*verb, (*number).into(), *part)).collect();
        assert_eq!(found, expected, "{summary}");
    }

    #[test]
    fn an_abstract_tells_what_it_amends() {
        check(
            "Sửa đổi, bổ sung một số điều của Nghị định số 26/2023/NĐ-CP ngày 31 tháng 5 năm 2023",
            &[(Verb::Amends, "26/2023/NĐ-CP", "Một số điều")],
        );
        check(
            "sửa đổi, bổ sung Điều 5 Thông tư số 05/2015/TT-BYT ban hành Danh mục theo Thông tư 1/2010/TT-BYT",
            &[(Verb::Amends, "05/2015/TT-BYT", "Điều 5")],
        );
        check(
            "Bãi bỏ Quyết định số 12/2019/QĐ-UBND và Quyết định số 13/2019/QĐ-UBND",
            &[(Verb::Repeals, "12/2019/QĐ-UBND", ""), (Verb::Repeals, "13/2019/QĐ-UBND", "")],
        );
        check(
            "Quy định chi tiết Nghị định số 1/2020/NĐ-CP",
            &[(Verb::Details, "1/2020/NĐ-CP", "")],
        );
    }

    #[test]
    fn the_title_of_what_is_amended_tells_nothing_of_its_own() {
        check(
            "Sửa đổi Nghị định số 146/2018/NĐ-CP quy định chi tiết Luật số 25/2008/QH12",
            &[(Verb::Amends, "146/2018/NĐ-CP", "")],
        );
        check("Quy định mức thu theo Nghị định số 1/2020/NĐ-CP", &[]);
        check("Về trồng lúa", &[]);
        check(
            "Về việc ban hành Quy chế thay thế Quyết định số 2/2019/QĐ-UBND",
            &[(Verb::Replaces, "2/2019/QĐ-UBND", "")],
        );
    }
}
