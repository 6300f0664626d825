//! Maps.

use meshwire::frame::FormatError;

use super::field::{Field, Reader, Type};

/// The entries of a map, in their order. After an error there is none.
#[derive(Clone, Debug, Default)]
pub struct Entries<'r> {
    reader: Reader<'r>,
    left: u32,
    front: &'r [u8],
}

/// An entry of a map.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'r> {
    key: Field<'r>,
    value: Field<'r>,
    bytes: &'r [u8],
}

impl<'r> Field<'r> {
    /// The entries of a map.
    pub fn entries(&self) -> Result<Entries<'r>, FormatError> {
        if self.ty != Type::Map {
            return Err(self.wrong_type());
        }
        let mut reader = self.reader();
        let left = reader.count()?;
        let front = self.before(reader.at);
        Ok(Entries {
            reader,
            left,
            front,
        })
    }
}

impl<'r> Entries<'r> {
    /// How many entries are left, as the map says.
    pub const fn len(&self) -> usize {
        self.left as usize
    }

    /// Whether no entry is left.
    pub const fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// The bytes of the map before its first entry: tag, type, count.
    pub const fn front(&self) -> &'r [u8] {
        self.front
    }
}

impl<'r> Entry<'r> {
    /// All bytes of the entry.
    pub const fn bytes(&self) -> &'r [u8] {
        self.bytes
    }

    /// Key and value, if both are strings.
    pub fn pair(&self) -> Option<(&'r [u8], &'r [u8])> {
        if (self.key.tag, self.value.tag) != (0, 1) {
            return None;
        }
        Some((self.key.string().ok()?, self.value.string().ok()?))
    }
}

impl<'r> Iterator for Entries<'r> {
    type Item = Result<Entry<'r>, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let entry = self.reader.entry();
        if entry.is_err() {
            self.left = 0;
        }
        Some(entry)
    }
}

impl<'r> Reader<'r> {
    fn entry(&mut self) -> Result<Entry<'r>, FormatError> {
        let start = self.at;
        let key = self.field()?;
        let value = self.field()?;
        let bytes = self.region.get(start..self.at).unwrap_or_default();
        Ok(Entry { key, value, bytes })
    }
}
