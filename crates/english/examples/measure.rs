//! Figures of this crate: terms found, editions aligned, each beside a plain way to do the same.
//!
//! `cargo run --release -p english --example measure`

#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::{collections::BTreeSet, fmt::Write as _, path::Path, time::Instant};

use english::{
    blocks::{Block, Change, align, cut},
    state::{Edition, Standing, Translation, report},
    terms::Terms,
    write::Names,
};

const SENTENCE: &str = "Ngày 20/11/2026, Chủ tịch Ủy ban nhân dân xã Trà Sơn ban hành Quyết định số \
    519/QĐ-UBND về việc tiếp nhận hồ sơ tại Trung tâm Phục vụ hành chính công; Phòng Kinh tế và \
    Đảng ủy xã phối hợp với Sở Nông nghiệp và Môi trường tỉnh Lạc Việt triển khai kế hoạch phòng, \
    chống thiên tai cho người dân và doanh nghiệp trên địa bàn. ";

fn main() -> anyhow::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/english/terms.toml");
    let started = Instant::now();
    let terms = Terms::load(&file)?;
    println!("{} terms loaded in {:.1} ms", terms.all().len(), seconds(started) * 1e3);
    find(&terms);
    alignment();
    states();
    Ok(())
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// Runs `work` for about half a second and gives the seconds of one run.
fn each(mut work: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut runs = 0_u32;
    while runs == 0 || seconds(started) < 0.5 {
        work();
        runs += 1;
    }
    seconds(started) / f64::from(runs)
}

fn find(terms: &Terms) {
    let mut text = SENTENCE.repeat(6_144 / SENTENCE.len() + 1);
    text.truncate((0..=6_144).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default());
    let hits = u32::try_from(terms.find(&text, Names::Accented).len()).unwrap_or_default();
    let ours = each(|| drop(std::hint::black_box(terms.find(&text, Names::Accented))));
    // Every spelling without slots looked for in the whole text, one after the other.
    let small = text.to_lowercase();
    let spellings: BTreeSet<String> = terms
        .all()
        .iter()
        .flat_map(|term| term.spellings.iter().chain([&term.vi]))
        .filter(|vi| !vi.contains('{'))
        .map(|vi| vi.to_lowercase())
        .collect();
    let naive = each(|| {
        let count: usize = spellings.iter().map(|vi| small.matches(vi.as_str()).count()).sum();
        std::hint::black_box(count);
    });
    println!(
        "terms: {hits} in {} bytes, {:.2} ms a text, {:.0} terms a second; naive search (literals \
         only, nothing composed) {:.2} ms, ratio {:.2}",
        text.len(),
        ours * 1e3,
        f64::from(hits) / ours,
        naive * 1e3,
        naive / ours
    );
}

/// Two editions of 500 paragraphs: every tenth changed, some gone, some new, some moved.
fn editions() -> (Vec<Block>, Vec<Block>) {
    let words: Vec<&str> = SENTENCE.split_whitespace().collect();
    let paragraph = |number: usize| -> String {
        let start = number * 7 % words.len();
        let turned = words.iter().cycle().skip(start).take(50);
        let turned: Vec<String> = turned
            .enumerate()
            .map(
                |(at, word)| {
                    if at % 5 == 0 { format!("{word}{number}") } else { (*word).to_owned() }
                },
            )
            .collect();
        turned.join(" ")
    };
    let (mut old, mut new) = (String::new(), String::new());
    for number in 0..500 {
        let text = paragraph(number);
        let _ = writeln!(old, "{text}\n");
        let _ = match number % 50 {
            10 => writeln!(new, "{}\n", paragraph(number + 1_000)),
            20 => Ok(()),
            at if at % 10 == 0 => writeln!(new, "{} và sửa đổi\n", text.replace("xã", "phường")),
            _ => writeln!(new, "{text}\n"),
        };
    }
    (cut(&old), cut(&new))
}

fn alignment() {
    let (old, new) = editions();
    let pairs = align(&old, &new);
    let count = |change| pairs.iter().filter(|pair| pair.change == change).count();
    let ours = each(|| drop(std::hint::black_box(align(&old, &new))));
    // Each new block against each old one, by the words they share.
    let naive = each(|| {
        let bag = |block: &Block| -> BTreeSet<String> {
            block.text.split_whitespace().map(str::to_owned).collect()
        };
        let old: Vec<BTreeSet<String>> = old.iter().map(bag).collect();
        let best = new.iter().map(|block| {
            let words = bag(block);
            old.iter().map(|other| words.intersection(other).count()).max()
        });
        std::hint::black_box(best.collect::<Vec<_>>());
    });
    println!(
        "alignment: {} and {} blocks, {:.2} ms (unchanged {}, changed {}, new {}, gone {}, moved {}); \
         naive (all against all) {:.2} ms, ratio {:.1}",
        old.len(),
        new.len(),
        ours * 1e3,
        count(Change::Unchanged),
        count(Change::Changed),
        count(Change::New),
        count(Change::Gone),
        count(Change::Moved),
        naive * 1e3,
        naive / ours
    );
}

/// The states of a province: 3,321 sites with twelve pages of the minimum set each.
fn states() {
    let content = |byte| english::blocks::Digest([byte; 16]);
    let source: Vec<Edition> = (1..=6_u8)
        .map(|number| Edition {
            number: i32::from(number),
            is_minor: number % 2 == 0,
            standing: if number == 6 { Standing::Public } else { Standing::Past },
            content: content(number),
        })
        .collect();
    let english = [Translation { number: 1, of: 3, standing: Standing::Public }];
    let pages = 3_321 * 12;
    let ours =
        each(|| (0..pages).for_each(|_| _ = std::hint::black_box(report(&source, &english))));
    println!("states: {pages} pages of six editions in {:.1} ms", ours * 1e3);
}
