//! Header maps that are a block on the wire, or in a format of the runtime's.

use meshwire::frame::{
    FlatText, FormatError, HeaderFormat, HeaderWriter, Headers, SizedPairs, TextPairs,
};
use meshwire::{Frame, HeaderMap, Len, protocol};

use super::grows_with_the_frame;

macro_rules! with_headers {
    ($protocol:ident, $ask:ident, $answer:ident, $($format:tt)*) => {
        #[derive(Frame, Clone, Debug, PartialEq)]
        #[frame(request)]
        pub(crate) struct $ask {
            #[frame(tag = 1)]
            kind: u8,
            #[frame(id)]
            id: u8,
            #[frame(len_of = headers)]
            headers_len: Len<u32>,
            #[frame(headers, $($format)*)]
            headers: HeaderMap,
        }

        #[derive(Frame, Clone, Debug, PartialEq)]
        #[frame(response)]
        pub(crate) struct $answer {
            #[frame(tag = 2)]
            kind: u8,
            #[frame(id)]
            id: u8,
        }

        #[protocol(name = "x-growing", frames($ask, $answer), status(_ => 0), keep_alive = none)]
        pub(crate) struct $protocol;
    };
}

with_headers!(Block, BlockAsk, BlockAnswer,);
with_headers!(Text, TextAsk, TextAnswer, format = TextPairs<'&', '='>);
with_headers!(Flat, FlatAsk, FlatAnswer, format = FlatText<'/'>);
with_headers!(Sized, SizedAsk, SizedAnswer, format = SizedPairs<u8, u16>);
with_headers!(Slow, SlowAsk, SlowAnswer, format = Searching);

/// Looks each pair up among all of them.
struct Searching;

impl HeaderFormat for Searching {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        TextPairs::<'&', '='>::read(region, out)
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let known = |key: &[u8]| headers.iter().filter(|pair| pair.0 == key).count() > 0;
        let kept: HeaderMap = headers.iter().filter(|pair| known(pair.0)).collect();
        TextPairs::<'&', '='>::write(kept.as_headers(), out)
    }
}

fn frame(region: &[u8]) -> Vec<u8> {
    let len = u32::try_from(region.len()).unwrap().to_be_bytes();
    [&[1, 7], &len[..], region].concat()
}

fn keys(items: usize) -> impl Iterator<Item = String> {
    (0..items).map(|item| format!("{item:04}"))
}

pub(super) fn text_pairs(items: usize) -> Vec<u8> {
    let pairs: Vec<_> = keys(items).map(|key| format!("{key}=v")).collect();
    frame(pairs.join("&").as_bytes())
}

#[test]
fn pairs() {
    grows_with_the_frame::<Text>(1000, text_pairs);
    grows_with_the_frame::<Flat>(1000, |items| {
        let pairs: Vec<_> = keys(items).map(|key| format!("{key}/v")).collect();
        frame(pairs.join("/").as_bytes())
    });
    grows_with_the_frame::<Sized>(1000, |items| {
        let pair = |key: String| [b"\x04", key.as_bytes(), b"\0\x01v"].concat();
        let pairs: Vec<_> = keys(items).map(pair).collect();
        frame(&pairs.concat())
    });
    grows_with_the_frame::<Block>(600, |items| {
        let pair = |key: String| [b"\0\0\0\x04", key.as_bytes(), b"\0\0\0\x01v"].concat();
        let pairs: Vec<_> = keys(items).map(pair).collect();
        frame(&pairs.concat())
    });
}
