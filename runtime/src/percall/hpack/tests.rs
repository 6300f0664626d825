//! Blocks of RFC 7541, appendix C, and what must be refused.

use super::{Decoder, Encoder, Fields, Malformed, huffman, index, integer};

const MAX: usize = 1 << 16;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn decoded(decoder: &mut Decoder, block: &str) -> Result<Vec<(String, String)>, Malformed> {
    texts(decoder, &hex(block))
}

fn texts(decoder: &mut Decoder, block: &[u8]) -> Result<Vec<(String, String)>, Malformed> {
    let mut fields = Fields::default();
    decoder.decode(block, MAX, &mut fields)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let fields = fields.iter();
    Ok(fields
        .map(|(name, value)| (text(name), text(value)))
        .collect())
}

#[track_caller]
fn gives(decoder: &mut Decoder, block: &str, fields: &[(&str, &str)]) {
    let owned = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    assert_eq!(decoded(decoder, block), Ok(owned.collect()));
}

/// C.1: integers.
#[test]
fn integers_have_prefixes() {
    for (number, prefix, bytes) in [(10, 5, "0a"), (1337, 5, "1f9a0a"), (42, 8, "2a")] {
        let mut out = Vec::new();
        integer::put(&mut out, 0, prefix, number);
        assert_eq!(out, hex(bytes));
        assert_eq!(integer::take(&mut &out[..], prefix), Ok(number));
    }
    for bytes in ["", "1f", "1f80", "1f8080808080808000", "1fffffffff7f"] {
        assert_eq!(
            integer::take(&mut &hex(bytes)[..], 5),
            Err(Malformed),
            "{bytes}"
        );
    }
}

/// C.2: each form of a field, with a decoder of its own.
#[test]
fn fields_have_four_forms() {
    for (block, name, value) in [
        (
            "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
            "custom-key",
            "custom-header",
        ),
        ("040c2f73616d706c652f70617468", ":path", "/sample/path"),
        ("100870617373776f726406736563726574", "password", "secret"),
        ("82", ":method", "GET"),
    ] {
        gives(&mut Decoder::new(), block, &[(name, value)]);
    }
}

/// C.3 and C.4: three requests of a connection, without and with Huffman codes.
#[test]
fn requests_share_a_table() {
    for blocks in [
        [
            "828684410f7777772e6578616d706c652e636f6d",
            "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        [
            "828684418cf1e3c2e5f23a6ba0ab90f4ff",
            "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        ],
    ] {
        let mut decoder = Decoder::new();
        let authority = (":authority", "www.example.com");
        let first = [
            (":method", "GET"),
            (":scheme", "http"),
            (":path", "/"),
            authority,
        ];
        gives(&mut decoder, blocks[0], &first);
        let second = [&first[..], &[("cache-control", "no-cache")]].concat();
        gives(&mut decoder, blocks[1], &second);
        let third = [
            (":method", "GET"),
            (":scheme", "https"),
            (":path", "/index.html"),
            authority,
            ("custom-key", "custom-value"),
        ];
        gives(&mut decoder, blocks[2], &third);
    }
}

/// C.5 and C.6: three responses with a table of 256 bytes, from which entries go.
#[test]
fn responses_evict_entries() {
    let cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
    for blocks in [
        [
            "3fe101 4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54\
             6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
            "4803333037c1c0bf",
            "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d41534\
             44a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
        ],
        [
            "3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f\
             0b97c8e9ae82ae43d3",
            "4883640effc1c0bf",
            "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3\
             960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
        ],
    ] {
        let mut decoder = Decoder::new();
        let location = ("location", "https://www.example.com");
        let private = ("cache-control", "private");
        let date = ("date", "Mon, 21 Oct 2013 20:13:21 GMT");
        gives(
            &mut decoder,
            blocks[0],
            &[(":status", "302"), private, date, location],
        );
        gives(
            &mut decoder,
            blocks[1],
            &[(":status", "307"), private, date, location],
        );
        let third = [
            (":status", "200"),
            private,
            ("date", "Mon, 21 Oct 2013 20:13:22 GMT"),
            location,
            ("content-encoding", "gzip"),
            ("set-cookie", cookie),
        ];
        gives(&mut decoder, blocks[2], &third);
    }
}

#[test]
fn what_is_no_block_is_refused() {
    for block in [
        "80",             // index 0
        "be",             // an entry that is not there
        "ff",             // an index that is cut
        "00",             // a name that is missing
        "000161",         // a value that is missing
        "00016105",       // a value that is cut
        "3fe21f",         // a table of 4,097 bytes
        "8220",           // a table's size after a field
        "0481ff",         // padding of more than seven ones
        "048181",         // padding that is not ones
        "04820000",       // padding of zeros
        "0484ffffffff",   // the end of a string, written out
        "0485fffffffc3f", // the same, and a symbol
    ] {
        assert_eq!(
            decoded(&mut Decoder::new(), block),
            Err(Malformed),
            "{block}"
        );
    }
    let mut decoder = Decoder::new();
    decoder.no_table();
    gives(&mut decoder, "20 82", &[(":method", "GET")]);
    assert_eq!(decoded(&mut decoder, "21"), Err(Malformed));
}

#[test]
fn a_list_has_a_limit_and_the_table_goes_on() {
    let mut decoder = Decoder::new();
    let mut fields = Fields::default();
    let block = hex("400a637573746f6d2d6b65790d637573746f6d2d686561646572 82");
    decoder.decode(&block, 54, &mut fields).unwrap();
    assert_eq!((fields.iter().count(), fields.size()), (0, 55 + 42));
    gives(&mut decoder, "be", &[("custom-key", "custom-header")]);
}

#[test]
fn what_is_encoded_is_decoded() {
    let mut encoder = Encoder::default();
    let mut decoder = Decoder::new();
    let long = "v".repeat(300);
    for _ in 0..2 {
        let mut out = Vec::new();
        let mut block = encoder.block(&mut out);
        block.indexed(index::POST);
        block.value(index::PATH, b"/a/b");
        block.field(b"x-key", long.as_bytes());
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let fields = [(":method", "POST"), (":path", "/a/b"), ("x-key", &long)].map(owned);
        assert_eq!(texts(&mut decoder, &out), Ok(fields.into()));
    }
}

/// Each symbol, eight times: its code is there in every place of a byte.
#[test]
fn every_code_is_the_one_of_its_symbol() {
    let lengths = huffman::LENGTHS;
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|symbol| (lengths[*symbol], *symbol));
    let (mut code, mut before) = (0_u64, lengths[order[0]]);
    for (nth, symbol) in order.into_iter().enumerate() {
        let length = lengths[symbol];
        code = (code + u64::from(nth > 0)) << (length - before);
        before = length;
        let bits = format!("{code:0width$b}", width = length.into()).repeat(8);
        let bytes: Vec<u8> = (bits.as_bytes().chunks(8))
            .map(|bits| u8::from_str_radix(core::str::from_utf8(bits).unwrap(), 2).unwrap())
            .collect();
        let mut out = Vec::new();
        let result = huffman::decode(&bytes, &mut out);
        match u8::try_from(symbol) {
            Ok(symbol) => assert_eq!((result, out), (Ok(()), vec![symbol; 8])),
            Err(_) => assert_eq!(result, Err(Malformed)),
        }
    }
    assert_eq!(code, (1 << 30) - 1, "the code is complete");
}

#[test]
fn lists_are_checked_as_messages() {
    let list = |fields: &[(&str, &str)]| {
        let mut list = Fields::default();
        for (name, value) in fields {
            list.add(name.as_bytes(), value.as_bytes(), MAX);
        }
        list.are_valid(&[":status"])
    };
    assert!(list(&[(":status", "200"), ("a-b", "c")]) && list(&[]));
    for fields in [
        &[("a", "b"), (":status", "200")][..],
        &[(":status", "200"), (":status", "200")],
        &[(":path", "/")],
        &[("A", "b")],
        &[("", "b")],
        &[("a b", "c")],
        &[("connection", "close")],
        &[("a", "b\r\nc: d")],
    ] {
        assert!(!list(fields), "{fields:?}");
    }
}
