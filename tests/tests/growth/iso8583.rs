//! Messages whose elements are long. There are at most 128 of them, and each has at most 999 bytes.

use iso8583::Iso8583;

use super::grows_with_the_frame;

#[test]
fn elements() {
    grows_with_the_frame::<Iso8583>(120, |items| {
        // 11, and 46, 47, 48 and 55 to 63 of so many bytes.
        let element = format!("{items:03}{}", "x".repeat(items));
        let elements = format!("00200000000703FE000017{}", element.repeat(12));
        let len = u16::try_from(9 + elements.len()).unwrap().to_be_bytes();
        [&len[..], b"\x60\x01\x23\x45\x670200", elements.as_bytes()].concat()
    });
}
