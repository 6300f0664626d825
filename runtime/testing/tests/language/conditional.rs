//! Parts that are not in every frame, and the flags that an edit sets with them: the CONNECT packet of MQTT 3.1.1
//! (section 3.1; its keep-alive is the id here, for it has none), whose flags say which of its texts are there. The bytes
//! are derived by hand from the figures there.

use meshwire::wire::Reason;
use meshwire::{
    Bytes, Command, Edits, FixedStr, Frame, HeaderMap, Len, Message, Text, Varint, Verdict, View,
};

use meshwire_testing::dissect::Dissection;

use super::{assert_malformed, assert_same, numbers, with_pairs};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, max = 0x1000_0004)]
struct Connect {
    #[frame(tag = 0x10)]
    kind: u8,
    #[frame(len_of = name_len..)]
    remaining: Len<Varint<u32>>,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    name: Text,
    #[frame(default = 4)]
    level: u8,
    #[frame(bits = 1, flag)]
    user_name: u8,
    #[frame(bits = 1)]
    password: u8,
    #[frame(bits = 3)]
    will_options: u8,
    #[frame(bits = 1)]
    will: u8,
    #[frame(bits = 2)]
    clean: u8,
    #[frame(id)]
    keep_alive: u16,
    #[frame(len_of = client)]
    client_len: Len<u16>,
    #[frame(header = "client")]
    client: Text,
    #[frame(len_of = will_topic, when(will = 1))]
    will_topic_len: Len<u16>,
    #[frame(when(will = 1), header = "will")]
    will_topic: Text,
    #[frame(len_of = will_message, when(will = 1))]
    will_message_len: Len<u16>,
    #[frame(when(will = 1))]
    will_message: Bytes,
    #[frame(len_of = user, when(user_name = 1))]
    user_len: Len<u16>,
    #[frame(when(user_name = 1), header = "user")]
    user: Text,
    #[frame(len_of = secret, when(password = 1))]
    secret_len: Len<u16>,
    #[frame(when(password = 1))]
    secret: Bytes,
}

fn connect() -> Connect {
    Connect {
        name: "MQTT".into(),
        keep_alive: 60,
        client: "c1".into(),
        ..Connect::default()
    }
}

const BARE: &[u8] = b"\x10\x0e\0\x04MQTT\x04\0\0\x3c\0\x02c1";
const USER: &[u8] = b"\x10\x12\0\x04MQTT\x04\x80\0\x3c\0\x02c1\0\x02me";
const ALL: &[u8] = b"\x10\x1d\0\x04MQTT\x04\xc4\0\x3c\0\x02c1\0\x02wt\0\x01!\0\x02me\0\x02\xff\xfe";
const WILL: &[u8] = b"\x10\x19\0\x04MQTT\x04\x44\0\x3c\0\x02c1\0\x02wt\0\x01!\0\x02\xff\xfe";

fn all() -> Connect {
    Connect {
        user_name: 1,
        password: 1,
        will: 1,
        will_topic: "wt".into(),
        will_message: Bytes::from_static(b"!"),
        user: "me".into(),
        secret: Bytes::from_static(b"\xff\xfe"),
        ..connect()
    }
}

#[track_caller]
fn assert_refused<F: Frame + Message>(
    bytes: &'static [u8],
    pairs: &[(&str, &str)],
    field: &str,
    reason: Reason,
) {
    let error = with_pairs::<F>(bytes, pairs).unwrap_err();
    assert_eq!((error.field(), error.reason()), (field, reason));
}

#[test]
fn a_part_is_there_with_its_condition() {
    assert_same(BARE, &connect());
    let user = Connect {
        user_name: 1,
        user: "me".into(),
        ..connect()
    };
    assert_same(USER, &user);
    assert_same(ALL, &all());
    let view = Connect::parse(BARE).frame().unwrap();
    assert_eq!((view.user(), view.user_len()), (&b""[..], 0));
    let view = Connect::parse(ALL).frame().unwrap();
    assert_eq!((view.user(), view.secret()), (&b"me"[..], &b"\xff\xfe"[..]));
    let nowhere = Connect {
        user: "me".into(),
        ..connect()
    };
    assert_eq!(nowhere.to_bytes().unwrap(), BARE, "no place for the name");
}

/// Tools find the fields by the description of the layout.
#[test]
fn a_dissection_has_what_is_there() {
    for bytes in [BARE, USER, ALL, WILL] {
        let view = Connect::parse(bytes).frame().unwrap();
        let frame = Dissection::new(&const { Connect::LAYOUT }, bytes);
        assert_eq!(frame.len, Some(bytes.len()));
        for (name, part) in [
            ("client", view.client()),
            ("will_topic", view.will_topic()),
            ("will_message", view.will_message()),
            ("user", view.user()),
            ("secret", view.secret()),
        ] {
            let span = frame.field(name).map(|span| span.bytes(bytes));
            assert_eq!(span.unwrap_or_default(), part, "{name}");
            assert_eq!(span.is_some(), !part.is_empty(), "{name}");
        }
    }
}

#[test]
fn a_length_of_a_part_that_is_there_is_held_to() {
    let mut cut = USER.to_vec();
    cut[17] = 3;
    let (wanted, got) = (3, 2);
    assert_malformed::<Connect>(&cut, "user_len", 16, Reason::Overrun { wanted, got });
    let mut late = USER.to_vec();
    late[9] = 0;
    let (said, found) = (18, 14);
    assert_malformed::<Connect>(
        &late,
        "remaining",
        1,
        Reason::LengthMismatch { said, found },
    );
}

#[test]
fn what_is_absent_is_no_header() {
    let headers = |bytes| Connect::parse(bytes).frame().unwrap().header_map().unwrap();
    assert_eq!(headers(BARE), HeaderMap::from([("client", "c1")]));
    let shown = HeaderMap::from([("client", "c1"), ("will", "wt"), ("user", "me")]);
    assert_eq!(headers(ALL), shown);
    assert_eq!(all().header_map().unwrap(), shown);
    assert_eq!(connect().header_map().unwrap(), headers(BARE));
}

#[test]
fn an_edit_sets_and_clears_the_flag() {
    let client = ("client", "c1");
    let user = [client, ("user", "me")];
    for (bytes, pairs) in [(BARE, &user[..1]), (USER, &user)] {
        assert_eq!(with_pairs::<Connect>(bytes, pairs).as_deref(), Ok(bytes));
        assert_eq!(with_pairs::<Connect>(bytes, &user).as_deref(), Ok(USER));
        assert_eq!(with_pairs::<Connect>(bytes, &[client]).as_deref(), Ok(BARE));
        let out = with_pairs::<Connect>(bytes, &[client, ("user", "")]).unwrap();
        assert_eq!(out, b"\x10\x10\0\x04MQTT\x04\x80\0\x3c\0\x02c1\0\0");
    }
    // The other bits of the byte, and what is before and after, stay.
    let out = with_pairs::<Connect>(ALL, &[client, ("will", "wt")]).unwrap();
    assert_eq!(out, WILL);
    let out = with_pairs::<Connect>(WILL, &[client, ("will", "wt"), ("user", "me")]).unwrap();
    assert_eq!(out, ALL);
    let id = Edits::id(7);
    let mut out = Vec::new();
    Connect::parse(BARE)
        .frame()
        .unwrap()
        .rewrite(&id, &mut out)
        .unwrap();
    assert_eq!(out, b"\x10\x0e\0\x04MQTT\x04\0\0\x07\0\x02c1");
}

/// What no flag says is there or not, whatever an edit wants.
#[test]
fn an_edit_without_a_flag_is_refused() {
    let client = ("client", "c1");
    let will = [client, ("will", "wt")];
    assert_refused::<Connect>(BARE, &will, "will_topic", Reason::NoPlace);
    let user = [client, ("user", "me")];
    assert_refused::<Connect>(ALL, &user, "will_topic", Reason::ReadOnly);
    let changed = [client, ("will", "x"), ("user", "me")];
    let out = with_pairs::<Connect>(ALL, &changed).unwrap();
    assert_eq!(
        out,
        b"\x10\x1c\0\x04MQTT\x04\xc4\0\x3c\0\x02c1\0\x01x\0\x01!\0\x02me\0\x02\xff\xfe"
    );
}

/// Two fields and a part of one flag, which needs a version, too; a map, which may have pairs of their names.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Traced {
    #[frame(tag(1, 2))]
    version: u8,
    zoned: u8,
    #[frame(flag)]
    flags: u8,
    #[frame(id)]
    id: u8,
    #[frame(header = "trace", as = hex, when(version = 2, flags(1, 3)))]
    trace: [u8; 2],
    #[frame(header = "hop", when(version = 2, flags(1, 3)))]
    hop: u8,
    #[frame(header = "zone", read_only, when(zoned = 1))]
    zone: FixedStr<2>,
    #[frame(len_of = state, when(flags(1, 3)))]
    state_len: Len<u8>,
    #[frame(header = "state", when(flags(1, 3)))]
    state: Text,
    #[frame(len_of = map)]
    map_len: Len<u8>,
    #[frame(headers, format = meshwire::frame::TextPairs<'&', '='>)]
    map: HeaderMap,
}

const OFF: &[u8] = b"\x02\0\0\x07\x03a=b";
const ON: &[u8] = b"\x02\0\x01\x07\x0a\xbc\x05\x01s\x03a=b";
const OLD: &[u8] = b"\x01\x01\0\x07eu\x03a=b";

#[test]
fn fields_of_one_flag_come_and_go_together() {
    let map = ("a", "b");
    let on = [("trace", "0abc"), ("hop", "5"), ("state", "s"), map];
    assert_eq!(with_pairs::<Traced>(ON, &on).as_deref(), Ok(ON));
    assert_eq!(with_pairs::<Traced>(OFF, &on).as_deref(), Ok(ON));
    assert_eq!(with_pairs::<Traced>(ON, &[map]).as_deref(), Ok(OFF));
    assert_eq!(with_pairs::<Traced>(OFF, &[map]).as_deref(), Ok(OFF));
    assert_refused::<Traced>(OFF, &[on[0], on[2], map], "hop", Reason::Missing);
    assert_refused::<Traced>(ON, &[on[0], on[1], map], "state", Reason::Missing);
    let wrong = [("trace", "0ab"), on[1], on[2], map];
    assert_refused::<Traced>(OFF, &wrong, "trace", Reason::NotHex);
    let wrong = [on[0], ("hop", "256"), on[2], map];
    let (max, got) = (255, 0);
    assert_refused::<Traced>(OFF, &wrong, "hop", Reason::OutOfRange { max, got });
}

#[test]
fn a_flag_that_is_set_keeps_its_value() {
    const SET: &[u8] = b"\x02\0\x03\x07\x0a\xbc\x05\x01s\x03a=b";
    let on = [("trace", "0abc"), ("hop", "6"), ("state", "s"), ("a", "b")];
    let out = with_pairs::<Traced>(SET, &on).unwrap();
    assert_eq!(out, b"\x02\0\x03\x07\x0a\xbc\x06\x01s\x03a=b");
}

/// In version 1 only the state is there.
#[test]
fn what_else_it_depends_on_stays() {
    let (zone, map) = (("zone", "eu"), ("a", "b"));
    assert_eq!(with_pairs::<Traced>(OLD, &[zone, map]).as_deref(), Ok(OLD));
    let out = with_pairs::<Traced>(OLD, &[zone, ("state", "s"), map]).unwrap();
    assert_eq!(out, b"\x01\x01\x01\x07eu\x01s\x03a=b");
    let hop = [zone, ("hop", "1"), ("state", "s"), map];
    assert_refused::<Traced>(OLD, &hop, "hop", Reason::NoPlace);
    assert_refused::<Traced>(OLD, &[map], "zone", Reason::ReadOnly);
    assert_refused::<Traced>(OLD, &[("zone", "us"), map], "zone", Reason::ReadOnly);
    assert_refused::<Traced>(OFF, &[zone, map], "zone", Reason::ReadOnly);
}

/// A pair of the map that has the name of an absent field is of the map, and stays there.
#[test]
fn a_pair_of_the_map_stays_in_the_map() {
    const PAIR: &[u8] = b"\x02\0\0\x07\x05hop=1";
    assert_eq!(
        with_pairs::<Traced>(PAIR, &[("hop", "1")]).as_deref(),
        Ok(PAIR)
    );
    let out = with_pairs::<Traced>(PAIR, &[("hop", "2")]).unwrap();
    assert_eq!(out, b"\x02\0\0\x07\x05hop=2");
}

/// View and owned frame agree on any bytes; the headers that came change nothing, and all of them back bring the bytes
/// back.
#[test]
fn any_bytes_have_one_meaning() {
    let mut next = numbers();
    let mut frames = 0;
    for _ in 0..20_000 {
        let mut bytes = [BARE, USER, ALL, WILL][next() as usize % 4].to_vec();
        for _ in 0..next() % 3 {
            let at = next() as usize % bytes.len();
            bytes[at] = [0, 1, 2, 0x04, 0x80, 0x84, 0xff][next() as usize % 7];
        }
        let shared = Bytes::copy_from_slice(&bytes);
        match (Connect::parse(&bytes), Connect::decode(&shared)) {
            (Verdict::Frame(view), Verdict::Frame(mut owned)) => {
                let map = view.header_map().unwrap();
                assert_eq!(map, owned.header_map().unwrap());
                assert_eq!(owned.to_bytes().unwrap(), *view.raw());
                owned.set_headers(map.clone()).unwrap();
                assert_eq!(owned.to_bytes().unwrap(), *view.raw());
                let mut without = map.clone();
                without.remove("user");
                let [mut other, mut back] = [Vec::new(), Vec::new()];
                let edit = |bytes: &[u8], map: &HeaderMap, out: &mut Vec<u8>| {
                    let edits = Edits {
                        headers: Some(map.as_headers()),
                        ..Edits::default()
                    };
                    Connect::parse(bytes)
                        .frame()
                        .unwrap()
                        .rewrite(&edits, out)
                        .unwrap();
                };
                edit(view.raw(), &without, &mut other);
                assert_eq!(
                    Connect::parse(&other)
                        .frame()
                        .unwrap()
                        .header_map()
                        .unwrap(),
                    without
                );
                edit(&other, &map, &mut back);
                // A varint that came longer than it needs to be is written anew.
                assert_eq!(
                    Connect::parse(&back).frame().unwrap().header_map().unwrap(),
                    map
                );
                frames += 1;
            }
            (view, owned) => assert_eq!(view.map(|_| ()), owned.map(|_| ())),
        }
    }
    assert!(frames > 5_000, "{frames}");
}
