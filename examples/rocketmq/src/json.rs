//! The header as JSON, serialize type 0.
//!
//! The members are those of RocketMQ's `RemotingCommand` (5.3.4-SNAPSHOT), which a JSON library writes
//! field by field.

mod cursor;
mod rewrite;
mod string;
#[cfg(test)]
mod tests;
mod text;

use core::str;
use std::borrow::Cow;

use meshwire::MessageKind;
use meshwire::command::{MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::wire::{Reason, decimal};

use text::{Member, Members, Type, Value};

/// The flag of an answer.
const RESPONSE: i32 = 1 << 0;
/// The flag of a one-way call.
const ONEWAY: i32 = 1 << 1;

/// The language of the header region where the frame says that it is JSON: one object.
///
/// - **Kind**: bit 0 of `flag` is an answer, else bit 1 a one-way call, else it is a call; without a
///   `flag` too. A heartbeat of RocketMQ (request code 34) is a call like any other: it carries what the
///   client consumes and produces, so only the broker can answer it.
/// - **Id**: `opaque`, the bit pattern of Java's `int`: −1 is 4294967295. A header without is refused.
/// - **Timeout**: none, the caller keeps it to itself.
/// - **Status**: `code` of an answer; 0, which is success, if it is not there.
/// - **Headers**: `code`, in decimal, the number by which brokers and routers distinguish calls; `remark`,
///   empty if there is none; then the members of `extFields` under their own keys, numbers and booleans as
///   their text, which is what RocketMQ's reader makes of them. Null, arrays and objects in there are no
///   headers. `code` and `remark` are always there, as they are in a binary header, which cannot be
///   without them; so neither can be taken away.
///
/// A member of the header that is there twice is refused: readers differ in which of them counts. Those
/// of `extFields` are all headers, in their order; RocketMQ's reader keeps the last one.
///
/// Escapes are resolved in what is shown. A changed header is written into its place, a new one after the
/// others of `extFields`, which is made if there is none; order, white space and escapes of all the rest
/// stay. Of several headers `code` or `remark` one is that of the header: the one that has its value, or else the
/// first.
#[derive(Debug)]
pub struct JsonHeader;

impl PayloadCodec for JsonHeader {
    type Inputs = ();

    const LARGEST_ID: u64 = 0xffff_ffff;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let header = Header::scan(region)?;
        let kind = header.kind()?;
        let id = header.opaque.int()?;
        Ok(PayloadMetadata {
            kind,
            id: PayloadId::Number(id.cast_unsigned().into()),
            status: header.status(kind)?,
            ..PayloadMetadata::default()
        })
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let header = Header::scan(region)?;
        out.pair(CODE, &text(header.code()?));
        out.pair(REMARK, &header.remark());
        let Some(fields) = header.ext_fields() else {
            return Ok(());
        };
        let mut members = Members::of_value(region, &fields)?;
        while let Some(member) = members.next()? {
            if let Some((key, value)) = listed(&member) {
                out.pair(&key, &value);
            }
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        rewrite::rewrite(region, changes, out)
    }

    /// A header with code 0 of a client in a language that RocketMQ has no name for.
    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        let flag = match template {
            Template::Request => 0,
            Template::Response => RESPONSE,
            Template::Heartbeat | Template::HeartbeatAck => return None,
        };
        Some(written(0, flag))
    }
}

/// The version that a header names, if it does.
pub(crate) fn version(region: &[u8]) -> Option<i32> {
    let mut members = Members::of(region).ok()?;
    while let Some(member) = members.next().ok()? {
        if *string::unescape(member.key.inner()) == *VERSION {
            return member.value.int().ok();
        }
    }
    None
}

/// The header of an answer that names this version.
pub(crate) fn answer(version: i32) -> Vec<u8> {
    written(version, RESPONSE)
}

fn written(version: i32, flag: i32) -> Vec<u8> {
    let mut out = b"{\"code\":0,\"language\":\"OTHER\",\"version\":".to_vec();
    decimal::write(version.into(), &mut out);
    out.extend_from_slice(b",\"opaque\":0,\"flag\":");
    decimal::write(flag.into(), &mut out);
    out.extend_from_slice(b",\"serializeTypeCurrentRPC\":\"JSON\"}");
    out
}

impl JsonHeader {
    /// Whether a member is spelled like `code` and is not it. A reader that is lenient takes it for that one:
    /// fastjson 1, which RocketMQ 4 reads headers with, overlooks upper case, `_` and `-` (`smartMatch`).
    pub(crate) fn has_another_code(region: &[u8]) -> bool {
        let like_code = |key: &[u8]| {
            let letters = key.iter().filter(|byte| !matches!(byte, b'_' | b'-'));
            key != CODE && letters.map(u8::to_ascii_lowercase).eq(CODE.iter().copied())
        };
        let Ok(mut members) = Members::of(region) else {
            return true;
        };
        loop {
            match members.next() {
                Ok(Some(member)) if like_code(&string::unescape(member.key.inner())) => {
                    return true;
                }
                Ok(Some(_)) => {}
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
    }
}

// Members of a header.
const CODE: &[u8] = b"code";
const FLAG: &[u8] = b"flag";
const VERSION: &[u8] = b"version";
const OPAQUE: &[u8] = b"opaque";
const REMARK: &[u8] = b"remark";
const EXT_FIELDS: &[u8] = b"extFields";

/// The members of a header that mean something here.
struct Header<'t> {
    code: Option<Value<'t>>,
    flag: Option<Value<'t>>,
    opaque: Value<'t>,
    /// A string or null.
    remark: Option<Value<'t>>,
    /// An object or null.
    ext_fields: Option<Value<'t>>,
    /// The byte after the last member.
    end: usize,
}

impl<'t> Header<'t> {
    /// Walks over a whole region.
    fn scan(region: &'t [u8]) -> Result<Self, FormatError> {
        if let Err(error) = str::from_utf8(region) {
            return Err(FormatError {
                offset: error.valid_up_to(),
                reason: Reason::NotUtf8,
            });
        }
        let (mut code, mut flag, mut opaque) = (None, None, None);
        let (mut remark, mut ext_fields) = (None, None);
        let mut end = 0;
        let mut members = Members::of(region)?;
        while let Some(member) = members.next()? {
            end = member.value.range().end;
            let place = match &*string::unescape(member.key.inner()) {
                CODE => &mut code,
                FLAG => &mut flag,
                OPAQUE => &mut opaque,
                REMARK => &mut remark,
                EXT_FIELDS => &mut ext_fields,
                _ => continue,
            };
            if place.replace(member.value).is_some() {
                return Err(member.key.error(Reason::Syntax));
            }
        }
        members.close()?;
        let missing = FormatError {
            offset: end,
            reason: Reason::Missing,
        };
        Ok(Self {
            code,
            flag,
            opaque: opaque.ok_or(missing)?,
            remark: nullable(remark, Type::String)?,
            ext_fields: nullable(ext_fields, Type::Object)?,
            end,
        })
    }

    fn kind(&self) -> Result<MessageKind, FormatError> {
        let flag = self.flag.map_or(Ok(0), |flag| flag.int())?;
        Ok(if flag & RESPONSE != 0 {
            MessageKind::Response
        } else if flag & ONEWAY != 0 {
            MessageKind::OneWay
        } else {
            MessageKind::Request
        })
    }

    /// What to do, or how it ended.
    fn code(&self) -> Result<i32, FormatError> {
        self.code.map_or(Ok(0), |code| code.int())
    }

    /// How the call ended; of a call, 0.
    fn status(&self, kind: MessageKind) -> Result<i64, FormatError> {
        // That of a call must be a number too.
        let code = self.code()?;
        Ok(if kind == MessageKind::Response {
            code.into()
        } else {
            0
        })
    }

    /// Why it failed; empty if nothing is said.
    fn remark(&self) -> Cow<'t, [u8]> {
        let remark = self.remark.filter(|remark| remark.kind == Type::String);
        remark.map_or(Cow::Borrowed(b""), |remark| {
            string::unescape(remark.inner())
        })
    }

    /// The extension fields, if they are an object.
    fn ext_fields(&self) -> Option<Value<'t>> {
        self.ext_fields.filter(|fields| fields.kind == Type::Object)
    }
}

/// A member of this type, or null.
fn nullable(value: Option<Value<'_>>, kind: Type) -> Result<Option<Value<'_>>, FormatError> {
    match value {
        Some(other) if other.kind != kind && other.kind != Type::Null => {
            Err(other.error(Reason::Syntax))
        }
        allowed => Ok(allowed),
    }
}

/// A number as a header shows it.
fn text(code: i32) -> Vec<u8> {
    let mut text = Vec::new();
    decimal::write(code.into(), &mut text);
    text
}

/// A header, escapes resolved.
type Pair<'t> = (Cow<'t, [u8]>, Cow<'t, [u8]>);

/// An extension field as a header, if it is one.
fn listed<'t>(member: &Member<'t>) -> Option<Pair<'t>> {
    let value = match member.value.kind {
        Type::String => string::unescape(member.value.inner()),
        Type::Number | Type::Bool => Cow::Borrowed(member.value.text),
        Type::Null | Type::Array | Type::Object => return None,
    };
    let key = string::unescape(member.key.inner());
    (!key.is_empty()).then_some((key, value))
}
