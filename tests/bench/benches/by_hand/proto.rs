//! Messages of protocol buffers, field by field.

use meshwire::wire::varint;

/// Groups inside groups.
const MAX_DEPTH: usize = 16;

/// A place in a message.
pub(super) struct Fields<'m> {
    pub(super) message: &'m [u8],
    pub(super) at: usize,
}

/// A field: its number and wire type, its varint, and where it starts, its value starts and it ends.
pub(super) struct Field {
    pub(super) tag: u64,
    pub(super) varint: u64,
    pub(super) start: usize,
    pub(super) value: usize,
    pub(super) end: usize,
}

impl<'m> Fields<'m> {
    pub(super) fn new(message: &'m [u8]) -> Self {
        Self { message, at: 0 }
    }

    /// The next field, `None` at the end of the message; the outer `None` if it is malformed.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Option<Field>> {
        let start = self.at;
        if start >= self.message.len() {
            return Some(None);
        }
        let tag = self.varint()?;
        let mut value = self.at;
        let mut varint = 0;
        match tag & 7 {
            0 => varint = self.varint()?,
            2 => {
                let len = self.varint()?;
                value = self.at;
                self.pass(len)?;
            }
            _ => self.rare(tag)?,
        }
        if !(8..1 << 32).contains(&tag) {
            return None;
        }
        let end = self.at;
        Some(Some(Field {
            tag,
            varint,
            start,
            value,
            end,
        }))
    }

    #[inline(always)]
    fn varint(&mut self) -> Option<u64> {
        let (number, len) = varint::read(self.message.get(self.at..)?).ok()?;
        self.at += len;
        Some(number)
    }

    #[inline(always)]
    fn pass(&mut self, len: u64) -> Option<()> {
        if len > (self.message.len() - self.at) as u64 {
            return None;
        }
        self.at += len as usize;
        Some(())
    }

    /// The value of another wire type.
    #[cold]
    fn rare(&mut self, tag: u64) -> Option<()> {
        let mut open = vec![];
        let mut tag = tag;
        loop {
            match tag & 7 {
                0 => drop(self.varint()?),
                1 => self.pass(8)?,
                2 => {
                    let len = self.varint()?;
                    self.pass(len)?;
                }
                3 if open.len() < MAX_DEPTH => open.push(tag >> 3),
                4 if open.pop()? == tag >> 3 => {}
                5 => self.pass(4)?,
                _ => return None,
            }
            if open.is_empty() {
                return Some(());
            }
            tag = self.varint()?;
            if !(8..1 << 32).contains(&tag) {
                return None;
            }
        }
    }
}

/// The number of an `int32`.
pub(super) fn int32(varint: u64) -> i64 {
    (varint as u32).cast_signed().into()
}

/// A field of a varint, in `room`.
#[inline(always)]
pub(super) fn put(tag: u8, mut value: u64, room: &mut [u8; 11]) -> &[u8] {
    room[0] = tag;
    let mut len = 1;
    while value >= 0x80 {
        room[len] = value as u8 | 0x80;
        (value, len) = (value >> 7, len + 1);
    }
    room[len] = value as u8;
    &room[..=len]
}
