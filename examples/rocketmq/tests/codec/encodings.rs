//! Two encodings of one command: what a host is shown must not depend on which of them a client uses.

use meshwire::wire::{Error, Reason};
use meshwire::{Bytes, Callee, Codec, Command, Edits, HeaderMap, Message, Unknown, View};
use meshwire_testing::emulator::{Native, NativeGuest, Options, Route, Sidecar};
use meshwire_testing::vectors::{Facts, Vector};
use rocketmq::{Binary, RocketMq, RocketMqFrame, RocketMqView};

/// Commands that were captured in both encodings.
const COMMANDS: [&str; 7] = [
    "send",
    "sent",
    "oneway",
    "route",
    "no_route",
    "heartbeat",
    "unsupported",
];

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn view(frame: &[u8]) -> RocketMqView<'_> {
    RocketMq::parse(frame).frame().unwrap()
}

/// A command in JSON and in binary.
fn both(command: &str) -> [Vec<u8>; 2] {
    ["json_java", "binary"].map(|encoding| vector(&format!("{encoding}_{command}")))
}

/// What a frame means. Java writes extension fields in the order of a hash map, another one each time.
fn facts(frame: &[u8]) -> Facts {
    let mut facts = Facts::of(&view(frame)).unwrap();
    if let Some(fields) = facts.pairs.get_mut(2..) {
        fields.sort();
    }
    facts
}

#[test]
fn a_command_means_the_same_in_both() {
    for command in COMMANDS {
        let [json, binary] = both(command).map(|frame| facts(&frame));
        assert_eq!(json, binary, "{command}");
        let names: Vec<_> = json.pairs.iter().take(2).map(|(name, _)| name).collect();
        assert_eq!(names, [b"code".as_slice(), b"remark"], "{command}");
    }
}

/// The frame after a filter has had its way with the headers.
fn edited(frame: &[u8], edit: impl Fn(&mut HeaderMap)) -> Result<Vec<u8>, Error> {
    let view = view(frame);
    let mut headers = view.header_map().unwrap();
    edit(&mut headers);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    view.rewrite(&edits, &mut out).map(|()| out)
}

#[test]
fn a_filter_may_do_the_same_in_both() {
    type Edit = fn(&mut HeaderMap);
    let edits: [Edit; 5] = [
        |headers| headers.insert("code", "-3"),
        |headers| headers.insert("remark", "why"),
        |headers| headers.insert("remark", ""),
        |headers| headers.append("empty", ""),
        |headers| *headers = HeaderMap::from([("code", "1"), ("remark", "")]),
    ];
    for command in COMMANDS {
        for (number, edit) in edits.iter().enumerate() {
            let [json, binary] = both(command).map(|frame| facts(&edited(&frame, edit).unwrap()));
            assert_eq!(json, binary, "{command}, edit {number}");
        }
    }
}

#[test]
fn what_is_always_there_cannot_be_taken_away_in_either() {
    for name in ["code", "remark"] {
        for frame in both("send") {
            let error = edited(&frame, |headers| assert!(headers.remove(name))).unwrap_err();
            assert_eq!(error.reason(), Reason::ReadOnly, "{name}");
        }
    }
}

fn mesh() -> Sidecar<NativeGuest> {
    Sidecar::start(Native::<RocketMq>::new(), &Options::new()).unwrap()
}

/// The answers of a mesh for this reason, to each encoding on one connection.
fn hijacked(reason: u32) -> [Vec<u8>; 2] {
    let mut mesh = mesh();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    let answers = both("route").map(|request| {
        mesh.send(client, &request);
        mesh.received(client)
    });
    assert_eq!(mesh.failures(), []);
    answers
}

#[test]
fn an_answer_of_the_mesh_is_written_as_its_request() {
    let [json, binary] = hijacked(404);
    let text = "{\"code\":17,\"language\":\"OTHER\",\"version\":475,\"opaque\":7,\"flag\":1,\
        \"remark\":\"the mesh has answered: no route\",\"serializeTypeCurrentRPC\":\"JSON\"}";
    assert_eq!(json[4], 0);
    assert_eq!(&json[8..], text.as_bytes());
    let RocketMqFrame::Binary(answer) = RocketMq::decode(&binary.into()).frame().unwrap() else {
        panic!("the answer is not binary");
    };
    let mut expected = Binary::default();
    (expected.code, expected.opaque, expected.is_response) = (17, 7, 1);
    expected.version = 475;
    expected.remark = "the mesh has answered: no route".into();
    assert_eq!(answer, expected);
}

#[test]
fn a_reason_has_the_number_that_rocketmq_has_for_it() {
    for (reason, code) in [
        (200, 0),
        (0, 1),
        (500, 1),
        (504, 1),
        (503, 2),
        (509, 2),
        (502, 14),
        (403, 16),
        (404, 17),
        (418, 1),
    ] {
        for answer in hijacked(reason) {
            assert_eq!(facts(&answer).status, Some(code), "{reason}");
        }
    }
}

/// Both are of clients that know nothing of each other, and have the id 7.
#[test]
fn answers_find_their_clients_whatever_they_are_written_in() {
    let mut mesh = mesh();
    let clients = both("route").map(|request| {
        let client = mesh.client();
        mesh.send(client, &request);
        client
    });
    let server = mesh.server().unwrap();
    let [json, binary] = both("no_route");
    let answer = |frame: Vec<u8>, id| {
        let mut frame = RocketMq::decode(&Bytes::from(frame)).frame().unwrap();
        frame.set_id(id).unwrap();
        frame.to_bytes().unwrap()
    };
    mesh.send(server, &answer(binary.clone(), 2));
    mesh.send(server, &answer(json.clone(), 1));
    assert_eq!(clients.map(|client| mesh.received(client)), [json, binary]);
}

/// A limit of the host, which the README describes.
#[test]
fn a_call_of_a_broker_ends_its_connection() {
    for call in ["send", "oneway"] {
        for frame in both(call) {
            let mut mesh = mesh();
            let client = mesh.client();
            mesh.send(client, &frame);
            let broker = mesh.server().unwrap();
            mesh.send(broker, &frame);
            assert!(!mesh.is_open(broker), "{call}");
            assert!(mesh.is_open(client), "{call}");
        }
    }
}

/// The names that fastjson 1.2 takes for `code`.
#[test]
fn a_code_that_is_spelled_otherwise_is_no_way_around_a_rule() {
    for (member, is_another) in [
        (r#""code":1"#, false),
        (r#""codes":1"#, false),
        (r#""extFields":{"CODE":"1"}"#, false),
        (r#""Code":1"#, true),
        (r#""_co-de":1"#, true),
        (r#""code":1,"c\u006fDe":2"#, true),
    ] {
        let header = format!(r#"{{"opaque":1,{member}}}"#);
        let len = u32::try_from(header.len()).unwrap();
        let lengths = [(len + 4).to_be_bytes(), len.to_be_bytes()].concat();
        let frame = [&lengths, header.as_bytes()].concat();
        let unknown = is_another.then_some(Unknown::Method("header"));
        assert_eq!(RocketMq::unknown(&view(&frame)), unknown, "{header}");
    }
}
