//! How entries lie on the wire.

use core::ops::Range;

use super::fault::{Fault, Result};
use super::features::Features;
use super::table::{Row, Ty};
use crate::wire::Reason;

/// How the entries of a record are written: what an author implements for a wire form of his own.
///
/// A value and not only a type, so that an encoding can have parameters. Positions are counted from the start of
/// the region. Regions come from the network: an implementation never panics, checks every byte that it passes,
/// and allocates nothing by a number that it has read.
pub trait Encoding: Copy {
    /// A key as it is on the wire.
    type Key<'r>: Copy;
    /// A place between two entries, and what reading the next one depends on.
    type Walk<'r>;

    /// The rules of this encoding.
    const RULES: Rules;

    /// What the records have: for [`Fitted`](super::Fitted) alone.
    #[doc(hidden)]
    const HAS: Features = Features::ALL;

    /// The place before the first entry of the record in `range` of a region.
    fn open(self, region: &[u8], range: Range<usize>) -> Result<Self::Walk<'_>>;

    /// The place before the first entry of the record or the map that an entry holds.
    fn inside<'r>(self, region: &'r [u8], entry: &Entry<Self::Key<'_>>) -> Result<Self::Walk<'r>> {
        self.open(region, self.content(entry))
    }

    /// Where the walk is: after `open` where the first entry would be.
    fn at(self, walk: &Self::Walk<'_>) -> usize;

    /// The next entry; `None` at the end of the record, once what has to follow the last entry is checked.
    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>>;

    /// The same for walks that are not made for every frame: one copy of the reader for all of them.
    #[inline(never)]
    fn step<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.next(walk)
    }

    /// The same in the outermost record, for every frame.
    #[inline]
    fn next_outermost<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.next(walk)
    }

    /// Whether a key on the wire is that of a row.
    fn is(self, key: Self::Key<'_>, row: &Row) -> bool;

    /// Whether an entry comes after one with a higher key, or the same, where readers look for fields in the order of their
    /// keys: there one that is declared is malformed.
    fn is_late(self, key: Self::Key<'_>) -> bool {
        let _ = key;
        false
    }

    /// The error of an entry that cannot hold what its row has.
    fn mistyped(self, entry: &Entry<Self::Key<'_>>) -> Fault {
        Fault::new(entry.value as usize, Reason::Syntax)
    }

    /// Whether an entry can hold what a row has. One that cannot is treated as its [rules](Rules) say. A [null](Form::Null) is passed to no encoding.
    fn holds(self, form: Form, ty: &Ty) -> bool;

    /// The integer in an entry that [can hold](Self::holds) one, extended to 64 bits as its type is.
    fn int(self, region: &[u8], entry: &Entry<Self::Key<'_>>, ty: &Ty) -> Result<u64>;

    /// The same for every frame; `None` also where it is not quick. What is wrong is then asked of [`int`](Self::int).
    #[inline]
    fn quick_int(self, region: &[u8], entry: &Entry<Self::Key<'_>>, ty: &Ty) -> Option<u64> {
        self.int(region, entry, ty).ok()
    }

    /// The text or the bytes in an entry that can hold them: in the region, or unescaped into `room`.
    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Self::Key<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]>;

    /// The bytes of a field that is `Bytes`, where they differ from its [text](Self::text).
    fn bytes<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Self::Key<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        self.text(region, entry, room)
    }

    /// Where the entries of a record or a map are, or the bytes of a body: what follows a value in its entry, such as
    /// padding, is not part of it.
    fn content(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        entry.value()
    }

    /// Where the bytes of a correlation id are that is a text. Hosts hand them back as they are.
    ///
    /// # Errors
    /// If they do not represent themselves: an escape is in them.
    fn id(self, region: &[u8], entry: &Entry<Self::Key<'_>>) -> Result<Range<usize>> {
        let _ = region;
        Ok(self.content(entry))
    }

    /// Name and value in an entry of a [map](Ty::Map); `None` if it is no pair of texts.
    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<Self::Key<'r>>,
        room: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>>;

    /// The bytes that an entry with another value replaces.
    fn replaced(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        entry.range()
    }

    /// The bytes that go with an entry that is removed.
    fn removed(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        entry.range()
    }

    /// Whether the entry of a row comes before one with this key, for [`Order::Keys`].
    fn is_before(self, row: &Row, key: Self::Key<'_>) -> bool {
        let _ = (row, key);
        false
    }

    /// Appends an entry with this value; if `came` was there, what comes in the place of its
    /// [replaced](Self::replaced) bytes.
    ///
    /// # Errors
    /// If this encoding has no such value.
    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Self::Key<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()>;

    /// Appends a correlation id that comes in the place of the [replaced](Self::replaced) bytes of one, as
    /// [`put`](Self::put) does, without the entry that was there.
    ///
    /// # Errors
    /// If this encoding has no such value, or cannot write it without that entry.
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        let _ = (row, value, out);
        Err(Fault::cannot(Reason::NoPlace))
    }

    /// The entry that [`next`](Self::next) cannot read, asked of the walk before that: its key, and where its value
    /// starts, with the end of the walk as its end. `None` if not even the key can be read. Only errors ask.
    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let _ = walk;
        None
    }

    /// A key as dumps show it.
    fn key_text(self, key: Self::Key<'_>) -> String {
        let _ = key;
        "?".to_owned()
    }

    /// Completes a region that has been written to `out` from `start` on: `region` with changes; or a new one, with
    /// nothing before it in `out`, if that is empty. For encodings that have something around the entries of the outermost record, or something
    /// that lists their keys.
    ///
    /// # Errors
    /// If the region cannot have these keys.
    fn seal(self, region: &[u8], keys: &KeyChanges, start: usize, out: &mut Vec<u8>) -> Result<()> {
        let _ = (region, keys, start, out);
        Ok(())
    }
}

/// The entries of the outermost record that are new, or have been removed, if the [rules](Rules::lists_keys) ask for
/// them: bit 0 is that of key 1, bit 127 that of key 128.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyChanges {
    /// The keys of new entries.
    pub added: u128,
    /// The keys of removed entries.
    pub removed: u128,
}

/// A name and a value.
pub type Pair<'s> = (&'s [u8], &'s [u8]);

/// One entry of a record. Offsets are of 32 bits, as those of frames are.
#[derive(Clone, Copy, Debug)]
pub struct Entry<K> {
    /// Its key.
    pub key: K,
    /// What its bytes say that it holds.
    pub form: Form,
    /// Where it starts, its key included.
    pub start: u32,
    /// Where its value starts.
    pub value: u32,
    /// Where it ends.
    pub end: u32,
}

impl<K> Entry<K> {
    /// An entry in these places.
    #[inline]
    pub const fn new(key: K, form: Form, start: usize, value: usize, end: usize) -> Self {
        Self {
            key,
            form,
            start: start as u32,
            value: value as u32,
            end: end as u32,
        }
    }

    /// Where its value is, up to its end.
    #[inline]
    pub const fn value(&self) -> Range<usize> {
        self.value as usize..self.end as usize
    }

    /// Where it is.
    #[inline]
    pub const fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What the bytes of an entry say that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An integer.
    Int,
    /// A text.
    Text,
    /// Bytes: a text, a record, or anything else.
    Bytes,
    /// A record; in encodings that do not distinguish the two, a map as well.
    Record,
    /// A map, in an encoding that distinguishes it from a record.
    Map,
    /// Several values.
    List,
    /// A value whose type only its row says.
    Untyped,
    /// An entry without a value: as if it was absent.
    Null,
    /// Something that no row can hold.
    Other,
}

/// A value to write.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// An integer, extended to 64 bits.
    Int(u64),
    /// A text or bytes.
    Bytes(&'v [u8]),
    /// The entries of a record.
    Record(&'v [u8]),
    /// A pair of a map.
    Pair(&'v [u8], &'v [u8]),
    /// The pairs of a map, and how many they are.
    Map(&'v [u8], usize),
    /// A whole entry of another region. Not passed to encodings.
    Entry(&'v [u8]),
}

/// What encodings differ in.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// What keys are.
    pub keys: Keys,
    /// What several entries of one key mean.
    pub twice: Twice,
    /// What a value means that is not of the type of its field.
    pub mistyped: Mistyped,
    /// How pairs of a map are encoded.
    pub maps: Maps,
    /// Where new entries are written.
    pub order: Order,
    /// Whether a field can be a list of texts, of which each is an entry of its own.
    pub lists: bool,
    /// The fields of an entry that a field of a record can give a value, beside its key.
    pub given: &'static [&'static str],
    /// A record lists the keys that it has, so that [`Encoding::seal`] is given those that change.
    pub lists_keys: bool,
    /// What a record begins with.
    pub begin: &'static [u8],
    /// What is written between two entries.
    pub between: &'static [u8],
    /// There may be something between two entries.
    pub gaps: bool,
    /// How the end of a record inside another one is found.
    pub nesting: Nesting,
    /// What a record ends with.
    pub end: &'static [u8],
}

impl Rules {
    /// Numbered entries one after the other with nothing between them, of which the first one of a key counts, and no
    /// maps.
    pub const PLAIN: Self = Self {
        keys: Keys::Numbers,
        twice: Twice::First,
        mistyped: Mistyped::Unknown,
        maps: Maps::None,
        order: Order::End,
        lists: true,
        given: &[],
        lists_keys: false,
        begin: b"",
        between: b"",
        gaps: false,
        nesting: Nesting::Sized,
        end: b"",
    };
}

/// What a value means that is not of the type of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistyped {
    /// The entry is treated as unknown.
    Unknown,
    /// The region is malformed.
    Refused,
}

/// How the end of a record inside another one is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// Its size is before it, and changes with what is inside.
    Sized,
    /// Something follows its last entry.
    Delimited,
}

/// What keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Numbers.
    Numbers,
    /// Names.
    Names,
    /// Numbers; in a record that is a map, names.
    NumbersThenNames,
}

/// How the pairs of a map are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maps {
    /// There are no maps.
    None,
    /// Each is an entry of its own, with the key of the map.
    Entries,
    /// They are the entries of a record that is the value of the map.
    Nested,
}

/// Where new entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// At the end of their record.
    End,
    /// Before the first entry of a field that is declared later.
    Declared,
    /// Before the first entry with a [higher key](Encoding::is_before). Fields are declared in the order of their keys.
    Keys,
}

/// What several entries of one key mean. Those of a map are all told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    /// The first one counts.
    First,
    /// The last one counts, and records are read as one.
    Merge,
    /// The region is malformed.
    Refused,
}
