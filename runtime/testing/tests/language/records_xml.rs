//! Records in XML 1.0, on a made-up protocol: elements by name, all others as headers, answers that are the request's
//! own document. The documents are written by hand.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId};
use meshwire::wire::Reason;
use meshwire::{Bytes, HeaderMap, MessageKind, Record, Template, Text, Timeout};
use meshwire_testing::conformance::headers_of;

#[derive(Record, Clone, Debug, PartialEq)]
#[record(xml("Call"), request, response(kind = 1), echo)]
struct Call {
    #[record("Outcome")]
    outcome: Option<Outcome>,
    #[record("Ref", id, default = "0")]
    reference: Text,
    #[record("Type", required, tag(0, 1))]
    kind: u8,
    #[record("Wait", timeout)]
    millis: Option<i32>,
    #[record("Service", header = "service")]
    service: Option<Text>,
    #[record("Data", body)]
    data: Bytes,
    #[record(rest, headers)]
    others: HeaderMap,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record("Code", status(other = -1))]
    code: i32,
    #[record("Words", reason)]
    words: Option<Text>,
}

const CALL: &str = "<?xml version='1.0'?><!-- a > b -->\n<Call xmlns='urn:x'>\n  <Ref>R/1</Ref>\n  <Type>0</Type>\
    <Zone a='b'>x&lt;<![CDATA[&amp;]]>&#x26;</Zone>\n  <Deep><Zone>no</Zone></Deep>\n  <Empty/>\n  <Wait>1500</Wait>\n</Call>\n";
const ANSWER: &str =
    "<Call><Type>1</Type><Ref>7</Ref><Outcome><Code>-3</Code></Outcome><Data><a/>b</Data></Call>";

fn headers(region: &str) -> HeaderMap {
    headers_of::<Call>(region.as_bytes(), ()).unwrap()
}

fn changed(region: &str, changes: &MetadataEdits<'_>) -> Result<String, Reason> {
    let mut out = Vec::new();
    match Call::rewrite(region.as_bytes(), (), changes, &mut out) {
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

fn with_body(region: &str, body: &str) -> Result<String, Reason> {
    let body = Some(body.as_bytes());
    let changes = MetadataEdits {
        body,
        ..MetadataEdits::default()
    };
    changed(region, &changes)
}

#[test]
fn a_document_says_what_its_frame_is() {
    let facts = Call::metadata(CALL.as_bytes(), ()).unwrap();
    assert_eq!(facts.kind, MessageKind::Request);
    let start = CALL.find("R/1").unwrap();
    assert_eq!(facts.id, PayloadId::Opaque(start..start + 3));
    let timeout = Call::timeout(CALL.as_bytes(), ());
    assert_eq!(timeout, Some(Timeout::Millis(1500)));
    let expected = [("Zone", "x<&amp;&"), ("Empty", "")];
    assert_eq!(headers(CALL), HeaderMap::from(expected));
    let facts = Call::metadata(ANSWER.as_bytes(), ()).unwrap();
    assert_eq!((facts.kind, facts.status), (MessageKind::Response, -3));
    assert_eq!(&ANSWER[facts.body], "<a/>b");
    // A status that is no number has one that stands for it.
    for code in ["E1", "", "99999999999"] {
        let answer = ANSWER.replace("-3", code);
        let facts = Call::metadata(answer.as_bytes(), ()).unwrap();
        assert_eq!(facts.status, -1, "{code}");
    }
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    let id = Some(IdEdit::Opaque(b"b"));
    let changes = MetadataEdits {
        id,
        ..MetadataEdits::default()
    };
    assert_eq!(changed(CALL, &changes).unwrap(), CALL.replace("R/1", "b"));
    let kept = [("Zone", "x<&amp;&"), ("Empty", "")];
    assert_eq!(with_headers(CALL, &kept).unwrap(), CALL);
    // The white space before an element goes with it; attributes and comments stay.
    let out = with_headers(CALL, &[("Zone", "n<w")]).unwrap();
    let start = CALL.find("x&lt;").unwrap();
    let end = CALL.find("</Zone>").unwrap();
    let expected = [&CALL[..start], "n&lt;w", &CALL[end..]].concat();
    assert_eq!(out, expected.replace("\n  <Empty/>", ""));
    let out = with_headers(CALL, &[("Zone", "x<&amp;&"), ("Empty", "\r")]).unwrap();
    assert_eq!(out, CALL.replace("<Empty/>", "<Empty>&#13;</Empty>"));
}

#[test]
fn new_elements_are_in_the_order_of_the_declaration() {
    let region = "<Call><Type>1</Type> <Ref>7</Ref><Zone>1</Zone></Call>";
    let wanted = HeaderMap::from([("service", "pay"), ("Zone", "1"), ("x-new", "&")]);
    let changes = MetadataEdits {
        headers: Some(wanted.as_headers()),
        status: Some(5),
        reason: Some(b"why"),
        body: Some(b"<b/>"),
        ..MetadataEdits::default()
    };
    let out = changed(region, &changes).unwrap();
    let expected = "<Call><Outcome><Code>5</Code><Words>why</Words></Outcome><Type>1</Type> <Ref>7</Ref>\
        <Service>pay</Service><Data><b/></Data><Zone>1</Zone><x-new>&amp;</x-new></Call>";
    assert_eq!(out, expected);
    assert_eq!(headers(&out), wanted);
    // Back again.
    let out = with_headers(&out, &[("Zone", "1")]).unwrap();
    let removed = expected.replace("<Service>pay</Service>", "");
    assert_eq!(out, removed.replace("<x-new>&amp;</x-new>", ""));
}

#[test]
fn a_new_body_is_well_formed() {
    let out = with_body(ANSWER, "x<b>&amp;</b>").unwrap();
    assert_eq!(out, ANSWER.replace("<a/>b", "x<b>&amp;</b>"));
    let empty = ANSWER.replace("<Data><a/>b</Data>", "<Data n='1' />");
    assert_eq!(with_body(&empty, "").unwrap(), empty);
    let filled = empty.replace(" />", " >x</Data>");
    assert_eq!(with_body(&empty, "x").unwrap(), filled);
    for body in ["<a>", "</Data>", "a<b", "<!DOCTYPE a>"] {
        assert_eq!(with_body(ANSWER, body), Err(Reason::NoPlace), "{body}");
    }
}

#[test]
fn templates_are_whole_and_answers_are_the_request() {
    let made = |template| Call::template(template, ()).map(|made| String::from_utf8(made).unwrap());
    let request = "<Call><Ref>0</Ref><Type>0</Type><Data></Data></Call>";
    assert_eq!(made(Template::Request).as_deref(), Some(request));
    assert_eq!(made(Template::Heartbeat), None);
    let request = CALL.replace(
        "\n  <Wait>",
        "<Outcome><Code>1</Code></Outcome><Data>x</Data>\n  <Wait>",
    );
    let answer = |request: &str| {
        let answer = Call::answer(Template::Response, (), request.as_bytes());
        String::from_utf8(answer.unwrap()).unwrap()
    };
    let expected = CALL.replace("<Type>0", "<Type>1");
    let expected = expected.replace("\n  <Wait>", "<Data></Data>\n  <Wait>");
    let status = "<Call xmlns='urn:x'><Outcome><Code>0</Code></Outcome>";
    let expected = expected.replace("<Call xmlns='urn:x'>", status);
    assert_eq!(answer(&request), expected);
    // What cannot be read is not repeated.
    let template = "<Call><Ref>0</Ref><Type>1</Type><Data></Data></Call>";
    assert_eq!(answer("<Call>"), template);
}

#[test]
fn documents_of_another_shape_are_refused() {
    // Each is wrong after its `@`.
    let call = |inner: &str| format!("<Call><Ref>1</Ref><Type>0</Type>{inner}</Call>");
    for (marked, reason) in [
        ("@".to_owned(), Reason::Syntax),
        ("@<call></call>".to_owned(), Reason::Syntax),
        ("@<!DOCTYPE Call><Call></Call>".to_owned(), Reason::Syntax),
        ("<Call></Call>@".to_owned(), Reason::Missing),
        (call("@<Ref>1</Ref>"), Reason::Syntax),
        (call("<a>@</b>"), Reason::Syntax),
        (call("").replace("1</Ref>", "@</Ref>"), Reason::Syntax),
        (
            call("").replace("1</Ref>", "@a&amp;b</Ref>"),
            Reason::Syntax,
        ),
        (call("").replace("<Type>0", "<Type>@<a/>"), Reason::Syntax),
        (call("").replace("<Type>0", "<Type>@ 0"), Reason::Syntax),
        (
            call("").replace("<Type>0", "@<Type>2"),
            Reason::UnknownValue { got: 2 },
        ),
        (format!("{}@x", call("")), Reason::Syntax),
        (format!("{}@<a/>", call("")), Reason::Syntax),
        (
            call(&format!("{}@<a>", "<a>".repeat(63))),
            Reason::TooDeep { max: 64 },
        ),
    ] {
        let offset = marked.find('@').unwrap();
        let text = marked.replace('@', "");
        let error = Call::metadata(text.as_bytes(), ()).unwrap_err();
        assert_eq!((error.offset, error.reason), (offset, reason), "{text}");
    }
    for pairs in [
        [("Ref", "1")],
        [("Outcome", "1")],
        [("a b", "1")],
        [("a", "\0")],
    ] {
        let pairs = [("Zone", "x<&amp;&"), ("Empty", ""), pairs[0]];
        assert_eq!(
            with_headers(CALL, &pairs),
            Err(Reason::NoPlace),
            "{pairs:?}"
        );
    }
    for id in [&b""[..], b"a<b", b"&amp;"] {
        let id = Some(IdEdit::Opaque(id));
        let changes = MetadataEdits {
            id,
            ..MetadataEdits::default()
        };
        assert_eq!(changed(CALL, &changes), Err(Reason::NoPlace));
    }
}
