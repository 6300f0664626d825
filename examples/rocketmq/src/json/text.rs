//! Objects in JSON text, read in place: no tree is built of them.

use core::ops::Range;

use meshwire::frame::FormatError;
use meshwire::wire::{Reason, decimal};

use super::cursor::Cursor;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// A value and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value<'t> {
    /// What it is.
    pub(super) kind: Type,
    /// All of it, with the quotes of a string.
    pub(super) text: &'t [u8],
    /// Its first byte, counted from the start of the region.
    pub(super) at: usize,
}

impl<'t> Value<'t> {
    /// The bytes that it takes in the region.
    pub(super) const fn range(&self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }

    /// A string without its quotes; its escapes are still in it.
    pub(super) fn inner(&self) -> &'t [u8] {
        let text = self.text.strip_prefix(b"\"").unwrap_or(self.text);
        text.strip_suffix(b"\"").unwrap_or(text)
    }

    /// The value as Java's `int`.
    pub(super) fn int(&self) -> Result<i32, FormatError> {
        let number = match self.kind {
            Type::Number => decimal::read(self.text),
            _ => None,
        };
        let reason = match number.map(|number| (i32::try_from(number), number)) {
            Some((Ok(int), _)) => return Ok(int),
            Some((Err(_), number)) => out_of_range(number),
            None => Reason::Syntax,
        };
        Err(self.error(reason))
    }

    /// An error at the value.
    pub(super) const fn error(&self, reason: Reason) -> FormatError {
        let offset = self.at;
        FormatError { offset, reason }
    }
}

/// A number that is no Java `int`.
pub(super) fn out_of_range(number: i64) -> Reason {
    Reason::OutOfRange {
        max: i32::MAX.unsigned_abs().into(),
        got: number.cast_unsigned(),
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member<'t> {
    /// The byte after the brace or the comma before it.
    pub(super) start: usize,
    /// Its name, a string.
    pub(super) key: Value<'t>,
    /// What the name represents.
    pub(super) value: Value<'t>,
}

/// A walk over the members of an object, as they come.
pub(super) struct Members<'t> {
    cursor: Cursor<'t>,
    first: bool,
}

impl<'t> Members<'t> {
    /// The members of the object that is all of a region, white space around it aside.
    pub(super) fn of(region: &'t [u8]) -> Result<Self, FormatError> {
        let mut cursor = Cursor::new(region, 0);
        cursor.space();
        Self::behind_brace(cursor)
    }

    /// The members of an object in `region`.
    pub(super) fn of_value(region: &'t [u8], object: &Value<'t>) -> Result<Self, FormatError> {
        Self::behind_brace(Cursor::new(region, object.at))
    }

    fn behind_brace(mut cursor: Cursor<'t>) -> Result<Self, FormatError> {
        cursor.expect(b'{')?;
        Ok(Self {
            cursor,
            first: true,
        })
    }

    /// The next member; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Member<'t>>, FormatError> {
        let cursor = &mut self.cursor;
        let start = if self.first {
            cursor.at()
        } else {
            cursor.space();
            if !cursor.take(b',') {
                cursor.expect(b'}')?;
                return Ok(None);
            }
            cursor.at()
        };
        cursor.space();
        if self.first && cursor.take(b'}') {
            return Ok(None);
        }
        self.first = false;
        let at = cursor.at();
        let kind = cursor.string()?;
        let key = cursor.since(at, kind);
        cursor.space();
        cursor.expect(b':')?;
        cursor.space();
        let at = cursor.at();
        let kind = cursor.value(1)?;
        let value = cursor.since(at, kind);
        Ok(Some(Member { start, key, value }))
    }

    /// Makes sure that nothing but white space follows the object, when all members have been taken.
    pub(super) fn close(mut self) -> Result<(), FormatError> {
        self.cursor.space();
        match self.cursor.peek() {
            None => Ok(()),
            Some(_) => Err(self.cursor.error(Reason::Syntax)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cursor::MAX_DEPTH;
    use super::*;

    /// Name, type and text of a member.
    type Seen<'t> = (&'t [u8], Type, &'t [u8]);

    /// The members of an object that is all of a text.
    fn members(text: &str) -> Result<Vec<Seen<'_>>, FormatError> {
        let mut members = Members::of(text.as_bytes())?;
        let mut all = Vec::new();
        while let Some(member) = members.next()? {
            let value = member.value;
            assert_eq!(&text.as_bytes()[value.range()], value.text);
            all.push((member.key.inner(), value.kind, value.text));
        }
        members.close()?;
        Ok(all)
    }

    #[test]
    fn values_of_every_type_are_walked_over() {
        let text = " { \"a\" : null ,\"b\":[ 1 , [] , {} ],\"\":{\"x\":{\"y\":\"}\"}}, \"c\":-0.5E+3,\n\"d\":true,\"e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Ff\",\"f\":false}\t\r\n";
        let expected: [Seen<'_>; 7] = [
            (b"a", Type::Null, b"null"),
            (b"b", Type::Array, b"[ 1 , [] , {} ]"),
            (b"", Type::Object, b"{\"x\":{\"y\":\"}\"}}"),
            (b"c", Type::Number, b"-0.5E+3"),
            (b"d", Type::Bool, b"true"),
            (b"e", Type::String, b"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Ff\""),
            (b"f", Type::Bool, b"false"),
        ];
        assert_eq!(members(text).unwrap(), expected);
        assert_eq!(members("{}").unwrap(), []);
        assert_eq!(members(" { } ").unwrap(), []);
    }

    #[test]
    fn what_is_no_object_is_refused_where_it_is_none() {
        let refused = [
            ("", 0),
            ("[]", 0),
            ("{", 1),
            ("{,}", 1),
            ("{}x", 2),
            ("{}{}", 2),
            ("{\"a\"}", 4),
            ("{\"a\":}", 5),
            ("{\"a\":1,}", 7),
            ("{\"a\":1 \"b\":2}", 7),
            ("{a:1}", 1),
            ("{'a':1}", 1),
            ("{\"a\":01}", 6),
            ("{\"a\":+1}", 5),
            ("{\"a\":-}", 6),
            ("{\"a\":1.}", 7),
            ("{\"a\":1e}", 7),
            ("{\"a\":nul}", 5),
            ("{\"a\":truE}", 5),
            ("{\"a\":\"\n\"}", 6),
            ("{\"a\":\"\u{1f}\"}", 6),
            ("{\"a\":\"\\x\"}", 7),
            ("{\"a\":\"\\u12g4\"}", 7),
            ("{\"a\":\"\\u12", 7),
            ("{\"a\":\"b", 7),
            ("{\"a\":[1,]}", 8),
            ("{\"a\":[1}", 7),
            ("{\"a\":{\"b\":1]}", 11),
        ];
        for (text, offset) in refused {
            let reason = Reason::Syntax;
            assert_eq!(members(text), Err(FormatError { offset, reason }), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |open: &str, close: &str, depth: usize| {
            format!("{{\"a\":{}0{}}}", open.repeat(depth), close.repeat(depth))
        };
        let reason = Reason::TooDeep { max: 32 };
        for (open, close) in [("[", "]"), ("{\"b\":", "}")] {
            assert!(members(&nested(open, close, MAX_DEPTH - 1)).is_ok());
            for depth in [MAX_DEPTH, 100_000] {
                let offset = 5 + open.len() * MAX_DEPTH;
                let error = FormatError { offset, reason };
                assert_eq!(members(&nested(open, close, depth)), Err(error));
            }
        }
    }

    #[test]
    fn an_int_is_as_wide_as_javas() {
        let int = |text: &str| {
            let text = format!("{{\"a\":{text}}}");
            let mut members = Members::of(text.as_bytes()).unwrap();
            members.next().unwrap().unwrap().value.int()
        };
        assert_eq!(int("2147483647"), Ok(i32::MAX));
        assert_eq!(int("-2147483648"), Ok(i32::MIN));
        assert_eq!(int("-0"), Ok(0));
        let reason = |text| int(text).unwrap_err().reason;
        assert_eq!(
            reason("2147483648"),
            Reason::OutOfRange {
                max: 0x7fff_ffff,
                got: 0x8000_0000
            }
        );
        for text in ["1.0", "1e3", "\"1\"", "null", "99999999999999999999"] {
            assert_eq!(reason(text), Reason::Syntax, "{text}");
        }
    }
}
