//! The PDUs of `smpp` and their optional parameters, which are tags, lengths and values, against `rusmpp`.

use std::collections::BTreeMap;

use bytes::BytesMut;
use meshwire::{Codec, Command as _, Edits, HeaderMap, Message, MessageKind, View};
use proptest::prelude::*;
use rusmpp_core::command::owned::Command;
use rusmpp_core::decode::owned::DecodeWithLength;
use rusmpp_core::encode::{Encode, Length};
use rusmpp_core::pdus::owned::{SubmitSm, SubmitSmResp};
use rusmpp_core::tlvs::TlvTag;
use rusmpp_core::tlvs::owned::MessageSubmissionRequestTlvValue as Parameter;
use rusmpp_core::types::owned::{AnyOctetString, COctetString, OctetString};
use rusmpp_core::values::UserMessageReference;
use rusmpp_core::values::owned::ServiceType;
use rusmpp_core::{CommandStatus, pdus::owned::Pdu};
use smpp::Smpp;

/// What is declared of a short message, and parameters of vendors.
#[derive(Clone, Debug)]
struct Sm {
    service: String,
    source: String,
    destination: String,
    reference: Option<u16>,
    segments: Option<(u16, u8, u8)>,
    others: Vec<(u16, Vec<u8>)>,
    text: Vec<u8>,
}

prop_compose! {
    fn sm()(
        service in "[A-Za-z0-9]{0,5}",
        source in "[0-9+a-z]{0,20}",
        destination in "[0-9]{0,20}",
        reference in prop::option::of(any::<u16>()),
        segments in prop::option::of(any::<(u16, u8, u8)>()),
        // Those of vendors. `rusmpp` reads an empty value as none.
        others in prop::collection::vec((0x1400..0x3fff_u16, prop::collection::vec(any::<u8>(), 1..9)), 0..4),
        text in prop::collection::vec(any::<u8>(), 0..=254),
    ) -> Sm {
        Sm { service, source, destination, reference, segments, others, text }
    }
}

impl Sm {
    fn command(&self, id: u32) -> Command {
        let text = |text: &str| COctetString::from_string(text.to_owned()).unwrap();
        let mut parameters = Vec::new();
        if let Some(number) = self.reference {
            parameters.push(Parameter::UserMessageReference(UserMessageReference::new(
                number,
            )));
        }
        let others = self.others.iter().map(|(tag, value)| Parameter::Other {
            tag: TlvTag::from(*tag),
            value: AnyOctetString::from_slice(value),
        });
        parameters.extend(others);
        if let Some((number, total, this)) = self.segments {
            parameters.push(Parameter::SarMsgRefNum(number));
            parameters.push(Parameter::SarTotalSegments(total));
            parameters.push(Parameter::SarSegmentSeqnum(this));
        }
        let sm = SubmitSm::builder()
            .service_type(ServiceType::new(
                COctetString::from_string(self.service.clone()).unwrap(),
            ))
            .source_addr(text(&self.source))
            .destination_addr(text(&self.destination))
            .short_message(OctetString::from_slice(&self.text).unwrap())
            .tlvs(parameters)
            .build();
        Command::new(CommandStatus::EsmeRok, id, sm)
    }

    /// The headers that the PDU has, by the table in the README of `smpp`.
    fn headers(&self) -> BTreeMap<String, String> {
        let mut headers = BTreeMap::new();
        let mut add = |name: &str, value: String| headers.insert(name.to_owned(), value);
        add("command", "4".to_owned());
        add("data_coding", "0".to_owned());
        add("service_type", self.service.clone());
        add("source_addr", self.source.clone());
        add("destination_addr", self.destination.clone());
        if let Some(number) = self.reference {
            add("user_message_reference", number.to_string());
        }
        if let Some((number, total, this)) = self.segments {
            add("sar_msg_ref_num", number.to_string());
            add("sar_total_segments", total.to_string());
            add("sar_segment_seqnum", this.to_string());
        }
        headers
    }
}

/// As `rusmpp` writes it, with the length in front that its codecs write.
fn bytes_of(command: &Command) -> Vec<u8> {
    let mut bytes = vec![0; 4 + command.length()];
    command.encode(&mut bytes[4..]);
    let length = u32::try_from(bytes.len()).unwrap();
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

fn read(bytes: &[u8]) -> Command {
    let length = u32::from_be_bytes(*bytes.first_chunk().unwrap());
    assert_eq!(length as usize, bytes.len());
    let mut rest = BytesMut::from(&bytes[4..]);
    let (command, size) = Command::decode(&mut rest, bytes.len() - 4).unwrap();
    assert_eq!(size, bytes.len() - 4);
    command
}

fn map(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    headers
        .iter()
        .map(|(name, value)| (text(name), text(value)))
        .collect()
}

fn changed(bytes: &[u8], id: u32, headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let edits = Edits {
        id: Some(id.into()),
        headers: Some(headers.as_headers()),
        body: Some(body),
        ..Edits::default()
    };
    let mut out = Vec::new();
    Smpp::parse(bytes)
        .frame()
        .unwrap()
        .rewrite(&edits, &mut out)
        .unwrap();
    out
}

proptest! {
    #![proptest_config(super::repeatable())]

    #[test]
    fn a_short_message_of_rusmpp_means_the_same(sm in sm(), id in 1..0x7fff_ffff_u32) {
        let bytes = bytes_of(&sm.command(id));
        let view = Smpp::parse(&bytes).frame().unwrap();
        prop_assert_eq!((view.kind(), view.id()), (MessageKind::Request, id.into()));
        prop_assert_eq!(view.body(), &sm.text[..]);
        prop_assert_eq!(map(&view.header_map().unwrap()), sm.headers());
    }

    #[test]
    fn rusmpp_reads_what_was_changed_and_nothing_else(
        sm in sm(),
        ids in (1..0x7fff_ffff_u32, 1..0x7fff_ffff_u32),
        source in "[0-9]{0,20}",
        reference in prop::option::of(any::<u16>()),
        text in prop::collection::vec(any::<u8>(), 0..=254),
    ) {
        let bytes = bytes_of(&sm.command(ids.0));
        let came = Smpp::parse(&bytes).frame().unwrap().header_map().unwrap();
        let mut wanted = Sm { source, text, ..sm.clone() };
        // What is new comes last; the order of parameters is free.
        if sm.reference.is_some() {
            wanted.reference = reference.or(sm.reference);
        }
        let headers: HeaderMap = wanted.headers().into_iter().collect();
        let out = changed(&bytes, ids.1, &headers, &wanted.text);
        prop_assert_eq!(read(&out), wanted.command(ids.1));

        let mut owned = Smpp::decode(&bytes.clone().into()).frame().unwrap();
        owned.set_id(ids.1.into()).unwrap();
        owned.set_headers(headers).unwrap();
        owned.set_body(wanted.text.clone().into()).unwrap();
        prop_assert_eq!(owned.to_bytes().unwrap(), out.clone());

        prop_assert_eq!(changed(&out, ids.0, &came, &sm.text), bytes);
    }

    /// A parameter that is added or taken away.
    #[test]
    fn rusmpp_reads_parameters_that_come_and_go(sm in sm(), number in any::<u16>()) {
        let bytes = bytes_of(&sm.command(1));
        let mut headers = sm.headers();
        if headers.remove("user_message_reference").is_none() {
            headers.insert("user_message_reference".to_owned(), number.to_string());
        }
        let out = changed(&bytes, 1, &headers.into_iter().collect(), &sm.text);
        let wanted = Sm {
            reference: sm.reference.is_none().then_some(number),
            ..sm
        };
        prop_assert_eq!(parameters(&read(&out)), parameters(&wanted.command(1)));
    }

    #[test]
    fn answers_and_heartbeats_of_rusmpp_mean_the_same(id in 1..0x7fff_ffff_u32, message in "[0-9a-f]{0,64}") {
        let answer = SubmitSmResp::new(COctetString::from_string(message.clone()).unwrap(), Vec::new());
        let bytes = bytes_of(&Command::new(CommandStatus::EsmeRthrottled, id, answer));
        let view = Smpp::parse(&bytes).frame().unwrap();
        prop_assert_eq!((view.kind(), view.id()), (MessageKind::Response, id.into()));
        // ESME_RTHROTTLED.
        prop_assert_eq!(view.as_response().unwrap().status(), 0x58);
        prop_assert_eq!(view.body(), [message.as_bytes(), b"\0"].concat());
        let bytes = bytes_of(&Command::new(CommandStatus::EsmeRok, id, Pdu::EnquireLink));
        let view = Smpp::parse(&bytes).frame().unwrap();
        prop_assert_eq!((view.kind(), view.id()), (MessageKind::Heartbeat, id.into()));
    }
}

/// The parameters of a short message, in no order.
fn parameters(command: &Command) -> Vec<String> {
    let Some(Pdu::SubmitSm(sm)) = command.pdu() else {
        panic!("{command:?}");
    };
    let mut all: Vec<_> = sm.tlvs().iter().map(|tlv| format!("{tlv:?}")).collect();
    all.sort_unstable();
    all
}
