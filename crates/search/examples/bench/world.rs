//! An invented country of documents: syllables and words as uneven as in real Vietnamese, texts
//! of about two kilobytes, sites, issuers, years. A document is made from its number alone, so
//! that nothing has to be kept to ask about it later.

use std::collections::BTreeSet;

use base::{SiteId, uuid::Uuid};
use chrono::{DateTime, Utc};
use search::Item;

/// Sites: every commune-level unit.
pub(crate) const SITES: usize = 3_321;
/// Sites below one portal.
const OF_PORTAL: usize = 98;
/// The length of a text.
const LETTERS: usize = 2_000;

const ONSETS: [&str; 26] = [
    "", "b", "c", "ch", "d", "đ", "g", "gi", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r",
    "s", "t", "th", "tr", "v", "x", "k", "p",
];
const RHYMES: [[&str; 6]; 40] = [
    ["a", "à", "á", "ả", "ã", "ạ"],
    ["ai", "ài", "ái", "ải", "ãi", "ại"],
    ["an", "àn", "án", "ản", "ãn", "ạn"],
    ["ang", "àng", "áng", "ảng", "ãng", "ạng"],
    ["anh", "ành", "ánh", "ảnh", "ãnh", "ạnh"],
    ["ao", "ào", "áo", "ảo", "ão", "ạo"],
    ["ay", "ày", "áy", "ảy", "ãy", "ạy"],
    ["ăm", "ằm", "ắm", "ẳm", "ẵm", "ặm"],
    ["ăn", "ằn", "ắn", "ẳn", "ẵn", "ặn"],
    ["âm", "ầm", "ấm", "ẩm", "ẫm", "ậm"],
    ["ân", "ần", "ấn", "ẩn", "ẫn", "ận"],
    ["ât", "ât", "ất", "ất", "ật", "ật"],
    ["âu", "ầu", "ấu", "ẩu", "ẫu", "ậu"],
    ["e", "è", "é", "ẻ", "ẽ", "ẹ"],
    ["en", "èn", "én", "ẻn", "ẽn", "ẹn"],
    ["ê", "ề", "ế", "ể", "ễ", "ệ"],
    ["ên", "ền", "ến", "ển", "ễn", "ện"],
    ["i", "ì", "í", "ỉ", "ĩ", "ị"],
    ["iên", "iền", "iến", "iển", "iễn", "iện"],
    ["iêu", "iều", "iếu", "iểu", "iễu", "iệu"],
    ["in", "ìn", "ín", "ỉn", "ĩn", "ịn"],
    ["inh", "ình", "ính", "ỉnh", "ĩnh", "ịnh"],
    ["o", "ò", "ó", "ỏ", "õ", "ọ"],
    ["oa", "òa", "óa", "ỏa", "õa", "ọa"],
    ["oan", "oàn", "oán", "oản", "oãn", "oạn"],
    ["ong", "òng", "óng", "ỏng", "õng", "ọng"],
    ["ô", "ồ", "ố", "ổ", "ỗ", "ộ"],
    ["ôi", "ồi", "ối", "ổi", "ỗi", "ội"],
    ["ông", "ồng", "ống", "ổng", "ỗng", "ộng"],
    ["ơ", "ờ", "ớ", "ở", "ỡ", "ợ"],
    ["ơi", "ời", "ới", "ởi", "ỡi", "ợi"],
    ["u", "ù", "ú", "ủ", "ũ", "ụ"],
    ["ung", "ùng", "úng", "ủng", "ũng", "ụng"],
    ["uy", "ùy", "úy", "ủy", "ũy", "ụy"],
    ["uyên", "uyền", "uyến", "uyển", "uyễn", "uyện"],
    ["ư", "ừ", "ứ", "ử", "ữ", "ự"],
    ["ưng", "ừng", "ứng", "ửng", "ững", "ựng"],
    ["ươi", "ười", "ưới", "ưởi", "ưỡi", "ượi"],
    ["ương", "ường", "ướng", "ưởng", "ưỡng", "ượng"],
    ["ươc", "ươc", "ước", "ước", "ược", "ược"],
];

/// Chance that comes out the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.bits() >> 1).unwrap_or(0).checked_rem(sides).unwrap_or(0)
    }
}

/// The words of the invented language and who writes in it.
pub(crate) struct World {
    words: Vec<String>,
    /// Where each word ends on a line on which common words are long.
    ends: Vec<u64>,
    portals: Vec<SiteId>,
    sites: Vec<SiteId>,
}

/// A document before it is indexed.
pub(crate) struct Text {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) number: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(1);
        let mut syllables = BTreeSet::new();
        while syllables.len() < 5_000 {
            let onset = ONSETS.get(dice.roll(ONSETS.len())).copied().unwrap_or_default();
            let rhyme = RHYMES.get(dice.roll(RHYMES.len()));
            let tone = dice.roll(6);
            let rhyme = rhyme.and_then(|tones| tones.get(tone)).copied().unwrap_or_default();
            syllables.insert(format!("{onset}{rhyme}"));
        }
        let mut syllables: Vec<String> = syllables.into_iter().collect();
        for at in 0..syllables.len() {
            let other = dice.roll(syllables.len());
            syllables.swap(at, other);
        }
        let (mut words, mut ends, mut end) = (Vec::new(), Vec::new(), 0);
        for rank in 1..=30_000_u64 {
            // Squares make low numbers likelier: words are made of the commoner syllables.
            let mut syllable = || {
                let (a, b) = (dice.roll(5_000), dice.roll(5_000));
                syllables.get(a * b / 5_000).cloned().unwrap_or_default()
            };
            let word =
                if rank % 4 == 0 { syllable() } else { format!("{} {}", syllable(), syllable()) };
            end += 100_000_000 / (rank + 3);
            words.push(word);
            ends.push(end);
        }
        let mut site = |_| SiteId::from(Uuid::from_u64_pair(dice.bits(), dice.bits()));
        let portals = (0..=SITES / OF_PORTAL).map(&mut site).collect();
        let sites = (0..SITES).map(site).collect();
        Self { words, ends, portals, sites }
    }

    fn word(&self, dice: &mut Dice) -> &str {
        let line = self.ends.last().copied().unwrap_or(1);
        let at = dice.bits() % line;
        let place = self.ends.partition_point(|end| *end <= at);
        self.words.get(place).map_or("", String::as_str)
    }

    /// The texts of a document.
    pub(crate) fn text(&self, number: u64) -> Text {
        let mut dice = Dice::new(number + 7);
        let words = 5 + dice.roll(5);
        let title: Vec<&str> = (0..words).map(|_| self.word(&mut dice)).collect();
        let mut body = String::with_capacity(LETTERS + 20);
        let goal = LETTERS / 2 + dice.roll(LETTERS);
        while body.len() < goal {
            body.push_str(self.word(&mut dice));
            body.push_str(match dice.roll(12) {
                0 => ", ",
                1 => ". ",
                _ => " ",
            });
        }
        let year = 2005 + dice.roll(22);
        let number = format!("{}/{year}/QĐ-UBND", number % 9_973 + 1);
        Text { title: title.join(" "), body, number }
    }

    /// The site of a document.
    pub(crate) fn site(&self, number: u64) -> SiteId {
        let place = Dice::new(number ^ 0xABCD).roll(SITES);
        self.sites.get(place).copied().unwrap_or_else(SiteId::new)
    }

    /// The portal of a document's site.
    pub(crate) fn portal(&self, number: u64) -> SiteId {
        let place = Dice::new(number ^ 0xABCD).roll(SITES);
        self.portals.get(place / OF_PORTAL).copied().unwrap_or_else(SiteId::new)
    }

    /// A document as it is indexed.
    pub(crate) fn item(&self, number: u64) -> Item {
        self.item_of(number, self.text(number))
    }

    /// The same with its texts, which are known.
    pub(crate) fn item_of(&self, number: u64, text: Text) -> Item {
        let Text { title, body, number: official } = text;
        let mut dice = Dice::new(number + 99);
        let date = 1_104_537_600 + i64::try_from(dice.roll(690_000_000)).unwrap_or(0);
        let date = DateTime::<Utc>::from_timestamp(date, 0).unwrap_or_default();
        let mut item = Item::new(subject(number), self.site(number), "document", &title, date);
        item.portal = self.portal(number);
        item.forename = "Quyết định".to_owned();
        item.body = body;
        item.number = Some(official);
        item.kind = format!("kind-{}", dice.roll(6));
        item.doc_type = Some(format!("type-{}", dice.roll(30) * dice.roll(30) / 30));
        item.issuer = Some(format!("issuer-{}", dice.roll(400)));
        item.fields = (0..=dice.roll(2)).map(|_| format!("field-{}", dice.roll(30))).collect();
        item.year = u16::try_from(2005 + dice.roll(22)).ok();
        item.effect = Some(format!("effect-{}", dice.roll(4)));
        item
    }
}

/// The subject of a document, and back.
pub(crate) fn subject(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

pub(crate) fn number_of(subject: Uuid) -> u64 {
    u64::try_from(subject.as_u128() - 1).unwrap_or(0)
}
