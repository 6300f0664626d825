//! A walk over JSON text: no tree is built of it.

use super::super::encoding::Form;
use super::super::fault::{Fault, Result};
use super::super::words;
use crate::wire::Reason;

/// How deep values may be nested in one another.
pub const MAX_DEPTH: usize = 32;

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

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// What the value that begins here seems to be: an object, or something else.
    pub(super) fn ahead(&self) -> Form {
        match self.peek() {
            Some(b'{') => Form::Record,
            _ => Form::Other,
        }
    }

    /// Bytes of the whole text.
    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }

    /// Passes over a byte if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<()> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    /// That nothing follows.
    pub(super) fn end(&self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax()),
        }
    }

    fn syntax(&self) -> Fault {
        Fault::new(self.at, Reason::Syntax)
    }

    /// Passes over white space, of which writers mostly put none.
    pub(super) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// What is between a place before and this one.
    pub(super) fn since(&self, at: usize) -> &'t [u8] {
        self.text.get(at..self.at).unwrap_or_default()
    }

    /// Passes over the value that begins here, `depth` levels down; what it is.
    pub(super) fn value(&mut self, depth: usize) -> Result<Form> {
        if depth > MAX_DEPTH {
            let max = MAX_DEPTH as u64;
            return Err(Fault::new(self.at, Reason::TooDeep { max }));
        }
        Ok(match self.peek() {
            Some(b'"') => {
                self.string()?;
                Form::Text
            }
            Some(b'{') => {
                self.list(b'}', |cursor| {
                    cursor.string()?;
                    cursor.space();
                    cursor.expect(b':')?;
                    cursor.space();
                    cursor.value(depth + 1)
                })?;
                Form::Record
            }
            Some(b'[') => {
                self.list(b']', |cursor| cursor.value(depth + 1))?;
                Form::Bytes
            }
            Some(b'n') => self.word(b"null", Form::Null)?,
            Some(b't') => self.word(b"true", Form::Other)?,
            Some(b'f') => self.word(b"false", Form::Other)?,
            _ => self.number()?,
        })
    }

    /// Passes over what is in brackets, `end` being the second one.
    fn list(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Result<Form>) -> Result<()> {
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

    fn word(&mut self, word: &[u8], form: Form) -> Result<Form> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(form)
        } else {
            Err(self.syntax())
        }
    }

    fn number(&mut self) -> Result<Form> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        let mut form = Form::Int;
        if self.take(b'.') {
            self.digits()?;
            form = Form::Other;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'-') || self.take(b'+');
            self.digits()?;
            form = Form::Other;
        }
        Ok(form)
    }

    fn digits(&mut self) -> Result<()> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if len == 0 {
            return Err(self.syntax());
        }
        self.at += len;
        Ok(())
    }

    /// Passes over the string that begins here. Whether it has an escape.
    pub(super) fn string(&mut self) -> Result<bool> {
        self.expect(b'"')?;
        let start = self.at;
        let (at, is_above) = words::pass_plain(self.text, start);
        self.at = at;
        let (mut escaped, mut above_ascii) = (false, if is_above { 0x80 } else { 0 });
        loop {
            // Nearly all bytes of a string are plain.
            let Some(byte) = self.peek() else {
                return Err(self.syntax());
            };
            above_ascii |= byte;
            match byte {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 1;
                    self.escape()?;
                }
                0..0x20 => return Err(self.syntax()),
                _ => self.at += 1,
            }
        }
        if above_ascii >= 0x80 {
            self.check_utf8(start)?;
        }
        self.at += 1;
        Ok(escaped)
    }

    #[cold]
    fn check_utf8(&self, start: usize) -> Result<()> {
        match core::str::from_utf8(self.since(start)) {
            Ok(_) => Ok(()),
            Err(error) => Err(Fault::new(start + error.valid_up_to(), Reason::NotUtf8)),
        }
    }

    /// What is after a backslash.
    fn escape(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                let digits = self.text.get(self.at + 1..self.at + 5).unwrap_or_default();
                if digits.len() < 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.syntax());
                }
                self.at += 5;
            }
            _ => return Err(self.syntax()),
        }
        Ok(())
    }
}
