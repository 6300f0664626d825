//! The protocols: frames that differ in a byte, with a length and a record.

use super::*;

use std::cell::Cell;
use std::thread::LocalKey;

use meshwire::record::bitmap::{ASCII_1987, Bitmap};
use meshwire::record::drawn::Drawn;
use meshwire::record::jce::Jce;
use meshwire::record::json::Json;
use meshwire::record::protobuf::Protobuf;
use meshwire::record::tlv::Tlv;
use meshwire::record::xml::Xml;
use meshwire::record::{Encoding, Twice};
use meshwire::{Bytes, Frame, HeaderMap, Len, Record, Text, U24, protocol};

use super::fault::{Breakable, Broken, Entry, entries_of};
use crate::group::Group;

macro_rules! protocols {
    ($($module:ident $over:literal $name:literal $encoding:ty, $value:expr;
        $unusual:expr, $usual:expr;
        $(without($without:path))?
        roles($($role:ident),*)
        $($fault:ident $says:literal)*;
    )*) => {
        $(mod $module {
            use super::*;
            use super::records::$module::Meta;

            /// A call.
            #[derive(Frame, Clone, Debug, PartialEq)]
            #[frame(request)]
            pub(crate) struct Ask {
                #[frame(tag = 1)]
                kind: u8,
                #[frame(len_of = meta)]
                len: Len<u16>,
                #[frame(with = Part, id, $($role),*)]
                meta: Bytes,
            }

            /// The answer to a call.
            #[derive(Frame, Clone, Debug, PartialEq)]
            #[frame(response)]
            pub(crate) struct Answer {
                #[frame(tag = 2)]
                kind: u8,
                #[frame(len_of = meta)]
                len: Len<u16>,
                #[frame(with = Part, id, status, $($role),*)]
                meta: Bytes,
            }

            #[protocol(name = $name, frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
            pub(crate) struct Spoken;

            type Part = Broken<Meta>;

            thread_local! {
                static HOOKS: Cell<&'static Hooks<Spoken>> = const { Cell::new(&Hooks::HONEST) };
            }

            impl Base for Spoken {
                fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
                    &HOOKS
                }
            }

            impl Breakable for Meta {
                const UNUSUAL: (&'static [u8], &'static [u8]) = ($unusual, $usual);
                const LAST_COUNTS: bool =
                    matches!(<$encoding as Encoding>::RULES.twice, Twice::Merge);

                fn fault() -> Fault {
                    HOOKS.get().part
                }

                fn entries(region: &[u8]) -> Option<Vec<Entry>> {
                    let encoding: $encoding = $value;
                    entries_of::<Meta, _>(encoding, region)
                }

                $(fn without(region: &[u8], unknown: &[Entry]) -> Option<Vec<u8>> {
                    $without(region, unknown)
                })?
            }

            static SABOTEURS: &[Saboteur<Spoken>] = &[$(broken(Fault::$fault, $says)),*];

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
    protobuf "a record of protocol buffers" "x-protobuf-record" Protobuf, Protobuf;
        b"\x1a\x83\0pay", b"\x1a\x03pay";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        LeavesOne "is lost or changed"
        Sorts "they differ from byte"
        Respells "and back"
        Moves "they differ from byte"
        Swallows "cut at"
        Panics "every entry is whole"
        Recurses "the stack has ended"
        Counts "bytes at once"
        Misnames "names no field";
    tlv "a record of tags, lengths and values" "x-tlv-record" Tlv<u8, u8>, Tlv::new();
        b"", b"";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        LeavesOne "is lost or changed"
        Sorts "they differ from byte"
        Moves "they differ from byte"
        Swallows "cut at"
        Panics "every entry is whole"
        Counts "bytes at once"
        Misnames "names no field";
    json "a record in JSON" "x-json-record" Json, Json;
        b"p\\u0061y", b"pay";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        Sorts "they differ from byte"
        Respells "and back"
        Moves "they differ from byte"
        Swallows "cut at"
        Panics "every entry is whole"
        Recurses "the stack has ended"
        Counts "bytes at once"
        Misnames "names no field";
    xml "a record in XML" "x-xml-record" Xml, Xml::new("Call");
        b"p&#97;y", b"pay";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        Sorts "they differ from byte"
        Respells "and back"
        Moves "they differ from byte"
        Swallows "cut at"
        Panics "every entry is whole"
        Recurses "the stack has ended"
        Counts "bytes at once"
        Misnames "names no field";
    jce "a record of JCE" "x-jce-record" Jce, Jce;
        b"\x37\0\0\0\x03pay", b"\x36\x03pay";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        Respells "and back"
        Swallows "cut at"
        Panics "every entry is whole"
        Recurses "the stack has ended"
        Counts "bytes at once"
        Misnames "names no field";
    bitmap "a record with a bitmap" "x-bitmap-record" Bitmap, Bitmap::new(&ASCII_1987);
        b"00a0", b"00A0";
        without(without_elements)
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        Respells "and back"
        Swallows "cut at"
        Panics "every entry is whole"
        Counts "bytes at once"
        Misnames "names no field";
    drawn "a record of drawn entries" "x-drawn-record" Drawn<records::drawn::Avp>, Drawn::new();
        b"pay\xee", b"pay\0";
        roles(headers)
        None "owned frame and view differ"
        LosesUnknown "is lost or changed"
        LeavesOne "is lost or changed"
        Sorts "they differ from byte"
        Respells "and back"
        Moves "they differ from byte"
        Swallows "cut at"
        Panics "every entry is whole"
        Counts "bytes at once"
        Misnames "names no field";
}

/// A message without elements, and without their bits in its bitmap of 16 digits.
fn without_elements(region: &[u8], unknown: &[Entry]) -> Option<Vec<u8>> {
    const DIGITS: usize = 16;
    let (bitmap, _) = region.split_at_checked(DIGITS)?;
    let bits = u64::from_str_radix(str::from_utf8(bitmap).ok()?, 16).ok()?;
    let listed = (0..64).filter(|bit| bits >> (63 - bit) & 1 == 1);
    let entries = entries_of::<records::bitmap::Meta, _>(Bitmap::new(&ASCII_1987), region)?;
    let (mut left, mut elements) = (bits, Vec::new());
    for (bit, entry) in listed.zip(&entries) {
        if unknown.iter().any(|other| other.range == entry.range) {
            left &= !(1 << (63 - bit));
        } else {
            elements.extend_from_slice(&region[entry.range.clone()]);
        }
    }
    Some([format!("{left:016x}").as_bytes(), &elements].concat())
}

/// The records.
mod records {
    use super::*;

    pub(super) mod protobuf {
        use super::*;

        #[derive(Record)]
        #[record(protobuf)]
        pub(crate) struct Meta {
            #[record(1, id)]
            id: u32,
            #[record(2, status)]
            status: Option<i32>,
            #[record(3, header)]
            service: Option<Text>,
            #[record(4)]
            route: Option<Route>,
            #[record(5, headers)]
            fields: HeaderMap,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record(1, header)]
            zone: Option<Text>,
        }
    }

    pub(super) mod tlv {
        use super::*;

        #[derive(Record)]
        #[record(tlv(tag = u8, len = u8))]
        pub(crate) struct Meta {
            #[record(1, id)]
            id: u32,
            #[record(2, status)]
            status: Option<i16>,
            #[record(3, header)]
            service: Option<Text>,
            #[record(4)]
            route: Option<Route>,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record(1, header)]
            zone: Option<Text>,
        }
    }

    pub(super) mod json {
        use super::*;

        #[derive(Record)]
        #[record(json)]
        pub(crate) struct Meta {
            #[record(id)]
            id: u32,
            #[record(status)]
            status: Option<i32>,
            #[record(header)]
            service: Option<Text>,
            #[record("route")]
            route: Option<Route>,
            #[record(headers)]
            fields: HeaderMap,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record(header)]
            zone: Option<Text>,
        }
    }

    pub(super) mod xml {
        use super::*;

        #[derive(Record)]
        #[record(xml("Call"))]
        pub(crate) struct Meta {
            #[record("Ref", id, required)]
            id: u32,
            #[record("Status", status)]
            status: Option<i32>,
            #[record("Service", header)]
            service: Option<Text>,
            #[record("Route")]
            route: Option<Route>,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record("Zone", header)]
            zone: Option<Text>,
        }
    }

    pub(super) mod jce {
        use super::*;

        #[derive(Record)]
        #[record(jce)]
        pub(crate) struct Meta {
            #[record(1, id, required)]
            id: i32,
            #[record(2, status)]
            status: Option<i32>,
            #[record(3, header)]
            service: Option<Text>,
            #[record(4)]
            route: Option<Route>,
            #[record(5, headers)]
            fields: HeaderMap,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record(1, header)]
            zone: Option<Text>,
        }
    }

    pub(super) mod bitmap {
        use super::*;

        #[derive(Record)]
        #[record(bitmap(ASCII_1987))]
        pub(crate) struct Meta {
            #[record(3, header)]
            service: Option<Text>,
            #[record(11, id, required)]
            id: u32,
            #[record(39, status(other = -1))]
            status: u8,
            #[record(41, header)]
            terminal: Option<Text>,
        }
    }

    pub(super) mod drawn {
        use super::*;

        #[derive(Frame)]
        #[frame(entry, pad = 4)]
        pub(crate) struct Avp {
            #[frame(key)]
            code: u16,
            #[frame(bits = 1, default = 1)]
            mandatory: u8,
            #[frame(bits = 7)]
            others: u8,
            #[frame(len_of = ..)]
            length: Len<U24>,
            #[frame(value)]
            data: Bytes,
        }

        #[derive(Record)]
        #[record(entry = Avp)]
        pub(crate) struct Meta {
            #[record(1, id)]
            id: u16,
            #[record(2, status)]
            status: Option<i16>,
            #[record(3, header)]
            service: Option<Text>,
            #[record(4)]
            route: Option<Route>,
        }

        #[derive(Record)]
        pub(crate) struct Route {
            #[record(1, header)]
            zone: Option<Text>,
        }
    }
}
