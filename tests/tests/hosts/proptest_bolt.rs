//! Bolt frames of any content, edits of any kind, bytes of any sort.

use bolt::{Bolt, BoltFrame, BoltRequest, BoltResponse};
use bytes::Bytes;
use meshwire::wire::Reason;
use meshwire::{
    Codec, Command, Edits, Frame, HeaderMap, Message, MessageKind, Request, Response, Template,
    Text, Timeout, Verdict, View,
};
use meshwire_testing::emulator::{
    Decoded, EncodeInput, Failure, HeaderList, MosnHost, Native, Options,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Cases of each test; a second or two for all of them without optimisation.
const CASES: u32 = 256;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(CASES)
    }
}

/// A few keys come often, so that there are duplicates.
fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"service".to_vec()),
        Just(b"%d".to_vec()),
        vec(any::<u8>(), 1..20),
    ]
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let value = prop_oneof![Just(Vec::new()), vec(any::<u8>(), 1..40)];
    vec((key(), value), 0..6).prop_map(|pairs| {
        let map: HeaderMap = pairs.iter().map(|(key, value)| (key, value)).collect();
        let kept = pairs.iter().map(|(key, value)| (&key[..], &value[..]));
        assert!(map.iter().eq(kept), "{map:?} is not {pairs:?}");
        map
    })
}

fn body() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        Just(Bytes::new()),
        vec(any::<u8>(), 0..200).prop_map(Bytes::from),
        (0_usize..70_000).prop_map(|len| Bytes::from(vec![0x5a; len])),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    "\\PC{0,30}".prop_map(Text::from)
}

/// What both frames have besides their own.
type Common = (u8, u8, u32, Text, HeaderMap, Bytes);

fn common() -> impl Strategy<Value = Common> {
    (
        any::<u8>(),
        any::<u8>(),
        any::<u32>(),
        text(),
        headers(),
        body(),
    )
}

fn request() -> impl Strategy<Value = BoltFrame> {
    let own = (1..=2_u8, 0..4_u16, any::<i32>());
    (common(), own).prop_map(|((version, codec, id, class, headers, body), own)| {
        let mut frame = <BoltRequest as Frame>::template(Template::Request).unwrap();
        (frame.cmd_type, frame.cmd_code, frame.timeout) = own;
        (frame.version, frame.codec, frame.request_id) = (version, codec, id);
        (frame.class, frame.headers, frame.body) = (class, headers, body);
        BoltFrame::BoltRequest(frame)
    })
}

fn response() -> impl Strategy<Value = BoltFrame> {
    let own = (prop_oneof![Just(0), Just(2), any::<u16>()], any::<u16>());
    (common(), own).prop_map(|((version, codec, id, class, headers, body), own)| {
        let mut frame = <BoltResponse as Frame>::template(Template::Response).unwrap();
        (frame.cmd_code, frame.status) = own;
        (frame.version, frame.codec, frame.request_id) = (version, codec, id);
        (frame.class, frame.headers, frame.body) = (class, headers, body);
        BoltFrame::BoltResponse(frame)
    })
}

fn frame() -> impl Strategy<Value = BoltFrame> {
    prop_oneof![request(), response()]
}

/// What the README of bolt says that a frame is.
fn kind(frame: &BoltFrame) -> MessageKind {
    match frame {
        BoltFrame::BoltRequest(frame) if frame.cmd_code == 0 => MessageKind::Heartbeat,
        BoltFrame::BoltRequest(frame) if frame.cmd_type == 2 => MessageKind::OneWay,
        BoltFrame::BoltRequest(_) => MessageKind::Request,
        BoltFrame::BoltResponse(frame) if frame.cmd_code == 0 => MessageKind::HeartbeatAck,
        BoltFrame::BoltResponse(_) => MessageKind::Response,
    }
}

/// How long a caller of bolt waits.
fn timeout(frame: &BoltRequest) -> Timeout {
    match frame.timeout {
        0 => Timeout::Unset,
        millis => u32::try_from(millis).map_or(Timeout::Never, Timeout::Millis),
    }
}

/// An id, mostly one that fits; other headers; another body.
type Wanted = (Option<u64>, Option<HeaderMap>, Option<Bytes>);

fn wanted() -> impl Strategy<Value = Wanted> {
    let id = prop_oneof![3 => any::<u32>().prop_map(u64::from), 1 => any::<u64>()];
    (
        proptest::option::of(id),
        proptest::option::of(headers()),
        proptest::option::of(body()),
    )
}

/// The frame with the edits made by hand.
fn edited(frame: &BoltFrame, wanted: &Wanted) -> Result<Bytes, meshwire::Error> {
    let mut frame = frame.clone();
    let (id, headers, body) = wanted;
    if let Some(id) = id {
        frame.set_id(*id)?;
    }
    if let Some(headers) = headers {
        frame.set_headers(headers.clone()).unwrap();
    }
    if let Some(body) = body {
        frame.set_body(body.clone()).unwrap();
    }
    frame.to_bytes()
}

/// Nothing, or what gets random bytes past the recognition.
fn front() -> impl Strategy<Value = &'static [u8]> {
    const FRONTS: &[&[u8]] = &[b"", b"\x01", b"\x01\x01", b"\x01\x02", b"\x01\x00"];
    proptest::sample::select(FRONTS)
}

/// Asks for everything that can be asked of bytes; the answers must not contradict each other.
fn look_into(bytes: &Bytes) {
    let parsed = Bolt::parse(bytes);
    let measured = Bolt::measure(bytes);
    let decoded = Bolt::decode(bytes);
    assert_eq!(parsed.map(|view| view.raw().len()), measured);
    match (Bolt::parse(bytes), decoded) {
        (Verdict::Frame(view), Verdict::Frame(frame)) => {
            assert_eq!(view.header_map(), frame.header_map());
            assert_eq!(frame.to_bytes().unwrap(), view.raw());
        }
        (Verdict::Frame(view), Verdict::Malformed(error)) => {
            assert!(error.offset() <= view.raw().len());
        }
        (_, decoded) => assert_eq!(decoded.map(|_| 0), measured),
    }
    if let Verdict::NeedMore(more) = measured {
        assert!(more > 0 && bytes.len() + more <= 16 * 1024 * 1024);
    }
}

/// The largest number of the host that is written as it is: the upper half of the field is for larger ones,
/// which the flows try.
const PLAIN: u32 = u32::MAX / 2;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn owned_frames_come_back_equal(frame in frame(), cut in any::<Index>(), rest in vec(any::<u8>(), 0..30)) {
        let bytes = frame.to_bytes().unwrap();
        prop_assert_eq!(frame.encoded_len(), Ok(bytes.len()));
        prop_assert_eq!(Bolt::decode(&bytes), Verdict::Frame(frame.clone()));

        let fixed = if frame.as_request().is_some() { 22 } else { 20 };
        let cut = cut.index(bytes.len());
        let Verdict::NeedMore(more) = Bolt::measure(&bytes[..cut]) else {
            panic!("cut at {cut} of {}", bytes.len());
        };
        prop_assert!(cut + more <= bytes.len());
        prop_assert!(cut < fixed || cut + more == bytes.len());

        let followed = Bytes::from([&bytes[..], &rest].concat());
        prop_assert_eq!(Bolt::measure(&followed), Verdict::Frame(bytes.len()));
        prop_assert_eq!(Bolt::decode(&followed), Verdict::Frame(frame));
    }

    #[test]
    fn both_shapes_mean_the_same(frame in frame()) {
        let bytes = frame.to_bytes().unwrap();
        let view = Bolt::parse(&bytes).frame().unwrap();
        prop_assert_eq!(frame.kind(), kind(&frame));
        prop_assert_eq!(view.id(), frame.id());
        prop_assert_eq!(view.body(), frame.body());
        prop_assert_eq!(view.header_map(), frame.header_map());
        let (timeout, status) = match &frame {
            BoltFrame::BoltRequest(frame) => (Some(timeout(frame)), None),
            BoltFrame::BoltResponse(frame) => (None, Some(i64::from(frame.status))),
        };
        prop_assert_eq!(view.as_request().map(Request::timeout), timeout);
        prop_assert_eq!(frame.as_request().map(Request::timeout), timeout);
        prop_assert_eq!(view.as_response().map(Response::status), status);
        prop_assert_eq!(frame.as_response().map(Response::status), status);
        prop_assert_eq!(view.kind(), kind(&frame));
    }

    #[test]
    fn edits_in_place_are_edits_by_hand(frame in frame(), wanted in wanted()) {
        let bytes = frame.to_bytes().unwrap();
        let view = Bolt::parse(&bytes).frame().unwrap();
        let edits = Edits {
            opaque: None,
            id: wanted.0,
            headers: wanted.1.as_ref().map(HeaderMap::as_headers),
            body: wanted.2.as_deref(),
        };
        let mut out = b"before".to_vec();
        let result = view.rewrite(&edits, &mut out);
        match edited(&frame, &wanted) {
            Ok(by_hand) => {
                prop_assert!(wanted.0.is_none_or(|id| u32::try_from(id).is_ok()), "a cut id");
                prop_assert_eq!(result, Ok(()));
                prop_assert_eq!(&out[6..], &by_hand[..]);
            }
            Err(error) => {
                prop_assert_eq!(result, Err(error));
                prop_assert_eq!(out, b"before");
            }
        }
    }

    #[test]
    fn edits_of_the_host_are_edits_by_hand(frame in frame(), id in 0..=PLAIN, wanted in wanted()) {
        // Heartbeats go no further than the host.
        prop_assume!(!frame.kind().is_heartbeat());
        let bytes = frame.to_bytes().unwrap();
        let mut emulator = MosnHost::start(Native::<Bolt>::new(), &Options::new()).unwrap();
        let context = emulator.new_protocol_context().unwrap();
        let decoded = emulator.decode(context, &bytes).into_frame().unwrap().unwrap();
        let forward = EncodeInput::forward(&decoded, u64::from(id));
        let (_, headers, body) = &wanted;
        let input = EncodeInput {
            headers: headers.as_ref().map_or(forward.headers, |headers| headers.iter().collect::<HeaderList>()),
            data: body.clone().unwrap_or(forward.data),
            ..forward
        };
        let sent = emulator.encode(context, &input);
        let by_hand = edited(&frame, &(Some(u64::from(id)), wanted.1, wanted.2));
        match by_hand {
            Ok(by_hand) => prop_assert_eq!(sent, Ok(by_hand)),
            Err(_) => prop_assert!(matches!(sent, Err(Failure::Refused(_)))),
        }
    }

    #[test]
    fn a_part_that_is_too_long_is_refused(mut request in request(), len in 65_530_usize..65_542) {
        let BoltFrame::BoltRequest(frame) = &mut request else {
            panic!("{request:?}");
        };
        frame.class = "x".repeat(len).into();
        let error = request.to_bytes().err();
        let reason = Reason::TooLong { max: 65_535, got: len as u64 };
        let expected = (len > 65_535).then_some(("class", reason));
        prop_assert_eq!(error.map(|error| (error.field(), error.reason())), expected);
    }

    #[test]
    fn any_bytes_get_an_answer(front in front(), rest in vec(any::<u8>(), 0..300)) {
        look_into(&[front, &rest].concat().into());
    }

    #[test]
    fn damaged_frames_get_an_answer(frame in frame(), damage in vec((any::<Index>(), any::<u8>()), 1..5), cut in any::<Index>()) {
        let mut bytes = frame.to_bytes().unwrap().to_vec();
        // Damage hurts most in the fixed part and in the headers.
        let front = bytes.len().min(120);
        for (at, byte) in damage {
            bytes[at.index(front)] = byte;
        }
        look_into(&bytes.clone().into());
        bytes.truncate(cut.index(bytes.len() + 1));
        look_into(&bytes.clone().into());

        let mut emulator = MosnHost::start(Native::<Bolt>::new(), &Options::new()).unwrap();
        let context = emulator.new_protocol_context().unwrap();
        let decoded = emulator.decode(context, &bytes);
        prop_assert!(!matches!(decoded, Decoded::Error(Failure::Trapped(_) | Failure::HostPanic(_))));
        let whole = matches!(Bolt::parse(&bytes), Verdict::Frame(view) if view.header_map().is_ok());
        prop_assert_eq!(whole, matches!(decoded, Decoded::Frame(_)));
    }
}
