use meshwire::command::{PayloadCodec, PayloadId};
use meshwire::frame::{FormatError, Template};
use meshwire::record::xml;
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind, Timeout};
use meshwire_testing::conformance::facts_of;
use meshwire_testing::vectors::{self, Expected};

use super::super::Service;
use super::{FRONT, VECTORS, answer, body, call, document, headers, text};

#[test]
fn good_documents_are_what_their_vectors_say() {
    for vector in vectors::good(VECTORS).unwrap() {
        let (front, region) = vector.bytes.split_at(FRONT);
        assert_eq!(text(front).parse(), Ok(region.len()));
        let [Expected::Frame(expected)] = &vector.expected[..] else {
            panic!("{vector:?}");
        };
        let facts = facts_of::<Service>(region, ()).unwrap();
        // In the file, it is the number that represents it.
        let seen = vectors::Facts {
            id: expected.id,
            ..facts
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
            let error = Service::metadata(&vector.bytes[FRONT..], ()).unwrap_err();
            assert_eq!(Some(error.offset + FRONT), refusal.offset, "{vector:?}");
            refused += 1;
        }
    }
    assert_eq!(refused, 9);
}

#[test]
fn a_call_says_what_it_is() {
    let region = document("request");
    let facts = Service::metadata(&region, ()).unwrap();
    assert_eq!(
        (facts.kind, facts.timeout),
        (MessageKind::Request, Timeout::Unset)
    );
    let PayloadId::Opaque(id) = facts.id else {
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
fn elements_come_in_any_order() {
    let region = call("<a>1</a>").replace("<Header>", "<Body>b</Body><Header>");
    assert_eq!(body(region.as_bytes()), "b");
    assert_eq!(headers(region.as_bytes()), HeaderMap::from([("a", "1")]));
}

#[test]
fn a_return_code_is_found_in_two_places() {
    let status = |elements: &str| {
        Service::metadata(answer(elements).as_bytes(), ()).map(|facts| facts.status)
    };
    assert_eq!(status(""), Ok(0));
    assert_eq!(status("<ReturnCode>0000</ReturnCode>"), Ok(0));
    assert_eq!(status("<ReturnCode>-7</ReturnCode>"), Ok(-7));
    assert_eq!(
        status("<Response><M/><ReturnCode>5<!-- --></ReturnCode></Response>"),
        Ok(5)
    );
    assert_eq!(
        status("<ReturnCode>1</ReturnCode><Response><ReturnCode>2</ReturnCode></Response>"),
        Ok(2)
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
    assert_eq!(Service::metadata(call.as_bytes(), ()).unwrap().status, 0);
}

#[test]
fn documents_of_another_shape_are_refused() {
    // Each is wrong after its `@`.
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
        (format!("{}@", service("")), Reason::Missing),
        (format!("{}@", service("<Header/>")), Reason::Missing),
        (service(&format!("{header}@{header}")), Reason::Syntax),
        (service(&format!("{header}<Body/>@<Body/>")), Reason::Syntax),
        (call("@<RequestType>0</RequestType>"), Reason::Syntax),
        (call("<ReturnCode>@<a/></ReturnCode>"), Reason::Syntax),
        (call("").replace(">1<", ">@<"), Reason::Syntax),
        (call("").replace(">1<", ">@a&amp;b<"), Reason::Syntax),
        (call("").replace(">1<", ">@<!----><"), Reason::Syntax),
        (call("").replace(">1<", ">@<![CDATA[a]]><"), Reason::Syntax),
        (call(&deep), Reason::TooDeep { max: 64 }),
    ] {
        let offset = marked.find('@').unwrap();
        let error = Err(FormatError { offset, reason });
        let text = marked.replace('@', "");
        assert_eq!(Service::metadata(text.as_bytes(), ()), error, "{text}");
    }
}

#[test]
fn templates_are_documents_that_say_nothing() {
    for (template, kind) in [
        (Template::Request, MessageKind::Request),
        (Template::Response, MessageKind::Response),
    ] {
        let out = Service::template(template, ()).unwrap();
        let facts = Service::metadata(&out, ()).unwrap();
        assert_eq!((facts.kind, facts.status), (kind, 0));
        let PayloadId::Opaque(id) = facts.id else {
            panic!("{:?}", facts.id);
        };
        assert_eq!(text(&out[id]), "0");
        assert_eq!(body(&out), "");
        assert!(headers(&out).is_empty());
    }
    for heartbeat in [Template::Heartbeat, Template::HeartbeatAck] {
        assert_eq!(Service::template(heartbeat, ()), None);
    }
}

#[test]
fn a_service_code_that_is_no_header_is_seen() {
    let is_another = |document: &str| {
        let path = ["Service", "Header", "ServiceCode"];
        xml::has_prefixed_name(document.as_bytes(), &path)
    };
    for (elements, expected) in [
        ("<ServiceCode>a</ServiceCode>", false),
        (
            "<ServiceCode>a</ServiceCode><Other><x:ServiceCode>b</x:ServiceCode></Other>",
            false,
        ),
        ("<x:ServiceCode>a</x:ServiceCode>", true),
        ("<ServiceCode>a</ServiceCode><x:ServiceCode/>", true),
    ] {
        assert_eq!(is_another(&call(elements)), expected, "{elements}");
    }
    let header = call("").replace("</Service>", "<x:Header></x:Header></Service>");
    assert!(is_another(&header));
    assert!(is_another("<Service>"));
    // With other elements in it, it is malformed.
    let code = call("<ServiceCode>a<b/></ServiceCode>");
    let error = Service::metadata(code.as_bytes(), ()).unwrap_err();
    assert_eq!(error.reason, Reason::Syntax);
}
