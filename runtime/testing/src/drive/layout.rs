//! The layouts that an artifact describes itself with, in its custom section `meshwire`.

use serde_json::Value;

use meshwire::frame::{
    AsHeader, Condition, Content, Covers, Direction, Field, FieldRole, Layout, MAX_FRAME, Place,
};
use meshwire::wire::Endian;

/// The name of the custom section.
pub const SECTION: &str = "meshwire";

/// What an artifact says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The protocol's name, e.g. `x-bolt`.
    pub protocol: &'static str,
    /// The layouts of its frames.
    pub layouts: &'static [Layout],
}

impl Description {
    /// Reads the description in a module; `None` if the module has none.
    ///
    /// It is read once and kept for as long as the program runs.
    pub fn of_module(wasm: &[u8]) -> Result<Option<Self>, String> {
        section(wasm, SECTION).map(Self::from_json).transpose()
    }

    /// Reads a description; what is wrong with it otherwise.
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| format!("the section `{SECTION}` is not JSON: {error}"))?;
        read(&value).ok_or_else(|| format!("the section `{SECTION}` describes no protocol"))
    }
}

fn read(value: &Value) -> Option<Description> {
    let layouts: Option<Vec<Layout>> = value["frames"].as_array()?.iter().map(layout).collect();
    Some(Description {
        protocol: kept(&value["protocol"])?,
        layouts: layouts?.leak(),
    })
}

fn layout(value: &Value) -> Option<Layout> {
    let fields: Option<Vec<Field>> = value["fields"].as_array()?.iter().map(field).collect();
    let mut fields = fields?;
    let lengths: Vec<&str> = fields.iter().filter_map(length).collect();
    for field in &mut fields {
        let around = field.covers.is_some() && field.role == FieldRole::Plain;
        if around || lengths.contains(&field.name) {
            field.role = FieldRole::Length;
        }
    }
    let direction = match value["role"].as_str()? {
        "request" => Direction::Request,
        "response" => Direction::Response,
        "either" => Direction::Either,
        _ => return None,
    };
    let max = number(&value["max"]).unwrap_or(MAX_FRAME);
    let (frame, fixed) = (kept(&value["name"])?, number(&value["fixed"])?);
    let layout = Layout::new(frame, direction, fixed, max, fields.leak());
    let layout = layout.lean(value["lean"] == true);
    Some(if value["from"] == "server" {
        layout.from_server()
    } else {
        layout
    })
}

/// The length field that a part names.
fn length(part: &Field) -> Option<&'static str> {
    match part.place {
        Place::Part { len } => Some(len),
        _ => None,
    }
}

fn field(value: &Value) -> Option<Field> {
    let (place, more) = match kept(&value[1]) {
        Some(len) => (Place::Part { len }, &value[2]),
        None => (fixed(value)?, &value[3]),
    };
    let bits = |bits: &Value| Some((number(&bits[0])? as u8, number(&bits[1])? as u8));
    let values = numbers(&more["values"]);
    let role = more["role"].as_str().map_or(FieldRole::Plain, role);
    let mut field = Field::plain(kept(&value[0])?, place, role);
    field.values = values;
    field.ranges = ranges(&more["ranges"]);
    field.checked = !values.is_empty()
        || !field.ranges.is_empty()
        || more["checked"].as_bool().unwrap_or(false);
    field.codes = codes(&more["codes"]);
    field.range = range(&more["range"]);
    field.bits = bits(&more["bits"]);
    field.content = more["content"].as_str().map_or(Content::Number, content);
    field.covers = covers(&more["covers"]);
    field.null = more["null"].as_i64();
    field.until = bytes(&more["until"]);
    field.when = conditions(&more["when"]);
    field.header = as_header(more);
    field.payload_roles = roles(&more["payload"]);
    Some(field)
}

fn content(name: &str) -> Content {
    match name {
        "decimal" => Content::Decimal,
        "text" => Content::Text,
        "bytes" => Content::Bytes,
        _ => Content::Number,
    }
}

/// `[[name, code], …]`
fn codes(value: &Value) -> Option<&'static [(&'static str, u64)]> {
    let all = value.as_array()?.iter();
    let all = all.filter_map(|one| Some((kept(&one[0])?, one[1].as_u64()?)));
    Some(all.collect::<Vec<_>>().leak())
}

/// `[[first, last], …]`
fn ranges(value: &Value) -> &'static [(u64, u64)] {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let all = all
        .iter()
        .filter_map(|one| Some((one[0].as_u64()?, one[1].as_u64()?)));
    all.collect::<Vec<_>>().leak()
}

/// `[least, most]`
fn range(value: &Value) -> Option<(i64, i64)> {
    Some((value[0].as_i64()?, value[1].as_i64()?))
}

/// `"header": name`, and `"read_only": true` if it is.
fn as_header(more: &Value) -> Option<AsHeader> {
    let read_only = more["read_only"].as_bool().unwrap_or(false);
    let mut header = AsHeader::new(kept(&more["header"])?, read_only);
    header.hex = more["as"] == "hex";
    Some(header)
}

fn roles(value: &Value) -> &'static [FieldRole] {
    let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let roles = names.iter().filter_map(Value::as_str).map(role);
    roles.collect::<Vec<_>>().leak()
}

/// `[first, last, unit]`
fn covers(value: &Value) -> Option<Covers> {
    let (first, last) = (kept(&value[0])?, kept(&value[1])?);
    Some(Covers::new(first, last, number(&value[2])?))
}

/// `[[field, [value, …]], …]`
fn conditions(value: &Value) -> &'static [Condition] {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let all = all
        .iter()
        .filter_map(|one| Some(Condition::new(kept(&one[0])?, numbers(&one[1]))));
    all.collect::<Vec<_>>().leak()
}

fn bytes(value: &Value) -> &'static [u8] {
    let bytes = numbers(value).iter();
    let bytes = bytes.filter_map(|byte| u8::try_from(*byte).ok());
    bytes.collect::<Vec<_>>().leak()
}

fn numbers(value: &Value) -> &'static [u64] {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .filter_map(Value::as_u64)
        .collect::<Vec<_>>()
        .leak()
}

/// `[name, at, size, {…}]`, of a varint too.
fn fixed(value: &Value) -> Option<Place> {
    let (at, size) = (number(&value[1])?, number(&value[2])?);
    if let Some(sign) = value[3]["varint"].as_str() {
        let zigzag = sign == "zigzag";
        return Some(Place::Varint { size, zigzag });
    }
    let endian = match value[3]["endian"].as_str() {
        None | Some("big") => Endian::Big,
        Some("little") => Endian::Little,
        Some(_) => return None,
    };
    Some(match number(&value[3]["run"]) {
        None => Place::Fixed { at, size, endian },
        Some(run) => Place::Later {
            run,
            at,
            size,
            endian,
        },
    })
}

/// A role of a later version is nothing that this one knows of.
fn role(name: &str) -> FieldRole {
    const ROLES: [FieldRole; 11] = [
        FieldRole::Magic,
        FieldRole::Tag,
        FieldRole::Id,
        FieldRole::Timeout,
        FieldRole::Status,
        FieldRole::TimeoutOrStatus,
        FieldRole::Headers,
        FieldRole::Body,
        FieldRole::Checksum,
        FieldRole::IdCopy,
        FieldRole::Payload,
    ];
    let role = ROLES.into_iter().find(|role| role.name() == name);
    role.unwrap_or(FieldRole::Plain)
}

fn kept(value: &Value) -> Option<&'static str> {
    Some(value.as_str()?.to_owned().leak())
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64()?.try_into().ok()
}

/// The first custom section of this name in a module.
fn section<'w>(wasm: &'w [u8], name: &str) -> Option<&'w [u8]> {
    let mut rest = wasm.strip_prefix(b"\0asm\x01\0\0\0")?;
    loop {
        let (kind, after) = rest.split_first()?;
        let (size, after) = leb128(after)?;
        let (content, after) = after.split_at_checked(size)?;
        if *kind == 0 {
            let (length, content) = leb128(content)?;
            let (found, content) = content.split_at_checked(length)?;
            if found == name.as_bytes() {
                return Some(content);
            }
        }
        rest = after;
    }
}

/// An unsigned number of WebAssembly, and what follows.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_usize;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drive::tests::Acme;
    use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
    use meshwire::frame::{FormatError, Template};
    use meshwire::protocol::{Codec, Options, Protocol};
    use meshwire::{
        Bytes, FixedStr, Frame, Hijacker, HostStatus, Len, ProtocolContext, Text, Varint, Zigzag,
        protocol,
    };

    /// Says nothing.
    struct Mute;

    impl PayloadCodec for Mute {
        type Inputs = ();

        fn metadata(_: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
            Ok(PayloadMetadata::default())
        }

        fn rewrite(
            region: &[u8],
            (): (),
            _: &MetadataEdits<'_>,
            out: &mut Vec<u8>,
        ) -> Result<(), FormatError> {
            out.extend_from_slice(region);
            Ok(())
        }

        fn template(_: Template, (): ()) -> Option<Vec<u8>> {
            None
        }
    }

    #[derive(Frame, Clone, Copy, Debug, PartialEq)]
    #[repr(i8)]
    enum Seal {
        Wax = -3,
        Lead = 82,
    }

    const FIRST: Seal = Seal::Lead;

    /// Has what plain frames have not.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(endian = little)]
    struct Rich {
        #[frame(len_of = ..)]
        total: Len<u32>,
        #[frame(bits = 3)]
        low: u8,
        #[frame(bits = 5, header = "high", read_only)]
        high: u8,
        #[frame(header = "hop")]
        hop: u16,
        #[frame(tag = Seal::Wax)]
        seal: Seal,
        #[frame(tag = FIRST)]
        page: Seal,
        #[frame(tag(not(3, 7..=9)))]
        turn: u8,
        #[frame(default = -1, status)]
        outcome: i8,
        zone: FixedStr<4>,
        mark: [u8; 2],
        count: Varint<u32>,
        balance: Zigzag<i64>,
        #[frame(len_of = note, null = -1)]
        note_len: Len<i8>,
        #[frame(header = "note")]
        note: Option<Text>,
        #[frame(len_of = more, when(high = 1))]
        more_len: Len<u8>,
        #[frame(header = "more", as = hex, read_only, when(high = 1))]
        more: Bytes,
        #[frame(with = Mute, kind, id, headers, body)]
        payload: Bytes,
    }

    /// Only a server sends it.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response, from = server)]
    struct Sided {
        #[frame(id)]
        id: u16,
    }

    #[protocol(name = "x-rich", frames(Rich, Sided), hijacker = custom, keep_alive = none)]
    struct Richer;

    impl Hijacker for Richer {
        fn hijack(
            _: &ProtocolContext<'_, Self>,
            _: &RicherView<'_>,
            _: HostStatus,
        ) -> Option<RicherFrame> {
            None
        }
    }

    #[test]
    fn a_description_is_what_the_compiler_has_written() {
        const ACME: [u8; meshwire::__private::described_len::<Acme>()] =
            meshwire::__private::described::<Acme, { meshwire::__private::described_len::<Acme>() }>(
            );
        const RICH: [u8; meshwire::__private::described_len::<Richer>()] =
            meshwire::__private::described::<
                Richer,
                { meshwire::__private::described_len::<Richer>() },
            >();
        is_described::<Acme>(&ACME);
        is_described::<Richer>(&RICH);
    }

    fn is_described<P: Options>(json: &[u8]) {
        let description = Description::from_json(json).unwrap();
        assert_eq!(description.protocol, <P as Protocol>::NAME);
        assert_eq!(
            format!("{:?}", description.layouts),
            format!("{:?}", <P as Codec>::LAYOUTS)
        );
    }

    #[test]
    fn a_section_is_found_behind_others() {
        let mut wasm = b"\0asm\x01\0\0\0\x01\x02xx\0\x05\x04name\0\x84\x01\x08meshwire".to_vec();
        wasm.extend([b'j'; 123]);
        assert_eq!(section(&wasm, SECTION), Some(&[b'j'; 123][..]));
        assert_eq!(section(&wasm, "names"), None);
        for cut in 0..wasm.len() {
            assert_eq!(section(&wasm[..cut], SECTION), None, "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_description_is_refused() {
        let error = Description::from_json(b"{\"protocol\":\"x\"}").unwrap_err();
        assert_eq!(error, "the section `meshwire` describes no protocol");
        assert!(
            Description::from_json(b"{")
                .unwrap_err()
                .starts_with("the section `meshwire` is not JSON")
        );
        assert!(
            Description::of_module(b"\0asm\x01\0\0\0")
                .unwrap()
                .is_none()
        );
    }
}
