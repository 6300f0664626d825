use meshwire::HeaderMap;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use super::super::Service;
use super::{answer, body, call, document, headers, text};

fn rewritten(region: &[u8], changes: &MetadataEdits<'_>) -> Result<String, FormatError> {
    let mut out = Vec::new();
    Service::rewrite(region, (), changes, &mut out)?;
    Ok(text(&out).to_owned())
}

fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<String, FormatError> {
    let changes = MetadataEdits {
        reason: None,
        headers: Some(headers.as_headers()),
        ..MetadataEdits::default()
    };
    rewritten(region, &changes)
}

fn with_status(region: &[u8], status: i64) -> Result<String, FormatError> {
    let changes = MetadataEdits {
        reason: None,
        status: Some(status),
        ..MetadataEdits::default()
    };
    rewritten(region, &changes)
}

fn with_body(region: &[u8], body: &str) -> Result<String, FormatError> {
    let changes = MetadataEdits {
        reason: None,
        body: Some(body.as_bytes()),
        ..MetadataEdits::default()
    };
    rewritten(region, &changes)
}

/// Changes a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> String {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted, "{out}");
    let facts = Service::metadata(out.as_bytes(), ()).unwrap();
    let came = Service::metadata(region, ()).unwrap();
    assert_eq!((facts.kind, facts.status), (came.kind, came.status));
    assert_eq!(body(out.as_bytes()), body(region));
    out
}

#[test]
fn another_id_is_written_as_it_is() {
    let region = document("request");
    let id = |id| MetadataEdits {
        id: Some(id),
        ..MetadataEdits::default()
    };
    let out = rewritten(&region, &id(IdEdit::Opaque(b"C49-7"))).unwrap();
    assert_eq!(
        out,
        text(&region).replace("2021062211132754312345", "C49-7")
    );
    for refused in [
        IdEdit::Opaque(b""),
        IdEdit::Opaque(b"a<b"),
        IdEdit::Opaque(b"&amp;"),
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
fn text_between_elements_stays() {
    let region = call(" x <a>1</a><!----> <b>2</b>");
    let out = edited(region.as_bytes(), |headers| *headers = HeaderMap::new());
    assert_eq!(out, call(" x <!---->"));
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
    let wanted = HeaderMap::from([("service", "S"), ("a", "2")]);
    let changes = MetadataEdits {
        reason: None,
        id: Some(IdEdit::Opaque(b"9")),
        status: Some(3),
        headers: Some(wanted.as_headers()),
        body: Some(b"b"),
    };
    let out = rewritten(region.as_bytes(), &changes).unwrap();
    assert_eq!(
        out,
        "<Service><Header><Response><ReturnCode>3</ReturnCode></Response><RequestType>1</RequestType>\
         <ExternalReference>9</ExternalReference><ServiceCode>S</ServiceCode><a>2</a></Header>\
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
