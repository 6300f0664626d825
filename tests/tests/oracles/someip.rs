//! The messages of `someip` against `someip_parse`.

use meshwire::{Codec, Command, Edits, Message, MessageKind, Verdict, View};
use proptest::prelude::*;
use someip::SomeIp;
use someip_parse::{MessageType, SomeipHeader, SomeipMsgSlice};

/// A header, whose length is that of the payload, and the payload.
type Sent = (SomeipHeader, Vec<u8>);

fn bytes_of((header, payload): &Sent) -> Vec<u8> {
    [&header.base_to_bytes()[..], payload].concat()
}

fn read(bytes: &[u8]) -> Sent {
    let message = SomeipMsgSlice::from_slice(bytes).unwrap();
    (message.to_header(), message.payload().to_vec())
}

/// What a header announces: the last eight of its bytes, and the payload.
fn announced(payload: &[u8]) -> u32 {
    8 + u32::try_from(payload.len()).unwrap()
}

const KINDS: [(MessageType, MessageKind); 4] = [
    (MessageType::Request, MessageKind::Request),
    (MessageType::RequestNoReturn, MessageKind::OneWay),
    (MessageType::Response, MessageKind::Response),
    (MessageType::Error, MessageKind::Response),
];

prop_compose! {
    fn message()(
        // 0xffff is the service of magic cookies.
        service in 0..0xffff_u16,
        method in any::<u16>(),
        request_id in any::<u32>(),
        interface_version in any::<u8>(),
        kind in 0..KINDS.len(),
        return_code in any::<u8>(),
        payload in prop::collection::vec(any::<u8>(), 0..40),
    ) -> (Sent, MessageKind) {
        let (message_type, kind) = KINDS[kind].clone();
        let header = SomeipHeader {
            message_id: u32::from(service) << 16 | u32::from(method),
            length: announced(&payload),
            request_id,
            interface_version,
            message_type,
            return_code,
            tp_header: None,
        };
        ((header, payload), kind)
    }
}

proptest! {
    #![proptest_config(super::repeatable())]

    #[test]
    fn a_message_of_someip_parse_means_the_same((sent, kind) in message()) {
        let bytes = bytes_of(&sent);
        let view = SomeIp::parse(&bytes).frame().unwrap();
        let (header, payload) = sent;
        prop_assert_eq!((view.kind(), view.id()), (kind, header.request_id.into()));
        prop_assert_eq!(view.body(), &payload[..]);
        if let Some(answer) = view.as_response() {
            prop_assert_eq!(answer.status(), i64::from(header.return_code));
        }
        let headers = view.header_map().unwrap();
        let found = |name: &str| headers.get(name).map(<[u8]>::to_vec);
        prop_assert_eq!(found("service"), Some(header.service_id().to_string().into_bytes()));
        prop_assert_eq!(found("method"), Some(header.event_or_method_id().to_string().into_bytes()));
        // What is too short there is too short here.
        for cut in 0..bytes.len() {
            prop_assert!(SomeipMsgSlice::from_slice(&bytes[..cut]).is_err());
            prop_assert!(matches!(SomeIp::parse(&bytes[..cut]), Verdict::NeedMore(_)), "{}", cut);
        }
    }

    #[test]
    fn someip_parse_reads_what_was_changed_and_nothing_else(
        (sent, _) in message(),
        id in any::<u32>(),
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let bytes = bytes_of(&sent);
        let mut wanted = sent.clone();
        wanted.0.request_id = id;
        wanted.0.length = announced(&body);
        wanted.1.clone_from(&body);
        let changed = |bytes: &[u8], id: u32, body: &[u8]| {
            let edits = Edits { id: Some(id.into()), body: Some(body), ..Edits::default() };
            let mut out = Vec::new();
            SomeIp::parse(bytes).frame().unwrap().rewrite(&edits, &mut out).unwrap();
            out
        };
        let out = changed(&bytes, id, &body);
        prop_assert_eq!(read(&out), wanted);

        let mut owned = SomeIp::decode(&bytes.clone().into()).frame().unwrap();
        owned.set_id(id.into()).unwrap();
        owned.set_body(body.into()).unwrap();
        prop_assert_eq!(owned.to_bytes().unwrap(), out.clone());

        prop_assert_eq!(changed(&out, sent.0.request_id, &sent.1), bytes);
    }
}
