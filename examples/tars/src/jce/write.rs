//! Fields that are written.

use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use super::field::Type;

/// Appends the front of a field.
pub fn put_head(tag: u8, ty: Type, out: &mut Vec<u8>) {
    if tag < 15 {
        out.push(tag << 4 | ty as u8);
    } else {
        out.extend([0xf0 | ty as u8, tag]);
    }
}

/// Appends an integer, in the narrowest type that holds it.
pub fn put_int(tag: u8, int: i32, out: &mut Vec<u8>) {
    if int == 0 {
        put_head(tag, Type::Zero, out);
    } else if let Ok(int) = i8::try_from(int) {
        put_head(tag, Type::I8, out);
        out.extend_from_slice(&int.to_be_bytes());
    } else if let Ok(int) = i16::try_from(int) {
        put_head(tag, Type::I16, out);
        out.extend_from_slice(&int.to_be_bytes());
    } else {
        put_head(tag, Type::I32, out);
        out.extend_from_slice(&int.to_be_bytes());
    }
}

/// Appends a string; any bytes. Fails if there are 4 GiB of them.
pub fn put_string(tag: u8, text: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if let Ok(len) = u8::try_from(text.len()) {
        put_head(tag, Type::String1, out);
        out.push(len);
    } else {
        let len = u32::try_from(text.len()).map_err(|_| too_long(text, u32::MAX.into()))?;
        put_head(tag, Type::String4, out);
        out.extend_from_slice(&len.to_be_bytes());
    }
    out.extend_from_slice(text);
    Ok(())
}

/// Appends bytes, as a simple list. Fails if there are 2 GiB of them.
pub fn put_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    let max = i32::MAX.unsigned_abs().into();
    let len = i32::try_from(bytes.len()).map_err(|_| too_long(bytes, max))?;
    put_head(tag, Type::SimpleList, out);
    put_head(0, Type::I8, out);
    put_int(0, len, out);
    out.extend_from_slice(bytes);
    Ok(())
}

/// What to say of more bytes than a length can say; the offset is that of the field, so the caller's.
fn too_long(bytes: &[u8], max: u64) -> FormatError {
    FormatError {
        offset: 0,
        reason: Reason::TooLong {
            max,
            got: bytes.len() as u64,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fields;
    use super::*;

    #[test]
    fn fields_are_written_as_they_are_read() {
        let mut out = Vec::new();
        let ints = [
            0,
            1,
            -1,
            127,
            -128,
            128,
            -129,
            32_767,
            -32_768,
            32_768,
            -32_769,
            i32::MAX,
            i32::MIN,
        ];
        for int in ints {
            put_int(14, int, &mut out);
            put_int(15, int, &mut out);
        }
        let fields: Vec<_> = Fields::new(&out).map(Result::unwrap).collect();
        assert_eq!(fields.len(), 2 * ints.len());
        for (two, int) in fields.chunks(2).zip(ints) {
            let wide = match int {
                0 => 0,
                -128..=127 => 1,
                -32_768..=32_767 => 2,
                _ => 4,
            };
            for (field, tag) in two.iter().zip([14, 15]) {
                let head = if tag < 15 { 1 } else { 2 };
                assert_eq!((field.tag, field.int()), (tag, Ok(int)));
                assert_eq!(field.bytes().len(), head + wide, "{int}");
            }
        }
    }

    #[test]
    fn strings_and_bytes_of_every_length_are_read_again() {
        for len in [0, 1, 127, 128, 255, 256, 32_767, 32_768, 70_000] {
            let text = vec![0xa5; len];
            let mut out = Vec::new();
            put_string(3, &text, &mut out).unwrap();
            put_bytes(16, &text, &mut out).unwrap();
            let fields: Vec<_> = Fields::new(&out).map(Result::unwrap).collect();
            let [string, bytes] = fields[..] else {
                panic!("{fields:?}");
            };
            assert_eq!((string.tag, string.string()), (3, Ok(&text[..])));
            assert_eq!(string.bytes().len(), len + if len < 256 { 2 } else { 5 });
            assert_eq!(bytes.tag, 16);
            assert_eq!(out[bytes.simple_list().unwrap()], text);
        }
    }
}
