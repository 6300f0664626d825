//! Ids of every width, when the numbers of the host do not fit into them any more.

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::protocol::Plugin;
use meshwire::{AsciiDecimal, Bytes, Codec, Frame, Len, protocol};

use super::narrow::{ANSWER, CALL, mesh, warnings};
use super::payload_codec::Pairs;

/// An id of 32 bits, as most protocols have it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2))]
struct Usual {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(name = "x-usual", frames(Usual), status(_ => 1), keep_alive = none)]
struct Usuals;

/// An id in six decimal digits, as a trace number of ISO 8583.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2))]
struct Traced {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: AsciiDecimal<6>,
}

#[protocol(name = "x-traced", frames(Traced), status(_ => 1), keep_alive = none)]
struct Traceds;

/// Frames of one size are called and answered with what is after their kind.
fn calls_are_answered<P: Plugin>(first_id: u64, client_id: &[u8]) {
    let mut mesh = mesh::<P>(first_id);
    let client = mesh.client();
    for _ in 0..100 {
        mesh.send(client, &[&[CALL], client_id].concat());
        let server = mesh.server().unwrap();
        let mut answer = mesh.received(server);
        assert_eq!(answer.len(), 1 + client_id.len());
        answer[0] = ANSWER;
        mesh.send(server, &answer);
        assert_eq!(mesh.received(client), [&[ANSWER], client_id].concat());
    }
    assert_eq!((mesh.failures(), warnings(&mesh).len()), (&[][..], 0));
}

#[test]
fn every_width_has_its_end() {
    assert_eq!(Usuals::LARGEST_ID, 0xffff_ffff);
    calls_are_answered::<Usuals>(0x7fff_ffd0, &[0xff; 4]);
    calls_are_answered::<Usuals>(0xffff_ffd0, &[0; 4]);
    assert_eq!(Traceds::LARGEST_ID, 999_999);
    calls_are_answered::<Traceds>(499_950, b"999999");
    calls_are_answered::<Traceds>(999_950, b"000000");
}

/// A copy of the id that is narrower than the id.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2))]
struct Copied {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: u64,
    #[frame(id_copy, bits = 12)]
    copy: u16,
    #[frame(bits = 4)]
    rest: u16,
}

#[protocol(name = "x-copied", frames(Copied), status(_ => 1), keep_alive = none)]
struct Copies;

#[test]
fn the_narrowest_place_counts() {
    assert_eq!(Copies::LARGEST_ID, 0xfff);
    let mut mesh = mesh::<Copies>(0x1_0000);
    let client = mesh.client();
    mesh.send(client, b"\x01\0\0\0\0\0\0\0\x07\0\x75");
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server), b"\x01\0\0\0\0\0\0\x08\0\x80\x05");
    mesh.send(server, b"\x02\0\0\0\0\0\0\x08\0\x80\x05");
    assert_eq!(mesh.received(client), b"\x02\0\0\0\0\0\0\0\x07\0\x75");
}

/// A language whose numbers have two digits.
struct TwoDigits;

impl PayloadCodec for TwoDigits {
    type Inputs = ();

    const LARGEST_ID: u64 = 99;

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        Pairs::metadata(region, ())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        Pairs::rewrite(region, (), changes, out)
    }

    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        Pairs::template(template, ())
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
struct Said {
    #[frame(len_of = said)]
    length: Len<u8>,
    #[frame(with = TwoDigits, kind, id, timeout, status, body)]
    said: Bytes,
}

#[protocol(name = "x-said", frames(Said), status(_ => 1))]
struct Saids;

#[test]
fn a_payload_codec_says_how_wide_its_ids_are() {
    assert_eq!(Saids::LARGEST_ID, 99);
    let mut mesh = mesh::<Saids>(40);
    let client = mesh.client();
    for call in 40..200 {
        mesh.send(client, b"\x0did=7,op=call;");
        let server = mesh.server().unwrap();
        let sent = mesh.received(server);
        let text = core::str::from_utf8(&sent[1..]).unwrap();
        let id = text
            .strip_prefix("id=")
            .and_then(|text| text.split(',').next());
        let id: u64 = id.unwrap().parse().unwrap();
        assert_eq!(
            id,
            if call < 50 {
                call
            } else {
                50 + (call - 50) % 50
            }
        );
        let answer = text.replace("call", "reply");
        mesh.send(server, &[&[answer.len() as u8], answer.as_bytes()].concat());
        assert_eq!(mesh.received(client), b"\x0eid=7,op=reply;");
    }
    assert_eq!((mesh.failures(), warnings(&mesh).len()), (&[][..], 0));
}
