//! Information blocks with much in them: each takes time by its bytes.

use ttheader::TtHeader;

use super::grows_with_the_frame;

/// A call with these blocks.
fn frame(blocks: &[u8]) -> Vec<u8> {
    let mut info = [b"\0\0", blocks].concat();
    info.resize(info.len().next_multiple_of(4), 0);
    let words = u16::try_from(info.len() / 4).unwrap().to_be_bytes();
    let rest = [
        &b"\x10\0\0\0\0\0\0\x09"[..],
        &words,
        &info,
        b"\x80\x01\0\x01\0\0\0\x04echo\0\0\0\x09\0",
    ];
    let rest = rest.concat();
    let len = u32::try_from(rest.len()).unwrap().to_be_bytes();
    [&len[..], &rest].concat()
}

fn texts(items: usize, text: impl Fn(usize) -> String) -> Vec<u8> {
    let count = u16::try_from(items).unwrap().to_be_bytes();
    let mut block = [b"\x01", &count[..]].concat();
    for text in (0..items).map(text) {
        let len = u16::try_from(text.len()).unwrap().to_be_bytes();
        block.extend([&len[..], text.as_bytes(), b"\0\x01v"].concat());
    }
    block
}

fn numbers(items: usize, number: impl Fn(u16) -> u16) -> Vec<u8> {
    let count = u16::try_from(items).unwrap();
    let mut block = [b"\x10", &count.to_be_bytes()[..]].concat();
    for number in (0..count).map(number) {
        block.extend([&number.to_be_bytes()[..], b"\0\0"].concat());
    }
    block
}

#[test]
fn texts_and_numbers() {
    grows_with_the_frame::<TtHeader>(800, |items| {
        frame(&texts(items, |item| format!("{item:04}")))
    });
    grows_with_the_frame::<TtHeader>(1800, |items| frame(&numbers(items, |number| number)));
    // Texts that are called like numbers, and numbers.
    grows_with_the_frame::<TtHeader>(500, |items| {
        let texts = texts(items, |item| format!("key_{}", 10_000 + item));
        frame(&[texts, numbers(items, |_| 10)].concat())
    });
}

#[test]
fn what_is_no_pair() {
    grows_with_the_frame::<TtHeader>(2500, |items| frame(&b"\x11\0\0".repeat(items)));
    grows_with_the_frame::<TtHeader>(8000, |items| frame(&vec![0; items]));
    grows_with_the_frame::<TtHeader>(2500, |items| frame(&b"\x01\0\0".repeat(items)));
}
