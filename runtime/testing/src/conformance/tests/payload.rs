//! Headers and a body in a language of their own, beside a header that is a field.

use crate::conformance;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::wire::Reason;
use meshwire::{Bytes, Frame, HeaderMap, Len, protocol};

/// The id of four bytes, the number of headers, of each `length, key, length, value`, then the body; the
/// other numbers are bytes. No key is empty, and a map holds none. `FAULT` breaks it.
#[derive(Debug)]
pub(crate) struct Small<const FAULT: u8>;

const NONE: u8 = 0;
const LOSES_HEADERS: u8 = 1;
const REFUSES_HEADERS: u8 = 2;
const LOSES_BODY: u8 = 3;
const REFUSES_BODY: u8 = 4;
const CHANGES_ID: u8 = 5;

/// Bytes of the id.
const ID: usize = 4;

/// The number of the id, the headers, and where the body begins.
fn read(region: &[u8]) -> Result<(u32, HeaderMap, usize), FormatError> {
    let mut at = 0;
    let mut take = |wanted: usize| {
        let bytes = region.get(at..at + wanted).ok_or(FormatError {
            offset: at,
            reason: Reason::Missing,
        })?;
        at += wanted;
        Ok(bytes)
    };
    let id = take(ID)?
        .iter()
        .fold(0, |id, byte| id << 8 | u32::from(*byte));
    let mut headers = HeaderMap::new();
    for _ in 0..take(1)?[0] {
        let mut string = || {
            let len = take(1)?[0];
            take(len.into())
        };
        let (key, value) = (string()?, string()?);
        if key.is_empty() {
            return Err(FormatError {
                offset: ID,
                reason: Reason::Missing,
            });
        }
        headers.append(key, value);
    }
    Ok((id, headers, at))
}

impl<const FAULT: u8> PayloadCodec for Small<FAULT> {
    type Inputs = ();

    const LARGEST_ID: u64 = 0xffff_ffff;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let (id, _, body) = read(region)?;
        Ok(PayloadMetadata {
            id: PayloadId::Number(id.into()),
            body: body..region.len(),
            ..PayloadMetadata::default()
        })
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for (key, value) in read(region)?.1.iter() {
            out.pair(key, value);
        }
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let fails = |reason| Err(FormatError { offset: 0, reason });
        let (mut id, mut headers, body) = read(region)?;
        let mut body = &region[body..];
        match changes.id {
            Some(IdEdit::Number(new)) => match u32::try_from(new) {
                Ok(new) => id = new,
                Err(_) => return fails(Reason::NoPlace),
            },
            Some(IdEdit::Opaque(_)) => return fails(Reason::NoPlace),
            None => {}
        }
        match (changes.headers, FAULT) {
            (None, _) | (Some(_), LOSES_HEADERS) => {}
            (Some(_), REFUSES_HEADERS) => return fails(Reason::NoPlace),
            (Some(_), CHANGES_ID) => id ^= 1,
            (Some(wanted), _) => headers = wanted.iter().collect(),
        }
        match (changes.body, FAULT) {
            (None, _) | (Some(_), LOSES_BODY) => {}
            (Some(_), REFUSES_BODY) => return fails(Reason::NoPlace),
            (Some(wanted), _) => body = wanted,
        }
        let strings = || headers.iter().flat_map(|(key, value)| [key, value]);
        if strings().any(|string| string.len() > 255) {
            return fails(Reason::NoPlace);
        }
        out.extend_from_slice(&id.to_be_bytes());
        out.push(headers.len() as u8);
        for string in strings() {
            out.push(string.len() as u8);
            out.extend_from_slice(string);
        }
        out.extend_from_slice(body);
        Ok(())
    }

    fn template(_: Template, (): ()) -> Option<Vec<u8>> {
        Some(vec![0; 5])
    }
}

/// Declares a protocol whose frames have a part in [`Small`], with a fault or without.
macro_rules! codec {
    ($fault:ident, $protocol:ident, $ask:ident, $answer:ident, $name:literal) => {
        #[derive(Frame, Clone, Debug, PartialEq)]
        #[frame(request)]
        pub(crate) struct $ask {
            #[frame(tag = 1)]
            kind: u8,
            #[frame(header = "peer", read_only)]
            peer: u16,
            #[frame(len_of = payload)]
            told_len: Len<u32>,
            #[frame(with = Small<$fault>, id, headers, body)]
            payload: Bytes,
        }

        #[derive(Frame, Clone, Debug, PartialEq)]
        #[frame(response)]
        pub(crate) struct $answer {
            #[frame(tag = 2)]
            kind: u8,
            #[frame(id)]
            id: u8,
            #[frame(status)]
            status: u8,
        }

        #[protocol(name = $name, frames($ask, $answer), status(_ => 1), keep_alive = none)]
        pub(crate) struct $protocol;
    };
}

codec!(NONE, Payload, PayloadAsk, PayloadAnswer, "x-payload");
codec!(LOSES_HEADERS, Lost, LostAsk, LostAnswer, "x-lost");
codec!(REFUSES_HEADERS, Stern, SternAsk, SternAnswer, "x-stern");
codec!(LOSES_BODY, Deaf, DeafAsk, DeafAnswer, "x-deaf");
codec!(REFUSES_BODY, Mute, MuteAsk, MuteAnswer, "x-mute");
codec!(CHANGES_ID, Odd, OddAsk, OddAnswer, "x-odd");

conformance!(Payload, "src/conformance/tests/payload", allocator = none);

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/payload");

#[test]
#[should_panic(expected = "was sent")]
fn a_header_that_is_lost_is_found_out() {
    conformance::edited_headers_arrive::<Lost>(VECTORS);
}

#[test]
#[should_panic(expected = "it is a request of id 8")]
fn an_id_that_goes_with_the_headers_is_found_out() {
    conformance::edited_headers_arrive::<Odd>(VECTORS);
}

#[test]
#[should_panic(expected = "no other headers arrive in any frame")]
fn a_part_that_takes_no_headers_is_found_out() {
    conformance::edited_headers_arrive::<Stern>(VECTORS);
}

#[test]
#[should_panic(expected = "body: 5 bytes, expected 0")]
fn a_body_that_is_lost_is_found_out() {
    conformance::a_replaced_body_arrives::<Deaf>(VECTORS);
}

#[test]
#[should_panic(expected = "no other body arrives in any frame")]
fn a_part_that_takes_no_body_is_found_out() {
    conformance::a_replaced_body_arrives::<Mute>(VECTORS);
}
