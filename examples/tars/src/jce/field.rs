//! Fields, and the simple values in them.

use std::ops::Range;

use meshwire::frame::FormatError;
use meshwire::wire::Reason;

/// What the value of a field is, by the number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Type {
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
    const fn of(number: u8) -> Option<Self> {
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

/// A field in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'r> {
    region: &'r [u8],
    /// Its number in the struct.
    pub tag: u8,
    /// The type of its value.
    pub ty: Type,
    /// Where it begins.
    pub start: usize,
    /// Where its value begins: after the type.
    value: usize,
    /// Where it ends.
    pub end: usize,
}

impl<'r> Field<'r> {
    /// All bytes of the field.
    pub fn bytes(&self) -> &'r [u8] {
        self.region.get(self.start..self.end).unwrap_or_default()
    }

    /// The value as an integer of up to four bytes.
    pub fn int(&self) -> Result<i32, FormatError> {
        match self.reader().int(self.ty)? {
            Some(int) => Ok(int),
            None => Err(self.wrong_type()),
        }
    }

    /// The value as a string; any bytes.
    pub fn string(&self) -> Result<&'r [u8], FormatError> {
        let len = match self.ty {
            Type::String1 => 1,
            Type::String4 => 4,
            _ => return Err(self.wrong_type()),
        };
        let text = self.region.get(self.value + len..self.end);
        Ok(text.unwrap_or_default())
    }

    /// Where the bytes of a simple list are.
    pub fn simple_list(&self) -> Result<Range<usize>, FormatError> {
        if self.ty != Type::SimpleList {
            return Err(self.wrong_type());
        }
        let mut reader = self.reader();
        reader.simple_list_len()?;
        Ok(reader.at..self.end)
    }

    /// The bytes of the field before a place in it.
    pub(super) fn before(&self, place: usize) -> &'r [u8] {
        self.region.get(self.start..place).unwrap_or_default()
    }

    /// A place at the start of the value.
    pub(super) const fn reader(&self) -> Reader<'r> {
        Reader {
            region: self.region,
            at: self.value,
        }
    }

    /// What to say if the field is after one with a higher tag, or the same.
    pub const fn out_of_order(&self) -> FormatError {
        FormatError {
            offset: self.start,
            reason: Reason::Syntax,
        }
    }

    /// What to say if the value should be of another type.
    pub fn wrong_type(&self) -> FormatError {
        unknown(self.ty as u8, self.start)
    }
}

/// The fields of a struct, in their order. After an error there is none.
#[derive(Clone, Debug)]
pub struct Fields<'r> {
    reader: Reader<'r>,
}

impl<'r> Fields<'r> {
    /// The fields of the struct that a region is.
    pub const fn new(region: &'r [u8]) -> Self {
        let reader = Reader { region, at: 0 };
        Self { reader }
    }
}

impl<'r> Iterator for Fields<'r> {
    type Item = Result<Field<'r>, FormatError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.rest().is_empty() {
            return None;
        }
        let field = self.reader.field();
        if field.is_err() {
            self.reader.at = self.reader.region.len();
        }
        Some(field)
    }
}

/// A place in a region.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader<'r> {
    pub(super) region: &'r [u8],
    pub(super) at: usize,
}

impl<'r> Reader<'r> {
    /// The next field; its value is passed over.
    #[inline]
    pub(super) fn field(&mut self) -> Result<Field<'r>, FormatError> {
        let start = self.at;
        let (tag, ty) = self.head()?;
        let value = self.at;
        if ty == Type::StructEnd {
            return Err(unknown(ty as u8, start));
        }
        self.skip_value(ty)?;
        Ok(Field {
            region: self.region,
            tag,
            ty,
            start,
            value,
            end: self.at,
        })
    }

    /// The tag and the type at the front of a field.
    #[inline]
    pub(super) fn head(&mut self) -> Result<(u8, Type), FormatError> {
        const TAG_FOLLOWS: u8 = 15;
        let offset = self.at;
        let [head] = self.array()?;
        let mut tag = head >> 4;
        if tag == TAG_FOLLOWS {
            [tag] = self.array()?;
        }
        let number = head & 0x0f;
        let ty = Type::of(number).ok_or_else(|| unknown(number, offset))?;
        Ok((tag, ty))
    }

    /// The integer of a type of up to four bytes; `None` if the type is another one.
    fn int(&mut self, ty: Type) -> Result<Option<i32>, FormatError> {
        Ok(Some(match ty {
            Type::Zero => 0,
            Type::I8 => i32::from(i8::from_be_bytes(self.array()?)),
            Type::I16 => i32::from(i16::from_be_bytes(self.array()?)),
            Type::I32 => i32::from_be_bytes(self.array()?),
            _ => return Ok(None),
        }))
    }

    /// The integer at the front of a value that says how much there is in it.
    pub(super) fn count(&mut self) -> Result<u32, FormatError> {
        let offset = self.at;
        let (tag, ty) = self.head()?;
        let count = match self.int(ty)? {
            Some(count) if tag == 0 => count,
            Some(_) => return Err(unknown(tag, offset)),
            None => return Err(unknown(ty as u8, offset)),
        };
        u32::try_from(count).map_err(|_| FormatError {
            offset,
            reason: Reason::NegativeLength,
        })
    }

    /// The front of a simple list, after its own type: that of its elements, and how many there are.
    pub(super) fn simple_list_len(&mut self) -> Result<usize, FormatError> {
        let offset = self.at;
        match self.head()? {
            (0, Type::I8) => Ok(self.count()? as usize),
            (_, other) => Err(unknown(other as u8, offset)),
        }
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        match self.rest().first_chunk() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.overrun(N)),
        }
    }

    /// Passes over so many bytes.
    #[inline]
    pub(super) fn pass(&mut self, bytes: usize) -> Result<(), FormatError> {
        if bytes > self.rest().len() {
            return Err(self.overrun(bytes));
        }
        self.at += bytes;
        Ok(())
    }

    #[inline]
    fn rest(&self) -> &'r [u8] {
        self.region.get(self.at..).unwrap_or_default()
    }

    #[cold]
    fn overrun(&self, wanted: usize) -> FormatError {
        FormatError {
            offset: self.at,
            reason: Reason::Overrun {
                wanted: wanted as u64,
                got: self.rest().len() as u64,
            },
        }
    }
}

/// The error of a type, or a tag, that is not valid here.
#[cold]
pub(super) fn unknown(got: u8, offset: usize) -> FormatError {
    FormatError {
        offset,
        reason: Reason::UnknownValue {
            got: u64::from(got),
        },
    }
}
