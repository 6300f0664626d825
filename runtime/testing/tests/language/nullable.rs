//! Parts that can be absent: frames as Kafka's protocol guide has nullable strings, whose length of two bytes is -1
//! where there is none, with bytes derived by hand from it.

use meshwire::wire::Reason;
use meshwire::{Bytes, Command, Frame, HeaderMap, Len, Message, Text, Verdict, View, Zigzag};

use super::{assert_error, assert_malformed, assert_same, numbers, with_pairs};

/// The head of Kafka's requests.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ask {
    #[frame(len_of = key..)]
    size: Len<i32>,
    key: u16,
    #[frame(id)]
    id: u32,
    #[frame(len_of = client, null = -1)]
    client_len: Len<i16>,
    #[frame(header = "client", max = 9)]
    client: Option<Text>,
    #[frame(body)]
    content: Bytes,
}

/// Cassandra's `[bytes]`, two kinds of absence, and a map that can have a pair of the same name.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Mapped {
    #[frame(id)]
    id: u8,
    #[frame(len_of = value, null = -2)]
    value_len: Len<i32>,
    #[frame(header = "k")]
    value: Option<Text>,
    #[frame(len_of = map)]
    map_len: Len<u8>,
    #[frame(headers, format = meshwire::frame::TextPairs<'&', '='>)]
    map: HeaderMap,
}

/// Kafka's records: the length is a zigzag varint.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, endian = little)]
struct Narrow {
    #[frame(id)]
    id: u8,
    #[frame(len_of = key, null = -1)]
    key_len: Len<Zigzag<i32>>,
    #[frame(header = "key", read_only)]
    key: Option<Text>,
    #[frame(len_of = value, null = -1)]
    value_len: Len<i16>,
    value: Option<Bytes>,
}

const NAMED: &[u8] = b"\0\0\0\x0e\0\x03\0\0\0\x07\0\x04shop\xff\xff";
const EMPTY: &[u8] = b"\0\0\0\x0a\0\x03\0\0\0\x07\0\0\xff\xff";
const NULL: &[u8] = b"\0\0\0\x0a\0\x03\0\0\0\x07\xff\xff\xff\xff";

fn ask(client: Option<&str>) -> Ask {
    Ask {
        key: 3,
        id: 7,
        client: client.map(Text::from),
        content: Bytes::from_static(b"\xff\xff"),
        ..Ask::default()
    }
}

#[test]
fn absent_is_not_empty() {
    assert_eq!(Ask::default().client, None);
    assert_same(NAMED, &ask(Some("shop")));
    assert_same(EMPTY, &ask(Some("")));
    assert_same(NULL, &ask(None));
    let client = |bytes| Ask::parse(bytes).frame().unwrap().client();
    assert_eq!(client(NAMED), Some(&b"shop"[..]));
    assert_eq!((client(EMPTY), client(NULL)), (Some(&b""[..]), None));
}

#[test]
fn other_negative_lengths_are_malformed() {
    let mut bytes = NULL.to_vec();
    bytes[11] = 0xfe;
    assert_malformed::<Ask>(&bytes, "client_len", 10, Reason::NegativeLength);
    bytes[10] = 0x80;
    assert_malformed::<Ask>(&bytes, "client_len", 10, Reason::NegativeLength);
    // A part beyond its limit, and beyond what is around it.
    bytes[10..12].copy_from_slice(&[0, 10]);
    let (max, got) = (9, 10);
    assert_malformed::<Ask>(&bytes, "client_len", 10, Reason::OverLimit { max, got });
    bytes[11] = 3;
    let (wanted, got) = (3, 2);
    assert_malformed::<Ask>(&bytes, "client_len", 10, Reason::Overrun { wanted, got });
    // -1 is a length like any other where -2 is the null.
    assert_malformed::<Mapped>(
        b"\x01\xff\xff\xff\xff\0",
        "value_len",
        1,
        Reason::NegativeLength,
    );
}

#[test]
fn what_is_too_long_is_refused() {
    let (max, got) = (9, 10);
    let error = ask(Some("0123456789")).to_bytes().unwrap_err();
    assert_error(error, "client", 12, Reason::OverLimit { max, got });
}

fn headers(command: &impl Command) -> HeaderMap {
    command.header_map().unwrap()
}

#[test]
fn a_header_is_added_and_removed() {
    for (bytes, client) in [(NAMED, Some("shop")), (EMPTY, Some("")), (NULL, None)] {
        let shown: HeaderMap = client
            .map(|client| ("client", client))
            .into_iter()
            .collect();
        assert_eq!(headers(&Ask::parse(bytes).frame().unwrap()), shown);
        assert_eq!(headers(&ask(client)), shown);
        let same: Vec<_> = client
            .map(|client| ("client", client))
            .into_iter()
            .collect();
        assert_eq!(with_pairs::<Ask>(bytes, &same).as_deref(), Ok(bytes));
        assert_eq!(with_pairs::<Ask>(bytes, &[]).as_deref(), Ok(NULL));
        assert_eq!(
            with_pairs::<Ask>(bytes, &[("client", "")]).as_deref(),
            Ok(EMPTY)
        );
        assert_eq!(
            with_pairs::<Ask>(bytes, &[("client", "shop")]).as_deref(),
            Ok(NAMED)
        );
        let error = with_pairs::<Ask>(bytes, &[("other", "shop")]).unwrap_err();
        assert_eq!((error.field(), error.reason()), ("client", Reason::NoPlace));
    }
}

#[test]
fn a_read_only_header_is_neither_added_nor_removed() {
    // 1 is zigzag for -1, 4 for 2.
    const NULL: &[u8] = b"\x07\x01\xff\xff";
    const SET: &[u8] = b"\x07\x04ab\x01\0!";
    let set = Narrow {
        id: 7,
        key: Some("ab".into()),
        value: Some(Bytes::from_static(b"!")),
        ..Narrow::default()
    };
    assert_same(SET, &set);
    assert_same(
        NULL,
        &Narrow {
            id: 7,
            ..Narrow::default()
        },
    );
    assert_malformed::<Narrow>(b"\x07\x03", "key_len", 1, Reason::NegativeLength);
    assert_eq!(
        with_pairs::<Narrow>(SET, &[("key", "ab")]).as_deref(),
        Ok(SET)
    );
    assert_eq!(with_pairs::<Narrow>(NULL, &[]).as_deref(), Ok(NULL));
    for (bytes, pairs) in [
        (SET, &[][..]),
        (SET, &[("key", "")]),
        (NULL, &[("key", "ab")]),
    ] {
        let error = with_pairs::<Narrow>(bytes, pairs).unwrap_err();
        assert_eq!((error.field(), error.reason()), ("key", Reason::ReadOnly));
    }
}

/// What the headers are after an edit is what was asked for, wherever the pairs of a name are.
#[test]
fn a_pair_of_the_map_with_the_name_of_an_absent_part_stays_there() {
    const NULL: &[u8] = b"\x07\xff\xff\xff\xfe\x07k=1&z=2";
    const SET: &[u8] = b"\x07\0\0\0\x010\x07k=1&z=2";
    let view = Mapped::parse(NULL).frame().unwrap();
    assert_eq!(view.value(), None);
    assert_eq!(headers(&view), HeaderMap::from([("k", "1"), ("z", "2")]));
    let kept = with_pairs::<Mapped>(NULL, &[("k", "1"), ("z", "2")]);
    assert_eq!(kept.as_deref(), Ok(NULL));
    let changed = with_pairs::<Mapped>(NULL, &[("k", "3"), ("z", "2")]).unwrap();
    assert_eq!(changed, b"\x07\xff\xff\xff\xfe\x07k=3&z=2");
    let removed = with_pairs::<Mapped>(NULL, &[("z", "2")]).unwrap();
    assert_eq!(removed, b"\x07\xff\xff\xff\xfe\x03z=2");
    let added = with_pairs::<Mapped>(b"\x07\xff\xff\xff\xfe\x03z=2", &[("z", "2"), ("k", "3")]);
    assert_eq!(added.unwrap(), b"\x07\0\0\0\x013\x03z=2");

    let all = [("k", "0"), ("k", "1"), ("z", "2")];
    assert_eq!(with_pairs::<Mapped>(SET, &all).as_deref(), Ok(SET));
    let swapped = with_pairs::<Mapped>(SET, &[("k", "1"), ("k", "0"), ("z", "2")]);
    assert_eq!(swapped.as_deref(), Ok(SET));
    let none = with_pairs::<Mapped>(SET, &[("z", "2")]).unwrap();
    assert_eq!(none, b"\x07\xff\xff\xff\xfe\x03z=2");
    let error = with_pairs::<Ask>(self::NULL, &[("client", "a"), ("client", "b")]).unwrap_err();
    assert_eq!(error.reason(), Reason::NoPlace);
}

/// View and owned frame agree on any bytes, and what is read is written again.
#[test]
fn any_bytes_have_one_meaning() {
    let mut next = numbers();
    let (mut frames, mut nulls) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = [NAMED, EMPTY, NULL][next() as usize % 3].to_vec();
        for _ in 0..next() % 3 {
            let at = next() as usize % bytes.len();
            bytes[at] = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff][next() as usize % 7];
        }
        let view = Ask::parse(&bytes);
        let owned = Ask::decode(&Bytes::copy_from_slice(&bytes));
        match (view, owned) {
            (Verdict::Frame(view), Verdict::Frame(owned)) => {
                assert_eq!(view.client(), owned.client.as_deref());
                assert_eq!(headers(&view), headers(&owned));
                assert_eq!(owned.to_bytes().unwrap(), *view.raw());
                frames += 1;
                nulls += usize::from(view.client().is_none());
            }
            (view, owned) => assert_eq!(view.map(|_| ()), owned.map(|_| ())),
        }
    }
    assert!(frames > 2_000 && nulls > 500, "{frames} {nulls}");
}
