//! JSON text, written by the compiler.

/// JSON text in the making. It counts on past its end, so that with `N = 0` it measures.
#[derive(Clone, Copy)]
pub(crate) struct Json<const N: usize> {
    pub(crate) text: [u8; N],
    pub(crate) len: usize,
}

impl<const N: usize> Json<N> {
    pub(crate) const fn new() -> Self {
        Self {
            text: [0; N],
            len: 0,
        }
    }

    pub(crate) const fn byte(mut self, byte: u8) -> Self {
        if self.len < N {
            self.text[self.len] = byte;
        }
        self.len += 1;
        self
    }

    pub(crate) const fn raw(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }

    /// A string. Names are identifiers or checked by the macros, so quotes and controls are all
    /// that could need an escape, and they become `_`.
    pub(crate) const fn string(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        self = self.byte(b'"');
        while at < bytes.len() {
            self = self.byte(match bytes[at] {
                b'"' | b'\\' | ..0x20 => b'_',
                other => other,
            });
            at += 1;
        }
        self.byte(b'"')
    }

    pub(crate) const fn number(self, number: u64) -> Self {
        let front = if number > 9 {
            self.number(number / 10)
        } else {
            self
        };
        front.byte(b'0' + (number % 10) as u8)
    }

    pub(crate) const fn signed(self, number: i64) -> Self {
        let signed = if number < 0 { self.byte(b'-') } else { self };
        signed.number(number.unsigned_abs())
    }

    pub(crate) const fn comma(self, at: usize) -> Self {
        if at > 0 { self.byte(b',') } else { self }
    }

    pub(crate) const fn numbers(self, numbers: &[u64]) -> Self {
        let mut json = self.byte(b'[');
        let mut at = 0;
        while at < numbers.len() {
            json = json.comma(at).number(numbers[at]);
            at += 1;
        }
        json.byte(b']')
    }

    /// The next key of an object that begins after `start`.
    pub(crate) const fn more(self, start: usize, key: &str) -> Self {
        let opened = if self.len == start {
            self.raw(",{")
        } else {
            self.byte(b',')
        };
        opened.string(key).byte(b':')
    }
}
