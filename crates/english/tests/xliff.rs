//! Files that go to a translation office and come back.

#![expect(clippy::string_slice, reason = "a test that cannot go on must stop")]

use base::{EntryId, SiteId};
use english::{
    blocks::Content,
    xliff::{MAX_BYTES, Package, Received, Refusal, State, Unit, accept, read, sendable, write},
};
use proptest::prelude::*;

fn unit(id: &str, source: &str, target: &str) -> Unit {
    let state = if target.is_empty() { State::Initial } else { State::Translated };
    Unit { id: id.into(), source: source.into(), target: target.into(), state }
}

fn package(edition: i32, units: Vec<Unit>) -> Package {
    let id = base_uuid();
    Package { site: SiteId::from(id), entry: EntryId::from(id), edition, units }
}

fn base_uuid() -> base::uuid::Uuid {
    base::uuid::Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001)
}

fn text() -> impl Strategy<Value = String> {
    let markdown = "[a-zA-Zàđưỹễ \\[\\]()*_`#&<>'\"|\\\\!\n\t-]{0,40}";
    prop_oneof![markdown, any::<String>(), Just("]]> <b>&amp; &#10; \u{FFFF}\u{0}".to_owned())]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        pieces in proptest::collection::vec((text(), text(), 0_usize..4), 0..12),
        edition in any::<i32>(),
    ) {
        let units = pieces.iter().enumerate().map(|(at, (source, target, state))| {
            let target = if target.trim().is_empty() { String::new() } else { target.clone() };
            let state = if sendable(&target).trim().is_empty() { State::Initial } else { State::ALL[*state] };
            Unit { id: format!("block-{at}"), source: source.clone(), target, state }
        });
        let sent = package(edition, units.collect());

        let back = read(write(&sent).as_bytes()).unwrap();

        prop_assert_eq!((back.site, back.entry, back.edition), (sent.site, sent.entry, sent.edition));
        prop_assert_eq!(back.units.len(), sent.units.len());
        for (back, sent) in back.units.iter().zip(&sent.units) {
            prop_assert_eq!(&back.source, &sendable(&sent.source));
            let target = sendable(&sent.target);
            let target = if target.trim().is_empty() { String::new() } else { target };
            prop_assert_eq!((&back.id, &back.target, back.state), (&sent.id, &target, sent.state));
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in any::<usize>(), other in any::<u8>()) {
        let _ = read(&bytes);
        let mut file = write(&package(1, vec![unit("title", "Lễ hội", "Festival")])).into_bytes();
        let at = at % file.len();
        file[at] = other;
        let _ = read(&file);
        let _ = read(&file[..at]);
    }
}

#[test]
fn what_tools_add_is_passed_over() {
    let sent = write(&package(1, vec![unit("title", "Lễ hội", "")]));
    let start = &sent[..sent.find("<unit").unwrap()];
    let file = format!(
        "{start}<notes><note>Hello</note></notes><group id='g'><unit id=\"title\">\
         <mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\"><mtc:match><source>x</source><target>wrong</target></mtc:match></mtc:matches>\
         <originalData><data id='d1'>junk</data></originalData>\
         <segment state=\"final\" subState='my:own'><source>Lễ</source><target>The <mrk id='m1' type='term'>festival</mrk></target></segment>\
         <ignorable><source> </source></ignorable>\
         <segment state=\"reviewed\"><source>hội</source><target><pc id='1'>of</pc><ph id='2'/> &#x54;ra&amp;<![CDATA[ <Son>]]></target></segment>\
         </unit></group></file></xliff>"
    );

    let back = read(file.as_bytes()).unwrap();

    let expected = Unit {
        state: State::Reviewed,
        ..unit("title", "Lễ hội", "The festival of Tra& <Son>")
    };
    assert_eq!(back.units, [expected]);
    let prefixed = sent
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("xmlns=", "xmlns:x=");
    assert_eq!(read(prefixed.as_bytes()).unwrap().units, [unit("title", "Lễ hội", "")]);
    let bom = format!("\u{FEFF}{sent}");
    assert!(read(bom.as_bytes()).is_ok());
}

#[track_caller]
fn refused(file: &str, refusal: Refusal) {
    assert_eq!(read(file.as_bytes()), Err(refusal), "{file}");
}

#[test]
fn bad_files_are_refused_whole() {
    let good = write(&package(3, vec![unit("title", "Lễ hội", "Festival")]));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>";

    refused(&good.replace("<xliff", &format!("{bomb}<xliff")), Refusal::Entities);
    refused(&good.replace("Festival", "&b;"), Refusal::Entities);
    refused(&good.replace("original=\"site", "original=\"&b;site"), Refusal::Entities);
    refused(&good.replace("</target>", ""), Refusal::Broken(8));
    refused(&good[..good.len() - 20], Refusal::Broken(9));
    refused("", Refusal::NotXliff);
    refused("hello", Refusal::NotXliff);
    refused("<html/>", Refusal::NotXliff);
    refused(&good.replace("version=\"2.1\"", "version=\"1.2\""), Refusal::NotXliff);
    refused(&good.replace("document:2.0", "document:1.2"), Refusal::NotXliff);
    refused(&good.replace("trgLang=\"en\"", "trgLang=\"fr\""), Refusal::Languages);
    refused(&good.replace("original=\"site", "original=\"cms"), Refusal::Origin);
    refused(&good.replace("edition/3", "edition/x"), Refusal::Origin);
    let unit_text = &good[good.find("<unit").unwrap()..good.find("</file>").unwrap()];
    refused(&good.replace(unit_text, &unit_text.repeat(2)), Refusal::Repeated("title".into()));
    refused(&"<x>".repeat(3), Refusal::NotXliff);
    refused(&good.replace("Festival", &"<pc>".repeat(100)), Refusal::TooLarge);
    assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), Err(Refusal::TooLarge));
    assert_eq!(read(b"<xliff>\xFF"), Err(Refusal::Encoding));
    // A target language of a region is still English.
    assert!(read(good.replace("\"en\"", "\"en-GB\"").as_bytes()).is_ok());
}

fn content(title: &str, body: &str) -> Content {
    Content { title: title.into(), body: body.into(), ..Content::default() }
}

/// An edition as it is exported, every piece translated.
fn exported(edition: i32, content: &Content, english: &str) -> Package {
    let pieces = content.pieces().into_iter();
    package(edition, pieces.map(|piece| unit(&piece.id, &piece.text, english)).collect())
}

#[test]
fn a_file_fits_only_what_it_was_made_from() {
    let now = exported(2, &content("Lễ hội", "Một.\n\nHai."), "English");
    let refused = |file: Package, refusal| assert_eq!(accept(file, &now, &now), Err(refusal));

    refused(Package { site: SiteId::new(), ..now.clone() }, Refusal::OtherSite);
    refused(Package { entry: EntryId::new(), ..now.clone() }, Refusal::OtherEntry);
    refused(Package { edition: 3, ..now.clone() }, Refusal::UnknownEdition(3));
    refused(Package { edition: 1, ..now.clone() }, Refusal::UnknownEdition(1));
    let mut strange = now.clone();
    strange.units.push(unit("block-ffff-1", "Ba.", "Three."));
    refused(strange, Refusal::UnknownUnit("block-ffff-1".into()));
    let received = accept(now.clone(), &now, &now).unwrap();
    assert_eq!(received, Received { edition: 2, used: now.units.clone(), ..Received::default() });
}

#[test]
fn of_an_older_edition_the_unchanged_pieces_are_used() {
    let then = exported(1, &content("Lễ hội", "Một.\n\nHai.\n\nBa."), "English");
    let now = exported(4, &content("Lễ hội mới", "Ba.\n\nMột.\n\nBốn."), "");

    let received = accept(then.clone(), &then, &now).unwrap();

    let sources = |units: &[Unit]| units.iter().map(|it| it.source.clone()).collect::<Vec<_>>();
    assert!(received.is_older);
    assert_eq!(sources(&received.used), ["Một.", "Ba."]);
    assert_eq!(sources(&received.outdated), ["Lễ hội", "Hai."]);
}

#[test]
fn an_edited_source_and_an_empty_target_are_told() {
    let now = exported(1, &content("Lễ hội", "Một  hai.\n\nBa."), "English");
    let mut file = now.clone();
    file.units[0].source = "Lễ hội khác".into();
    file.units[1].source = " Một hai. ".into();
    file.units[2].target = " ".into();

    let received = accept(file, &now, &now).unwrap();

    assert_eq!((received.altered.len(), received.used.len(), received.untranslated), (1, 1, 1));
}
