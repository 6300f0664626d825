//! Blocks to header lists.

use super::tables::Dynamic;
use super::{Fields, Malformed, huffman, integer};

/// The dynamic table that a peer may use until it has read another size.
const DEFAULT_TABLE: usize = 4096;

/// The decoder of a connection.
#[derive(Debug)]
pub(in crate::percall) struct Decoder {
    table: Dynamic,
    /// The largest table that the peer may use.
    limit: usize,
    /// The name and the value of a field whose text is not in the block as it is.
    name: Vec<u8>,
    value: Vec<u8>,
}

impl Decoder {
    pub(in crate::percall) const fn new() -> Self {
        Self {
            table: Dynamic::new(DEFAULT_TABLE),
            limit: DEFAULT_TABLE,
            name: Vec::new(),
            value: Vec::new(),
        }
    }

    /// The peer knows that the table has 0 bytes.
    pub(in crate::percall) const fn no_table(&mut self) {
        self.limit = 0;
    }

    /// Decodes a block into `fields`, as far as they are not longer than `max`: the block is decoded to its end all
    /// the same, for later blocks depend on it.
    pub(in crate::percall) fn decode(
        &mut self,
        mut block: &[u8],
        max: usize,
        fields: &mut Fields,
    ) -> Result<(), Malformed> {
        fields.clear();
        let mut begun = false;
        while let Some(first) = block.first().copied() {
            if first & 0xe0 == 0x20 {
                let size = integer::take(&mut block, 5)?;
                if begun || size > self.limit {
                    return Err(Malformed);
                }
                self.table.resize(size);
                continue;
            }
            begun = true;
            if first & 0x80 != 0 {
                let index = integer::take(&mut block, 7)?;
                let (name, value) = self.table.get(index).ok_or(Malformed)?;
                fields.add(name, value, max);
            } else {
                self.literal(&mut block, first, max, fields)?;
            }
        }
        Ok(())
    }

    fn literal(
        &mut self,
        block: &mut &[u8],
        first: u8,
        max: usize,
        fields: &mut Fields,
    ) -> Result<(), Malformed> {
        let Self {
            table, name, value, ..
        } = self;
        let is_kept = first & 0x40 != 0;
        let index = integer::take(block, if is_kept { 6 } else { 4 })?;
        let name = if index == 0 {
            string(block, name)?
        } else {
            table.get(index).ok_or(Malformed)?.0
        };
        let value = string(block, value)?;
        fields.add(name, value, max);
        if is_kept && table.has_room() {
            // The name may be that of an entry which goes.
            let name = name.to_vec();
            table.add(&name, value);
        }
        Ok(())
    }
}

/// Takes a string off the front: in the block, or decoded into `buffer`.
fn string<'s, 'b: 's>(
    block: &mut &'b [u8],
    buffer: &'s mut Vec<u8>,
) -> Result<&'s [u8], Malformed> {
    let is_huffman = block.first().is_some_and(|first| first & 0x80 != 0);
    let len = integer::take(block, 7)?;
    let (text, rest) = block.split_at_checked(len).ok_or(Malformed)?;
    *block = rest;
    if !is_huffman {
        return Ok(text);
    }
    buffer.clear();
    huffman::decode(text, buffer)?;
    Ok(buffer)
}
