//! Packages as files.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{Package, Unit, sendable};

/// The file of a package: XLIFF 2.1, UTF-8.
pub fn write(package: &Package) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.1\" ");
    out.push_str("srcLang=\"vi\" trgLang=\"en\">\n");
    let Package { site, entry, edition, units } = package;
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<file id=\"entry\" original=\"site/{site}/entry/{entry}/edition/{edition}\" \
         canResegment=\"no\">"
    );
    units.iter().for_each(|one| unit(&mut out, one));
    out.push_str("</file>\n</xliff>\n");
    out
}

fn unit(out: &mut String, unit: &Unit) {
    let (id, state) = (escape(&unit.id), unit.state.as_str());
    let (source, target) = (sendable(&unit.source), sendable(&unit.target));
    let _ = writeln!(out, "<unit id=\"{id}\">\n<segment state=\"{state}\">");
    let _ = writeln!(out, "<source xml:space=\"preserve\">{}</source>", escape(&source));
    if !target.is_empty() {
        let _ = writeln!(out, "<target xml:space=\"preserve\">{}</target>", escape(&target));
    }
    out.push_str("</segment>\n</unit>\n");
}
