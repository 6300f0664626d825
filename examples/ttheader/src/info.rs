//! The information blocks of TTHeader.

use std::borrow::Cow;

use meshwire::frame::{
    FormatError, HeaderFormat, HeaderWriter, Headers, RegionReader, RegionWriter,
};

/// Between and after blocks.
const PADDING: u8 = 0x00;
/// A number of pairs, each a key and a value after their lengths.
const TEXTS: u8 = 0x01;
/// A number of pairs, each a key of two bytes and a value after its length.
const NUMBERS: u8 = 0x10;
/// A token after its length.
const TOKEN: u8 = 0x11;

/// The names of the keys that are numbers, from 0 on: those of Kitex, in lower case.
const NAMES: [&str; 29] = [
    "mesh_version",
    "transport_type",
    "log_id",
    "from_service",
    "from_cluster",
    "from_idc",
    "to_service",
    "to_cluster",
    "to_idc",
    "to_method",
    "env",
    "dest_address",
    "rpc_timeout",
    "read_timeout",
    "ring_hash_key",
    "ddp_tag",
    "with_mesh_header",
    "connect_timeout",
    "span_context",
    "short_connection",
    "from_method",
    "stress_tag",
    "msg_type",
    "http_content_type",
    "raw_ring_hash_key",
    "lb_type",
    "cluster_shard_id",
    "frame_type",
    "stream_timeout",
];
/// Before the number of a key without a name.
const UNNAMED: &str = "key_";
/// Before a text that is called like a number.
const TEXT: &str = "text_";

/// Blocks of pairs whose keys are texts or numbers. A number shows under its name, `to_service`, or as
/// `key_77` if it has none; a text under itself, or as `text_to_service` if it is called like a number: peers
/// look for the timeout, the service and the method among the numbers alone. Tokens are not headers; they stay after the pairs when those are edited, and so
/// do blocks without pairs, and everything from an unknown block on.
pub struct Info;

impl Info {
    /// Whether all blocks of a region are known, and so all of its pairs.
    pub(crate) fn is_known(region: &[u8]) -> bool {
        let mut known = true;
        let walked = walk(region, |block| {
            if let Block::Other(bytes) = block {
                known &= bytes.first() == Some(&TOKEN);
            }
        });
        walked.is_ok() && known
    }
}

impl HeaderFormat for Info {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let mut name = String::new();
        walk(region, |block| match block {
            Block::Text(key, value) => out.pair(&shown(key), value),
            Block::Number(key, value) => out.pair(name_of(key, &mut name).as_bytes(), value),
            Block::Other(_) => {}
        })
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut others = Vec::new();
        walk(came, |block| {
            if let Block::Other(bytes) = block {
                others.extend_from_slice(bytes);
            }
        })?;
        let pairs: Vec<_> = headers
            .iter()
            .map(|(key, value)| (number_of(key), text_of(key), value))
            .collect();
        let mut region = RegionWriter::new(out);
        // Their order stays, so there may be several blocks of a kind.
        for block in pairs.chunk_by(|(one, ..), (other, ..)| one.is_some() == other.is_some()) {
            let kind = block.first().and_then(|(number, ..)| *number);
            let kind = kind.map_or(TEXTS, |_| NUMBERS);
            region.int::<u8>(kind.into())?;
            region.int::<u16>(block.len() as u64)?;
            for (number, key, value) in block {
                match number {
                    Some(number) => region.int::<u16>((*number).into())?,
                    None => region.sized::<u16>(key)?,
                }
                region.sized::<u16>(value)?;
            }
        }
        region.bytes(&others);
        Ok(())
    }
}

/// The content of a region, without padding.
enum Block<'r> {
    Text(&'r [u8], &'r [u8]),
    Number(u16, &'r [u8]),
    /// What is not a pair.
    Other(&'r [u8]),
}

/// Shows all of a region, in its order.
fn walk<'r>(region: &'r [u8], mut show: impl FnMut(Block<'r>)) -> Result<(), FormatError> {
    let mut reader = RegionReader::new(region);
    while !reader.is_empty() {
        let start = reader.offset();
        match reader.int::<u8>()? {
            PADDING => {}
            kind @ (TEXTS | NUMBERS) => {
                let count = reader.int::<u16>()?;
                for _ in 0..count {
                    if kind == TEXTS {
                        let key = reader.sized::<u16>()?;
                        show(Block::Text(key, reader.sized::<u16>()?));
                    } else {
                        let key = reader.int::<u16>()?;
                        show(Block::Number(key, reader.sized::<u16>()?));
                    }
                }
                if count == 0 {
                    show(Block::Other(read(region, start, &reader)));
                }
            }
            TOKEN => {
                reader.sized::<u16>()?;
                show(Block::Other(read(region, start, &reader)));
            }
            // Its end is unknown.
            _ => {
                show(Block::Other(region.get(start..).unwrap_or_default()));
                break;
            }
        }
    }
    Ok(())
}

/// What has been read of a region from `start` on.
fn read<'r>(region: &'r [u8], start: usize, reader: &RegionReader<'r>) -> &'r [u8] {
    region.get(start..reader.offset()).unwrap_or_default()
}

/// The name of a key, in a buffer if it has to be made.
fn name_of(key: u16, made: &mut String) -> &str {
    if let Some(name) = NAMES.get(usize::from(key)) {
        return name;
    }
    made.clear();
    made.push_str(UNNAMED);
    let mut power = 10_000;
    while power > 0 {
        if key >= power {
            made.push(char::from(b'0' + (key / power % 10) as u8));
        }
        power /= 10;
    }
    made
}

/// The header of a text.
fn shown(text: &[u8]) -> Cow<'_, [u8]> {
    if is_like_number(text) {
        Cow::Owned([TEXT.as_bytes(), text].concat())
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a header that is not a number.
fn text_of(header: &[u8]) -> &[u8] {
    let text = header.strip_prefix(TEXT.as_bytes());
    text.filter(|text| is_like_number(text)).unwrap_or(header)
}

/// Whether a text is called like a number, or like such a text.
fn is_like_number(mut text: &[u8]) -> bool {
    while let Some(rest) = text.strip_prefix(TEXT.as_bytes()) {
        text = rest;
    }
    number_of(text).is_some()
}

/// The key of a name; `None` for one that is a text.
fn number_of(name: &[u8]) -> Option<u16> {
    if let Some(number) = NAMES.iter().position(|known| known.as_bytes() == name) {
        return u16::try_from(number).ok();
    }
    let digits = str::from_utf8(name.strip_prefix(UNNAMED.as_bytes())?).ok()?;
    let number: u16 = digits.parse().ok()?;
    let mut made = String::new();
    (name_of(number, &mut made).as_bytes() == name).then_some(number)
}

#[cfg(test)]
mod tests {
    use meshwire::HeaderMap;
    use meshwire::wire::Reason;

    use super::*;

    fn pairs(region: &[u8]) -> Result<Vec<(String, String)>, FormatError> {
        let mut out = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut name = String::new();
        walk(region, |block| match block {
            Block::Text(key, value) => out.push((text(key), text(value))),
            Block::Number(key, value) => {
                out.push((name_of(key, &mut name).to_owned(), text(value)));
            }
            Block::Other(_) => {}
        })?;
        Ok(out)
    }

    #[test]
    fn every_text_has_a_header_of_its_own() {
        for (text, header) in [
            ("trace", "trace"),
            ("env", "text_env"),
            ("key_77", "text_key_77"),
            ("text_trace", "text_trace"),
            ("text_env", "text_text_env"),
        ] {
            assert_eq!(*shown(text.as_bytes()), *header.as_bytes());
            assert_eq!(text_of(header.as_bytes()), text.as_bytes());
            assert_eq!(number_of(header.as_bytes()), None);
        }
    }

    #[test]
    fn numbers_and_texts_of_one_name_are_kept_apart() {
        let text = b"\x01\0\x01\0\x0brpc_timeout\0\x0250";
        let number = b"\x10\0\x01\0\x0c\0\x0240";
        for (came, headers) in [
            (
                [&text[..], number].concat(),
                [("text_rpc_timeout", "50"), ("rpc_timeout", "40")],
            ),
            (
                [&number[..], text].concat(),
                [("rpc_timeout", "40"), ("text_rpc_timeout", "50")],
            ),
        ] {
            let (mut block, mut expected) = (Vec::new(), Vec::new());
            Info::read(&came, &mut HeaderWriter::new(&mut block)).unwrap();
            for (key, value) in headers {
                HeaderWriter::new(&mut expected).pair(key.as_bytes(), value.as_bytes());
            }
            assert_eq!(block, expected);
            for other in [[text, &number[..]].concat(), [&number[..], text].concat()] {
                assert_eq!(rewritten(&other, &headers).unwrap(), came);
            }
        }
    }

    fn rewritten(came: &[u8], headers: &[(&str, &str)]) -> Result<Vec<u8>, FormatError> {
        let map: HeaderMap = headers.iter().copied().collect();
        let mut out = b"before".to_vec();
        Info::rewrite(came, map.as_headers(), &mut out)?;
        Ok(out.split_off(6))
    }

    #[test]
    fn every_number_has_one_name() {
        let mut made = String::new();
        for key in 0..=u16::MAX {
            let name = name_of(key, &mut made).as_bytes().to_vec();
            assert_eq!(number_of(&name), Some(key));
        }
        for text in [
            "isn",
            "to_servicE",
            "key_",
            "key_6",
            "key_029",
            "key_65536",
            "key_+29",
        ] {
            assert_eq!(number_of(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_nobody_knows_may_hold_more_pairs() {
        let known = b"\0\x11\0\x02id\0\x01\0\x01\0\x03env\0\x01a\0";
        assert!(Info::is_known(known) && Info::is_known(b""));
        assert!(!Info::is_known(&[&known[..], b"\x30what\0ever\0"].concat()));
        assert!(!Info::is_known(b"\x01\0\x01"));
    }

    #[test]
    fn pairs_go_into_the_blocks_of_their_keys() {
        let headers = [
            ("isn", "Echo"),
            ("to_service", "s"),
            ("key_77", ""),
            ("x", "y"),
        ];
        let region = b"\x01\0\x01\0\x03isn\0\x04Echo\x10\0\x02\0\x06\0\x01s\0\x4d\0\0\x01\0\x01\0\x01x\0\x01y";
        assert_eq!(rewritten(b"", &headers).unwrap(), region);
        let owned = headers.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(pairs(region).unwrap(), owned);
        assert_eq!(rewritten(b"", &[]).unwrap(), b"");
    }

    #[test]
    fn what_is_no_pair_is_kept_behind_the_pairs() {
        let came = b"\0\x11\0\x02id\0\x01\0\x01\0\x03env\0\x01a\x30what\0ever\0";
        let changed = rewritten(came, &[("text_env", "b"), ("to_idc", "c")]).unwrap();
        let texts = b"\x01\0\x01\0\x03env\0\x01b";
        let numbers = b"\x10\0\x01\0\x08\0\x01c";
        let others = b"\x11\0\x02id\x30what\0ever\0";
        assert_eq!(changed, [&texts[..], numbers, others].concat());
    }

    #[test]
    fn every_cut_is_refused_but_between_blocks() {
        let region = b"\x01\0\x01\0\x03isn\0\x04Echo\0\x10\0\x01\0\x06\0\x01s\x11\0\x02id";
        let whole = [0, 14, 15, 23];
        for cut in 0..region.len() {
            let read = pairs(&region[..cut]);
            assert_eq!(read.is_ok(), whole.contains(&cut), "cut at {cut}: {read:?}");
        }
    }

    #[test]
    fn what_no_length_can_say_is_refused() {
        let error = rewritten(b"", &[("x", &"y".repeat(65_536))]).unwrap_err();
        let (max, got) = (65_535, 65_536);
        assert_eq!(
            (error.offset, error.reason),
            (6, Reason::TooLong { max, got })
        );
    }
}
