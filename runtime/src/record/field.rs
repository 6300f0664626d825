//! What fields of records are made of.

use bytes::Bytes;

use super::owned::Held;
use super::table::{Table, Ty};
use crate::frame::{HeaderMap, Text};

/// A struct with `#[derive(Record)]`.
pub trait Record {
    /// Its fields.
    const TABLE: &'static Table;
}

/// A type that a field of a record can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a record",
    label = "not a type of a field",
    note = "use an integer, `bool`, `Text`, `Bytes`, `HeaderMap`, `Vec<Text>`, a struct with `#[derive(Record)]`, or an `Option` of one"
)]
pub trait RecordField {
    /// What it holds.
    const TY: Ty;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;

    /// A value of what a record holds, by its type.
    #[doc(hidden)]
    fn from_held(held: Held) -> Self
    where
        Self: Sized;

    /// What a record holds that has this value.
    #[doc(hidden)]
    fn held(&self) -> Held;
}

impl<T: RecordField> RecordField for Option<T> {
    const TY: Ty = T::TY;
    const OPTIONAL: bool = true;

    fn from_held(held: Held) -> Self {
        match held {
            Held::Absent => None,
            held => Some(T::from_held(held)),
        }
    }

    fn held(&self) -> Held {
        self.as_ref().map_or(Held::Absent, T::held)
    }
}

macro_rules! ints {
    ($($ty:ty, $bits:literal, $signed:literal, $into:ident, $held:expr;)*) => {
        $(impl RecordField for $ty {
            const TY: Ty = Ty::Int { bits: $bits, signed: $signed };

            // An integer of more bits is none of this type; the encoding has refused it.
            fn from_held(held: Held) -> Self {
                Self::try_from(held.$into()).unwrap_or_default()
            }

            fn held(&self) -> Held {
                $held((*self).into())
            }
        })*
    };
}

ints! {
    u8, 8, false, into_int, Held::Int;
    u16, 16, false, into_int, Held::Int;
    u32, 32, false, into_int, Held::Int;
    u64, 64, false, into_int, Held::Int;
    i8, 8, true, into_signed, Held::of_signed;
    i16, 16, true, into_signed, Held::of_signed;
    i32, 32, true, into_signed, Held::of_signed;
    i64, 64, true, into_signed, Held::of_signed;
}

impl RecordField for bool {
    const TY: Ty = Ty::Int {
        bits: 1,
        signed: false,
    };

    fn from_held(held: Held) -> Self {
        held.into_int() != 0
    }

    fn held(&self) -> Held {
        Held::Int((*self).into())
    }
}

impl RecordField for Text {
    const TY: Ty = Ty::Text;

    fn from_held(held: Held) -> Self {
        Bytes::from_held(held).into()
    }

    fn held(&self) -> Held {
        Held::Bytes(Bytes::copy_from_slice(self.as_bytes()))
    }
}

impl RecordField for Bytes {
    const TY: Ty = Ty::Bytes;

    fn from_held(held: Held) -> Self {
        match held {
            Held::Bytes(bytes) => bytes,
            _ => Self::new(),
        }
    }

    fn held(&self) -> Held {
        Held::Bytes(self.clone())
    }
}

impl RecordField for Vec<Text> {
    const TY: Ty = Ty::Texts;
    const OPTIONAL: bool = true;

    fn from_held(held: Held) -> Self {
        match held {
            Held::Texts(texts) => texts.into_iter().map(Text::from).collect(),
            _ => Self::new(),
        }
    }

    fn held(&self) -> Held {
        let texts = self.iter().map(Text::as_bytes);
        Held::Texts(texts.map(Bytes::copy_from_slice).collect())
    }
}

impl RecordField for HeaderMap {
    const TY: Ty = Ty::Map;

    fn from_held(held: Held) -> Self {
        match held {
            Held::Map(map) => map,
            _ => Self::new(),
        }
    }

    fn held(&self) -> Held {
        Held::Map(self.clone())
    }
}
