//! A walk over XML text: tags, and what is between them.
//!
//! The grammar is that of XML 1.0 without a document type: there are no entities but the five that every
//! document has, nothing is fetched, and nothing expands. All markup is ASCII, so any encoding will do that keeps
//! ASCII bytes to themselves.

use core::ops::Range;

use super::super::fault::{Fault, Result};
use super::super::words;
use crate::wire::Reason;

/// How deep elements may be nested in one another.
pub const MAX_DEPTH: usize = 64;

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// `<a>`
    Open,
    /// `</a>`
    Close,
    /// `<a/>`
    Empty,
}

/// Something between angle brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Markup<'t> {
    /// A tag and its name.
    Tag(TagKind, &'t [u8]),
    /// `<![CDATA[ … ]]>` and where its characters are.
    Characters(Range<usize>),
    /// A comment or a processing instruction, which say nothing here.
    Other,
}

/// An element that has been passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// What is between its tags. That of an empty tag is empty and is at its slash.
    pub(super) content: Range<usize>,
    /// Whether no other element is in it.
    pub(super) is_leaf: bool,
}

/// A place in a text.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Cursor<'t> {
    /// Byte `at` of a text.
    pub(super) const fn new(text: &'t [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// Bytes of the text before the place.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Bytes of the whole text.
    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest().starts_with(bytes);
        if found {
            self.at += bytes.len();
        }
        found
    }

    /// Passes over the bytes for which `is` holds, and returns them.
    fn pass(&mut self, is: impl Fn(&u8) -> bool) -> &'t [u8] {
        let rest = self.rest();
        let len = rest.iter().take_while(|byte| is(byte)).count();
        self.at += len;
        rest.get(..len).unwrap_or_default()
    }

    /// Passes over white space; whether there is any.
    #[inline(never)]
    fn pass_space(&mut self) -> bool {
        !self.pass(|byte| is_space(*byte)).is_empty()
    }

    /// Passes over everything up to `end` and over that; where it begins.
    fn pass_to(&mut self, end: &[u8]) -> Result<usize> {
        let found = self
            .rest()
            .windows(end.len())
            .position(|bytes| bytes == end);
        let found = self.at + found.ok_or_else(|| self.error(Reason::Syntax))?;
        self.at = found + end.len();
        Ok(found)
    }

    #[cold]
    fn error(&self, reason: Reason) -> Fault {
        Fault::new(self.at, reason)
    }

    /// Passes over characters; what they are, up to the next markup or the end of the text.
    pub(super) fn characters(&mut self) -> &'t [u8] {
        let start = self.at;
        self.at = words::pass_others(self.text, start, b'<');
        self.pass(|byte| *byte != b'<');
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Passes over characters that must be white space.
    pub(super) fn space(&mut self) -> Result<()> {
        self.pass_space();
        match self.rest().first() {
            None | Some(b'<') => Ok(()),
            Some(_) => Err(self.error(Reason::Syntax)),
        }
    }

    /// The markup that begins here; `None` at the end of the text.
    pub(super) fn markup(&mut self) -> Result<Option<Markup<'t>>> {
        let start = self.at;
        let markup = match self.rest() {
            [] => return Ok(None),
            [b'<', b'/', ..] => {
                self.at += b"</".len();
                self.closing_tag()
            }
            [b'<', b'!' | b'?', ..] => self.no_tag(),
            [b'<', ..] => {
                self.at += b"<".len();
                self.opening_tag()
            }
            _ => Err(self.error(Reason::Syntax)),
        };
        // What does not end is wrong from its bracket on.
        markup
            .map(Some)
            .map_err(|_| Fault::new(start, Reason::Syntax))
    }

    /// Markup that is not a tag. A document type is refused.
    fn no_tag(&mut self) -> Result<Markup<'t>> {
        if self.take(b"<!--") {
            self.pass_to(b"-->").map(|_| Markup::Other)
        } else if self.take(b"<![CDATA[") {
            let first = self.at;
            self.pass_to(b"]]>")
                .map(|end| Markup::Characters(first..end))
        } else if self.take(b"<?") {
            self.pass_to(b"?>").map(|_| Markup::Other)
        } else {
            Err(self.error(Reason::Syntax))
        }
    }

    fn closing_tag(&mut self) -> Result<Markup<'t>> {
        let name = self.name()?;
        if !self.take_bracket() {
            self.pass_space();
            self.expect(b">")?;
        }
        Ok(Markup::Tag(TagKind::Close, name))
    }

    fn opening_tag(&mut self) -> Result<Markup<'t>> {
        let name = self.name()?;
        if self.take_bracket() {
            return Ok(Markup::Tag(TagKind::Open, name));
        }
        loop {
            let has_space = self.pass_space();
            if self.take(b">") {
                return Ok(Markup::Tag(TagKind::Open, name));
            }
            if self.take(b"/>") {
                return Ok(Markup::Tag(TagKind::Empty, name));
            }
            if !has_space {
                return Err(self.error(Reason::Syntax));
            }
            self.attribute()?;
        }
    }

    /// Passes over the bracket that ends a tag, if it is next.
    #[inline]
    fn take_bracket(&mut self) -> bool {
        let found = self.text.get(self.at) == Some(&b'>');
        self.at += usize::from(found);
        found
    }

    fn attribute(&mut self) -> Result<()> {
        self.name()?;
        self.pass_space();
        self.expect(b"=")?;
        self.pass_space();
        let quote = if self.take(b"'") { b'\'' } else { b'"' };
        if quote == b'"' {
            self.expect(b"\"")?;
        }
        self.pass(|byte| *byte != quote && *byte != b'<');
        self.expect(&[quote])
    }

    fn name(&mut self) -> Result<&'t [u8]> {
        let name = self.pass(|byte| !ends_name(*byte));
        if name.is_empty() {
            return Err(self.error(Reason::Syntax));
        }
        Ok(name)
    }

    fn expect(&mut self, bytes: &[u8]) -> Result<()> {
        if self.take(bytes) {
            Ok(())
        } else {
            Err(self.error(Reason::Syntax))
        }
    }

    /// Passes over the rest of an element, `depth` levels down, whose first tag has just been read.
    pub(super) fn element(
        &mut self,
        kind: TagKind,
        name: &'t [u8],
        depth: usize,
    ) -> Result<Element> {
        if kind == TagKind::Empty {
            let slash = self.at.saturating_sub(b"/>".len());
            return Ok(Element {
                content: slash..slash,
                is_leaf: true,
            });
        }
        let start = self.at;
        let mut is_leaf = true;
        loop {
            self.characters();
            let at = self.at;
            match self.markup()? {
                Some(Markup::Tag(TagKind::Close, closed)) if closed == name => {
                    let content = start..at;
                    return Ok(Element { content, is_leaf });
                }
                Some(Markup::Tag(TagKind::Close, _)) | None => {
                    return Err(Fault::new(at, Reason::Syntax));
                }
                Some(Markup::Tag(kind, inner)) => {
                    if depth >= MAX_DEPTH {
                        let max = MAX_DEPTH as u64;
                        return Err(Fault::new(at, Reason::TooDeep { max }));
                    }
                    self.element(kind, inner, depth + 1)?;
                    is_leaf = false;
                }
                Some(Markup::Characters(_) | Markup::Other) => {}
            }
        }
    }

    /// Comments and instructions up to the end of the text, or to a tag that `is_root`.
    fn misc_to(&mut self, is_root: impl Fn(&Markup<'t>) -> bool) -> Result<bool> {
        loop {
            self.space()?;
            let at = self.at;
            match self.markup()? {
                None => return Ok(false),
                Some(Markup::Other) => {}
                Some(markup) if is_root(&markup) => return Ok(true),
                Some(_) => return Err(Fault::new(at, Reason::Syntax)),
            }
        }
    }

    /// That nothing but comments and instructions follows.
    pub(super) fn misc(&mut self) -> Result<()> {
        self.misc_to(|_| false).map(|_| ())
    }
}

/// The place after the first tag of the root element, which only comments and instructions may precede.
pub(super) fn root<'t>(text: &'t [u8], name: &[u8]) -> Result<Cursor<'t>> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let mut cursor = Cursor::new(text, 0);
    cursor.take(BYTE_ORDER_MARK);
    let found = cursor.misc_to(|markup| *markup == Markup::Tag(TagKind::Open, name))?;
    if found {
        Ok(cursor)
    } else {
        Err(cursor.error(Reason::Syntax))
    }
}

/// Whether these bytes can be the content of an element: every element in them ends in them.
pub(super) fn is_content(bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(bytes, 0);
    loop {
        cursor.characters();
        match cursor.markup() {
            Ok(None) => return true,
            Ok(Some(Markup::Tag(TagKind::Close, _))) | Err(_) => return false,
            Ok(Some(Markup::Tag(kind, name))) => {
                // Inside the root, and inside the element that they become the content of.
                if cursor.element(kind, name, 3).is_err() {
                    return false;
                }
            }
            Ok(Some(Markup::Characters(_) | Markup::Other)) => {}
        }
    }
}

/// White space, and markup that no name has in it.
#[inline]
const fn ends_name(byte: u8) -> bool {
    const ENDS: u64 = {
        let (mut ends, mut rest): (u64, &[u8]) = (0, b" \t\n\r<>/=&'\"!?");
        while let Some((byte, others)) = rest.split_first() {
            (ends, rest) = (ends | 1 << *byte, others);
        }
        ends
    };
    byte < 64 && ENDS >> byte & 1 == 1
}

/// White space of XML.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The element that is all of a text.
    fn element(text: &str) -> Result<Element> {
        let mut cursor = Cursor::new(text.as_bytes(), 0);
        match cursor.markup()? {
            Some(Markup::Tag(kind, name)) => cursor.element(kind, name, 1),
            other => panic!("{other:?}"),
        }
    }

    fn syntax(offset: usize) -> Fault {
        Fault::new(offset, Reason::Syntax)
    }

    #[test]
    fn elements_end_where_their_own_tag_does() {
        let text = "<a b='>' c = \"'\"\n>x<a>y</a><!-- </a> --><?</a>?><![CDATA[</a>]]><d/></a >";
        let whole = element(text).unwrap();
        assert_eq!(whole.content, 18..text.len() - "</a >".len());
        assert!(!whole.is_leaf);

        let leaf = element("<a><!--<b/>--></a>").unwrap();
        assert!(leaf.is_leaf);
        let empty = element("<a b='1' />").unwrap();
        assert!(empty.is_leaf);
        assert_eq!(empty.content, 9..9);
    }

    #[test]
    fn markup_that_does_not_end_is_wrong_from_its_bracket_on() {
        for text in [
            "<",
            "<a",
            "<a ",
            "<a b",
            "<a b=",
            "<a b='",
            "<a b='c",
            "<a b='c'",
            "<a/",
            "</",
            "</a",
            "<!",
            "<!-",
            "<!--",
            "<!-->",
            "<!--->",
            "<![CDATA[",
            "<![CDATA[]]",
            "<?",
            "<?a",
            "< a>",
            "<a b>",
            "<a =''>",
            "<a b=c>",
            "<a b='<'>",
            "<a b=''c=''>",
            "<a / >",
            "</a b=''>",
            "<!DOCTYPE a>",
            "<>",
            "</>",
            "<a<b>",
        ] {
            let mut cursor = Cursor::new(text.as_bytes(), 0);
            assert_eq!(cursor.markup(), Err(syntax(0)), "{text}");
        }
    }

    #[test]
    fn an_element_without_its_last_tag_is_refused() {
        for (text, offset) in [
            ("<a>", 3),
            ("<a>x", 4),
            ("<a></b>", 3),
            ("<a><b></a>", 6),
            ("<a><b></b>", 10),
            ("<a></A>", 3),
            ("<a>x<![CDATA[</a>", 4),
        ] {
            assert_eq!(element(text), Err(syntax(offset)), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(element(&nested(MAX_DEPTH)).is_ok());
        let reason = Reason::TooDeep { max: 64 };
        let offset = 3 * MAX_DEPTH;
        for depth in [MAX_DEPTH + 1, 100_000] {
            assert_eq!(element(&nested(depth)), Err(Fault::new(offset, reason)));
        }
        let empty = format!("{}<a/>", "<a>".repeat(MAX_DEPTH));
        assert_eq!(element(&empty), Err(Fault::new(offset, reason)));
    }
}
