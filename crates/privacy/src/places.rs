//! Where somebody lives, and what they are called.

use crate::{
    Certainty::{self, Low, Medium},
    Found, Kind,
    scan::{Made, Scan, Token},
};

/// Words after which somebody's home is named.
const HOMES: &[&str] = &[
    "tru tai",
    "thuong tru",
    "thuong tru tai",
    "tam tru",
    "tam tru tai",
    "ngu tai",
    "cu tru tai",
    "ho khau",
    "ho khau tai",
    "nha o tai",
    "dang o tai",
    "song tai",
    "cho o hien nay",
    "noi o hien nay",
    "noi cu tru",
    "noi thuong tru",
    "noi o",
    "nha rieng",
    "nha rieng tai",
];

/// Words a part of an address begins with.
const PARTS: &[&str] = &[
    "so", "thon", "xom", "to", "ap", "ban", "khom", "khu", "buon", "lang", "phuong", "xa", "quan",
    "huyen", "tinh", "thanh", "tp", "duong", "pho", "ngo", "ngach", "hem", "kiet", "thi", "dac",
    "can", "chung", "toa", "phong", "lo", "nha", "p", "q", "tt", "tx", "dan", "tran", "tieu",
    "lien", "cu",
];

/// Words after which a person is named.
const PEOPLE: &[&str] = &[
    "ten la",
    "toi la",
    "ten toi la",
    "ten toi",
    "ho ten",
    "va ten",
    "ong",
    "ba",
    "anh",
    "chi",
    "chau",
    "em",
    "chu ho",
    "nguoi gui",
    "dai dien",
    "tai khoan",
];

/// The names of most families.
const FAMILIES: &[&str] = &[
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do",
    "ho", "ngo", "duong", "ly", "nong", "trieu", "luong", "dinh", "ha", "mai", "cao", "lam",
    "truong", "trinh", "ta", "dao", "doan", "hua", "be", "chu", "ma", "vang", "giang", "lo",
    "quang", "ksor", "siu", "rcom", "thach", "son", "luu", "to", "kim", "phung", "tong", "vuong",
    "quach", "ban", "luc", "la", "sam", "moc", "dam", "khuong", "nghiem", "thai", "vi", "hong",
    "chau",
];

/// How many words an address has at most.
const LONGEST: usize = 30;

pub(crate) fn find(scan: &Scan) -> Vec<Found> {
    let mut found = Vec::new();
    let mut words = [const { String::new() }; 4];
    for (index, token) in scan.tokens.iter().enumerate() {
        match token.made {
            Made::Mark('\n') => words = Default::default(),
            Made::Letters => {
                words.rotate_left(1);
                words[3] = scan.word(token);
                found.extend(after(scan, index, &words));
            }
            _ => (),
        }
    }
    found
}

/// What begins behind the word at `index`, the last of `words`.
fn after(scan: &Scan, index: usize, words: &[String; 4]) -> Option<Found> {
    let said = |list: &[&str]| {
        (0..4).any(|from| {
            let phrase = words.get(from..).unwrap_or_default().join(" ");
            list.contains(&phrase.as_str())
        })
    };
    let [.., third, last] = words;
    match (third.as_str(), last.as_str()) {
        ("so", "nha") => address(scan, index, Medium, "house_number"),
        (_, "so") if in_street(scan, index) => address(scan, index, Low, "street"),
        _ if said(HOMES) => address(scan, index, Medium, "home_word"),
        _ if said(PEOPLE) => name(scan, index),
        _ => None,
    }
}

/// Whether the word at `index` is followed by a number and that by a street: `số 25, ngõ 7`.
fn in_street(scan: &Scan, index: usize) -> bool {
    let near = (index + 1..index + 8).map_while(|at| scan.token(at));
    let mut near = near.filter(|it| !matches!(it.made, Made::Mark(' ' | ',')));
    let number = near.next().is_some_and(|it| it.made == Made::Digits && it.len() <= 4);
    let street = ["ngo", "ngach", "hem", "kiet", "duong", "pho"];
    number && near.next().is_some_and(|it| street.contains(&scan.word(it).as_str()))
}

/// The token after `index` that is no blank or colon.
fn next(scan: &Scan, index: usize) -> Option<usize> {
    let mut at = index + 1;
    while let Made::Mark(' ' | ':') = scan.token(at)?.made {
        at += 1;
        if at > index + 5 {
            return None;
        }
    }
    Some(at)
}

/// The address that begins behind the word at `index`: parts between commas, each beginning as
/// parts of addresses do.
fn address(scan: &Scan, index: usize, certainty: Certainty, why: &'static str) -> Option<Found> {
    let first = next(scan, index)?;
    if !is_part(scan, first) {
        return None;
    }
    let from = scan.token(first)?.from;
    let mut to = from;
    for at in first..first + LONGEST * 2 {
        let Some(token) = scan.token(at) else { break };
        match token.made {
            Made::Letters if is_lower_word(scan, token) && to > from => {
                if !is_part(scan, at) {
                    break;
                }
                to = token.to;
            }
            Made::Letters | Made::Digits => to = token.to,
            Made::Mark(' ' | '/' | '-') => (),
            Made::Mark(',') if next(scan, at).is_some_and(|next| is_part(scan, next)) => (),
            Made::Mark(_) => break,
        }
    }
    let long = to > from + 3;
    long.then(|| Found { range: scan.range(from, to), kind: Kind::Address, certainty, why })
}

/// A word in small letters: not part of a name.
fn is_lower_word(scan: &Scan, token: &Token) -> bool {
    !scan.is_capital(token)
}

/// Whether a part of an address can begin with the token at `at`.
fn is_part(scan: &Scan, at: usize) -> bool {
    scan.token(at).is_some_and(|token| match token.made {
        Made::Digits => token.len() <= 4,
        Made::Letters => PARTS.contains(&scan.word(token).as_str()) || scan.is_capital(token),
        Made::Mark(_) => false,
    })
}

/// The name that begins behind the word at `index`: a family's name and one to four more words,
/// all with a capital.
fn name(scan: &Scan, index: usize) -> Option<Found> {
    let first = next(scan, index)?;
    let family = scan.token(first)?;
    let is_family = family.made == Made::Letters
        && scan.is_capital(family)
        && FAMILIES.contains(&scan.word(family).as_str());
    if !is_family {
        return None;
    }
    let (mut to, mut words, mut at) = (family.to, 1, first + 1);
    while words < 5 {
        let blank = scan.token(at).is_some_and(|it| it.made == Made::Mark(' '));
        let word = scan.token(at + 1).filter(|it| it.made == Made::Letters && scan.is_capital(it));
        let (true, Some(word)) = (blank, word) else { break };
        (to, words, at) = (word.to, words + 1, at + 2);
    }
    let range = scan.range(family.from, to);
    (words > 1).then_some(Found { range, kind: Kind::Name, certainty: Low, why: "name_word" })
}
