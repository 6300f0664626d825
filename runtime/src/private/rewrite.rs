//! Frames put together of their fixed fields and parts, as they came or changed: every length and
//! checksum is computed, none is copied.

use std::borrow::Cow;

use super::write::narrow_id;
use crate::frame::{Edits, HeaderWriter, Headers, opaque};
use crate::wire::{Bits, Checksum, Error, Fixed, Int, Reason, Slot};

/// A piece of a frame, in the order of the wire.
#[derive(Clone, Copy)]
pub enum Item<'p> {
    /// Fixed fields; none of them if they are not in this frame.
    Run(&'p [u8]),
    /// A part.
    Part(&'static Slot, &'p [u8]),
}

impl<'p> Item<'p> {
    /// A part as it came, or what shall stand in its place.
    #[inline]
    pub const fn part(part: &'static Slot, came: &'p [u8], edit: Option<&'p [u8]>) -> Self {
        Self::Part(
            part,
            match edit {
                Some(edit) => edit,
                None => came,
            },
        )
    }

    const fn bytes(&self) -> &'p [u8] {
        match self {
            Self::Run(bytes) | Self::Part(_, bytes) => bytes,
        }
    }
}

/// Writes the low bits of a number into a field.
type Put = fn(&mut [u8], &Slot, u64);

fn put<T: Int>(frame: &mut [u8], slot: &Slot, number: u64) {
    if let Some(value) = T::from_pattern(number) {
        slot.store(value, frame);
    }
}

/// Some bytes of a frame: from the byte `skip` of the item `first` to the end of the item `last`.
#[derive(Clone, Copy, Debug)]
pub struct Cover {
    /// The item in which it begins.
    pub first: usize,
    /// Bytes of that item which are before it.
    pub skip: usize,
    /// The item with which it ends.
    pub last: usize,
}

/// A length field and what it covers.
pub struct Length {
    item: usize,
    slot: &'static Slot,
    cover: Cover,
    unit: usize,
    max: u64,
    put: Put,
}

impl Length {
    /// A field of type `T` in an item, which counts in units of `unit` bytes.
    pub const fn of<T: Int>(item: usize, slot: &'static Slot, cover: Cover, unit: usize) -> Self {
        Self {
            item,
            slot,
            cover,
            unit: if unit == 0 { 1 } else { unit },
            max: T::MAX,
            put: put::<T>,
        }
    }
}

/// A checksum and what it covers.
pub struct Check {
    item: usize,
    slot: &'static Slot,
    cover: Cover,
    compute: fn(&[u8]) -> u64,
    put: Put,
}

impl Check {
    /// The checksum `C` in an item.
    pub const fn of<C: Checksum>(item: usize, slot: &'static Slot, cover: Cover) -> Self {
        Self {
            item,
            slot,
            cover,
            compute: |bytes| C::of(bytes).pattern(),
            put: put::<C::Value>,
        }
    }
}

/// Another value for a fixed field.
pub struct Patch {
    item: usize,
    slot: &'static Slot,
    value: Value,
}

enum Value {
    Number(u64, Put),
    Bytes(Vec<u8>),
}

impl Patch {
    /// Another correlation id, in a field of type `T`.
    #[inline]
    pub fn id<T: Int>(
        item: usize,
        slot: &'static Slot,
        id: Option<u64>,
    ) -> Result<Option<Self>, Error> {
        let Some(id) = id else { return Ok(None) };
        narrow_id::<T>(slot, id)?;
        Ok(Some(Self {
            item,
            slot,
            value: Value::Number(id, put::<T>),
        }))
    }

    /// Another correlation id that is no number: as its peer had it, or as the host's number is written.
    pub fn opaque_id<const N: usize>(
        item: usize,
        slot: &'static Slot,
        run: &[u8],
        edits: &Edits<'_>,
    ) -> Result<Option<Self>, Error> {
        let came = super::read::bytes(run, slot);
        let id = match (edits.opaque, edits.id) {
            (Some(id), _) if id.len() == N => id.to_vec(),
            (Some(id), _) => {
                let (max, got) = (N as u64, id.len() as u64);
                return Err(slot.error(Reason::TooLong { max, got }));
            }
            (None, Some(id)) if id != opaque::number(came) => opaque::bytes::<N>(id).to_vec(),
            (None, _) => return Ok(None),
        };
        let value = Value::Bytes(id);
        Ok(Some(Self { item, slot, value }))
    }

    /// Another value.
    pub fn value<T: Fixed>(item: usize, slot: &'static Slot, value: &T) -> Self {
        let mut bytes = vec![0; slot.size];
        value.bits().store(&mut bytes, 0, slot.endian);
        let value = if slot.bits == 0 {
            Value::Bytes(bytes)
        } else {
            Value::Number(value.bits().number(), put::<u64>)
        };
        Self { item, slot, value }
    }

    fn make(&self, frame: &mut [u8]) {
        match &self.value {
            Value::Number(number, put) => put(frame, self.slot, *number),
            Value::Bytes(bytes) => {
                if let Some(place) = frame.get_mut(self.slot.at..self.slot.end())
                    && place.len() == bytes.len()
                {
                    place.copy_from_slice(bytes);
                }
            }
        }
    }
}

/// A frame on its way out.
pub struct Rewrite<'r> {
    /// The most bytes that it may have.
    pub max: usize,
    /// The last of its fields.
    pub last: &'static Slot,
    /// Its pieces.
    pub items: &'r [Item<'r>],
    /// Its length fields, inner ones before those around them.
    pub lengths: &'r [Length],
    /// Its checksums, inner ones before those around them.
    pub checks: &'r [Check],
    /// What shall be another value than the pieces have.
    pub patches: &'r [Option<Patch>],
}

impl Rewrite<'_> {
    /// Bytes that [`Rewrite::write`] writes.
    pub fn measure(&self) -> Result<usize, Error> {
        let mut total = 0_usize;
        for (index, item) in self.items.iter().enumerate() {
            let bytes = item.bytes();
            if let Item::Part(slot, _) = item {
                self.says(index, bytes.len())?;
                if bytes.len() > slot.max {
                    let (max, got) = (slot.max as u64, bytes.len() as u64);
                    return Err(slot.error(Reason::OverLimit { max, got }));
                }
            }
            total = total.saturating_add(self.size(index));
        }
        for length in self.lengths {
            let got = self.covered(length.cover).div_ceil(length.unit) as u64;
            if got > length.max {
                let max = length.max;
                return Err(length.slot.error(Reason::TooLong { max, got }));
            }
        }
        if total > self.max {
            let (max, got) = (self.max as u64, total as u64);
            return Err(self.last.error(Reason::OverLimit { max, got }));
        }
        Ok(total)
    }

    /// Whether a part's own length field can say its length.
    fn says(&self, part: usize, len: usize) -> Result<(), Error> {
        let own = self.lengths.iter().find(|length| {
            length.cover.first == part && length.cover.last == part && length.unit == 1
        });
        match (own, self.items.get(part)) {
            (Some(own), Some(Item::Part(slot, _))) if len as u64 > own.max => {
                let (max, got) = (own.max, len as u64);
                Err(slot.error(Reason::TooLong { max, got }))
            }
            _ => Ok(()),
        }
    }

    /// Appends a frame that is seldom put together.
    #[cold]
    #[inline(never)]
    pub fn write_seldom(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.write(out)
    }

    /// Appends the frame.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let total = self.measure()?;
        let start = out.len();
        out.reserve(total);
        for (index, item) in self.items.iter().enumerate() {
            out.extend_from_slice(item.bytes());
            out.resize(out.len() + self.padding(index), 0);
        }
        let frame = out.get_mut(start..).unwrap_or_default();
        for patch in self.patches.iter().flatten() {
            patch.make(self.from(frame, patch.item));
        }
        for length in self.lengths {
            let units = self.covered(length.cover) / length.unit;
            (length.put)(self.from(frame, length.item), length.slot, units as u64);
        }
        for check in self.checks {
            self.seal(check, frame);
        }
        Ok(())
    }

    /// Computes a checksum, with zeros in its own place.
    fn seal(&self, check: &Check, frame: &mut [u8]) {
        if self
            .items
            .get(check.item)
            .is_none_or(|item| item.bytes().is_empty())
        {
            return;
        }
        (check.put)(self.from(frame, check.item), check.slot, 0);
        let start = self.start(check.cover.first) + check.cover.skip;
        let end = self.start(check.cover.last) + self.size(check.cover.last);
        let sum = (check.compute)(frame.get(start..end).unwrap_or_default());
        (check.put)(self.from(frame, check.item), check.slot, sum);
    }

    /// The frame from an item on.
    fn from<'f>(&self, frame: &'f mut [u8], item: usize) -> &'f mut [u8] {
        frame.get_mut(self.start(item)..).unwrap_or_default()
    }

    /// Where an item begins.
    fn start(&self, item: usize) -> usize {
        (0..item).map(|item| self.size(item)).sum()
    }

    /// Bytes of an item, with the padding behind it.
    fn size(&self, item: usize) -> usize {
        let bytes = self.items.get(item).map_or(0, |item| item.bytes().len());
        bytes.saturating_add(self.padding(item))
    }

    /// Bytes behind an item that a length in larger units than bytes asks for.
    fn padding(&self, item: usize) -> usize {
        let ends = self.lengths.iter().filter(|length| length.unit > 1);
        let ends = ends.filter(|length| length.cover.last == item);
        ends.map(|length| {
            let bytes = self.bytes(length.cover);
            bytes.next_multiple_of(length.unit) - bytes
        })
        .sum()
    }

    /// Bytes of the pieces that something covers, without padding.
    fn bytes(&self, cover: Cover) -> usize {
        let items = self.items.get(cover.first..=cover.last);
        let sizes = items
            .unwrap_or_default()
            .iter()
            .map(|item| item.bytes().len());
        sizes
            .fold(0, usize::saturating_add)
            .saturating_sub(cover.skip)
    }

    /// Bytes that something covers.
    fn covered(&self, cover: Cover) -> usize {
        let sizes = (cover.first..=cover.last).map(|item| self.size(item));
        sizes
            .fold(0, usize::saturating_add)
            .saturating_sub(cover.skip)
    }
}

/// A kept frame of which nothing is another one but its id and its last part.
pub struct Tail<'r> {
    /// The frame as it came.
    pub raw: &'r [u8],
    /// The place of its id.
    pub id: &'static Slot,
    /// Its last part.
    pub part: &'static Slot,
    /// That part as it came.
    pub came: &'r [u8],
    /// The most bytes that the frame may have.
    pub max: usize,
}

impl Tail<'_> {
    /// Appends the frame.
    pub fn write<I: Int, L: Int>(
        &self,
        id: Option<u64>,
        edit: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let id = id.map(|id| narrow_id::<I>(self.id, id)).transpose()?;
        let edit = edit.unwrap_or(self.came);
        let same = self.raw.len().saturating_sub(self.came.len());
        let same = self.raw.get(..same).unwrap_or_default();
        let total = same.len().saturating_add(edit.len());
        let len = L::from_length(edit.len() as u64);
        let len = len.filter(|_| edit.len() <= self.part.max && total <= self.max);
        let Some(len) = len else {
            return Err(self.misfit::<L>(same.len(), edit.len()));
        };
        let start = out.len();
        out.extend_from_slice(same);
        out.extend_from_slice(edit);
        let frame = out.get_mut(start..).unwrap_or_default();
        if let Some(id) = id {
            self.id.store(id, frame);
        }
        let length = self.part.length.unwrap_or(self.part);
        length.store(len, frame);
        Ok(())
    }

    /// Why so many bytes do not fit behind those that stay.
    #[cold]
    #[inline(never)]
    fn misfit<L: Int>(&self, same: usize, len: usize) -> Error {
        let got = len as u64;
        self.part.error(if got > L::MAX {
            Reason::TooLong { max: L::MAX, got }
        } else if len > self.part.max {
            let max = self.part.max as u64;
            Reason::OverLimit { max, got }
        } else {
            Reason::OverLimit {
                max: self.max as u64,
                got: same.saturating_add(len) as u64,
            }
        })
    }
}

/// The header region to write, unless it is the one that came.
#[inline]
pub fn header_edit<'r>(
    region: &[u8],
    slot: &'static Slot,
    wanted: Option<Headers<'r>>,
) -> Option<Cow<'r, [u8]>> {
    changed_region(region, slot, wanted?)
}

#[inline(never)]
fn changed_region<'r>(
    region: &[u8],
    slot: &'static Slot,
    wanted: Headers<'r>,
) -> Option<Cow<'r, [u8]>> {
    if wanted.as_block() == region
        || Headers::parse(region, slot, slot.at).is_ok_and(|came| came.same(&wanted))
    {
        None
    } else if wanted.is_plain() {
        Some(Cow::Borrowed(wanted.as_block()))
    } else {
        let mut block = Vec::new();
        HeaderWriter::new(&mut block).all(wanted);
        Some(Cow::Owned(block))
    }
}
