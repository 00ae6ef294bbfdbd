//! What becomes of the index on disk: opened again, lost, damaged, made anew.

use std::{fs, path::Path};

use base::SiteId;
use search::{Change, Engine, Error, Query, Rebuilt, Vocabulary};
use tempfile::TempDir;

use crate::kit::{at, fill, item, places, subject, vocabulary};

fn titles(count: u128) -> Vec<search::Item> {
    let site = SiteId::new();
    (1..=count).map(|number| item(site, number, &format!("Thông báo số {number}"))).collect()
}

fn open(folder: &Path) -> Engine {
    Engine::open(folder, vocabulary()).unwrap()
}

fn all(engine: &Engine) -> Vec<u128> {
    let query = Query { text: "thông báo".into(), size: 100, ..Query::default() };
    places(&engine.search(&query).unwrap())
}

#[test]
fn an_index_goes_on_where_it_stopped() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    assert!(engine.needs_rebuild());
    fill(&engine, &titles(3), at(7));
    engine.apply(&[Change::Remove(subject(2))], at(8)).unwrap();
    drop(engine);

    let engine = open(folder.path());
    assert_eq!(engine.position(), Some(at(8)));
    assert_eq!(all(&engine), [3, 1]);
}

#[test]
fn an_incomplete_index_says_so_until_it_is_made_anew() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    engine.apply(&[Change::Put(Box::new(titles(1).remove(0)))], at(5)).unwrap();
    assert_eq!((all(&engine), engine.position()), (vec![1], None));
    drop(engine);

    assert!(open(folder.path()).needs_rebuild());
}

#[test]
fn a_damaged_index_is_replaced_and_never_an_error() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 6] = [
        ("no pointer", |folder| fs::remove_file(folder.join("CURRENT")).unwrap()),
        ("a wrong pointer", |folder| fs::write(folder.join("CURRENT"), "../x").unwrap()),
        ("no index", |folder| fs::remove_dir_all(current(folder)).unwrap()),
        ("no list of segments", |folder| {
            fs::remove_file(current(folder).join("meta.json")).unwrap();
        }),
        ("nonsense", |folder| fs::write(current(folder).join("meta.json"), "{").unwrap()),
        ("files cut short", |folder| {
            for file in fs::read_dir(current(folder)).unwrap().map(|it| it.unwrap().path()) {
                if file.extension().is_some_and(|it| it == "term") {
                    fs::write(file, "short").unwrap();
                }
            }
        }),
    ];
    for (name, damage) in damages {
        let folder = TempDir::new().unwrap();
        let engine = open(folder.path());
        fill(&engine, &titles(3), at(7));
        drop(engine);
        damage(folder.path());

        let engine = open(folder.path());
        assert!(engine.needs_rebuild(), "{name}");
        assert_eq!(all(&engine), [0_u128; 0], "{name}");
        fill(&engine, &titles(3), at(9));
        assert_eq!(all(&engine), [3, 2, 1], "{name}");
        drop(engine);
        assert_eq!(open(folder.path()).position(), Some(at(9)), "{name}");
    }
}

fn current(folder: &Path) -> std::path::PathBuf {
    folder.join(fs::read_to_string(folder.join("CURRENT")).unwrap().trim())
}

#[test]
fn a_flipped_byte_is_noticed_and_never_a_panic() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    fill(&engine, &titles(50), at(7));
    assert!(engine.verify().unwrap());
    drop(engine);
    for file in fs::read_dir(current(folder.path())).unwrap().map(|it| it.unwrap().path()) {
        if file.extension().is_some_and(|it| it == "idx" || it == "pos") {
            let mut bytes = fs::read(&file).unwrap();
            bytes.iter_mut().take(60).for_each(|byte| *byte ^= 0x5A);
            fs::write(&file, bytes).unwrap();
        }
    }

    let engine = open(folder.path());
    if !engine.needs_rebuild() {
        assert!(!engine.verify().unwrap());
        let text = "\"thông báo số\"".to_owned();
        let _answer_or_error = engine.search(&Query { text, size: 10, ..Query::default() });
    }
}

#[test]
fn other_abbreviations_ask_for_another_index() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    fill(&engine, &titles(1), at(7));
    drop(engine);

    let other = Vocabulary::parse("[abbreviations]\n'TB' = 'thông báo'", "phrases = []").unwrap();
    assert!(Engine::open(folder.path(), other).unwrap().needs_rebuild());
}

#[test]
fn making_anew_changes_nothing_for_readers_until_the_end() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    fill(&engine, &titles(60), at(7));
    engine.apply(&[Change::Remove(subject(9))], at(8)).unwrap();
    let before = all(&engine);

    let rebuild = engine.rebuild().unwrap();
    for item in titles(60).iter().rev() {
        rebuild.add(item).unwrap();
        assert_eq!(engine.len(), 59);
    }
    assert_eq!(all(&engine), before);
    let Rebuilt::Behind(rebuild, ahead) = rebuild.finish(at(7)).unwrap() else {
        panic!("not behind")
    };
    assert_eq!((ahead, all(&engine)), (at(8), before.clone()));
    rebuild.apply(&[Change::Remove(subject(9))]).unwrap();
    assert!(matches!(rebuild.finish(at(8)).unwrap(), Rebuilt::Done));
    assert_eq!(all(&engine), before, "the order is the same");
    assert_eq!(engine.position(), Some(at(8)));
    engine.apply(&[Change::Remove(subject(10))], at(9)).unwrap();
    assert_eq!(engine.len(), 58);
}

#[test]
fn a_rebuild_that_is_given_up_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());
    fill(&engine, &titles(2), at(7));
    let rebuild = engine.rebuild().unwrap();
    rebuild.add(&titles(9)[8]).unwrap();
    drop(rebuild);
    assert_eq!(all(&engine), [2, 1]);
    drop(engine);

    let engine = open(folder.path());
    assert_eq!((all(&engine), engine.position()), (vec![2, 1], Some(at(7))));
    let folders =
        fs::read_dir(folder.path()).unwrap().filter(|it| it.as_ref().unwrap().path().is_dir());
    assert_eq!(folders.count(), 1);
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path());

    let refused = Engine::open(folder.path(), vocabulary());
    assert!(matches!(refused.err(), Some(Error::InUse(_))));
    drop(engine);
    open(folder.path());
}
