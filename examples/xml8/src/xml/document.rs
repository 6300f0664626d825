//! The parts of a document that mean something here.

use core::ops::Range;

use meshwire::MessageKind;
use meshwire::frame::FormatError;
use meshwire::wire::{Reason, decimal};

use super::cursor::{Cursor, Element, Markup, TagKind, is_space};
use super::text;

// Elements of a document.
pub(super) const SERVICE: &[u8] = b"Service";
pub(super) const HEADER: &[u8] = b"Header";
pub(super) const BODY: &[u8] = b"Body";

// Elements of the header.
pub(super) const EXTERNAL_REFERENCE: &[u8] = b"ExternalReference";
pub(super) const REQUEST_TYPE: &[u8] = b"RequestType";
pub(super) const RESPONSE: &[u8] = b"Response";
pub(super) const RETURN_CODE: &[u8] = b"ReturnCode";

/// The status of a return code that is not a number: not 0, so no success.
const NO_NUMBER: i64 = -1;

/// A document, looked through.
pub(super) struct Document<'t> {
    text: &'t [u8],
    /// What the frame is.
    pub(super) kind: MessageKind,
    /// `Header`.
    pub(super) header: Element<'t>,
    /// `ExternalReference` in the header.
    pub(super) reference: Element<'t>,
    /// `ReturnCode` in the header or in its `Response`; of an answer only.
    pub(super) return_code: Option<Element<'t>>,
    /// `Body`, if there is one.
    pub(super) body: Option<Element<'t>>,
    /// Where `</Service>` begins.
    pub(super) end: usize,
}

impl<'t> Document<'t> {
    /// Looks through the document that is all of `text`.
    pub(super) fn scan(text: &'t [u8]) -> Result<Self, FormatError> {
        let (mut header, mut body) = (None, None);
        let mut children = root(text)?;
        while let Some(child) = children.next()? {
            let place = match child.name {
                HEADER if body.is_none() => &mut header,
                BODY => &mut body,
                HEADER => return Err(refused(&child, Reason::Syntax)),
                _ => continue,
            };
            if place.is_some() {
                return Err(refused(&child, Reason::Syntax));
            }
            *place = Some(child);
        }
        let end = children.end;
        nothing_follows(children.cursor)?;
        let header = header.ok_or(FormatError {
            offset: end,
            reason: Reason::Missing,
        })?;
        let Parts {
            reference,
            request_type,
            return_code,
        } = Parts::of(text, &header)?;
        let kind = match &*text::of_leaf(text, request_type.content.clone())? {
            b"0" => MessageKind::Request,
            b"1" => MessageKind::Response,
            _ => return Err(refused(&request_type, Reason::Syntax)),
        };
        Ok(Self {
            text,
            kind,
            header,
            reference,
            return_code: return_code.filter(|_| kind == MessageKind::Response),
            body,
            end,
        })
    }

    /// How the call ended: the return code, 0 if there is none.
    pub(super) fn status(&self) -> Result<i64, FormatError> {
        let Some(code) = &self.return_code else {
            return Ok(0);
        };
        let code = text::of_leaf(self.text, code.content.clone())?;
        Ok(decimal::read(&code).unwrap_or(NO_NUMBER))
    }

    /// Where the body is.
    pub(super) fn body(&self) -> Range<usize> {
        match &self.body {
            Some(body) => body.content.clone(),
            None => self.end..self.end,
        }
    }
}

/// The children of `Service`, which only comments and instructions may precede.
fn root(text: &[u8]) -> Result<Children<'_>, FormatError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let front = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let mut cursor = Cursor::new(text, front);
    loop {
        cursor.space()?;
        let error = cursor.error(Reason::Syntax);
        match cursor.markup()? {
            Some(Markup::Other) => {}
            Some(Markup::Tag(TagKind::Open, SERVICE)) => {
                return Ok(Children::after(text, cursor, SERVICE, 1));
            }
            _ => return Err(error),
        }
    }
}

/// Only comments and instructions may follow.
fn nothing_follows(mut cursor: Cursor<'_>) -> Result<(), FormatError> {
    loop {
        cursor.space()?;
        let error = cursor.error(Reason::Syntax);
        match cursor.markup()? {
            None => return Ok(()),
            Some(Markup::Other) => {}
            Some(_) => return Err(error),
        }
    }
}

/// The elements of a header with a meaning of their own.
struct Parts<'t> {
    reference: Element<'t>,
    request_type: Element<'t>,
    return_code: Option<Element<'t>>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t [u8], header: &Element<'t>) -> Result<Self, FormatError> {
        let (mut reference, mut request_type, mut return_code) = (None, None, None);
        let mut children = Children::of(text, header, 2);
        while let Some(child) = children.next()? {
            let place = match child.name {
                EXTERNAL_REFERENCE => &mut reference,
                REQUEST_TYPE => &mut request_type,
                RETURN_CODE => &mut return_code,
                RESPONSE if return_code.is_none() => {
                    return_code = code_in(text, &child)?;
                    continue;
                }
                _ => continue,
            };
            // Readers differ in which of two counts, and none looks for elements in there.
            if place.is_some() || !child.is_leaf {
                return Err(refused(&child, Reason::Syntax));
            }
            *place = Some(child);
        }
        let missing = refused_at(header.content.end, Reason::Missing);
        let reference: Element<'_> = reference.ok_or(missing)?;
        let id = text.get(reference.content.clone()).unwrap_or_default();
        if !is_id(id) {
            return Err(refused_at(reference.content.start, Reason::Syntax));
        }
        Ok(Self {
            reference,
            request_type: request_type.ok_or(missing)?,
            return_code,
        })
    }
}

/// The return code in a `Response`.
fn code_in<'t>(text: &'t [u8], response: &Element<'t>) -> Result<Option<Element<'t>>, FormatError> {
    let mut children = Children::of(text, response, 3);
    while let Some(child) = children.next()? {
        if child.name == RETURN_CODE && child.is_leaf {
            return Ok(Some(child));
        }
    }
    Ok(None)
}

/// Whether these bytes are an id: characters that represent themselves, so that an id is the same text
/// wherever it is.
pub(super) fn is_id(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.iter().any(|byte| matches!(byte, b'<' | b'&'))
}

fn refused(element: &Element<'_>, reason: Reason) -> FormatError {
    refused_at(element.range.start, reason)
}

const fn refused_at(offset: usize, reason: Reason) -> FormatError {
    FormatError { offset, reason }
}

/// A walk over the elements in an element.
pub(super) struct Children<'t> {
    text: &'t [u8],
    cursor: Cursor<'t>,
    parent: &'t [u8],
    depth: usize,
    /// The byte after the markup before the last child.
    before: usize,
    /// Where the parent's last tag begins, once all children were there.
    end: usize,
    is_over: bool,
}

impl<'t> Children<'t> {
    /// The elements in one that has been passed over, which is `depth` levels down.
    pub(super) const fn of(text: &'t [u8], parent: &Element<'t>, depth: usize) -> Self {
        let cursor = Cursor::new(text, parent.content.start);
        Self {
            is_over: parent.is_empty_tag,
            ..Self::after(text, cursor, parent.name, depth)
        }
    }

    const fn after(text: &'t [u8], cursor: Cursor<'t>, parent: &'t [u8], depth: usize) -> Self {
        let at = cursor.at();
        Self {
            text,
            cursor,
            parent,
            depth,
            before: at,
            end: at,
            is_over: false,
        }
    }

    /// Where the child that was returned last begins, with the white space before it.
    pub(super) fn front_of(&self, child: &Element<'t>) -> usize {
        let between = self.text.get(self.before..child.range.start);
        let between = between.unwrap_or_default();
        if between.iter().all(|byte| is_space(*byte)) {
            self.before
        } else {
            child.range.start
        }
    }

    /// The next element; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Element<'t>>, FormatError> {
        while !self.is_over {
            self.before = self.cursor.at();
            self.cursor.characters();
            let at = self.cursor.at();
            match self.cursor.markup()? {
                Some(Markup::Tag(TagKind::Close, name)) if name == self.parent => {
                    self.end = at;
                    self.is_over = true;
                }
                Some(Markup::Tag(TagKind::Close, _)) | None => {
                    return Err(refused_at(at, Reason::Syntax));
                }
                Some(Markup::Tag(kind, name)) => {
                    let depth = self.depth + 1;
                    return self.cursor.element(at, kind, name, depth).map(Some);
                }
                Some(Markup::Characters(_) | Markup::Other) => {}
            }
        }
        Ok(None)
    }
}
