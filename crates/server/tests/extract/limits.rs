//! A file can cost only so much, whatever is in it.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
    time::{Duration, Instant},
};

use extract::{Failure, Tools};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::paper::{DOCX, Desk, PDF, docx, paragraph, pdf};

#[test]
fn a_reader_that_takes_too_long_is_stopped_with_all_it_started() {
    for script in ["while :; do :; done", "sleep 60 & echo $! > \"${0%/*}/pid\"; wait"] {
        let mut desk = Desk::with_pdftotext(script);
        desk.limits.time = Duration::from_millis(600);
        let began = Instant::now();

        let read = desk.read(b"any", PDF);

        assert_eq!(read, Err(Failure::TooSlow), "{script}");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        if let Ok(pid) = fs::read_to_string(desk.path().join("pid")) {
            assert!(ends(pid.trim()), "the child of the child still runs");
        }
    }
}

/// Whether a process is gone, or will be in a moment: it was told to end.
fn ends(pid: &str) -> bool {
    let began = Instant::now();
    let state = || fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let is_gone = || state().is_empty() || state().contains(") Z ");
    while !is_gone() && began.elapsed() < Duration::from_secs(5) {
        std::thread::yield_now();
    }
    is_gone()
}

#[test]
fn the_processor_is_limited_too() {
    let mut desk = Desk::with_pdftotext("while :; do :; done");
    desk.limits.time = Duration::from_secs(1);
    // The order says one second of the processor; the clock would allow more.
    let script = "ulimit -t";
    let asked = Desk::with_pdftotext(script);

    assert_eq!(asked.read(b"any", PDF).unwrap().pages, ["60"]);
    assert_eq!(desk.read(b"any", PDF), Err(Failure::TooSlow));
}

#[test]
fn a_program_that_wants_too_much_memory_is_stopped() {
    let mut desk = Desk::with_pdftotext("exec tail -c 400000000 /dev/zero");
    desk.limits.memory_mb = 64;

    assert_eq!(desk.read(b"any", PDF), Err(Failure::TooLarge));
}

#[test]
fn our_own_readers_are_held_to_their_memory() {
    let mut desk = Desk::bare();
    // One text of 120 MB must be held whole.
    let body = paragraph(&"chữ ".repeat(20 << 20));
    desk.limits.output_mb = 500;
    desk.limits.memory_mb = 64;

    assert_eq!(desk.read(&docx(&body), DOCX), Err(Failure::TooLarge));
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let block = format!("<!--{}-->", " ".repeat(1 << 20));
    zip.write_all(b"<w:document>").unwrap();
    for _ in 0..300 {
        zip.write_all(block.as_bytes()).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20, "{} bytes", bomb.len());

    assert_eq!(Desk::bare().read(&bomb, DOCX), Err(Failure::TooLarge));
}

#[test]
fn too_many_parts_are_not_counted_out() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_001 {
        zip.start_file(format!("part{number}"), SimpleFileOptions::default()).unwrap();
    }

    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(Desk::bare().read(&bytes, DOCX), Err(Failure::TooLarge));
}

#[test]
fn more_text_than_allowed_is_too_large() {
    let mut desk = Desk::bare();
    desk.limits.output_mb = 1;
    assert_eq!(desk.read(&docx(&paragraph(&"chữ ".repeat(300_000))), DOCX), Err(Failure::TooLarge));

    let mut desk = Desk::with_pdftotext("yes chữ");
    desk.limits.output_mb = 1;
    assert_eq!(desk.read(b"any", PDF), Err(Failure::TooLarge));
}

#[test]
fn a_reader_may_not_fill_the_disk() {
    let mut desk = Desk::with_pdftotext("exec head -c 5000000 /dev/zero > big");
    desk.limits.output_mb = 1;

    assert_eq!(desk.read(b"any", PDF), Err(Failure::TooLarge));
}

#[test]
fn a_reader_sees_neither_our_environment_nor_our_folder_nor_our_input() {
    let desk = Desk::with_pdftotext("env; pwd; cat; echo end");

    let said = desk.read(b"any", PDF).unwrap().pages.concat();

    assert!(!said.contains("CARGO"), "{said}");
    assert!(said.contains("LC_ALL=C.UTF-8") && said.ends_with("end"), "{said}");
    let folder = said.lines().find_map(|line| line.strip_prefix("PWD=")).unwrap();
    assert!(folder.contains("conglang-extract-"), "{folder}");
    assert!(!Path::new(folder).exists(), "the folder is left");
}

#[test]
fn a_reader_that_cannot_be_started_is_our_fault_and_passes() {
    let mut desk = Desk::bare();
    desk.tools = Tools::none("/nonexistent/conglang");
    let failure = desk.read(&pdf(&[&["một"]]), PDF).unwrap_err();
    assert!(failure.is_passing(), "{failure:?}");

    let desk = Desk::with_pdftotext("exit 0");
    fs::remove_file(desk.path().join("pdftotext")).unwrap();
    let failure = desk.read(b"any", PDF).unwrap_err();
    assert!(failure.is_passing(), "{failure:?}");
}

#[test]
fn a_reader_that_crashes_is_a_broken_file() {
    let desk = Desk::with_pdftotext("kill -SEGV $$");

    assert!(matches!(desk.read(b"any", PDF), Err(Failure::Broken(_))));
}
