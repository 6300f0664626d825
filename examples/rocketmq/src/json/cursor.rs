//! A walk over JSON text.
//!
//! The grammar is that of RFC 8259. RocketMQ's own reader takes more (single quotes, keys without quotes);
//! no writer of headers makes use of it.

use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use super::text::{Type, Value};

/// How deep arrays and objects may be nested. A header needs two levels.
pub(super) const MAX_DEPTH: usize = 32;

/// A place in a text.
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

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over a byte if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), FormatError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.error(Reason::Syntax))
        }
    }

    pub(super) const fn error(&self, reason: Reason) -> FormatError {
        let offset = self.at;
        FormatError { offset, reason }
    }

    /// Passes over the bytes for which `is` holds; how many they were.
    fn pass(&mut self, is: impl Fn(&u8) -> bool) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| is(byte)).count();
        self.at += len;
        len
    }

    /// Passes over white space, of which writers mostly put none.
    pub(super) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// What is between a place before and this one.
    pub(super) fn since(&self, at: usize, kind: Type) -> Value<'t> {
        let text = self.text.get(at..self.at).unwrap_or_default();
        Value { kind, text, at }
    }

    /// Passes over the value that begins here, `depth` levels down; its type.
    pub(super) fn value(&mut self, depth: usize) -> Result<Type, FormatError> {
        if depth > MAX_DEPTH {
            let max = MAX_DEPTH as u64;
            return Err(self.error(Reason::TooDeep { max }));
        }
        Ok(match self.peek() {
            Some(b'"') => self.string()?,
            Some(b'{') => {
                self.list(b'}', |cursor| {
                    cursor.string()?;
                    cursor.space();
                    cursor.expect(b':')?;
                    cursor.space();
                    cursor.value(depth + 1)
                })?;
                Type::Object
            }
            Some(b'[') => {
                self.list(b']', |cursor| cursor.value(depth + 1))?;
                Type::Array
            }
            Some(b'n') => self.word(b"null", Type::Null)?,
            Some(b't') => self.word(b"true", Type::Bool)?,
            Some(b'f') => self.word(b"false", Type::Bool)?,
            _ => self.number()?,
        })
    }

    /// Passes over what is in brackets, `end` being the second one.
    fn list(
        &mut self,
        end: u8,
        mut item: impl FnMut(&mut Self) -> Result<Type, FormatError>,
    ) -> Result<(), FormatError> {
        self.at += 1;
        self.space();
        if self.take(end) {
            return Ok(());
        }
        loop {
            self.space();
            item(self)?;
            self.space();
            if !self.take(b',') {
                return self.expect(end);
            }
        }
    }

    fn word(&mut self, word: &[u8], kind: Type) -> Result<Type, FormatError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(kind)
        } else {
            Err(self.error(Reason::Syntax))
        }
    }

    fn number(&mut self) -> Result<Type, FormatError> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'-') || self.take(b'+');
            self.digits()?;
        }
        Ok(Type::Number)
    }

    fn digits(&mut self) -> Result<(), FormatError> {
        match self.pass(u8::is_ascii_digit) {
            0 => Err(self.error(Reason::Syntax)),
            _ => Ok(()),
        }
    }

    /// Passes over the string that begins here.
    pub(super) fn string(&mut self) -> Result<Type, FormatError> {
        self.expect(b'"')?;
        loop {
            self.pass(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20));
            if self.take(b'"') {
                return Ok(Type::String);
            }
            self.expect(b'\\')?;
            self.escape()?;
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<(), FormatError> {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                let digits = self.text.get(self.at + 1..self.at + 5).unwrap_or_default();
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.error(Reason::Syntax));
                }
                self.at += 5;
            }
            _ => return Err(self.error(Reason::Syntax)),
        }
        Ok(())
    }
}
