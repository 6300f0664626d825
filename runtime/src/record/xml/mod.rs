//! XML: a document whose elements are the entries.
//!
//! Source: XML 1.0 (W3C Recommendation, fifth edition), without a document type.

mod cursor;
mod text;

use core::ops::Range;

use super::encoding::{
    Encoding, Entry, Form, KeyChanges, Keys, Mistyped, Nesting, Order, Pair, Rules, Twice, Value,
};
use super::fault::{Fault, Result};
use super::headers::put_decimal;
use super::roles::Role;
use super::table::{Key, Row, Ty};
use crate::wire::{Reason, decimal};
pub use cursor::MAX_DEPTH;
use cursor::{Cursor, Element, Markup, TagKind, is_space};

/// The encoding of XML documents with a root element of this name.
///
/// - Keys are the names of elements, prefixes included. A record is an element that has elements in it; text
///   between them stays. Attributes, comments and processing instructions stay and mean nothing.
/// - Texts and integers are elements without others in them: references and CDATA sections are resolved, white space
///   counts. An integer is decimal digits, perhaps after a minus. `Bytes` are what is between the tags, markup and
///   all; new ones must be well-formed.
/// - A declared element that is there twice is malformed, and so is an element inside one that holds a text or an
///   integer: readers differ in what they take for its value.
/// - A correlation id that is a text is not empty and is spelled literally: without markup or references. So its
///   bytes are the same wherever it is.
/// - There are no maps but `rest`: the elements that hold no others are its pairs.
/// - An element that is removed takes the white space before it along. New elements are written in the order of the
///   declaration, before the first one of a field that is declared later; text is escaped and must be UTF-8.
/// - Document types are refused, and with them entities but the five of every document. Elements are nested
///   [`MAX_DEPTH`] deep at most. Of what nobody asks for only the tags are checked.
///
/// Markup is ASCII, so that documents may be UTF-8 or in any encoding in which the bytes of `<` and `&` are nothing
/// else: GBK and GB 18030 are two. What is written is UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Xml {
    root: &'static str,
}

impl Xml {
    /// Documents with this root element.
    #[must_use]
    pub const fn new(root: &'static str) -> Self {
        Self { root }
    }
}

/// The tags of an element.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'r> {
    /// Its name.
    name: &'r [u8],
    /// Where the white space before it begins.
    front: u32,
    /// Where its content ends. That of an empty tag is empty and is at its slash.
    content_end: u32,
}

/// A place between two elements.
#[derive(Debug)]
pub struct Walk<'r> {
    cursor: Cursor<'r>,
    /// The name of the element that must end, if that is the root.
    root: Option<&'static str>,
}

impl Encoding for Xml {
    type Key<'r> = Tag<'r>;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        keys: Keys::Names,
        twice: Twice::Refused,
        mistyped: Mistyped::Refused,
        order: Order::Declared,
        lists: false,
        nesting: Nesting::Delimited,
        ..Rules::PLAIN
    };

    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        if range.start == 0 {
            let (cursor, root) = (cursor::root(region, self.root.as_bytes())?, Some(self.root));
            return Ok(Walk { cursor, root });
        }
        let text = region.get(..range.end).unwrap_or(region);
        Ok(Walk {
            cursor: Cursor::new(text, range.start),
            root: None,
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.cursor.at()
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        let Walk { cursor, root } = walk;
        loop {
            let mut front = cursor.at();
            let between = cursor.characters();
            let at = cursor.at();
            match (cursor.markup()?, *root) {
                (Some(Markup::Tag(TagKind::Close, name)), Some(root))
                    if name == root.as_bytes() =>
                {
                    return cursor.misc().map(|()| None);
                }
                (None, None) => return Ok(None),
                (Some(Markup::Tag(TagKind::Close, _)) | None, _) => {
                    return Err(Fault::new(at, Reason::Syntax));
                }
                (Some(Markup::Tag(kind, name)), _) => {
                    // The children of the root are two levels down; what is in them has been passed with them.
                    let element = cursor.element(kind, name, 2)?;
                    if !between.iter().all(|byte| is_space(*byte)) {
                        front = at;
                    }
                    return Ok(Some(entry(name, front, at, &element, cursor.at())));
                }
                (Some(Markup::Characters(_) | Markup::Other), _) => {}
            }
        }
    }

    fn is(self, key: Tag<'_>, row: &Row) -> bool {
        matches!(row.key, Key::Name(name) if name.as_bytes() == key.name)
    }

    fn holds(self, form: Form, ty: &Ty) -> bool {
        match ty {
            Ty::Int { .. } | Ty::Text => form == Form::Text,
            Ty::Bytes | Ty::Record(_) => true,
            Ty::Map | Ty::Texts => false,
        }
    }

    fn int(self, region: &[u8], entry: &Entry<Tag<'_>>, ty: &Ty) -> Result<u64> {
        let mut room = Vec::new();
        let at = entry.value as usize;
        let number = decimal::read(self.text(region, entry, &mut room)?);
        let number = number.ok_or_else(|| Fault::new(at, Reason::Syntax))?;
        ty.integer(number).map_err(|reason| Fault::new(at, reason))
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Tag<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        text::of_leaf(region, self.content(entry), room)
    }

    /// Markup and all.
    fn bytes<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Tag<'_>>,
        _: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        Ok(region.get(self.content(entry)).unwrap_or_default())
    }

    fn content(self, entry: &Entry<Tag<'_>>) -> Range<usize> {
        entry.value as usize..entry.key.content_end as usize
    }

    fn id(self, region: &[u8], entry: &Entry<Tag<'_>>) -> Result<Range<usize>> {
        let content = self.content(entry);
        let id = region.get(content.clone()).unwrap_or_default();
        if is_literal(id) {
            Ok(content)
        } else {
            Err(Fault::new(content.start, Reason::Syntax))
        }
    }

    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<Tag<'r>>,
        room: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        if entry.form != Form::Text {
            return Ok(None);
        }
        let value = text::of_leaf(region, self.content(entry), room)?;
        Ok(Some((entry.key.name, value)))
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let mut cursor = walk.cursor.clone();
        loop {
            cursor.characters();
            let at = cursor.at();
            match cursor.markup().ok()?? {
                Markup::Tag(TagKind::Close, _) => return None,
                Markup::Tag(_, name) => {
                    let (start, end) = (cursor.at(), cursor.len());
                    let (content, is_leaf) = (start..end, false);
                    let element = Element { content, is_leaf };
                    return Some(entry(name, at, at, &element, end));
                }
                Markup::Characters(_) | Markup::Other => {}
            }
        }
    }

    fn key_text(self, key: Tag<'_>) -> String {
        String::from_utf8_lossy(key.name).into_owned()
    }

    /// The tags stay as they came.
    fn replaced(self, entry: &Entry<Tag<'_>>) -> Range<usize> {
        if is_empty_tag(entry) {
            entry.value()
        } else {
            self.content(entry)
        }
    }

    fn removed(self, entry: &Entry<Tag<'_>>) -> Range<usize> {
        entry.key.front as usize..entry.end as usize
    }

    /// An id is not empty, so it is between two tags, which stay.
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        put_content(row, value, out)
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Tag<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let name = match (came, value, row.key) {
            (Some(came), ..) => came.key.name,
            (None, Value::Pair(name, _), _) if text::is_name(name) => name,
            (None, Value::Pair(..), _) | (.., Key::Number(_) | Key::Rest) => {
                return Err(Fault::cannot(Reason::NoPlace));
            }
            (.., Key::Name(name)) => name.as_bytes(),
        };
        let whole = came.is_none_or(is_empty_tag);
        if came.is_none() {
            out.push(b'<');
            out.extend_from_slice(name);
        }
        if whole {
            out.push(b'>');
        }
        let start = out.len();
        put_content(row, value, out)?;
        if whole && came.is_some() && out.len() == start {
            out.pop();
            out.extend_from_slice(b"/>");
        } else if whole {
            close(name, out);
        }
        Ok(())
    }

    fn seal(self, region: &[u8], _: &KeyChanges, _: usize, out: &mut Vec<u8>) -> Result<()> {
        if region.is_empty() {
            let root = self.root.as_bytes();
            let elements = core::mem::take(out);
            out.push(b'<');
            out.extend_from_slice(root);
            out.push(b'>');
            out.extend_from_slice(&elements);
            close(root, out);
        }
        Ok(())
    }
}

fn entry<'r>(
    name: &'r [u8],
    front: usize,
    start: usize,
    element: &Element,
    end: usize,
) -> Entry<Tag<'r>> {
    let tag = Tag {
        name,
        front: front as u32,
        content_end: element.content.end as u32,
    };
    let form = if element.is_leaf {
        Form::Text
    } else {
        Form::Record
    };
    Entry::new(tag, form, start, element.content.start, end)
}

/// Whether an element is one tag, `<a/>`.
fn is_empty_tag(entry: &Entry<Tag<'_>>) -> bool {
    entry.end.wrapping_sub(entry.key.content_end) == 2
}

/// Whether these bytes represent themselves.
fn is_literal(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.iter().any(|byte| matches!(byte, b'<' | b'&'))
}

fn put_content(row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
    let (content, can_be) = match value {
        Value::Int(number) => {
            put_decimal(number, &row.ty, out);
            return Ok(());
        }
        Value::Bytes(id) if row.role == Role::Id => (id, is_literal(id)),
        Value::Bytes(markup) if matches!(row.ty, Ty::Bytes) => (markup, cursor::is_content(markup)),
        Value::Bytes(text) | Value::Pair(_, text) => {
            return text::put(text, out).map_err(Fault::cannot);
        }
        Value::Record(elements) | Value::Map(elements, _) | Value::Entry(elements) => {
            (elements, true)
        }
    };
    if !can_be {
        return Err(Fault::cannot(Reason::NoPlace));
    }
    out.extend_from_slice(content);
    Ok(())
}

fn close(name: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name);
    out.push(b'>');
}

/// Whether a document has an element at the end of this path, root first, that has a prefix, or one on the way to it
/// has: readers that resolve name spaces may take it for the one without. Of a text that is no document, that cannot be
/// excluded.
#[must_use]
pub fn has_prefixed_name(region: &[u8], path: &[&'static str]) -> bool {
    let Some((root, path)) = path.split_first() else {
        return false;
    };
    prefixed(Xml::new(root), region, 0..region.len(), path).unwrap_or(true)
}

/// The same in an element, whose depth is bounded by the path.
fn prefixed(xml: Xml, region: &[u8], range: Range<usize>, path: &[&str]) -> Result<bool> {
    let Some((name, path)) = path.split_first() else {
        return Ok(false);
    };
    let mut walk = xml.open(region, range)?;
    while let Some(entry) = xml.next(&mut walk)? {
        let found = entry.key.name;
        let is_exact = found == name.as_bytes();
        let local = found.rsplit(|byte| *byte == b':').next();
        if local == Some(name.as_bytes())
            && (!is_exact || prefixed(xml, region, xml.content(&entry), path)?)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
