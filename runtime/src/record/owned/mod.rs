//! Records as values: read from a region and written to one without a frame.

mod held;
mod read;
mod write;

use bytes::Bytes;

use super::fault::Fault;
use super::field::Record;
use crate::command::PayloadCodec;
use crate::wire::{Endian, Error, Slot, shared};
pub use held::{Bits, Fields, Held};
pub use read::{read_owned, read_owned_of_several};
pub use write::{Unwritten, write_owned};

/// A record as a value of its struct, or of an enum of structs: for tests, and for payloads that are made without a frame.
/// `#[derive(Record)]` implements it for records that say how they are encoded.
///
/// A frame keeps the region as it came, and an edit changes only what is another value. A value of the struct does not:
/// what its record does not declare is not in it, and it is written anew, in the order of the declaration.
///
/// ```
/// use meshwire::{OwnedRecord, Record, Text};
///
/// #[derive(Record, Clone, Debug, PartialEq)]
/// #[record(protobuf, response(outcome), request)]
/// struct Meta {
///     #[record(1, id)]
///     id: u64,
///     #[record(3)]
///     outcome: Option<Outcome>,
/// }
///
/// #[derive(Record, Clone, Debug, PartialEq)]
/// struct Outcome {
///     #[record(1, status)]
///     code: i32,
///     #[record(2, header, reason)]
///     text: Option<Text>,
/// }
///
/// let meta = Meta::from_bytes(b"\x08\x07\x1a\x02\x08\x05").unwrap();
/// let outcome = Outcome { code: 5, text: None };
/// assert_eq!(meta, Meta { id: 7, outcome: Some(outcome) });
/// assert_eq!(meta.to_bytes().unwrap(), b"\x08\x07\x1a\x02\x08\x05"[..]);
///
/// let error = Meta::from_bytes(b"\x08\x07\x1a\x02\x08").unwrap_err();
/// assert_eq!(error.to_string(), "Meta.outcome at byte 2: 2 bytes announced, 1 left in the region");
/// ```
pub trait OwnedRecord: PayloadCodec + Record + Sized {
    /// The value of a region; a generated function.
    #[doc(hidden)]
    fn read(region: &[u8]) -> super::Result<Self>;

    /// Appends a region with this value; a generated function.
    #[doc(hidden)]
    fn write(&self, out: &mut Vec<u8>) -> Result<(), Unwritten>;

    /// The value of a region. All of it is read, records inside it too; a field that is absent has its default.
    ///
    /// # Errors
    /// If the region is malformed. The error has the path of the entry that is wrong, and its byte.
    fn from_bytes(region: &[u8]) -> Result<Self, Error> {
        Self::read(region).map_err(|fault| {
            let slot = slot::<Self>();
            let error = fault.into_error();
            let found = Error::new(slot, error.offset, error.reason);
            #[cfg(not(target_family = "wasm"))]
            let found = found.in_region(region, error.offset);
            found
        })
    }

    /// A region with this value: its entries in the order of their declaration, without those that are `None`.
    ///
    /// # Errors
    /// If the encoding has no such value: a text that is not UTF-8 in protocol buffers, a number with too many digits for
    /// its element, a pair in a map with the name of a field. The error has the path of the field.
    fn to_bytes(&self) -> Result<Bytes, Error> {
        let mut out = Vec::new();
        match self.write(&mut out) {
            Ok(()) => Ok(shared(out)),
            Err(Unwritten { fault, place }) => {
                let error = Error::new(slot::<Self>(), 0, Fault::into_error(fault).reason);
                #[cfg(not(target_family = "wasm"))]
                let error = error.in_key(place);
                let _ = place;
                Err(error)
            }
        }
    }
}

/// The place of errors: the record itself, which is in no field.
const fn slot<R: PayloadCodec + Record>() -> &'static Slot {
    const { &Slot::first(R::TABLE.name, "", 0, Endian::Big).with_keys(R::KEYS) }
}
