//! Marks of secrecy (VH-2). A document that bears one is refused; a document about secrecy is not.

/// The marks, and the words that may stand before one.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrecy {
    /// `Tuyệt mật`, `Tối mật`, `Mật`: the longer first.
    pub marks: Vec<String>,
    /// `Độ mật`.
    pub openings: Vec<String>,
}

/// A stamp stands at the top: this many lines are looked at.
const TOP: usize = 40;

/// A stamp is short: longer pieces, in bytes, are sentences.
const LONGEST: usize = 120;

impl Secrecy {
    /// The mark that the abstract or the top of the text bears. Only what stands as a stamp
    /// does counts: alone on a line, in brackets, or after `Độ mật:`. "Danh mục bí mật nhà nước
    /// độ Tối mật" is a subject.
    pub fn mark(&self, summary: &str, text: &str) -> Option<&str> {
        let lines = std::iter::once(summary).chain(text.lines().take(TOP));
        lines.flat_map(pieces).find_map(|piece| self.stamp(&piece))
    }

    /// The mark in capitals that `piece` begins with, cut off from the rest: `MẬT - Báo cáo`.
    fn heading(&self, piece: &str) -> Option<&str> {
        let piece = base::text::line(piece);
        let cut =
            |rest: &str| rest.trim_start().starts_with(['-', '–', '—', ':', '.', ';', '/', '|']);
        let begins = |mark: &&String| piece.strip_prefix(&mark.to_uppercase()).is_some_and(cut);
        self.marks.iter().find(begins).map(String::as_str)
    }

    /// The mark that a cell of a register is which tells how secret a document is: any word there
    /// but one that says it is not.
    pub fn column<'a>(&self, cell: &'a str) -> Option<&'a str> {
        let plain = base::text::unaccented(&base::text::line(cell));
        let open = ["", "thuong", "khong", "khong mat", "khong co", "binh thuong", "-", "0"];
        (!open.contains(&plain.as_str())).then_some(cell)
    }

    /// The mark that `piece` is.
    fn stamp(&self, piece: &str) -> Option<&str> {
        if let Some(mark) = self.heading(piece) {
            return Some(mark);
        }
        if piece.trim().len() > LONGEST {
            return None;
        }
        let known = |words: &str| {
            let words = base::text::line(words).to_lowercase();
            self.marks.iter().find(|mark| mark.to_lowercase() == words).map(String::as_str)
        };
        let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let piece = bare(piece);
        let opening = |opening: &String| {
            let rest = piece.get(opening.len()..)?;
            let head = piece.get(..opening.len())?;
            (head.to_lowercase() == opening.to_lowercase()).then(|| bare(rest))
        };
        known(&piece).or_else(|| self.openings.iter().filter_map(opening).find_map(|it| known(&it)))
    }
}

/// The line itself and what stands in its brackets.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces = vec![line.to_owned()];
    for (open, close) in [('(', ')'), ('[', ']')] {
        let bracketed = line.split(open).skip(1).filter_map(|rest| rest.split(close).next());
        pieces.extend(bracketed.map(str::to_owned));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(summary: &str, text: &str, expected: Option<&str>) {
        let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        let marks = words(&["Tuyệt mật", "Tối mật", "Mật"]);
        let secrecy = Secrecy { marks, openings: words(&["Độ mật"]) };
        assert_eq!(secrecy.mark(summary, text), expected, "{summary} / {text}");
    }

    #[test]
    fn a_stamp_is_found() {
        check("MẬT", "", Some("Mật"));
        check("Kế hoạch diễn tập (Tối mật)", "", Some("Tối mật"));
        check("Kế hoạch", "ỦY BAN NHÂN DÂN\n  TUYỆT MẬT \nSố: 1", Some("Tuyệt mật"));
        check("Kế hoạch", "Độ mật: Tối mật", Some("Tối mật"));
        check("Kế hoạch", "[MẬT]", Some("Mật"));
        check("MẬT - Báo cáo tình hình an ninh", "", Some("Mật"));
        check("TỐI MẬT: Kế hoạch", "", Some("Tối mật"));
    }

    #[test]
    fn secrecy_as_a_subject_is_none_of_it() {
        for subject in [
            "Quy chế bảo mật thông tin",
            "Ban hành Danh mục bí mật nhà nước độ Tối mật",
            "Bảo vệ bí mật nhà nước",
            "Nuôi ong lấy mật (mật ong)",
            "Quy định độ mật của văn bản",
            "MẬT ĐỘ XÂY DỰNG - Quy định",
            "Mật - thế mạnh của làng",
        ] {
            check(subject, "Điều 1. Bảo mật\nĐộ mật được ghi ở góc trái", None);
        }
    }
}
