//! Input that is taken apart from its front; where it ends, zeros and nothing follow.

/// What is left of an input.
#[derive(Clone, Copy, Debug)]
pub struct Input<'i> {
    rest: &'i [u8],
}

impl<'i> Input<'i> {
    /// All of an input.
    pub const fn new(input: &'i [u8]) -> Self {
        Self { rest: input }
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes that are left.
    pub const fn len(&self) -> usize {
        self.rest.len()
    }

    /// The next bytes, or as many as are left.
    pub fn bytes(&mut self, len: usize) -> &'i [u8] {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'i [u8] {
        core::mem::take(&mut self.rest)
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or(0)
    }

    /// The next number of 16 bits.
    pub fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// The next number of 32 bits.
    pub fn word(&mut self) -> u32 {
        u32::from(self.short()) | u32::from(self.short()) << 16
    }

    /// The next number of 64 bits.
    pub fn long(&mut self) -> u64 {
        u64::from(self.word()) | u64::from(self.word()) << 32
    }

    /// The next bytes after their number, which is one byte.
    pub fn short_text(&mut self) -> &'i [u8] {
        let len = self.byte();
        self.bytes(len.into())
    }

    /// The next bytes after their number, which is two.
    pub fn text(&mut self) -> &'i [u8] {
        let len = self.short();
        self.bytes(len.into())
    }
}
