//! The two tables. A code is a letter, or a letter and the mark after it.

/// An old encoding: what is written, and the letter it was drawn as.
pub(crate) struct Encoding {
    pairs: &'static [(&'static str, &'static str)],
    /// Whether a word in capitals is written with the codes of small letters, because the font
    /// drew them large.
    small_are_large: bool,
}

/// Both, the one with the plainer codes first.
pub(crate) const ENCODINGS: &[Encoding] = &[
    Encoding { pairs: TCVN3, small_are_large: true },
    Encoding { pairs: VNI, small_are_large: false },
];

impl Encoding {
    /// The letters that were meant.
    pub(crate) fn decode(&self, text: &str) -> String {
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let code = self.pairs.iter().find(|(code, _)| rest.starts_with(code));
            let (code, letter) = match code {
                Some((code, letter)) => (code.len(), *letter),
                None => (first.len_utf8(), ""),
            };
            let (taken, after) = rest.split_at_checked(code).unwrap_or((rest, ""));
            decoded.push_str(if letter.is_empty() { taken } else { letter });
            rest = after;
        }
        if self.small_are_large { enlarge(&decoded) } else { decoded }
    }

    #[cfg(test)]
    pub(crate) fn has_capitals(&self) -> bool {
        !self.small_are_large
    }

    #[cfg(test)]
    pub(crate) fn encode(&self, text: &str) -> String {
        let code = |c: char| self.pairs.iter().find(|(_, letter)| letter.chars().eq([c]));
        text.chars().map(|c| code(c).map_or(c.to_string(), |(code, _)| code.to_string())).collect()
    }
}

/// Words whose plain letters are capitals are capitals throughout: `CộNG` becomes `CỘNG`.
fn enlarge(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !c.is_alphabetic()).map(|word| {
        let plain = word.chars().filter(char::is_ascii_alphabetic);
        let (mut any, mut all) = (0, true);
        plain.for_each(|c| {
            any += 1;
            all &= c.is_ascii_uppercase();
        });
        // One capital begins a name: only the first letter is one.
        let one_begins = any == 1 && word.starts_with(|c: char| c.is_ascii_uppercase());
        match any > 0 && all && !one_begins {
            true => word.to_uppercase(),
            false => word.to_owned(),
        }
    });
    words.collect()
}

#[rustfmt::skip]
const TCVN3: &[(&str, &str)] = &[
    ("µ", "à"), ("¶", "ả"), ("·", "ã"), ("∙", "ã"), ("¸", "á"), ("¹", "ạ"),
    ("¨", "ă"), ("»", "ằ"), ("¼", "ẳ"), ("½", "ẵ"), ("¾", "ắ"), ("Æ", "ặ"),
    ("©", "â"), ("Ç", "ầ"), ("È", "ẩ"), ("É", "ẫ"), ("Ê", "ấ"), ("Ë", "ậ"),
    ("®", "đ"),
    ("Ì", "è"), ("Î", "ẻ"), ("Ï", "ẽ"), ("Ð", "é"), ("Ñ", "ẹ"),
    ("ª", "ê"), ("Ò", "ề"), ("Ó", "ể"), ("Ô", "ễ"), ("Õ", "ế"), ("Ö", "ệ"),
    ("×", "ì"), ("Ø", "ỉ"), ("Ü", "ĩ"), ("Ý", "í"), ("Þ", "ị"),
    ("ß", "ò"), ("á", "ỏ"), ("â", "õ"), ("ã", "ó"), ("ä", "ọ"),
    ("«", "ô"), ("å", "ồ"), ("æ", "ổ"), ("ç", "ỗ"), ("è", "ố"), ("é", "ộ"),
    ("¬", "ơ"), ("ê", "ờ"), ("ë", "ở"), ("ì", "ỡ"), ("í", "ớ"), ("î", "ợ"),
    ("ï", "ù"), ("ñ", "ủ"), ("ò", "ũ"), ("ó", "ú"), ("ô", "ụ"),
    ("\u{AD}", "ư"), ("õ", "ừ"), ("ö", "ử"), ("÷", "ữ"), ("ø", "ứ"), ("ù", "ự"),
    ("ú", "ỳ"), ("û", "ỷ"), ("ü", "ỹ"), ("ý", "ý"), ("þ", "ỵ"),
    ("¡", "Ă"), ("¢", "Â"), ("£", "Ê"), ("¤", "Ô"), ("¥", "Ơ"), ("¦", "Ư"), ("§", "Đ"),
];

/// The marks follow their letter; the longer codes stand first.
#[rustfmt::skip]
const VNI: &[(&str, &str)] = &[
    ("aù", "á"), ("aø", "à"), ("aû", "ả"), ("aõ", "ã"), ("aï", "ạ"),
    ("aâ", "â"), ("aá", "ấ"), ("aà", "ầ"), ("aå", "ẩ"), ("aã", "ẫ"), ("aä", "ậ"),
    ("aê", "ă"), ("aé", "ắ"), ("aè", "ằ"), ("aú", "ẳ"), ("aü", "ẵ"), ("aë", "ặ"),
    ("eù", "é"), ("eø", "è"), ("eû", "ẻ"), ("eõ", "ẽ"), ("eï", "ẹ"),
    ("eâ", "ê"), ("eá", "ế"), ("eà", "ề"), ("eå", "ể"), ("eã", "ễ"), ("eä", "ệ"),
    ("où", "ó"), ("oø", "ò"), ("oû", "ỏ"), ("oõ", "õ"), ("oï", "ọ"),
    ("oâ", "ô"), ("oá", "ố"), ("oà", "ồ"), ("oå", "ổ"), ("oã", "ỗ"), ("oä", "ộ"),
    ("ôù", "ớ"), ("ôø", "ờ"), ("ôû", "ở"), ("ôõ", "ỡ"), ("ôï", "ợ"), ("ô", "ơ"),
    ("uù", "ú"), ("uø", "ù"), ("uû", "ủ"), ("uõ", "ũ"), ("uï", "ụ"),
    ("öù", "ứ"), ("öø", "ừ"), ("öû", "ử"), ("öõ", "ữ"), ("öï", "ự"), ("ö", "ư"),
    ("yù", "ý"), ("yø", "ỳ"), ("yû", "ỷ"), ("yõ", "ỹ"), ("î", "ỵ"),
    ("í", "í"), ("ì", "ì"), ("æ", "ỉ"), ("ó", "ĩ"), ("ò", "ị"), ("ñ", "đ"),
    ("AÙ", "Á"), ("AØ", "À"), ("AÛ", "Ả"), ("AÕ", "Ã"), ("AÏ", "Ạ"),
    ("AÂ", "Â"), ("AÁ", "Ấ"), ("AÀ", "Ầ"), ("AÅ", "Ẩ"), ("AÃ", "Ẫ"), ("AÄ", "Ậ"),
    ("AÊ", "Ă"), ("AÉ", "Ắ"), ("AÈ", "Ằ"), ("AÚ", "Ẳ"), ("AÜ", "Ẵ"), ("AË", "Ặ"),
    ("EÙ", "É"), ("EØ", "È"), ("EÛ", "Ẻ"), ("EÕ", "Ẽ"), ("EÏ", "Ẹ"),
    ("EÂ", "Ê"), ("EÁ", "Ế"), ("EÀ", "Ề"), ("EÅ", "Ể"), ("EÃ", "Ễ"), ("EÄ", "Ệ"),
    ("OÙ", "Ó"), ("OØ", "Ò"), ("OÛ", "Ỏ"), ("OÕ", "Õ"), ("OÏ", "Ọ"),
    ("OÂ", "Ô"), ("OÁ", "Ố"), ("OÀ", "Ồ"), ("OÅ", "Ổ"), ("OÃ", "Ỗ"), ("OÄ", "Ộ"),
    ("ÔÙ", "Ớ"), ("ÔØ", "Ờ"), ("ÔÛ", "Ở"), ("ÔÕ", "Ỡ"), ("ÔÏ", "Ợ"), ("Ô", "Ơ"),
    ("UÙ", "Ú"), ("UØ", "Ù"), ("UÛ", "Ủ"), ("UÕ", "Ũ"), ("UÏ", "Ụ"),
    ("ÖÙ", "Ứ"), ("ÖØ", "Ừ"), ("ÖÛ", "Ử"), ("ÖÕ", "Ữ"), ("ÖÏ", "Ự"), ("Ö", "Ư"),
    ("YÙ", "Ý"), ("YØ", "Ỳ"), ("YÛ", "Ỷ"), ("YÕ", "Ỹ"), ("Î", "Ỵ"),
    ("Í", "Í"), ("Ì", "Ì"), ("Æ", "Ỉ"), ("Ó", "Ĩ"), ("Ò", "Ị"), ("Ñ", "Đ"),
];
