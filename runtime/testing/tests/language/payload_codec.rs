//! Parts with a payload codec. This one is made up: `key=value` pairs with commas between them, a
//! semicolon and the body. An id is a number or a text.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter};
use meshwire::wire::{Reason, offset_in};
use meshwire::{
    Bytes, Command, Edits, Error, Frame, HeaderMap, Len, Message, MessageKind, Template, Timeout,
    View,
};

use super::{assert_error, assert_malformed, assert_same};

pub(super) struct Pairs;

const fn wrong(offset: usize, reason: Reason) -> FormatError {
    FormatError { offset, reason }
}

impl Pairs {
    /// The pairs and the body.
    fn split(region: &[u8]) -> Result<(&[u8], &[u8]), FormatError> {
        let end = region.iter().position(|byte| *byte == b';');
        let end = end.ok_or(wrong(region.len(), Reason::Separator))?;
        Ok((&region[..end], &region[end + 1..]))
    }

    fn pairs(region: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
        let (pairs, _) = Self::split(region).unwrap_or_default();
        pairs.split(|byte| *byte == b',').filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=')?;
            Some((&pair[..equals], &pair[equals + 1..]))
        })
    }

    fn get<'r>(region: &'r [u8], key: &[u8]) -> Option<&'r [u8]> {
        let mut pairs = Self::pairs(region);
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn number<T: core::str::FromStr>(region: &[u8], key: &[u8]) -> Option<T> {
        std::str::from_utf8(Self::get(region, key)?)
            .ok()?
            .parse()
            .ok()
    }
}

impl PayloadCodec for Pairs {
    type Inputs = ();

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let (_, body) = Self::split(region)?;
        if body == b"\0" {
            return Err(wrong(region.len() - 1, Reason::Syntax));
        }
        let text = Self::get(region, b"id").unwrap_or_default();
        let start = offset_in(region, text);
        let number = Self::number(region, b"id").map(PayloadId::Number);
        Ok(PayloadMetadata {
            kind: match Self::get(region, b"op") {
                Some(b"reply") => MessageKind::Response,
                Some(b"ping") => MessageKind::Heartbeat,
                Some(b"pong") => MessageKind::HeartbeatAck,
                Some(b"cast") => MessageKind::OneWay,
                _ => MessageKind::Request,
            },
            id: number.unwrap_or(PayloadId::Opaque(start..start + text.len())),
            timeout: Timeout::from_millis(Self::number(region, b"ms").unwrap_or(0)),
            status: Self::number(region, b"code").unwrap_or(0),
            body: region.len() - body.len()..region.len(),
        })
    }

    /// What is left of the time, if that is there beside all of it.
    fn timeout(region: &[u8], (): ()) -> Option<Timeout> {
        Self::number(region, b"left").map(Timeout::from_millis)
    }

    /// All but the facts that have roles of their own.
    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        Self::pairs(region)
            .filter(|(key, _)| !matches!(*key, b"id" | b"code"))
            .for_each(|(key, value)| out.pair(key, value));
        Ok(())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let (_, body) = Self::split(region)?;
        let mut pair = |key: &[u8], value: &[u8]| {
            if value.contains(&b',') || value.contains(&b';') {
                return Err(wrong(0, Reason::Separator));
            }
            out.extend_from_slice(&[key, b"=", value, b","].concat());
            Ok(())
        };
        match changes.id {
            Some(IdEdit::Number(id)) => pair(b"id", id.to_string().as_bytes())?,
            Some(IdEdit::Opaque(id)) => pair(b"id", id)?,
            None => pair(b"id", Self::get(region, b"id").unwrap_or_default())?,
        }
        let status = changes.status.map(|status| status.to_string());
        let status = status.as_deref().map(str::as_bytes);
        if let Some(status) = status.or_else(|| Self::get(region, b"code")) {
            pair(b"code", status)?;
        }
        match changes.headers {
            Some(headers) => headers
                .iter()
                .try_for_each(|(key, value)| pair(key, value))?,
            None => Self::pairs(region)
                .filter(|(key, _)| !matches!(*key, b"id" | b"code"))
                .try_for_each(|(key, value)| pair(key, value))?,
        }
        out.pop();
        out.push(b';');
        out.extend_from_slice(changes.body.unwrap_or(body));
        Ok(())
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        let op = match template {
            Template::Request => "call",
            Template::Response => "reply",
            Template::Heartbeat => "ping",
            Template::HeartbeatAck => "pong",
        };
        Some(format!("id=0,op={op};").into_bytes())
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
struct Call {
    #[frame(magic = 0x2a)]
    magic: u8,
    #[frame(len_of = said)]
    len: Len<u8>,
    #[frame(with = Pairs, kind, id, timeout, status, headers, body)]
    said: Bytes,
    mark: u8,
}

fn call(said: &str) -> Vec<u8> {
    let len = u8::try_from(said.len()).unwrap();
    [&[0x2a, len], said.as_bytes(), &[7]].concat()
}

fn rewritten(said: &str, edits: &Edits<'_>) -> Result<Vec<u8>, Error> {
    let frame = call(said);
    let mut out = Vec::new();
    let view = Call::parse(&frame).frame().unwrap();
    view.rewrite(edits, &mut out).map(|()| out)
}

const CALL: &str = "id=42,op=call,ms=50,to=here;what";

#[test]
fn a_part_tells_what_its_frame_is() {
    let bytes = call(CALL);
    let view = Call::parse(&bytes).frame().unwrap();
    assert_eq!(
        (view.kind(), view.id(), view.body()),
        (MessageKind::Request, 42, &b"what"[..])
    );
    assert_eq!(view.opaque_id(), None);
    assert_eq!(view.as_request().unwrap().timeout(), Timeout::Millis(50));
    assert!(view.as_response().is_none());
    let headers = HeaderMap::from_iter([("op", "call"), ("ms", "50"), ("to", "here")]);
    assert_eq!(view.header_map(), Ok(headers.clone()));

    let frame = Call::decode(&bytes.clone().into()).frame().unwrap();
    assert_same(&bytes, &frame);
    assert_eq!(
        (frame.kind(), frame.id(), frame.body()),
        (MessageKind::Request, 42, &b"what"[..])
    );
    assert_eq!(frame.header_map(), Ok(headers));

    let bytes = call("id=a-b,code=3,op=reply;");
    let view = Call::parse(&bytes).frame().unwrap();
    assert_eq!(
        (view.kind(), view.opaque_id()),
        (MessageKind::Response, Some(&b"a-b"[..]))
    );
    assert_eq!(view.as_response().unwrap().status(), 3);
}

#[test]
fn a_timeout_may_be_read_when_it_is_asked_for() {
    for (said, expected) in [("id=1,ms=50;", 50), ("id=1,ms=50,left=20;", 20)] {
        let bytes = call(said);
        let view = Call::parse(&bytes).frame().unwrap();
        let frame = Call::decode(&bytes.clone().into()).frame().unwrap();
        let timeouts = [
            view.as_request().unwrap().timeout(),
            frame.as_request().unwrap().timeout(),
        ];
        assert_eq!(timeouts, [Timeout::Millis(expected); 2], "{said}");
    }
}

#[test]
fn a_part_that_is_no_text_of_its_language_refuses_its_frame() {
    assert_malformed::<Call>(&call("id=1"), "said", 6, Reason::Separator);
}

#[test]
fn what_nobody_has_changed_stays_as_it_came() {
    // The language would write it otherwise.
    let odd = "op=call,,id=042,x;what";
    let frame = call(odd);
    assert_eq!(rewritten(odd, &Edits::default()), Ok(frame.clone()));
    let view = Call::parse(&frame).frame().unwrap();
    let headers = view.header_map().unwrap();
    let edits = Edits {
        headers: Some(headers.as_headers()),
        body: Some(b"what"),
        ..Edits::id(42)
    };
    assert_eq!(rewritten(odd, &edits), Ok(frame));
}

#[test]
fn changes_are_written_in_the_language_of_the_part() {
    assert_eq!(
        rewritten(CALL, &Edits::id(7)),
        Ok(call("id=7,op=call,ms=50,to=here;what"))
    );
    let headers = HeaderMap::from_iter([("op", "call"), ("to", "there")]);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        body: Some(b""),
        ..Edits::default()
    };
    assert_eq!(rewritten(CALL, &edits), Ok(call("id=42,op=call,to=there;")));
}

#[test]
fn a_text_for_an_id_is_replaced_with_one_that_tells_the_number() {
    let text = "id=a-b,op=call;";
    let there = call("id=mw-0000000000000102,op=call;");
    assert_eq!(rewritten(text, &Edits::id(0x102)), Ok(there.clone()));
    assert_eq!(Call::parse(&there).frame().unwrap().id(), 0x102);
    let opaque = Some(&b"c-d"[..]);
    assert_eq!(
        rewritten(
            text,
            &Edits {
                opaque,
                ..Edits::id(1)
            }
        ),
        Ok(call("id=c-d,op=call;"))
    );
}

#[test]
fn a_change_that_the_language_cannot_hold_is_refused() {
    let headers = HeaderMap::from_iter([("op", "a,b")]);
    let headers = Some(headers.as_headers());
    let error = rewritten(
        CALL,
        &Edits {
            headers,
            ..Edits::default()
        },
    )
    .unwrap_err();
    assert_error(error, "said", 2, Reason::Separator);
    let body = vec![0; 255];
    let body = Some(&body[..]);
    let error = rewritten(
        CALL,
        &Edits {
            body,
            ..Edits::default()
        },
    )
    .unwrap_err();
    let (max, got) = (255, 255 + CALL.len() as u64 - 4);
    assert_error(error, "said", 2, Reason::TooLong { max, got });
}

#[test]
fn frames_are_made_in_the_language_of_the_part() {
    let mut frame = Call::template(Template::Response).unwrap();
    frame.set_id(7).unwrap();
    frame.set_status(-3).unwrap();
    frame.set_body(Bytes::from_static(b"sorry")).unwrap();
    frame.mark = 7;
    let bytes = call("id=7,code=-3,op=reply;sorry");
    assert_same(&bytes, &frame);
    frame.set_opaque_id(b"x").unwrap();
    assert_same(&call("id=x,code=-3,op=reply;sorry"), &frame);
    let kinds = [
        Template::Request,
        Template::Heartbeat,
        Template::HeartbeatAck,
    ];
    let kinds = kinds.map(|template| Call::template(template).unwrap().kind());
    assert_eq!(
        kinds,
        [
            MessageKind::Request,
            MessageKind::Heartbeat,
            MessageKind::HeartbeatAck
        ]
    );
}

/// What is written would be read as an answer, which is not answered.
#[test]
fn an_edit_never_makes_another_kind_of_frame() {
    let headers = HeaderMap::from_iter([("op", "reply")]);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    assert_error(
        rewritten(CALL, &edits).unwrap_err(),
        "said",
        2,
        Reason::OtherKind,
    );
    let mut frame = Call::decode(&call(CALL).into()).frame().unwrap();
    let error = frame.set_headers(headers).unwrap_err();
    assert_error(error, "said", 0, Reason::OtherKind);
    assert_same(&call(CALL), &frame);
    // One that can no longer be read has none either.
    let edits = Edits {
        body: Some(b"\0"),
        ..Edits::default()
    };
    assert_eq!(
        rewritten(CALL, &edits).unwrap_err().reason(),
        Reason::Syntax
    );
}
