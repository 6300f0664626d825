//! Records: regions whose fields have keys instead of places.
//!
//! `#[derive(Record)]` makes a table of a struct: which keys there are, what they hold and what that means to a host
//! (see the [attribute reference](crate::attributes#records)). An [`Encoding`] finds entries in a region, and writes
//! them. What is here does the rest for any table in any encoding: metadata, headers, edits and templates.
//!
//! A region is read in place. An entry that is not changed stays byte for byte, whatever its spelling, and so do
//! entries that the table does not know.
//!
//! # An encoding of your own
//!
//! Any value of a type with [`Encoding`] can be the encoding of a record. This one is that of `name=value;`:
//!
//! ```
//! use core::ops::Range;
//!
//! use meshwire::record::{Encoding, Entry, Fault, Form, Key, Keys, Pair, Result, Row, Rules, Ty, Value};
//! use meshwire::wire::{Reason, decimal};
//! use meshwire::{Bytes, Command, Edits, Frame, Len, Record, Text, View};
//!
//! #[derive(Clone, Copy)]
//! struct Semicolons;
//!
//! impl Encoding for Semicolons {
//!     type Key<'r> = &'r [u8];
//!     /// The region up to the end of the record, and where the next entry starts.
//!     type Walk<'r> = (&'r [u8], usize);
//!     const RULES: Rules = Rules { keys: Keys::Names, ..Rules::PLAIN };
//!
//!     fn open<'r>(self, region: &'r [u8], range: Range<usize>) -> Result<Self::Walk<'r>> {
//!         Ok((&region[..range.end], range.start))
//!     }
//!
//!     fn at(self, walk: &Self::Walk<'_>) -> usize {
//!         walk.1
//!     }
//!
//!     fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<&'r [u8]>>> {
//!         let (region, start) = *walk;
//!         let rest = &region[start..];
//!         if rest.is_empty() {
//!             return Ok(None);
//!         }
//!         let find = |byte| rest.iter().position(|other| *other == byte);
//!         let (Some(equals), Some(end)) = (find(b'='), find(b';')) else {
//!             return Err(Fault::new(start, Reason::Syntax));
//!         };
//!         if end < equals {
//!             return Err(Fault::new(start, Reason::Syntax));
//!         }
//!         walk.1 = start + end + 1;
//!         let value = start + equals + 1;
//!         Ok(Some(Entry::new(&rest[..equals], Form::Text, start, value, walk.1)))
//!     }
//!
//!     fn is(self, key: &[u8], row: &Row) -> bool {
//!         matches!(row.key, Key::Name(name) if name.as_bytes() == key)
//!     }
//!
//!     fn holds(self, _: Form, ty: &Ty) -> bool {
//!         matches!(ty, Ty::Int { .. } | Ty::Text)
//!     }
//!
//!     fn int(self, region: &[u8], entry: &Entry<&[u8]>, _: &Ty) -> Result<u64> {
//!         let value = entry.value();
//!         let number = decimal::read(&region[value.start..value.end - 1]);
//!         let number = number.ok_or_else(|| Fault::new(value.start, Reason::Syntax))?;
//!         Ok(number as u64)
//!     }
//!
//!     fn text<'s>(
//!         self,
//!         region: &'s [u8],
//!         entry: &Entry<&[u8]>,
//!         _: &'s mut Vec<u8>,
//!     ) -> Result<&'s [u8]> {
//!         let value = entry.value();
//!         Ok(&region[value.start..value.end - 1])
//!     }
//!
//!     fn pair<'r: 's, 's>(
//!         self,
//!         _: &'r [u8],
//!         _: &Entry<&'r [u8]>,
//!         _: &'s mut Vec<u8>,
//!     ) -> Result<Option<Pair<'s>>> {
//!         Ok(None)
//!     }
//!
//!     fn put(
//!         self,
//!         row: &Row,
//!         value: Value<'_>,
//!         _: Option<&Entry<&[u8]>>,
//!         out: &mut Vec<u8>,
//!     ) -> Result<()> {
//!         let Key::Name(name) = row.key else {
//!             return Err(Fault::new(0, Reason::NoPlace));
//!         };
//!         out.extend_from_slice(name.as_bytes());
//!         out.push(b'=');
//!         match value {
//!             Value::Int(number) => decimal::write(number as i64, out),
//!             Value::Bytes(text) if text.contains(&b';') => {
//!                 return Err(Fault::new(0, Reason::Separator));
//!             }
//!             Value::Bytes(text) => out.extend_from_slice(text),
//!             _ => return Err(Fault::new(0, Reason::NoPlace)),
//!         }
//!         out.push(b';');
//!         Ok(())
//!     }
//! }
//!
//! #[derive(Record)]
//! #[record(encoding = Semicolons, request)]
//! struct Fields {
//!     #[record(id)]
//!     seq: u32,
//!     #[record("svc", header = "service")]
//!     service: Text,
//! }
//!
//! #[derive(Frame)]
//! struct Call {
//!     #[frame(len_of = fields)]
//!     len: Len<u16>,
//!     #[frame(with = Fields, kind, id, headers)]
//!     fields: Bytes,
//! }
//!
//! let call = Call::parse(b"\0\x13seq=7;new=;svc=pay;").frame().unwrap();
//! assert_eq!(call.id(), 7);
//! assert_eq!(call.header_map().unwrap().get("service"), Some(&b"pay"[..]));
//! let mut out = Vec::new();
//! call.rewrite(&Edits::id(12), &mut out).unwrap();
//! assert_eq!(out, b"\0\x14seq=12;new=;svc=pay;");
//! ```

pub mod bitmap;
mod case;
pub mod drawn;
mod edit;
mod encoding;
#[cfg(not(target_family = "wasm"))]
mod entries;
pub mod fastjson2;
mod fault;
mod features;
mod field;
mod fill;
mod fits;
mod found;
mod headers;
pub mod hessian2;
pub mod jce;
pub mod json;
mod metadata;
mod owned;
#[cfg(not(target_family = "wasm"))]
mod path;
pub mod protobuf;
mod replace;
mod rewrite;
mod roles;
mod row;
mod scan;
mod sign;
mod table;
mod template;
pub mod tlv;
mod typed;
pub mod values;
mod variants;
mod words;
mod written;
pub mod xml;

pub use crate::command::Located;
pub use encoding::{
    Encoding, Entry, Form, KeyChanges, Keys, Maps, Mistyped, Nesting, Order, Pair, Rules, Twice,
    Value,
};
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub use entries::{declared, entries};
pub use fault::{Fault, Result};
pub use features::{Features, Fitted};
pub use field::{Record, RecordField};
pub use fits::{fits, rules_of};
pub use headers::headers;
pub use metadata::{glance, glance_as, locate, locate_of_several, timeout};
pub use owned::OwnedRecord;
#[doc(hidden)]
pub use owned::{Bits, Fields, Held, Unwritten, read_owned, read_owned_of_several, write_owned};
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub use path::{key_at, path};
pub use replace::replace_id;
pub use rewrite::rewrite;
pub use roles::Role;
pub use scan::Scanned;
pub use table::{Absent, Case, Condition, Default, Key, Row, Table, Test, Ty, place_of, placed};
pub use template::{answer, repeated, template};
