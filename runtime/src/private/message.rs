//! Errors of a declaration that only the compiler finds: `panic!` formats nothing in constants.

use core::str;

/// A text in the making.
pub(super) struct Message {
    text: [u8; 512],
    len: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Self {
            text: [0; 512],
            len: 0,
        }
    }

    const fn push(mut self, byte: u8) -> Self {
        if self.len < self.text.len() {
            self.text[self.len] = byte;
            self.len += 1;
        }
        self
    }

    /// Followed by a text.
    pub(super) const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self = self.push(bytes[at]);
            at += 1;
        }
        self
    }

    /// Followed by a number.
    pub(super) const fn number(self, number: usize) -> Self {
        let front = if number > 9 {
            self.number(number / 10)
        } else {
            self
        };
        front.push(b'0' + (number % 10) as u8)
    }

    /// Followed by a signed number.
    pub(super) const fn signed(self, number: i64) -> Self {
        let signed = if number < 0 { self.text("-") } else { self };
        signed.number(number.unsigned_abs() as usize)
    }

    /// Stops the compiler.
    #[track_caller]
    pub(super) const fn fail(self) {
        let (text, _) = self.text.split_at(self.len);
        match str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("a declaration is wrong"),
        }
    }
}
