//! The documents of `xml8` against `quick-xml`.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId};
use meshwire::{HeaderMap, MessageKind};
use meshwire_testing::conformance::headers_of;
use proptest::prelude::*;
use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::reader::Reader;
use xml8::Service;

use super::pairs;

/// An element of the header: its name, its text, and how that is spelled.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    text: String,
    cdata: bool,
    attribute: Option<String>,
}

/// Names that mean nothing to the protocol.
fn name() -> impl Strategy<Value = String> {
    "k[a-zé0-9._-]{0,4}"
}

/// Characters of XML that no reader makes other ones of, and that do not end a CDATA section.
fn text() -> impl Strategy<Value = String> {
    "[ -\\\\^-~\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}\t\n]{0,8}"
}

prop_compose! {
    fn leaf()(
        name in name(),
        text in text(),
        cdata in any::<bool>(),
        attribute in prop::option::of(text()),
    ) -> Leaf {
        Leaf { name, text, cdata, attribute }
    }
}

prop_compose! {
    fn leaves()(leaves in prop::collection::vec(leaf(), 0..5)) -> Vec<Leaf> {
        leaves
    }
}

/// A document as `quick-xml` writes it.
fn document(kind: &str, reference: &str, leaves: &[Leaf], pretty: bool) -> Vec<u8> {
    let mut writer = if pretty {
        Writer::new_with_indent(Vec::new(), b' ', 2)
    } else {
        Writer::new(Vec::new())
    };
    let mut put = |event: Event<'_>| writer.write_event(event).unwrap();
    let text = |text: &str| Event::Text(BytesText::new(text).into_owned());
    let start = |name: &str| Event::Start(BytesStart::new(name.to_owned()));
    let end = |name: &str| Event::End(BytesEnd::new(name.to_owned()));
    put(start("Service"));
    put(start("Header"));
    for (name, value) in [("RequestType", kind), ("ExternalReference", reference)] {
        put(start(name));
        put(text(value));
        put(end(name));
    }
    for leaf in leaves {
        let mut element = BytesStart::new(leaf.name.clone());
        if let Some(value) = &leaf.attribute {
            element.push_attribute(("a", value.as_str()));
        }
        if leaf.text.is_empty() {
            put(Event::Empty(element));
            continue;
        }
        put(Event::Start(element));
        if leaf.cdata {
            put(Event::CData(BytesCData::new(leaf.text.clone())));
        } else {
            put(text(&leaf.text));
        }
        put(end(&leaf.name));
    }
    put(end("Header"));
    put(Event::Empty(BytesStart::new("Body")));
    put(end("Service"));
    writer.into_inner()
}

/// The children of the header that hold no others, as `quick-xml` reads them.
fn read(document: &[u8]) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(core::str::from_utf8(document).unwrap());
    reader.config_mut().expand_empty_elements = true;
    let (mut open, mut read) = (Vec::new(), Vec::new());
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                open.push(tag.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(bytes) => text.push_str(&bytes),
            Event::CData(bytes) => text.push_str(&bytes),
            Event::GeneralRef(reference) => {
                if let Some(char) = reference.resolve_char_ref().unwrap() {
                    text.push(char);
                } else {
                    let text_of = quick_xml::escape::resolve_predefined_entity;
                    text.push_str(text_of(&reference).unwrap());
                }
            }
            Event::End(_) => {
                let name = open.pop().unwrap();
                if open == ["Service", "Header"] {
                    read.push((name, text.clone()));
                }
            }
            Event::Eof => return read,
            _ => {}
        }
    }
}

fn others(children: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = ["RequestType", "ExternalReference"];
    let is_other = |(name, _): &(String, String)| !fields.contains(&name.as_str());
    children.into_iter().filter(is_other).collect()
}

proptest! {
    #![proptest_config(super::repeatable())]

    #[test]
    fn a_document_of_quick_xml_means_the_same(
        answer in any::<bool>(),
        reference in "[A-Za-z0-9/-]{1,12}",
        leaves in leaves(),
        pretty in any::<bool>(),
    ) {
        let kind = if answer { "1" } else { "0" };
        let region = document(kind, &reference, &leaves, pretty);
        let facts = Service::metadata(&region, ()).unwrap();
        let expected = if answer { MessageKind::Response } else { MessageKind::Request };
        prop_assert_eq!(facts.kind, expected);
        let PayloadId::Opaque(id) = facts.id else { panic!("{:?}", facts.id) };
        prop_assert_eq!(&region[id], reference.as_bytes());
        let written: Vec<_> = leaves.into_iter().map(|leaf| (leaf.name, leaf.text)).collect();
        prop_assert_eq!(pairs::<Service>(&region), written);
        prop_assert_eq!(pairs::<Service>(&region), others(read(&region)));
    }

    #[test]
    fn quick_xml_reads_what_was_changed_and_nothing_else(
        reference in "[A-Za-z0-9/-]{1,12}",
        leaves in leaves(),
        new in prop::collection::vec((name(), text()), 0..3),
        removed in any::<prop::sample::Index>(),
        pretty in any::<bool>(),
    ) {
        let region = document("0", "R", &leaves, pretty);
        let mut wanted = pairs::<Service>(&region);
        if !wanted.is_empty() {
            wanted.remove(removed.index(wanted.len()));
        }
        wanted.extend(new);
        let headers: HeaderMap = wanted.iter().cloned().collect();
        let changes = MetadataEdits {
            id: Some(IdEdit::Opaque(reference.as_bytes())),
            headers: Some(headers.as_headers()),
            ..MetadataEdits::default()
        };
        let mut out = Vec::new();
        Service::rewrite(&region, (), &changes, &mut out).unwrap();
        let children = read(&out);
        prop_assert_eq!(&children[0], &("RequestType".to_owned(), "0".to_owned()));
        prop_assert_eq!(&children[1], &("ExternalReference".to_owned(), reference));
        prop_assert_eq!(others(children), wanted);
    }

    /// Text that is no document is refused here as it is there.
    #[test]
    fn damage_is_what_quick_xml_calls_damage(
        leaves in leaves(),
        at in any::<prop::sample::Index>(),
        byte in b'!'..b'\x7f',
    ) {
        let mut region = document("0", "R", &leaves, false);
        let at = at.index(region.len());
        region[at] = byte;
        // Documents may be in other encodings than UTF-8 here.
        let Ok(text) = core::str::from_utf8(&region) else { return Ok(()) };
        let mut reader = Reader::from_str(text);
        let damaged = loop {
            match reader.read_event() {
                Ok(Event::Eof) => break false,
                Ok(_) => {}
                Err(_) => break true,
            }
        };
        if damaged {
            // References are resolved with the headers.
            let read = Service::metadata(&region, ()).is_ok() && headers_of::<Service>(&region, ()).is_ok();
            prop_assert!(!read, "{text}");
        }
    }
}
