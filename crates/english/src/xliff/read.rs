//! Files as packages: the reader trusts nothing.

use std::collections::BTreeSet;

use base::{EntryId, SiteId};
use quick_xml::{
    XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
    name::ResolveResult,
    reader::NsReader,
};

use super::{MAX_BYTES, MAX_UNITS, NAMESPACE, Package, Refusal, State, Unit};

/// Elements within elements at most.
const MAX_DEPTH: usize = 64;

/// Reads a file. Modules, notes and inline elements that a tool added are passed over; the text
/// within inline elements is kept. Whether it fits is for [`super::accept`] to say.
pub fn read(bytes: &[u8]) -> Result<Package, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(bytes).ok().ok_or(Refusal::Encoding)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let broken = |at: u64| {
        let at = usize::try_from(at).unwrap_or(text.len());
        let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
        Refusal::Broken(before.iter().filter(|byte| **byte == b'\n').count() + 1)
    };
    let mut file = File::default();
    loop {
        let event = reader.read_event();
        let at = match &event {
            Ok(_) => reader.buffer_position(),
            Err(_) => reader.error_position(),
        };
        let Ok(event) = event else { return Err(broken(at)) };
        match event {
            Event::Start(start) => {
                let (namespace, _) = reader.resolver().resolve_element(start.name());
                let is_ours = matches!(namespace, ResolveResult::Bound(name) if is_ours(name.0));
                file.start(&start, is_ours)?;
            }
            Event::End(_) => file.end(),
            Event::Text(text) => file.text(&text.xml10_content()),
            Event::CData(text) => file.text(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) => file.text(c.encode_utf8(&mut [0; 4])),
                Ok(None) => {
                    let known = resolve_predefined_entity(&name).ok_or(Refusal::Entities)?;
                    file.text(known);
                }
                Err(_) => return Err(broken(at)),
            },
            Event::DocType(_) => return Err(Refusal::Entities),
            Event::Eof if file.open.is_empty() => return file.package(),
            Event::Eof => return Err(broken(at)),
            // Empty elements come as a start and an end.
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => (),
        }
    }
}

fn is_ours(namespace: &str) -> bool {
    namespace.strip_prefix(NAMESPACE).is_some_and(|minor| matches!(minor, "0" | "1" | "2"))
}

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Xliff,
    File,
    Group,
    Unit,
    Segment,
    Ignorable,
    Source,
    Target,
    Inline,
    Other,
}

#[derive(Default)]
struct File {
    open: Vec<Element>,
    is_xliff: bool,
    origin: Option<(SiteId, EntryId, i32)>,
    ids: BTreeSet<String>,
    units: Vec<Unit>,
    /// Of the part of a unit that is being read.
    source: String,
    target: Option<String>,
    /// The lowest state of the unit's segments.
    state: Option<State>,
}

impl File {
    fn start(&mut self, start: &BytesStart<'_>, is_ours: bool) -> Result<(), Refusal> {
        let local = start.local_name();
        let element = self.element(local.as_ref(), is_ours);
        if self.open.is_empty() && element != Element::Xliff {
            return Err(Refusal::NotXliff);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Refusal::TooLarge);
        }
        match element {
            Element::Xliff => self.head(start)?,
            Element::File => self.file(start)?,
            Element::Unit => self.unit(start)?,
            Element::Segment | Element::Ignorable => self.part(start, element)?,
            Element::Target => self.target = Some(String::new()),
            _ => (),
        }
        self.open.push(element);
        Ok(())
    }

    fn element(&self, local: &str, is_ours: bool) -> Element {
        use Element::*;
        match (self.open.last(), local) {
            _ if !is_ours => Other,
            (None, "xliff") => Xliff,
            (Some(Xliff), "file") => File,
            (Some(File | Group), "group") => Group,
            (Some(File | Group), "unit") => Unit,
            (Some(Unit), "segment") => Segment,
            (Some(Unit), "ignorable") => Ignorable,
            (Some(Segment | Ignorable), "source") => Source,
            (Some(Segment | Ignorable), "target") => Target,
            (Some(Source | Target | Inline), _) => Inline,
            _ => Other,
        }
    }

    fn head(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        self.is_xliff = true;
        let version = attribute(start, "version")?.unwrap_or_default();
        if !matches!(version.as_str(), "2.0" | "2.1" | "2.2") {
            return Err(Refusal::NotXliff);
        }
        let language = |name| -> Result<String, Refusal> {
            let tag = attribute(start, name)?.unwrap_or_default().to_lowercase();
            Ok(tag.split('-').next().unwrap_or_default().to_owned())
        };
        // A file without a target language cannot have been sent back translated.
        match (language("srcLang")?.as_str(), language("trgLang")?.as_str()) {
            ("vi", "en") => Ok(()),
            _ => Err(Refusal::Languages),
        }
    }

    fn file(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        let original = attribute(start, "original")?.ok_or(Refusal::Origin)?;
        let origin = origin(&original).ok_or(Refusal::Origin)?;
        match self.origin.replace(origin) {
            None => Ok(()),
            Some(_) => Err(Refusal::Origin),
        }
    }

    fn unit(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        let id = attribute(start, "id")?.unwrap_or_default();
        if !self.ids.insert(id.clone()) {
            return Err(Refusal::Repeated(id));
        }
        if self.units.len() >= MAX_UNITS {
            return Err(Refusal::TooLarge);
        }
        let (source, target) = (String::new(), String::new());
        self.units.push(Unit { id, source, target, state: State::Initial });
        self.state = None;
        Ok(())
    }

    fn part(&mut self, start: &BytesStart<'_>, element: Element) -> Result<(), Refusal> {
        self.source.clear();
        self.target = None;
        if element == Element::Segment {
            let state = attribute(start, "state")?;
            let state = state.and_then(|state| State::parse(&state)).unwrap_or_default();
            self.state = Some(self.state.map_or(state, |other| other.min(state)));
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let side = self.open.iter().rev().find(|it| !matches!(it, Element::Inline));
        match (side, &mut self.target) {
            (Some(Element::Source), _) => self.source.push_str(text),
            (Some(Element::Target), Some(target)) => target.push_str(text),
            _ => (),
        }
    }

    fn end(&mut self) {
        let ended = self.open.pop();
        let Some(unit) = self.units.last_mut() else { return };
        match ended {
            Some(Element::Segment) => {
                unit.source.push_str(&self.source);
                unit.target.push_str(self.target.as_deref().unwrap_or_default());
            }
            // What a tool set aside between segments, mostly spaces, goes where it was.
            Some(Element::Ignorable) => {
                unit.source.push_str(&self.source);
                unit.target.push_str(self.target.as_ref().unwrap_or(&self.source));
            }
            Some(Element::Unit) => {
                unit.state = self.state.take().unwrap_or_default();
                if unit.target.trim().is_empty() {
                    unit.target.clear();
                    unit.state = State::Initial;
                }
            }
            _ => (),
        }
    }

    fn package(self) -> Result<Package, Refusal> {
        if !self.is_xliff {
            return Err(Refusal::NotXliff);
        }
        let (site, entry, edition) = self.origin.ok_or(Refusal::Origin)?;
        Ok(Package { site, entry, edition, units: self.units })
    }
}

/// Reads `site/…/entry/…/edition/…`.
fn origin(text: &str) -> Option<(SiteId, EntryId, i32)> {
    let mut parts = text.split('/');
    let mut after = |name: &str| if parts.next() == Some(name) { parts.next() } else { None };
    let site = SiteId::parse(after("site")?)?;
    let entry = EntryId::parse(after("entry")?)?;
    let edition = after("edition")?.parse().ok()?;
    parts.next().is_none().then_some((site, entry, edition))
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    for attribute in start.attributes() {
        let Ok(attribute) = attribute else { return Err(Refusal::NotXliff) };
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.ok().ok_or(Refusal::Entities)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
