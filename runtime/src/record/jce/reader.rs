//! Fields that are read, and values that are passed over.

use core::ops::Range;

use super::super::encoding::{Entry, Form};
use super::super::fault::{Fault, Result};
use super::Name;
use crate::wire::Reason;

/// How deep structs may be nested. Maps and lists have a count beforehand and take no room to pass over, so they are
/// not limited.
pub const MAX_DEPTH: usize = 1024;

/// Instead of a tag: that is in the next byte.
const TAG_FOLLOWS: u8 = 15;

/// What the value of a field is, by the number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Type {
    /// An integer of one byte.
    I8 = 0,
    /// An integer of two bytes.
    I16 = 1,
    /// An integer of four bytes.
    I32 = 2,
    /// An integer of eight bytes.
    I64 = 3,
    /// A float of four bytes.
    F32 = 4,
    /// A float of eight bytes.
    F64 = 5,
    /// A string of at most 255 bytes.
    String1 = 6,
    /// A string with a length of four bytes.
    String4 = 7,
    /// A count, and as many keys and values.
    Map = 8,
    /// A count, and as many values.
    List = 9,
    /// Fields up to [`Type::StructEnd`].
    StructBegin = 10,
    /// The end of a struct; no value.
    StructEnd = 11,
    /// The integer 0, of no bytes.
    Zero = 12,
    /// A length, and as many bytes.
    SimpleList = 13,
}

impl Type {
    #[inline]
    pub(super) const fn of(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::I8,
            1 => Self::I16,
            2 => Self::I32,
            3 => Self::I64,
            4 => Self::F32,
            5 => Self::F64,
            6 => Self::String1,
            7 => Self::String4,
            8 => Self::Map,
            9 => Self::List,
            10 => Self::StructBegin,
            11 => Self::StructEnd,
            12 => Self::Zero,
            13 => Self::SimpleList,
            _ => return None,
        })
    }
}

/// A place in a struct or a map.
#[derive(Clone, Debug)]
pub struct Walk<'r> {
    reader: Reader<'r>,
    of: Part,
    /// What the next tag has to be at least, so as not to be late.
    next: u16,
}

/// What a walk goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The fields of the outermost struct, up to the end of the region.
    Region,
    /// The fields of a struct, up to its end.
    Struct,
    /// The entries of a map.
    Map,
}

impl<'r> Walk<'r> {
    #[inline]
    pub(super) fn fields(region: &'r [u8], range: Range<usize>) -> Self {
        Self::of(Part::Region, region, range)
    }

    pub(super) fn within(region: &'r [u8], range: Range<usize>) -> Self {
        Self::of(Part::Struct, region, range)
    }

    pub(super) fn map(region: &'r [u8], range: Range<usize>) -> Self {
        Self::of(Part::Map, region, range)
    }

    fn of(of: Part, region: &'r [u8], range: Range<usize>) -> Self {
        let region = region.get(..range.end).unwrap_or(region);
        let reader = Reader::new(region, range.start);
        let next = 0;
        Self { reader, of, next }
    }

    pub(super) const fn at(&self) -> usize {
        self.reader.at
    }

    pub(super) fn next(&mut self) -> Result<Option<Entry<Name<'r>>>> {
        if self.of == Part::Map {
            self.pair()
        } else {
            self.field()
        }
    }

    /// The same of a walk that is not through a map.
    #[allow(
        clippy::inline_always,
        reason = "an entry that is handed on in memory costs more than reading it"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn next_outermost(&mut self) -> Result<Option<Entry<Name<'r>>>> {
        if self.reader.at >= self.reader.region.len() {
            return Ok(None);
        }
        if let Some(entry) = self.usual_field() {
            return Ok(Some(entry));
        }
        // By value: a walk whose address is known to a function is kept in memory.
        let (entry, at) = self.clone().unusual_field()?;
        let Some(entry) = entry else {
            return Ok(None);
        };
        self.reader.at = at;
        let (form, start) = (entry.form, entry.start as usize);
        let (value, end) = (entry.value as usize, entry.end as usize);
        Ok(Some(Entry::new(
            self.key(entry.key),
            form,
            start,
            value,
            end,
        )))
    }

    /// The key of the next field, which has this tag.
    #[inline]
    fn key(&mut self, tag: u8) -> Name<'r> {
        let late = u16::from(tag) < self.next;
        if !late {
            self.next = u16::from(tag) + 1;
        }
        let region = self.reader.region;
        Name::Tag { tag, late, region }
    }

    /// The next field, whatever it is, and where it ends.
    #[inline(never)]
    fn unusual_field(mut self) -> Result<(Option<Entry<u8>>, usize)> {
        let entry = self.field()?.map(|entry| {
            let tag = match entry.key {
                Name::Tag { tag, .. } => tag,
                Name::Text(_) => 0,
            };
            let (start, value) = (entry.start as usize, entry.value as usize);
            Entry::new(tag, entry.form, start, value, entry.end as usize)
        });
        Ok((entry, self.reader.at))
    }

    /// The next field, if it is well-formed and of a type that nearly all fields have. In WebAssembly the code for that
    /// would be dead weight.
    #[allow(clippy::inline_always, reason = "as above")]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn usual_field(&mut self) -> Option<Entry<Name<'r>>> {
        if cfg!(target_family = "wasm") {
            return None;
        }
        let Reader { region, at } = self.reader;
        let head = *region.get(at)?;
        let tag = head >> 4;
        if tag == TAG_FOLLOWS {
            return None;
        }
        let (form, value, len) = match head & 0x0f {
            0 => (Form::Int, at + 1, 1),
            1 => (Form::Int, at + 1, 2),
            2 => (Form::Int, at + 1, 4),
            3 => (Form::Int, at + 1, 8),
            12 => (Form::Int, at + 1, 0),
            6 => (Form::Text, at + 2, usize::from(*region.get(at + 1)?)),
            8 => {
                let (count, value) = usual_count(region, at + 1)?;
                let end = pairs_of_texts(region, value, count)?;
                (Form::Map, value, end - value)
            }
            13 => {
                let 0 = *region.get(at + 1)? else {
                    return None;
                };
                let (len, value) = usual_count(region, at + 2)?;
                (Form::Bytes, value, len)
            }
            _ => return None,
        };
        let end = value + len;
        if end > region.len() {
            return None;
        }
        self.reader.at = end;
        Some(Entry::new(self.key(tag), form, at, value, end))
    }

    /// The next entry of a map: its value, with its key as the name.
    fn pair(&mut self) -> Result<Option<Entry<Name<'r>>>> {
        let start = self.reader.at;
        let Some(key) = self.field()? else {
            return Ok(None);
        };
        let Some(value) = self.field()? else {
            return Err(self.reader.overrun(1));
        };
        let is_pair = matches!(key.key, Name::Tag { tag: 0, .. })
            && matches!(value.key, Name::Tag { tag: 1, .. })
            && key.form == Form::Text
            && value.form == Form::Text;
        let (name, form) = if is_pair {
            let name = self.reader.region.get(key.value());
            (name.unwrap_or_default(), Form::Untyped)
        } else {
            (&[][..], Form::Other)
        };
        let (value, end) = (value.value as usize, value.end as usize);
        Ok(Some(Entry::new(Name::Text(name), form, start, value, end)))
    }

    /// The entry that cannot be read, as far as its key.
    pub(super) fn ahead(&self) -> Option<Entry<Name<'r>>> {
        let (start, region) = (self.reader.at, self.reader.region);
        let mut walk = self.clone();
        let (key, form) = if self.of == Part::Map {
            let key = walk.field().ok()??;
            (Name::Text(region.get(key.value())?), Form::Other)
        } else {
            // The tag is known whatever the type is.
            let tag = walk.reader.tag().ok()?;
            let form = match walk.reader.head().map(|(_, ty)| ty) {
                Ok(Type::Map) => walk.reader.count().map_or(Form::Other, |_| Form::Map),
                Ok(Type::StructBegin) => Form::Record,
                _ => Form::Other,
            };
            let late = false;
            (Name::Tag { tag, late, region }, form)
        };
        Some(Entry::new(key, form, start, walk.reader.at, region.len()))
    }

    /// The next field.
    fn field(&mut self) -> Result<Option<Entry<Name<'r>>>> {
        let Self { reader, of, next } = self;
        if reader.at >= reader.region.len() {
            return Ok(None);
        }
        let start = reader.at;
        let (tag, ty) = reader.head()?;
        if ty == Type::StructEnd {
            return match of {
                Part::Struct => Ok(None),
                _ => Err(unknown(ty as u8, start)),
            };
        }
        let late = u16::from(tag) < *next;
        if !late {
            *next = u16::from(tag) + 1;
        }
        reader.field(start, (tag, late), ty).map(Some)
    }
}

/// A place in a region.
#[derive(Clone, Debug)]
pub(super) struct Reader<'r> {
    region: &'r [u8],
    at: usize,
}

impl<'r> Reader<'r> {
    #[inline]
    pub(super) const fn new(region: &'r [u8], at: usize) -> Self {
        Self { region, at }
    }

    /// The field with the tag and the type that have been read.
    #[inline]
    fn field(
        &mut self,
        start: usize,
        (tag, late): (u8, bool),
        ty: Type,
    ) -> Result<Entry<Name<'r>>> {
        let mut value = self.at;
        let form = match ty {
            Type::Zero => Form::Int,
            Type::I8 => self.pass(1, Form::Int)?,
            Type::I16 => self.pass(2, Form::Int)?,
            Type::I32 => self.pass(4, Form::Int)?,
            Type::I64 => self.pass(8, Form::Int)?,
            Type::String1 => {
                let len = self.byte()?;
                value = self.at;
                self.pass(len.into(), Form::Text)?
            }
            _ => self.long_field(ty, &mut value)?,
        };
        let region = self.region;
        let key = Name::Tag { tag, late, region };
        Ok(Entry::new(key, form, start, value, self.at))
    }

    /// The same of a value of any size.
    #[inline(never)]
    fn long_field(&mut self, ty: Type, value: &mut usize) -> Result<Form> {
        Ok(match ty {
            Type::String4 => {
                let len = self.len()?;
                *value = self.at;
                self.pass(len, Form::Text)?
            }
            Type::SimpleList => {
                let len = self.simple_list_len()?;
                *value = self.at;
                self.pass(len, Form::Bytes)?
            }
            Type::Map => {
                let entries = self.count()?;
                *value = self.at;
                self.skip(2 * entries, false)?;
                Form::Map
            }
            Type::List => {
                let values = self.count()?;
                self.skip(values, false)?;
                *value = self.at;
                Form::List
            }
            Type::StructBegin => {
                self.skip(0, true)?;
                Form::Record
            }
            _ => {
                self.plain(ty)?;
                Form::Other
            }
        })
    }

    /// The tag at the front of a field.
    fn tag(&self) -> Result<u8> {
        let mut ahead = self.clone();
        match ahead.byte()? >> 4 {
            TAG_FOLLOWS => ahead.byte(),
            tag => Ok(tag),
        }
    }

    /// The tag and the type at the front of a field.
    #[inline]
    pub(super) fn head(&mut self) -> Result<(u8, Type)> {
        let offset = self.at;
        let head = self.byte()?;
        let mut tag = head >> 4;
        if tag == TAG_FOLLOWS {
            tag = self.byte()?;
        }
        let number = head & 0x0f;
        match Type::of(number) {
            Some(ty) => Ok((tag, ty)),
            None => Err(unknown(number, offset)),
        }
    }

    /// The integer at the front of a value that says how much there is in it.
    pub(super) fn count(&mut self) -> Result<u64> {
        let offset = self.at;
        let (tag, ty) = self.head()?;
        let width = match ty {
            _ if tag != 0 => return Err(unknown(tag, offset)),
            Type::Zero => 0,
            Type::I8 => 1,
            Type::I16 => 2,
            Type::I32 => 4,
            _ => return Err(unknown(ty as u8, offset)),
        };
        let count = self.int(width)?;
        u64::try_from(count).map_err(|_| Fault::new(offset, Reason::NegativeLength))
    }

    /// The length of a string, of four bytes without a sign.
    fn len(&mut self) -> Result<usize> {
        let start = self.at;
        self.pass(4, Form::Int)?;
        let bytes = self.region.get(start..self.at).unwrap_or_default();
        let len = bytes
            .iter()
            .fold(0, |len, byte| len << 8 | u32::from(*byte));
        Ok(len as usize)
    }

    /// The integer of so many bytes.
    fn int(&mut self, width: usize) -> Result<i64> {
        let start = self.at;
        self.pass(width, Form::Int)?;
        let bytes = self.region.get(start..self.at).unwrap_or_default();
        Ok(int(bytes))
    }

    /// The front of a simple list, after its own type: that of its elements, and how many there are.
    fn simple_list_len(&mut self) -> Result<usize> {
        let offset = self.at;
        match self.head()? {
            (0, Type::I8) => Ok(self.count()? as usize),
            (_, other) => Err(unknown(other as u8, offset)),
        }
    }

    /// Passes over so many fields, or over those of a struct and its end, whatever is in them.
    ///
    /// It takes time by the bytes that are there, never by a number in them.
    #[inline(never)]
    fn skip(&mut self, mut wanted: u64, in_struct: bool) -> Result<()> {
        // Of each struct that is open, how many counted fields follow it.
        let mut open: Vec<u64> = Vec::new();
        if in_struct {
            open.push(0);
        }
        while wanted > 0 || !open.is_empty() {
            let offset = self.at;
            let (_, ty) = self.head()?;
            let is_end = ty == Type::StructEnd;
            if wanted > 0 {
                wanted -= 1;
                if is_end {
                    return Err(unknown(ty as u8, offset));
                }
            }
            match ty {
                Type::StructBegin if open.len() < MAX_DEPTH => {
                    open.push(wanted);
                    wanted = 0;
                }
                Type::StructBegin => {
                    let max = MAX_DEPTH as u64;
                    return Err(Fault::new(self.at, Reason::TooDeep { max }));
                }
                Type::StructEnd => wanted = open.pop().unwrap_or_default(),
                _ => wanted = wanted.saturating_add(self.plain(ty)?),
            }
        }
        Ok(())
    }

    /// Passes over a value that is not a struct. Returns how many fields there are in it, after its front.
    fn plain(&mut self, ty: Type) -> Result<u64> {
        let len = match ty {
            Type::Zero | Type::StructBegin | Type::StructEnd => 0,
            Type::I8 => 1,
            Type::I16 => 2,
            Type::I32 | Type::F32 => 4,
            Type::I64 | Type::F64 => 8,
            Type::String1 => self.byte()?.into(),
            Type::String4 => self.len()?,
            Type::SimpleList => self.simple_list_len()?,
            Type::Map => return Ok(2 * self.count()?),
            Type::List => return self.count(),
        };
        self.pass(len, Form::Other)?;
        Ok(0)
    }

    #[inline]
    fn byte(&mut self) -> Result<u8> {
        match self.region.get(self.at) {
            Some(byte) => {
                self.at += 1;
                Ok(*byte)
            }
            None => Err(self.overrun(1)),
        }
    }

    /// Passes over so many bytes, which have this form.
    #[inline]
    fn pass(&mut self, bytes: usize, form: Form) -> Result<Form> {
        if bytes > self.rest().len() {
            return Err(self.overrun(bytes));
        }
        self.at += bytes;
        Ok(form)
    }

    #[inline]
    fn rest(&self) -> &'r [u8] {
        self.region.get(self.at..).unwrap_or_default()
    }

    #[cold]
    fn overrun(&self, wanted: usize) -> Fault {
        let got = self.rest().len() as u64;
        let wanted = wanted as u64;
        Fault::new(self.at, Reason::Overrun { wanted, got })
    }
}

/// The error of a type, or a tag, that is not valid here.
#[cold]
fn unknown(got: u8, offset: usize) -> Fault {
    let got = got.into();
    Fault::new(offset, Reason::UnknownValue { got })
}

/// A count in its usual form, and where it ends.
#[inline]
fn usual_count(region: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = region.get(at..)?;
    let (count, end) = match *rest {
        [0x0c, ..] => (0, at + 1),
        [0x00, count, ..] => (i8::from_be_bytes([count]).into(), at + 2),
        [0x01, a, b, ..] => (i16::from_be_bytes([a, b]).into(), at + 3),
        [0x02, a, b, c, d, ..] => (i32::from_be_bytes([a, b, c, d]), at + 5),
        _ => return None,
    };
    Some((usize::try_from(count).ok()?, end))
}

/// Where so many pairs of short strings end.
#[inline(never)]
fn pairs_of_texts(region: &[u8], mut at: usize, count: usize) -> Option<usize> {
    for _ in 0..count {
        for head in [0x06, 0x16] {
            let [found, len] = *region.get(at..)?.first_chunk()?;
            if found != head {
                return None;
            }
            at += 2 + usize::from(len);
        }
    }
    Some(at)
}

/// An integer of at most four bytes.
#[inline]
pub(super) const fn quick_int(bytes: &[u8]) -> Option<i32> {
    Some(match *bytes {
        [] => 0,
        [a] => i8::from_be_bytes([a]) as i32,
        [a, b] => i16::from_be_bytes([a, b]) as i32,
        [a, b, c, d] => i32::from_be_bytes([a, b, c, d]),
        _ => return None,
    })
}

/// The integer of at most eight bytes.
pub(super) fn int(bytes: &[u8]) -> i64 {
    let sign = match bytes.first() {
        Some(0x80..) => -1,
        _ => 0,
    };
    bytes
        .iter()
        .fold(sign, |number, byte| number << 8 | i64::from(*byte))
}
