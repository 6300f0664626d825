use meshwire::conformance::{damage_confuses_no_dialect, headers_of};
use meshwire::frame::{Changes, Dialect, FactId, FormatError, NewId, Template};
use meshwire::vectors::{self, Expected, Vector};
use meshwire::wire::Reason;
use meshwire::{HeaderMap, Kind, Timeout};

use super::Service;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the document: its length in digits.
const FRONT: usize = 8;

/// The document of a good vector.
fn document(name: &str) -> Vec<u8> {
    let vector = Vector::read(format!("{VECTORS}/{name}.hex")).unwrap();
    vector.bytes[FRONT..].to_vec()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<Service>(region).unwrap()
}

fn body(region: &[u8]) -> &str {
    text(&region[Service::facts(region).unwrap().body])
}

fn rewritten(region: &[u8], changes: &Changes<'_>) -> Result<String, FormatError> {
    let mut out = Vec::new();
    Service::rewrite(region, changes, &mut out)?;
    Ok(text(&out).to_owned())
}

fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<String, FormatError> {
    let changes = Changes {
        headers: Some(headers.as_headers()),
        ..Changes::default()
    };
    rewritten(region, &changes)
}

fn with_status(region: &[u8], status: i64) -> Result<String, FormatError> {
    let changes = Changes {
        status: Some(status),
        ..Changes::default()
    };
    rewritten(region, &changes)
}

fn with_body(region: &[u8], body: &str) -> Result<String, FormatError> {
    let changes = Changes {
        body: Some(body.as_bytes()),
        ..Changes::default()
    };
    rewritten(region, &changes)
}

/// Changes a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> String {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted, "{out}");
    let facts = Service::facts(out.as_bytes()).unwrap();
    let came = Service::facts(region).unwrap();
    assert_eq!((facts.kind, facts.status), (came.kind, came.status));
    assert_eq!(body(out.as_bytes()), body(region));
    out
}

/// A call with these elements in its header.
fn call(elements: &str) -> String {
    format!(
        "<Service><Header><RequestType>0</RequestType><ExternalReference>1</ExternalReference>{elements}</Header></Service>"
    )
}

/// An answer with these elements in its header.
fn answer(elements: &str) -> String {
    call(elements).replace("<RequestType>0", "<RequestType>1")
}

#[test]
fn damage_confuses_nobody() {
    for vector in vectors::good(VECTORS).unwrap() {
        damage_confuses_no_dialect::<Service>(&vector.bytes[FRONT..]);
    }
}

#[test]
fn good_documents_are_what_their_vectors_say() {
    for vector in vectors::good(VECTORS).unwrap() {
        let (front, region) = vector.bytes.split_at(FRONT);
        assert_eq!(text(front).parse(), Ok(region.len()));
        let [Expected::Frame(expected)] = &vector.expected[..] else {
            panic!("{vector:?}");
        };
        let facts = Service::facts(region).unwrap();
        let headers = headers(region);
        let pairs = headers.iter();
        let seen = vectors::Facts {
            kind: Some(facts.kind),
            id: expected.id,
            timeout: facts.kind.is_request().then_some(facts.timeout),
            status: (!facts.kind.is_request()).then_some(facts.status),
            headers: Some(headers.len()),
            body: Some(facts.body.len()),
            pairs: pairs
                .map(|(key, value)| (key.to_vec(), value.to_vec()))
                .collect(),
        };
        assert_eq!(expected.differences(&seen), [""; 0], "{}", vector.name());
    }
}

#[test]
fn bad_documents_are_refused_where_their_vectors_say() {
    let mut refused = 0;
    for vector in vectors::bad(VECTORS).unwrap() {
        let refusal = vector.refusal().unwrap();
        if refusal.field.as_deref() == Some("document") {
            let error = Service::facts(&vector.bytes[FRONT..]).unwrap_err();
            assert_eq!(Some(error.offset + FRONT), refusal.offset, "{vector:?}");
            refused += 1;
        }
    }
    assert_eq!(refused, 9);
}

#[test]
fn a_call_says_what_it_is() {
    let region = document("request");
    let facts = Service::facts(&region).unwrap();
    assert_eq!((facts.kind, facts.timeout), (Kind::Request, Timeout::Unset));
    let FactId::Opaque(id) = facts.id else {
        panic!("{facts:?}");
    };
    assert_eq!(text(&region[id]), "2021062211132754312345");
    assert_eq!(
        body(&region),
        "<Request><CustNo>3001504094</CustNo></Request>"
    );
    let keys = headers(&region);
    let keys: Vec<_> = keys.iter().map(|(key, _)| text(key)).take(3).collect();
    assert_eq!(keys, ["service", "ChannelId", "OriginalChannelId"]);
}

#[test]
fn a_return_code_is_found_in_two_places() {
    let status =
        |elements: &str| Service::facts(answer(elements).as_bytes()).map(|facts| facts.status);
    assert_eq!(status(""), Ok(0));
    assert_eq!(status("<ReturnCode>0000</ReturnCode>"), Ok(0));
    assert_eq!(status("<ReturnCode>-7</ReturnCode>"), Ok(-7));
    assert_eq!(
        status("<Response><M/><ReturnCode>5<!-- --></ReturnCode></Response>"),
        Ok(5)
    );
    assert_eq!(
        status("<ReturnCode>1</ReturnCode><Response><ReturnCode>2</ReturnCode></Response>"),
        Ok(1)
    );
    for no_number in ["AAAAAAA", "", " 0", "99999999999999999999"] {
        assert_eq!(
            status(&format!("<ReturnCode>{no_number}</ReturnCode>")),
            Ok(-1)
        );
    }
    assert_eq!(status("<Response/>"), Ok(0));
    assert_eq!(
        status("<Response><Deep><ReturnCode>2</ReturnCode></Deep></Response>"),
        Ok(0)
    );
    // Of a call it says nothing.
    let call = call("<ReturnCode>1</ReturnCode>");
    assert_eq!(Service::facts(call.as_bytes()).unwrap().status, 0);
}

#[test]
fn documents_of_another_shape_are_refused() {
    // Each is wrong behind its `@`.
    let service = |inner: &str| format!("<Service>{inner}</Service>");
    let header =
        "<Header><RequestType>0</RequestType><ExternalReference>1</ExternalReference></Header>";
    let deep = format!("{}@{}", "<a>".repeat(62), "<a></a>".repeat(63));
    for (marked, reason) in [
        ("@".to_owned(), Reason::Syntax),
        ("@<Service/>".to_owned(), Reason::Syntax),
        ("@<service></service>".to_owned(), Reason::Syntax),
        (format!("{}@x", service(header)), Reason::Syntax),
        (format!("{}@<a/>", service(header)), Reason::Syntax),
        (service("@"), Reason::Missing),
        (service("<Header@/>"), Reason::Missing),
        (service(&format!("{header}@{header}")), Reason::Syntax),
        (service(&format!("<Body/>@{header}")), Reason::Syntax),
        (service(&format!("{header}<Body/>@<Body/>")), Reason::Syntax),
        (call("@<RequestType>0</RequestType>"), Reason::Syntax),
        (call("@<ReturnCode><a/></ReturnCode>"), Reason::Syntax),
        (call("").replace(">1<", ">@<"), Reason::Syntax),
        (call("").replace(">1<", ">@a&amp;b<"), Reason::Syntax),
        (call("").replace(">1<", ">@<!----><"), Reason::Syntax),
        (call("").replace(">1<", ">@<![CDATA[a]]><"), Reason::Syntax),
        (call(&deep), Reason::TooDeep { max: 64 }),
    ] {
        let offset = marked.find('@').unwrap();
        let error = Err(FormatError { offset, reason });
        let text = marked.replace('@', "");
        assert_eq!(Service::facts(text.as_bytes()), error, "{text}");
    }
}

#[test]
fn another_id_is_written_as_it_is() {
    let region = document("request");
    let id = |id| Changes {
        id: Some(id),
        ..Changes::default()
    };
    let out = rewritten(&region, &id(NewId::Opaque(b"C49-7"))).unwrap();
    assert_eq!(
        out,
        text(&region).replace("2021062211132754312345", "C49-7")
    );
    for refused in [
        NewId::Number(7),
        NewId::Opaque(b""),
        NewId::Opaque(b"a<b"),
        NewId::Opaque(b"&amp;"),
    ] {
        let error = rewritten(&region, &id(refused)).unwrap_err();
        assert_eq!(error.reason, Reason::NoPlace, "{refused:?}");
    }
}

#[test]
fn another_status_is_a_return_code() {
    let hijacked = document("hijacked");
    let out = with_status(&hijacked, -1).unwrap();
    assert_eq!(
        out,
        text(&hijacked).replace("<ReturnCode>504<", "<ReturnCode>-1<")
    );
    let region = document("answer");
    let out = with_status(&region, 404).unwrap();
    let added = "<Header><Response><ReturnCode>404</ReturnCode></Response>";
    assert_eq!(out, text(&region).replace("<Header>", added));
    let empty = answer("<ReturnCode a='b'/>");
    let out = with_status(empty.as_bytes(), 7).unwrap();
    assert_eq!(out, empty.replace("'/>", "'>7</ReturnCode>"));
    let no_number = answer("<ReturnCode>E</ReturnCode>");
    assert_eq!(with_status(no_number.as_bytes(), -1).unwrap(), no_number);
    let error = with_status(&document("request"), 404).unwrap_err();
    assert_eq!(error.reason, Reason::NoPlace);
}

#[test]
fn changed_headers_change_no_other_byte() {
    let region = document("request");
    let came = text(&region);
    let out = edited(&region, |headers| headers.insert("service", "a<b&c\r"));
    assert_eq!(out, came.replace("CIMT000070", "a&lt;b&amp;c&#13;"));
    let out = edited(&region, |headers| headers.append("x-mosn", "1"));
    assert_eq!(
        out,
        came.replace("</Header>", "<x-mosn>1</x-mosn></Header>")
    );
    let out = edited(&region, |headers| assert!(headers.remove("ChannelId")));
    assert_eq!(out, came.replace("<ChannelId>C48</ChannelId>", ""));
    let out = edited(&region, |headers| assert!(headers.remove("service")));
    assert_eq!(
        out,
        came.replace("<ServiceCode>CIMT000070</ServiceCode>", "")
    );
    let out = edited(&region, |headers| *headers = HeaderMap::new());
    let facts =
        "<ExternalReference>2021062211132754312345</ExternalReference><RequestType>0</RequestType>";
    let (front, back) = (
        &came[..came.find("<ServiceCode>").unwrap()],
        &came[came.find("</Header>").unwrap()..],
    );
    assert_eq!(out, [front, facts, back].concat());
    // Another order is written as such.
    edited(&region, |headers| {
        *headers = HeaderMap::from([("TermNo", "1"), ("ChannelId", "2"), ("TermNo", "3")]);
    });
}

#[test]
fn attributes_and_what_is_no_header_stay() {
    let region = document("pretty");
    let came = text(&region);
    let out = edited(&region, |headers| headers.insert("Memo", "new"));
    let start = came.find("a&lt;b").unwrap();
    let end = came.find("</Memo>").unwrap();
    assert_eq!(out, [&came[..start], "new", &came[end..]].concat());
    let out = edited(&region, |headers| headers.insert("Empty", "full"));
    assert_eq!(out, came.replace("<Empty/>", "<Empty>full</Empty>"));
    let out = edited(&region, |headers| {
        *headers = HeaderMap::from([("Twice", "2")]);
    });
    let start = came.find("\n    <Memo").unwrap();
    let end = came.find("\n    <service>").unwrap();
    let rest = came[end..].replace(
        "\n    <Twice>1</Twice><Twice>2</Twice>",
        "\n    <Twice>2</Twice>",
    );
    assert_eq!(out, [&came[..start], &rest].concat());
}

#[test]
fn another_body_stands_in_the_place_of_the_old_one() {
    let region = document("request");
    let new = "sorry &amp; <a><b/></a><![CDATA[</Body>]]>";
    let out = with_body(&region, new).unwrap();
    assert_eq!(out, text(&region).replace(body(&region), new));
    let without = call("");
    let out = with_body(without.as_bytes(), new).unwrap();
    assert_eq!(
        out,
        without.replace("</Service>", &format!("<Body>{new}</Body></Service>"))
    );
    let empty = without.replace("</Service>", "<Body a='b' /></Service>");
    let out = with_body(empty.as_bytes(), new).unwrap();
    assert_eq!(out, empty.replace(" />", &format!(" >{new}</Body>")));
    assert_eq!(body(out.as_bytes()), new);
    assert_eq!(with_body(empty.as_bytes(), "").unwrap(), empty);
    let deep = format!("{}{}", "<a>".repeat(63), "</a>".repeat(63));
    for refused in ["</Body>", "<a>", "</a>", "a<b", "<!DOCTYPE a>", &deep] {
        let error = with_body(&region, refused).unwrap_err();
        assert_eq!(error.reason, Reason::NoPlace, "{refused}");
    }
}

#[test]
fn every_change_at_once_is_made_in_its_place() {
    let region = answer("<a>1</a>");
    let wanted = HeaderMap::from([("a", "2"), ("service", "S")]);
    let changes = Changes {
        id: Some(NewId::Opaque(b"9")),
        status: Some(3),
        headers: Some(wanted.as_headers()),
        body: Some(b"b"),
    };
    let out = rewritten(region.as_bytes(), &changes).unwrap();
    assert_eq!(
        out,
        "<Service><Header><Response><ReturnCode>3</ReturnCode></Response><RequestType>1</RequestType>\
         <ExternalReference>9</ExternalReference><a>2</a><ServiceCode>S</ServiceCode></Header>\
         <Body>b</Body></Service>"
    );
    assert_eq!(headers(out.as_bytes()), wanted);
}

#[test]
fn what_a_document_cannot_hold_is_refused() {
    let region = document("request");
    let refused = |pairs: &[(&str, &[u8])]| {
        let wanted: HeaderMap = pairs.iter().copied().collect();
        with_headers(&region, &wanted).unwrap_err().reason
    };
    for key in [
        "ExternalReference",
        "RequestType",
        "ReturnCode",
        "ServiceCode",
        "a b",
        "a:b",
        "1",
    ] {
        assert_eq!(refused(&[(key, b"1")]), Reason::NoPlace, "{key}");
    }
    assert_eq!(refused(&[("a", b"\0")]), Reason::NoPlace);
    assert_eq!(refused(&[("a", b"\xff")]), Reason::NotUtf8);
    assert_eq!(refused(&[("service", b"\xff")]), Reason::NotUtf8);
}

#[test]
fn templates_are_documents_that_say_nothing() {
    for (template, kind) in [
        (Template::Request, Kind::Request),
        (Template::Response, Kind::Response),
    ] {
        let mut out = Vec::new();
        assert!(Service::template(template, &mut out));
        let facts = Service::facts(&out).unwrap();
        assert_eq!((facts.kind, facts.status), (kind, 0));
        let FactId::Opaque(id) = facts.id else {
            panic!("{:?}", facts.id);
        };
        assert_eq!(text(&out[id]), "0");
        assert_eq!(body(&out), "");
        assert!(headers(&out).is_empty());
    }
    for heartbeat in [Template::Heartbeat, Template::HeartbeatAck] {
        assert!(!Service::template(heartbeat, &mut Vec::new()));
    }
}
