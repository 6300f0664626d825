//! Ids of a few decimal digits in a part with a payload codec, such as the trace number of ISO 8583.

use std::ops::Range;
use std::panic::catch_unwind;

use crate::conformance;
use meshwire::command::{
    IdEdit, MessageKind, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata,
};
use meshwire::frame::{FormatError, Splice, Template};
use meshwire::wire::Reason;
use meshwire::{Bytes, Frame, Len, protocol};

/// A message of ISO 8583:1987 with its elements 11 (trace number, `n 6`), 39 (response code) and 63 (private
/// data, `LLLVAR`), in ASCII, with a binary bitmap. `DIGITS` is the width of the trace number, and `CLAIM` the
/// largest one by the payload codec's own words.
#[derive(Debug)]
pub(crate) struct Iso<const DIGITS: usize, const CLAIM: u64>;

const TRACE: u64 = 1 << (64 - 11);
const CODE: u64 = 1 << (64 - 39);
const DATA: u64 = 1 << (64 - 63);

struct Message {
    kind: MessageKind,
    trace: Range<usize>,
    code: Range<usize>,
    /// The digits of its length, and its bytes.
    data: Option<(Range<usize>, Range<usize>)>,
}

fn fails<T>(offset: usize, reason: Reason) -> Result<T, FormatError> {
    Err(FormatError { offset, reason })
}

/// The number in some digits.
fn number(region: &[u8], digits: &Range<usize>) -> Result<u64, FormatError> {
    let text = region.get(digits.clone()).ok_or(FormatError {
        offset: digits.start.min(region.len()),
        reason: Reason::Missing,
    })?;
    match text.iter().position(|byte| !byte.is_ascii_digit()) {
        Some(at) => fails(digits.start + at, Reason::NotANumber),
        None => Ok(text
            .iter()
            .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))),
    }
}

impl Message {
    fn read(region: &[u8], digits: usize) -> Result<Self, FormatError> {
        let kind = match region.get(..4) {
            Some(b"0200") => MessageKind::Request,
            Some(b"0210") => MessageKind::Response,
            Some(b"0800") => MessageKind::Heartbeat,
            Some(b"0810") => MessageKind::HeartbeatAck,
            Some(_) => return fails(0, Reason::Syntax),
            None => return fails(region.len(), Reason::Missing),
        };
        let Some(bitmap) = region.get(4..).and_then(|rest| rest.first_chunk()) else {
            return fails(region.len(), Reason::Missing);
        };
        let bitmap = u64::from_be_bytes(*bitmap);
        let answers = matches!(kind, MessageKind::Response | MessageKind::HeartbeatAck);
        let wanted = TRACE | if answers { CODE } else { 0 };
        if bitmap & !DATA != wanted {
            return fails(4, Reason::Syntax);
        }
        let trace = 12..12 + digits;
        let code = trace.end..trace.end + if answers { 2 } else { 0 };
        number(region, &trace)?;
        number(region, &code)?;
        let mut end = code.end;
        let data = if bitmap & DATA == 0 {
            None
        } else {
            let length = end..end + 3;
            let data = length.end..length.end + number(region, &length)? as usize;
            end = data.end;
            Some((length, data))
        };
        match region.len() {
            len if len == end => Ok(Self {
                kind,
                trace,
                code,
                data,
            }),
            len => fails(len.min(end), Reason::Syntax),
        }
    }
}

impl<const DIGITS: usize, const CLAIM: u64> PayloadCodec for Iso<DIGITS, CLAIM> {
    type Inputs = ();

    const LARGEST_ID: u64 = CLAIM;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let message = Message::read(region, DIGITS)?;
        Ok(PayloadMetadata {
            kind: message.kind,
            id: PayloadId::Number(number(region, &message.trace)?),
            status: i64::try_from(number(region, &message.code)?).unwrap_or(i64::MAX),
            body: message.data.map_or(0..0, |(_, data)| data),
            ..PayloadMetadata::default()
        })
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let message = Message::read(region, DIGITS)?;
        let digits = |number: u64, place: &Range<usize>| {
            let text = format!("{number:0width$}", width = place.len());
            if text.len() == place.len() {
                Ok(text)
            } else {
                fails(place.start, Reason::NoPlace)
            }
        };
        let mut splices = Vec::new();
        match changes.id {
            Some(IdEdit::Number(id)) => {
                splices.push((
                    message.trace.clone(),
                    digits(id, &message.trace)?.into_bytes(),
                ));
            }
            Some(IdEdit::Opaque(_)) => return fails(12, Reason::NoPlace),
            None => {}
        }
        if let Some(status) = changes.status {
            let Ok(status) = u64::try_from(status) else {
                return fails(message.code.start, Reason::NoPlace);
            };
            splices.push((
                message.code.clone(),
                digits(status, &message.code)?.into_bytes(),
            ));
        }
        if let Some(body) = changes.body {
            let Some((length, data)) = message.data else {
                return fails(region.len(), Reason::NoPlace);
            };
            let len = digits(body.len() as u64, &length)?.into_bytes();
            splices.extend([(length, len), (data, body.to_vec())]);
        }
        let mut splice = Splice::new(region, out);
        for (place, bytes) in splices {
            splice.replace(place).extend_from_slice(&bytes);
        }
        splice.finish();
        Ok(())
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        let (kind, bitmap, rest) = match template {
            Template::Request => (b"0200", TRACE | DATA, "000"),
            Template::Response => (b"0210", TRACE | CODE | DATA, "00000"),
            Template::Heartbeat => (b"0800", TRACE, ""),
            Template::HeartbeatAck => (b"0810", TRACE | CODE, "00"),
        };
        let trace = vec![b'0'; DIGITS];
        Some([&kind[..], &bitmap.to_be_bytes(), &trace, rest.as_bytes()].concat())
    }
}

macro_rules! traced {
    ($digits:literal, $claim:literal, $protocol:ident, $message:ident, $name:literal) => {
        #[derive(Frame, Clone, Debug, PartialEq)]
        pub(crate) struct $message {
            #[frame(len_of = message)]
            length: Len<u16>,
            #[frame(with = Iso<$digits, $claim>, kind, id, status, body)]
            message: Bytes,
        }

        #[protocol(name = $name, frames($message), status(200 => 0, 504 => 68, _ => 96))]
        pub(crate) struct $protocol;
    };
}

traced!(6, 999_999, Traced, TracedMessage, "x-traced");
traced!(2, 99, TwoDigits, TwoDigitsMessage, "x-two-digits");
// One that says more of itself than is true.
traced!(6, 0xffff_ffff, Boaster, BoasterMessage, "x-boaster");

mod six {
    crate::conformance!(
        super::Traced,
        "src/conformance/tests/traced",
        allocator = none
    );
}

mod two {
    crate::conformance!(
        super::TwoDigits,
        "src/conformance/tests/two_digits",
        allocator = none
    );
}

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/traced");

#[test]
fn a_payload_codec_takes_every_id_that_it_says_it_has_room_for() {
    let panic = catch_unwind(|| conformance::a_new_id_changes_nothing_else::<Boaster>(VECTORS));
    let panic = panic.unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    let line = "call: with id 0x7fffffff: BoasterMessage.message at byte 14: no place for this value; a payload codec \
                with narrower ids has a `LARGEST_ID`, which is 0xffffffff here";
    assert!(text.contains(line), "{line}\nis not in\n{text}");
}
