//! Header lists to blocks.

use super::integer;

/// The encoder of a connection. It has no state but whether it has said that it uses no table.
#[derive(Debug, Default)]
pub(in crate::percall) struct Encoder {
    begun: bool,
}

/// A block that is written.
pub(in crate::percall) struct Block<'o> {
    out: &'o mut Vec<u8>,
}

impl Encoder {
    /// Begins a block at the end of `out`. The first one says that the table has 0 bytes: whatever the peer announces
    /// later is not less.
    pub(in crate::percall) fn block<'o>(&mut self, out: &'o mut Vec<u8>) -> Block<'o> {
        if !core::mem::replace(&mut self.begun, true) {
            out.push(0x20);
        }
        Block { out }
    }
}

impl Block<'_> {
    /// A field that is in the static table.
    pub(in crate::percall) fn indexed(&mut self, index: usize) {
        integer::put(self.out, 0x80, 7, index);
    }

    /// A field whose name is in the static table.
    pub(in crate::percall) fn value(&mut self, index: usize, value: &[u8]) {
        integer::put(self.out, 0, 4, index);
        self.string(value);
    }

    /// A field.
    pub(in crate::percall) fn field(&mut self, name: &[u8], value: &[u8]) {
        self.out.push(0);
        self.string(name);
        self.string(value);
    }

    fn string(&mut self, text: &[u8]) {
        integer::put(self.out, 0, 7, text.len());
        self.out.extend_from_slice(text);
    }
}
