//! Saboteurs over maps of values in the two serializations of dubbo, whose entries of two strings are headers.
//!
//! One that moves what it edits is missing: the headers of a part are the same in any order of their names, and a map
//! has no id or status, by which a record is found to have moved.

use std::cell::Cell;
use std::thread::LocalKey;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::record::values::{Cursor, MapValue, Pairs, Serialization};
use meshwire::wire::Reason;
use meshwire::{Bytes, Frame, Len, protocol, record};

use super::broken;
use super::fault::{Breakable, Broken, Entry, Fault};
use crate::group::{Failures, Group, Row, Saboteur};
use crate::wrapper::{Base, Hooks};

macro_rules! protocols {
    ($($module:ident $over:literal $name:literal $serialization:expr, $next:ident;
        $unusual:expr, $usual:expr;
    )*) => {
        $(mod $module {
            use super::*;

            /// A call.
            #[derive(Frame, Clone, Debug, PartialEq)]
            #[frame(request)]
            pub(crate) struct Ask {
                #[frame(tag = 1)]
                kind: u8,
                #[frame(id)]
                id: u16,
                #[frame(len_of = fields)]
                len: Len<u16>,
                #[frame(with = Part, headers)]
                fields: Bytes,
            }

            /// The answer to a call.
            #[derive(Frame, Clone, Debug, PartialEq)]
            #[frame(response)]
            pub(crate) struct Answer {
                #[frame(tag = 2)]
                kind: u8,
                #[frame(id)]
                id: u16,
                #[frame(status)]
                status: u8,
                #[frame(len_of = fields)]
                len: Len<u16>,
                #[frame(with = Part, headers)]
                fields: Bytes,
            }

            #[protocol(name = $name, frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
            pub(crate) struct Spoken;

            type Part = Broken<Fields>;

            thread_local! {
                static HOOKS: Cell<&'static Hooks<Spoken>> = const { Cell::new(&Hooks::HONEST) };
            }

            impl Base for Spoken {
                fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
                    &HOOKS
                }
            }

            /// A map of values.
            pub(crate) struct Fields;

            impl PayloadCodec for Fields {
                type Inputs = ();

                fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
                    map(region, $serialization).map(|_| PayloadMetadata::default())
                }

                fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
                    map(region, $serialization)?.write_headers(out);
                    Ok(())
                }

                fn rewrite(
                    region: &[u8],
                    (): (),
                    changes: &MetadataEdits<'_>,
                    out: &mut Vec<u8>,
                ) -> Result<(), FormatError> {
                    let map = map(region, $serialization)?;
                    let Some(headers) = changes.headers else {
                        out.extend_from_slice(region);
                        return Ok(());
                    };
                    let pairs: Pairs<'_> = headers.iter().collect();
                    map.rewrite(&pairs, out).map(drop)
                }

                fn template(_: Template, (): ()) -> Option<Vec<u8>> {
                    Some(empty($serialization).to_vec())
                }
            }

            impl Breakable for Fields {
                const UNUSUAL: (&'static [u8], &'static [u8]) = ($unusual, $usual);

                fn fault() -> Fault {
                    HOOKS.get().part
                }

                fn entries(region: &[u8]) -> Option<Vec<Entry>> {
                    entries(region, $serialization, $next)
                }

                fn sealed(region: Vec<u8>) -> Vec<u8> {
                    sealed(region, $serialization)
                }
            }

            static SABOTEURS: &[Saboteur<Spoken>] = &[
                broken(Fault::None, "owned frame and view differ"),
                broken(Fault::LosesUnknown, "is lost or changed"),
                broken(Fault::LeavesOne, "is lost or changed"),
                broken(Fault::Sorts, "they differ from byte"),
                broken(Fault::Respells, "and back"),
                broken(Fault::Swallows, "cut at"),
                broken(Fault::Panics, "every entry is whole"),
                broken(Fault::Recurses, "the stack has ended"),
                broken(Fault::Counts, "bytes at once"),
            ];

            pub(super) const GROUP: Group<Spoken> = Group {
                over: $over,
                vectors: concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/tests/sabotage/vectors/records/",
                    stringify!($module)
                ),
                saboteurs: &[SABOTEURS],
            };
        })*

        pub(crate) fn rows() -> Vec<Row> {
            let groups = [$($module::GROUP.rows()),*];
            groups.into_iter().flatten().collect()
        }

        /// What the suite says of the codecs as they are.
        pub(crate) fn honest() -> Vec<Failures> {
            vec![$($module::GROUP.honest()),*]
        }
    };
}

protocols! {
    hessian2 "a map in hessian2" "x-hessian2-map" Serialization::Hessian2, next_of_hessian2;
        b"S\0\x02eu", b"\x02eu";
    fastjson2 "a map in fastjson2" "x-fastjson2-map" Serialization::Fastjson2, next_of_fastjson2;
        b"\x79\x02eu", b"\x4beu";
}

/// The map that a region is.
fn map(region: &[u8], serialization: Serialization) -> Result<MapValue<'_>, FormatError> {
    let mut values = Cursor::new(serialization, region);
    let map = MapValue::find(values.clone()).filter(MapValue::is_whole);
    let whole = values.value(Cursor::skip).is_some() && values.is_at_end() && !region.is_empty();
    map.filter(|_| whole).ok_or(FormatError {
        offset: 0,
        reason: Reason::Missing,
    })
}

/// A map of nothing.
const fn empty(serialization: Serialization) -> &'static [u8] {
    match serialization {
        Serialization::Hessian2 => b"HZ",
        Serialization::Fastjson2 => b"\0\0\0\x02\xa6\xa5",
    }
}

/// Bytes before a map: the length that a value of fastjson2 has, and what it begins with.
const fn front(serialization: Serialization) -> usize {
    match serialization {
        Serialization::Hessian2 => 1,
        Serialization::Fastjson2 => 5,
    }
}

/// A key and a value from there on: where they end, the key, and whether both are strings.
type Next = fn(&[u8], usize) -> Option<(usize, Vec<u8>, bool)>;

/// The entries of a map. What is known of one is its key.
fn entries(region: &[u8], serialization: Serialization, next: Next) -> Option<Vec<Entry>> {
    let (mut at, end) = (front(serialization), region.len().checked_sub(1)?);
    let mut keys = Vec::new();
    let mut entries = Vec::new();
    while at < end {
        let (next, key, known) = next(region, at)?;
        let row = keys.iter().position(|found| *found == key);
        let row = row.unwrap_or_else(|| {
            keys.push(key);
            keys.len() - 1
        });
        entries.push(Entry {
            range: at..next,
            row: Some(row),
            known,
        });
        at = next;
    }
    Some(entries)
}

fn next_of_hessian2(region: &[u8], at: usize) -> Option<(usize, Vec<u8>, bool)> {
    let mut reader = record::hessian2::Reader::at(region, at);
    let key = reader.string().ok()?.into_owned();
    let known = reader.is_string();
    reader
        .skip(&mut record::hessian2::Classes::default())
        .ok()?;
    Some((reader.position(), key, known))
}

fn next_of_fastjson2(region: &[u8], at: usize) -> Option<(usize, Vec<u8>, bool)> {
    let mut reader = record::fastjson2::Reader::at(region, at);
    let key = reader.string().ok()?.into_owned();
    let known = reader.is_string();
    reader.skip().ok()?;
    Some((reader.position(), key, known))
}

/// A region with the length of its value.
fn sealed(mut region: Vec<u8>, serialization: Serialization) -> Vec<u8> {
    if serialization == Serialization::Fastjson2 {
        let len = u32::try_from(region.len().saturating_sub(4)).unwrap_or(u32::MAX);
        if let Some(front) = region.first_chunk_mut() {
            *front = len.to_be_bytes();
        }
    }
    region
}
