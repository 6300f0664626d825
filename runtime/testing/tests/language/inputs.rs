//! Parts that are read with fixed fields of their frame: `inputs(…)`.

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter};
use meshwire::wire::Reason;
use meshwire::{
    Bytes, Command, Edits, Error, Frame, HeaderMap, Len, Message, MessageKind, Template, Timeout,
    Varint, View,
};

use super::{assert_malformed, assert_same};

/// One header, `key`; its value is the part, in capitals where the fields say so.
struct Cased;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Head {
    event: u8,
    capitals: u8,
    level: i16,
    millis: Varint<u32>,
}

impl Cased {
    fn with_case(text: &[u8], head: Head, upper: bool) -> Vec<u8> {
        match (head.capitals, upper) {
            (0, _) => text.to_vec(),
            (_, true) => text.to_ascii_uppercase(),
            (_, false) => text.to_ascii_lowercase(),
        }
    }
}

impl PayloadCodec for Cased {
    type Inputs = Head;

    fn metadata(region: &[u8], head: Head) -> Result<PayloadMetadata, FormatError> {
        let reason = Reason::Syntax;
        match (head.level, head.capitals) {
            // Where it is not in the frame, it has its default.
            (0..7, _) => Err(FormatError { offset: 0, reason }),
            (_, 1) if region.iter().any(u8::is_ascii_lowercase) => {
                let offset = region.iter().position(u8::is_ascii_lowercase);
                let offset = offset.unwrap_or_default();
                Err(FormatError { offset, reason })
            }
            _ => Ok(PayloadMetadata {
                timeout: Timeout::Millis(head.millis.get()),
                body: 0..region.len(),
                ..PayloadMetadata::default()
            }),
        }
    }

    fn timeout(_: &[u8], head: Head) -> Option<Timeout> {
        (head.millis.get() == 9).then_some(Timeout::Never)
    }

    fn headers(region: &[u8], head: Head, out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        out.pair(b"key", &Self::with_case(region, head, false));
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        head: Head,
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let wanted = changes.headers.and_then(|headers| headers.get("key"));
        let written = wanted.map(|value| Self::with_case(value, head, true));
        let body = changes.body.unwrap_or(region);
        out.extend_from_slice(written.as_deref().unwrap_or(body));
        Ok(())
    }

    fn template(template: Template, head: Head) -> Option<Vec<u8>> {
        // There is no answer in capitals.
        let is_beat = matches!(template, Template::Heartbeat | Template::HeartbeatAck);
        assert_eq!(is_beat, head.event == 1, "{template:?}");
        (head.capitals == 0).then(|| {
            if is_beat {
                b"beat".to_vec()
            } else {
                Vec::new()
            }
        })
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(event = 1))]
struct Call {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(bits = 1)]
    event: u8,
    #[frame(bits = 1)]
    capitals: u8,
    #[frame(bits = 6)]
    unused: u8,
    #[frame(default = 7, when(unused = 1))]
    level: i16,
    millis: Varint<u32>,
    #[frame(id)]
    id: u8,
    #[frame(len_of = said)]
    said_len: Len<u8>,
    #[frame(with = Cased, inputs(event, capitals, level, millis), timeout, headers, body)]
    said: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind = 2),
    heartbeat(event = 1),
    heartbeat_ack(kind = 2, event = 1)
)]
struct Either {
    #[frame(tag(1, 2))]
    kind: u8,
    event: u8,
    #[frame(default = 1)]
    capitals: u8,
    level: i16,
    millis: Varint<u32>,
    #[frame(id)]
    id: u8,
    #[frame(len_of = said)]
    said_len: Len<u8>,
    #[frame(with = Cased, inputs(event, capitals, level, millis), headers, body)]
    said: Bytes,
}

fn headers(value: &str) -> HeaderMap {
    HeaderMap::from([("key", value)])
}

/// The frame with another header, by both shapes.
fn with(bytes: &[u8], value: &str) -> Result<Vec<u8>, Error> {
    let map = headers(value);
    let edits = Edits {
        headers: Some(map.as_headers()),
        ..Edits::default()
    };
    let view = Call::parse(bytes).frame().unwrap();
    let mut out = Vec::new();
    let by_view = view.rewrite(&edits, &mut out).map(|()| out);
    let mut owned = Call::decode(&Bytes::copy_from_slice(bytes))
        .frame()
        .unwrap();
    let by_owned = owned.set_headers(map).and_then(|()| owned.to_bytes());
    assert_eq!(by_view, by_owned.map(|bytes| bytes.to_vec()));
    by_view
}

#[test]
fn both_shapes_read_a_part_with_the_same_fields() {
    for (bytes, value, timeout) in [
        (&b"\x01\x00\x05\x09\x02aB"[..], "aB", Timeout::Millis(5)),
        (b"\x01\x40\x05\x09\x02AB", "ab", Timeout::Millis(5)),
        (b"\x01\x41\x00\x08\x09\x09\x02AB", "ab", Timeout::Never),
    ] {
        let view = Call::parse(bytes).frame().unwrap();
        let owned = Call::decode(&Bytes::copy_from_slice(bytes))
            .frame()
            .unwrap();
        assert_same(bytes, &owned);
        assert_eq!(view.header_map(), Ok(headers(value)));
        assert_eq!(owned.header_map(), Ok(headers(value)));
        assert_eq!(
            (view.body(), owned.body()),
            (&owned.said[..], &owned.said[..])
        );
        let timeouts = [
            view.as_request().unwrap().timeout(),
            owned.as_request().unwrap().timeout(),
        ];
        assert_eq!(timeouts, [timeout; 2]);
    }
}

#[test]
fn a_part_that_its_fields_do_not_allow_refuses_the_frame() {
    assert_malformed::<Call>(b"\x01\x40\x05\x09\x02Ab", "said", 6, Reason::Syntax);
    assert_malformed::<Call>(b"\x01\x01\x00\x06\x05\x09\x02ab", "said", 7, Reason::Syntax);
}

#[test]
fn a_part_is_written_with_the_same_fields() {
    assert_eq!(
        with(b"\x01\x00\x05\x09\x01a", "cD").unwrap(),
        b"\x01\x00\x05\x09\x02cD"
    );
    assert_eq!(
        with(b"\x01\x40\x05\x09\x01A", "cD").unwrap(),
        b"\x01\x40\x05\x09\x02CD"
    );
}

#[test]
fn an_edit_that_the_fields_do_not_allow_is_refused() {
    let bytes = b"\x01\x40\x05\x09\x01A";
    let edits = Edits {
        body: Some(b"small"),
        ..Edits::default()
    };
    let view = Call::parse(bytes).frame().unwrap();
    let error = view.rewrite(&edits, &mut Vec::new()).unwrap_err();
    assert_eq!((error.field(), error.reason()), ("said", Reason::Syntax));
    let mut owned = Call::decode(&Bytes::from_static(bytes)).frame().unwrap();
    let error = owned.set_body(Bytes::from_static(b"small")).unwrap_err();
    assert_eq!((error.field(), error.reason()), ("said", Reason::Syntax));
}

/// The fields that make a frame a heartbeat are set before its part is made.
#[test]
fn a_template_is_made_with_the_fields_of_its_frame() {
    let call = Call::template(Template::Request).unwrap();
    assert_eq!(
        (call.kind(), &call.said[..]),
        (MessageKind::Request, &b""[..])
    );
    let beat = Call::template(Template::Heartbeat).unwrap();
    assert_eq!(
        (beat.kind(), &beat.said[..]),
        (MessageKind::Heartbeat, &b"beat"[..])
    );
    assert_eq!(Call::template(Template::Response), None);
}

/// A payload codec that has no region for a frame has no such frame.
#[test]
fn without_a_region_there_is_no_frame() {
    for template in [
        Template::Request,
        Template::Response,
        Template::Heartbeat,
        Template::HeartbeatAck,
    ] {
        assert_eq!(Either::template(template), None);
    }
}
