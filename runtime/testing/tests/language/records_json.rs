//! Records in JSON (RFC 8259), on a made-up protocol: bits, nested objects, values that answers repeat, reasons.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId};
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind, Record, Template, Text, Timeout};
use meshwire_testing::conformance::headers_of;

#[derive(Record, Clone, Debug, PartialEq)]
#[record(
    json,
    request,
    oneway(answered = 0),
    response(answer = 1),
    heartbeat(beat = 1)
)]
struct Head {
    #[record(id, required)]
    id: Text,
    #[record("flags", bits = 5, default = 9)]
    reserved: u8,
    #[record(bits = 1, default = 1)]
    answered: u8,
    #[record(bits = 1)]
    beat: u8,
    #[record(bits = 1)]
    answer: u8,
    #[record(echo)]
    version: Option<Text>,
    #[record("result")]
    outcome: Option<Outcome>,
    #[record("ttl", timeout)]
    millis: Option<i64>,
    #[record(headers)]
    meta: Option<HeaderMap>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record(status)]
    code: i16,
    #[record(header = "error", reason)]
    text: Option<Text>,
}

/// Names that differ only in case, `_` or `-` from that of a field which is a header, wherever that is.
#[test]
fn a_name_that_a_lenient_reader_takes_for_a_header_is_doubtful() {
    for (region, header, doubtful) in [
        (r#"{"id":"1","result":{"text":"a"}}"#, "error", false),
        (
            r#"{"id":"1","result":{"texts":"a","meta":{"TEXT":1}}}"#,
            "error",
            false,
        ),
        (
            r#"{"id":"1","result":{"text":"a","Text":"b"}}"#,
            "error",
            true,
        ),
        (r#"{"id":"1","result":{"te_x-t":"b"}}"#, "error", true),
        (r#"{"id":"1","re-sult":{"text":"b"}}"#, "error", true),
        (r#"{"id":"1","result":{"t\u0045xt":"b"}}"#, "error", true),
        (r#"{"id":"1","other":{"TEXT":"b"}}"#, "error", false),
        (r#"{"id":"1","result":{"Text":"b"}}"#, "version", false),
        (r#"["id"]"#, "error", true),
    ] {
        let found = Head::is_doubtful(region.as_bytes(), (), header);
        assert_eq!(found, doubtful, "{region} {header}");
    }
}

const CALL: &str =
    r#"{ "id" : "a/1", "flags":76, "ttl":1500, "meta":{"k":"v","n":-1.5} , "x":[1,{}]}"#;
const ANSWER: &str = r#"{"id":"7","flags":77,"result":{"code":-3,"x":1}}"#;

fn headers(region: &str) -> HeaderMap {
    headers_of::<Head>(region.as_bytes(), ()).unwrap()
}

fn changed(region: &str, changes: &MetadataEdits<'_>) -> Result<String, Reason> {
    let mut out = Vec::new();
    match Head::rewrite(region.as_bytes(), (), changes, &mut out) {
        Ok(()) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => Err(error.reason),
    }
}

fn with_headers(region: &str, pairs: &[(&str, &str)]) -> Result<String, Reason> {
    let wanted: HeaderMap = pairs.iter().copied().collect();
    let headers = Some(wanted.as_headers());
    let changes = MetadataEdits {
        headers,
        ..MetadataEdits::default()
    };
    changed(region, &changes)
}

#[test]
fn an_object_says_what_its_frame_is() {
    let facts = Head::metadata(CALL.as_bytes(), ()).unwrap();
    assert_eq!(facts.kind, MessageKind::Request);
    assert_eq!(facts.id, PayloadId::Opaque(10..13));
    let timeout = Head::timeout(CALL.as_bytes(), ());
    assert_eq!(timeout, Some(Timeout::Millis(1500)));
    assert_eq!(headers(CALL), HeaderMap::from([("k", "v"), ("n", "-1.5")]));
    let facts = Head::metadata(ANSWER.as_bytes(), ()).unwrap();
    assert_eq!((facts.kind, facts.status), (MessageKind::Response, -3));
}

#[test]
fn bits_of_an_integer_make_the_kind() {
    for (flags, kind) in [
        ("", MessageKind::Request),
        (r#","flags":4"#, MessageKind::Request),
        (r#","flags":0"#, MessageKind::OneWay),
        (r#","flags":5"#, MessageKind::Response),
        (r#","flags":6"#, MessageKind::Heartbeat),
        // The highest bit is a sign in JSON.
        (r#","flags":-128"#, MessageKind::OneWay),
        (r#","flags":null"#, MessageKind::Request),
    ] {
        let region = format!(r#"{{"id":"1"{flags}}}"#);
        let facts = Head::metadata(region.as_bytes(), ());
        assert_eq!(facts.map(|facts| facts.kind), Ok(kind), "{flags}");
    }
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    let id = Some(IdEdit::Opaque(b"b"));
    let out = changed(
        CALL,
        &MetadataEdits {
            id,
            ..MetadataEdits::default()
        },
    );
    assert_eq!(out.unwrap(), CALL.replace("a/1", "b"));
    let out = with_headers(CALL, &[("n", "-1.5")]);
    assert_eq!(out.unwrap(), CALL.replace(r#""k":"v","#, ""));
    let out = with_headers(CALL, &[("k", "v"), ("n", "-1.5"), ("é\"", "\u{1}")]);
    let wanted = CALL.replace("-1.5", r#"-1.5,"é\"":"\u0001""#);
    assert_eq!(out.unwrap(), wanted);
}

#[test]
fn an_object_inside_is_made_with_what_it_needs() {
    let region = r#"{"id":"7","flags":77}"#;
    let status = Some(5);
    let changes = MetadataEdits {
        status,
        reason: Some(b"why"),
        ..MetadataEdits::default()
    };
    let out = changed(region, &changes).unwrap();
    assert_eq!(
        out,
        r#"{"id":"7","flags":77,"result":{"code":5,"text":"why"}}"#
    );
    assert_eq!(headers(&out), HeaderMap::from([("error", "why")]));
    let null = r#"{"id":"7","result":null,"flags":77}"#;
    let out = changed(null, &changes).unwrap();
    assert_eq!(
        out,
        r#"{"id":"7","result":{"code":5,"text":"why"},"flags":77}"#
    );
    let out = with_headers(ANSWER, &[("error", "no"), ("k", "v")]).unwrap();
    assert_eq!(
        out,
        r#"{"id":"7","flags":77,"result":{"code":-3,"x":1,"text":"no"},"meta":{"k":"v"}}"#
    );
    let back = with_headers(&out, &[]).unwrap();
    assert_eq!(
        back,
        r#"{"id":"7","flags":77,"result":{"code":-3,"x":1},"meta":{}}"#
    );
}

#[test]
fn templates_have_their_bits_and_answers_repeat_the_request() {
    let made = |template| Head::template(template, ()).map(|made| String::from_utf8(made).unwrap());
    // An id is always there, so it is empty in a template; the flags are 9, 1, 0, 0.
    let request = r#"{"id":"","flags":76}"#;
    assert_eq!(made(Template::Request).as_deref(), Some(request));
    let heartbeat = r#"{"id":"","flags":78}"#;
    assert_eq!(made(Template::Heartbeat).as_deref(), Some(heartbeat));
    assert_eq!(made(Template::HeartbeatAck), None);
    let request = br#"{"id":"1","version" : "\u0031.2"}"#;
    let answer = Head::answer(Template::Response, (), request).unwrap();
    let expected = r#"{"id":"","flags":77,"version" : "\u0031.2"}"#;
    assert_eq!(String::from_utf8(answer).unwrap(), expected);
    // What cannot be read is not repeated.
    let answer = Head::answer(Template::Response, (), b"{").unwrap();
    assert_eq!(answer, br#"{"id":"","flags":77}"#);
}

#[test]
fn what_no_object_can_be_is_refused() {
    for (region, offset, reason) in [
        (r#"{"flags":0}"#, 11, Reason::Missing),
        (r#"{"id":null}"#, 11, Reason::Missing),
        (r#"{"id":1}"#, 6, Reason::Syntax),
        // Hosts hand an id back as it is spelled.
        (r#"{"id":"a\u002f1"}"#, 7, Reason::Syntax),
        (r#"{"id":"1","id":"1"}"#, 10, Reason::Syntax),
        (r#"{"id":"1","i\u0064":"1"}"#, 10, Reason::Syntax),
        (r#"{"id":"1","result":[]}"#, 19, Reason::Syntax),
        (r#"{"id":"1","flags":4.5}"#, 18, Reason::Syntax),
        (
            r#"{"id":"1","flags":5,"result":{"code":"1"}}"#,
            37,
            Reason::Syntax,
        ),
        (r#"{"id":"1"} ."#, 11, Reason::Syntax),
        (r#"{"id":"1""#, 9, Reason::Syntax),
        (
            r#"{"id":"1","flags":128}"#,
            18,
            Reason::OutOfRange { max: 127, got: 128 },
        ),
    ] {
        let error = Head::metadata(region.as_bytes(), ()).unwrap_err();
        assert_eq!((error.offset, error.reason), (offset, reason), "{region}");
    }
    let id = |id| MetadataEdits {
        id: Some(IdEdit::Opaque(id)),
        ..MetadataEdits::default()
    };
    for escaped in [&b"a\"b"[..], b"a\\b", b"\n"] {
        assert_eq!(changed(CALL, &id(escaped)), Err(Reason::NoPlace));
    }
    let refused = changed(
        CALL,
        &MetadataEdits {
            status: Some(1),
            ..MetadataEdits::default()
        },
    );
    assert_eq!(refused, Err(Reason::NoPlace));
}
