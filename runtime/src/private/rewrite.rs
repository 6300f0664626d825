//! Frames put together of their fixed fields and parts, as they came or changed: every length and
//! checksum is computed, none is copied.

use core::cell::Cell;
use core::num::NonZeroUsize;

use super::write::out_of_range;
use crate::frame::{Edits, mark, opaque};
use crate::wire::{Checksum, Endian, Error, Int, Reason, Slot};

/// A piece of a frame, in the order of the wire: fixed fields side by side, none of them if they are not
/// in this frame, or a part.
pub struct Item<'p> {
    part: Option<&'static Slot>,
    bytes: &'p [u8],
    /// The part is absent, which is not the same as empty.
    null: bool,
    /// Where it ends in the frame, once that is [measured](Rewrite::measure): lengths and checksums ask for it.
    end: Cell<usize>,
}

impl<'p> Item<'p> {
    /// Fixed fields.
    #[inline]
    pub const fn run(bytes: &'p [u8]) -> Self {
        Self {
            part: None,
            bytes,
            null: false,
            end: Cell::new(0),
        }
    }

    /// A part that ends by a mark, which it cannot hold.
    #[inline(never)]
    pub fn ended(part: &'static Slot, bytes: &'p [u8], mark: &[u8]) -> Result<Self, Error> {
        let (max, got) = (part.max as u64, (bytes.len() + mark.len()) as u64);
        if got > max {
            return Err(part.error(Reason::OverLimit { max, got }));
        }
        if mark::is_early(bytes, mark) {
            return Err(part.error(Reason::Separator));
        }
        Ok(Self::part(part, bytes))
    }

    /// A part.
    #[inline]
    pub const fn part(part: &'static Slot, bytes: &'p [u8]) -> Self {
        Self {
            part: Some(part),
            bytes,
            null: false,
            end: Cell::new(0),
        }
    }

    /// A part that can be absent.
    #[inline]
    pub fn or_null(part: &'static Slot, bytes: Option<&'p [u8]>) -> Self {
        Self {
            part: Some(part),
            bytes: bytes.unwrap_or_default(),
            null: bytes.is_none(),
            end: Cell::new(0),
        }
    }
}

/// Writes a number into a field; whether it fits.
type Put = fn(&mut [u8], &Slot, u64) -> bool;

fn put<T: Int>(frame: &mut [u8], slot: &Slot, number: u64) -> bool {
    let value = T::from_pattern(number);
    if let Some(value) = value {
        value.store(frame, slot.at, slot.endian);
    }
    value.is_some()
}

fn put_bits<T: Int>(frame: &mut [u8], slot: &Slot, number: u64) -> bool {
    let fits = number <= slot.largest();
    if fits {
        slot.store(T::from_number(number), frame);
    }
    fits
}

/// A place of the correlation id.
pub struct IdPlace {
    item: usize,
    pub(super) slot: &'static Slot,
    pub(super) put: Put,
    /// Whether the field's bytes, or its bits, are the number.
    binary: bool,
}

impl IdPlace {
    /// A field of type `T` in an item.
    pub const fn of<T: Int>(item: usize, slot: &'static Slot) -> Self {
        let put = if slot.bits == 0 {
            put::<T>
        } else {
            put_bits::<T>
        };
        Self {
            item,
            slot,
            put,
            binary: T::BINARY,
        }
    }

    /// Whether the id of a frame is binary numbers in all of its places, and has one.
    pub const fn are_binary(places: &[Self]) -> bool {
        let mut at = 0;
        while at < places.len() {
            if !places[at].binary {
                return false;
            }
            at += 1;
        }
        at > 0
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

impl Cover {
    /// From the byte `skip` of the item `first` to the end of the item `last`.
    pub const fn of(first: usize, skip: usize, last: usize) -> Self {
        Self { first, skip, last }
    }
}

/// A length field and what it covers.
pub struct Length {
    pub(super) item: usize,
    pub(super) slot: &'static Slot,
    pub(super) cover: Cover,
    pub(super) unit: NonZeroUsize,
    /// What it says of a part that is absent, as a bit pattern.
    null: Option<u64>,
    /// The most units that the field can count, as far as there can be so many bytes.
    pub(super) max: usize,
    pub(super) put: Put,
    /// Reads it.
    #[cfg(not(target_family = "wasm"))]
    pub(super) get: fn(&[u8], &Slot) -> Option<u64>,
}

#[cfg(not(target_family = "wasm"))]
fn length<T: Int>(frame: &[u8], slot: &Slot) -> Option<u64> {
    (slot.end() <= frame.len()).then(|| T::load(frame, slot.at, slot.endian).length())?
}

impl Length {
    /// A field of type `T` in an item, which counts in units of `unit` bytes.
    pub const fn of<T: Int>(item: usize, slot: &'static Slot, cover: Cover, unit: usize) -> Self {
        // A pin has said what is wrong with another one.
        let unit = match NonZeroUsize::new(unit) {
            Some(unit) => unit,
            None => NonZeroUsize::MIN,
        };
        Self {
            item,
            slot,
            cover,
            unit,
            null: None,
            max: if T::MAX > usize::MAX as u64 {
                usize::MAX
            } else {
                T::MAX as usize
            },
            put: put::<T>,
            #[cfg(not(target_family = "wasm"))]
            get: length::<T>,
        }
    }

    /// The same length, with this bit pattern where the part that it measures is absent.
    #[must_use]
    pub const fn or_null(mut self, null: u64) -> Self {
        self.null = Some(null);
        self
    }
}

/// A checksum and what it covers.
pub struct Check {
    item: usize,
    slot: &'static Slot,
    cover: Cover,
    /// Bytes of the last item which are not covered.
    cut: usize,
    sum: Computed,
}

/// How a checksum is computed and written.
#[derive(Clone, Copy)]
pub struct Computed {
    compute: fn(&[u8]) -> u64,
    put: Put,
}

impl Computed {
    /// As an algorithm does it.
    pub(super) const fn by<C: Checksum>() -> Self {
        Self {
            compute: |bytes| C::of(bytes).pattern(),
            put: put::<C::Value>,
        }
    }
}

impl Check {
    /// A checksum in an item, of what is covered but for the last `cut` bytes.
    pub const fn of(
        item: usize,
        slot: &'static Slot,
        cover: Cover,
        cut: usize,
        sum: Computed,
    ) -> Self {
        Self {
            item,
            slot,
            cover,
            cut,
            sum,
        }
    }
}

/// Other bytes for a fixed field, as [`opaque_bytes`] or [`bytes_from_header`](super::bytes_from_header) gives
/// them.
#[derive(Clone, Copy)]
pub struct Patch<'p> {
    item: usize,
    slot: &'static Slot,
    bytes: &'p [u8],
}

impl<'p> Patch<'p> {
    /// Other bytes for a field in an item, if there are some.
    pub fn new(item: usize, slot: &'static Slot, bytes: Option<&'p [u8]>) -> Option<Self> {
        let bytes = bytes?;
        Some(Self { item, slot, bytes })
    }

    /// Writes the field among the bytes of its item, and of a field of bits no others: another patch may be of these.
    fn write(&self, item: &mut [u8]) {
        let place = item.get_mut(self.slot.at..self.slot.end());
        let Some(place) = place.filter(|place| place.len() == self.bytes.len()) else {
            return;
        };
        if self.slot.bits == 0 {
            place.copy_from_slice(self.bytes);
            return;
        }
        let (mask, last) = (self.slot.largest() << self.slot.shift, place.len());
        for (at, (place, byte)) in place.iter_mut().zip(self.bytes).enumerate() {
            let above = match self.slot.endian {
                Endian::Big => last - 1 - at,
                Endian::Little => at,
            };
            let own = (mask >> (8 * above)) as u8;
            *place = *place & !own | byte & own;
        }
    }
}

/// Another non-numeric correlation id: as its peer had it, or as the host's number is written.
pub fn opaque_bytes<const N: usize>(
    slot: &'static Slot,
    run: &[u8],
    edits: &Edits<'_>,
) -> Result<Option<[u8; N]>, Error> {
    match (edits.opaque, edits.id) {
        (Some(id), _) => {
            let (max, got) = (N as u64, id.len() as u64);
            let id = id.try_into();
            id.map(Some)
                .map_err(|_| slot.error(Reason::TooLong { max, got }))
        }
        (None, Some(id)) if id != opaque::number(super::read::bytes(run, slot)) => {
            Ok(Some(opaque::bytes(id)))
        }
        (None, _) => Ok(None),
    }
}

/// What is computed in all frames of a declaration.
pub struct Shape {
    /// The most bytes that one may have.
    pub max: usize,
    /// The last field.
    pub last: &'static Slot,
    /// The length fields, inner ones before those around them.
    pub lengths: &'static [Length],
    /// The checksums, inner ones before those around them.
    pub checks: &'static [Check],
    /// The places of the id.
    pub ids: &'static [IdPlace],
}

/// A frame on its way out.
pub struct Rewrite<'r> {
    shape: &'static Shape,
    items: &'r [Item<'r>],
    id: Option<u64>,
    patches: &'r [Option<Patch<'r>>],
    /// Bytes of the last part that somebody else has.
    unseen: usize,
}

impl<'r> Rewrite<'r> {
    /// The frame of these pieces, with what is computed in it, and with another id and other values than the pieces
    /// have.
    #[inline]
    pub const fn of(
        shape: &'static Shape,
        items: &'r [Item<'r>],
        id: Option<u64>,
        patches: &'r [Option<Patch<'r>>],
    ) -> Self {
        Self {
            shape,
            items,
            id,
            patches,
            unseen: 0,
        }
    }

    /// The same, up to its last part, of which so many more bytes follow that are not here: they are counted, and
    /// not written.
    #[must_use]
    pub const fn before(mut self, unseen: usize) -> Self {
        self.unseen = unseen;
        self
    }

    /// Bytes that [`Rewrite::write`] writes, and those that are not here.
    #[cfg_attr(target_family = "wasm", inline(never))]
    pub fn measure(&self) -> Result<usize, Error> {
        let Shape {
            max, last, lengths, ..
        } = *self.shape;
        let total = self.lay_out();
        for length in lengths {
            let units = self.units(length);
            if units > length.max {
                let of_units =
                    |units: usize| (units as u64).saturating_mul(length.unit.get() as u64);
                let (max, got) = (of_units(length.max), of_units(units));
                return Err(self.blamed(length).error(Reason::TooLong { max, got }));
            }
        }
        let mut start = 0;
        for item in self.items {
            let len = item.end.get() - start;
            start = item.end.get();
            if let Some(slot) = item.part.filter(|slot| len > slot.max) {
                let (max, got) = (slot.max as u64, len as u64);
                return Err(slot.error(Reason::OverLimit { max, got }));
            }
        }
        if total > max {
            let (max, got) = (max as u64, total as u64);
            return Err(last.error(Reason::OverLimit { max, got }));
        }
        Ok(total)
    }

    /// The same, where it is known not to fit.
    #[cold]
    #[inline(never)]
    pub fn misfit(&self) -> Result<usize, Error> {
        self.measure()
    }

    /// The part that a length measures alone, or the length.
    fn blamed(&self, length: &Length) -> &'static Slot {
        match self.items.get(length.cover.first) {
            Some(Item {
                part: Some(part), ..
            }) if length.cover.first == length.cover.last && part.length.is_some() => part,
            _ => length.slot,
        }
    }

    /// Appends the frame.
    #[inline(never)]
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        let Shape {
            lengths,
            checks,
            ids,
            ..
        } = *self.shape;
        let total = self.measure()?;
        let start = out.len();
        out.reserve(total - self.unseen);
        for item in self.items {
            out.extend_from_slice(item.bytes);
        }
        let frame = out.get_mut(start..).unwrap_or_default();
        for patch in self.patches.iter().flatten() {
            patch.write(self.item(frame, patch.item));
        }
        if let Some(id) = self.id {
            for own in ids {
                if !(own.put)(self.item(frame, own.item), own.slot, id) {
                    out.truncate(start);
                    return Err(out_of_range(own.slot, id));
                }
            }
        }
        for length in lengths {
            if self.is_absent(length.item) {
                continue;
            }
            let null = length.null.filter(|_| self.is_null(length));
            let units = null.unwrap_or_else(|| self.units(length) as u64);
            (length.put)(self.item(frame, length.item), length.slot, units);
        }
        for check in checks {
            check.seal(self, frame);
        }
        Ok(())
    }

    /// The frame from an item on.
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn item<'f>(&self, frame: &'f mut [u8], item: usize) -> &'f mut [u8] {
        frame.get_mut(self.end(item)..).unwrap_or_default()
    }

    /// Says of each item where it ends, and of the frame how many bytes it has.
    fn lay_out(&self) -> usize {
        let mut end = 0_usize;
        for item in self.items {
            end = end.saturating_add(item.bytes.len());
            item.end.set(end);
        }
        if self.unseen > 0 {
            // The bytes that are not here follow the last part, and fixed fields after it follow them.
            for item in self.items.iter().rev() {
                item.end.set(item.end.get().saturating_add(self.unseen));
                if item.part.is_some() {
                    return end.saturating_add(self.unseen);
                }
            }
        }
        end
    }

    /// Bytes of the first so many items.
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn end(&self, items: usize) -> usize {
        let last = items.checked_sub(1).and_then(|last| self.items.get(last));
        last.map_or(0, |item| item.end.get())
    }

    /// Whether the fixed fields of an item are not in this frame.
    fn is_absent(&self, item: usize) -> bool {
        let item = self.items.get(item);
        item.is_none_or(|item| item.bytes.is_empty())
    }

    /// Whether the part that a length measures alone is absent.
    fn is_null(&self, length: &Length) -> bool {
        let part = self.items.get(length.cover.first);
        part.is_some_and(|part| part.null)
    }

    /// What a length says.
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn units(&self, length: &Length) -> usize {
        let bytes = self.covered(length.cover);
        // Nearly all count bytes, and a division takes long.
        if length.unit == NonZeroUsize::MIN {
            bytes
        } else {
            bytes / length.unit
        }
    }

    /// Bytes that something covers.
    fn covered(&self, cover: Cover) -> usize {
        self.end(cover.last + 1) - self.end(cover.first) - cover.skip
    }
}

impl Check {
    /// Computes the checksum, with zeros in its own place.
    fn seal(&self, pieces: &Rewrite<'_>, frame: &mut [u8]) {
        if pieces.is_absent(self.item) {
            return;
        }
        (self.sum.put)(pieces.item(frame, self.item), self.slot, 0);
        let start = pieces.end(self.cover.first) + self.cover.skip;
        let end = pieces.end(self.cover.last + 1) - self.cut;
        let sum = (self.sum.compute)(frame.get(start..end).unwrap_or_default());
        (self.sum.put)(pieces.item(frame, self.item), self.slot, sum);
    }
}

/// The zeros that fill up some pieces, but for the first `skip` bytes, to whole units.
pub fn padding(pieces: &[&[u8]], skip: usize, unit: usize) -> &'static [u8] {
    const ZEROS: [u8; 64] = [0; 64];
    let bytes: usize = pieces.iter().map(|piece| piece.len()).sum();
    let bytes = bytes.saturating_sub(skip);
    let missing = bytes.next_multiple_of(unit) - bytes;
    ZEROS.get(..missing).unwrap_or_default()
}
