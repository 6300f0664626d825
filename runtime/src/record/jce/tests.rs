//! Fields of every type, read and written. The bytes are derived by hand from `TarsOutputStream` (`Tars.h` of `TarsCpp`).

use super::super::sign::unsigned;
use super::*;

/// The fields of a struct: their tags and types.
fn fields(region: &[u8]) -> core::result::Result<Vec<(u8, Type)>, (usize, Reason)> {
    let mut fields = Vec::new();
    let mut walk = Jce.open(region, 0..region.len()).map_err(located)?;
    let mut end = 0;
    while let Some(entry) = Jce.next(&mut walk).map_err(located)? {
        assert_eq!(entry.start, end, "fields follow each other");
        end = entry.end;
        let Name::Tag { tag, .. } = entry.key else {
            panic!("{entry:?}");
        };
        let ty = region[entry.start as usize] & 0x0f;
        fields.push((tag, ty));
    }
    assert_eq!(end as usize, region.len());
    Ok(fields
        .into_iter()
        .map(|(tag, ty)| (tag, Type::of(ty).unwrap()))
        .collect())
}

fn located(fault: Fault) -> (usize, Reason) {
    let error = fault.into_error();
    (error.offset, error.reason)
}

fn unknown_at(offset: usize, got: u64) -> (usize, Reason) {
    (offset, Reason::UnknownValue { got })
}

fn row(tag: u32, ty: Ty) -> Row {
    Row::new(Key::Number(tag), "", ty)
}

const INT: Ty = Ty::Int {
    bits: 64,
    signed: true,
};

/// The one field of a region.
fn only(region: &[u8]) -> Entry<Name<'_>> {
    let mut walk = Jce.open(region, 0..region.len()).unwrap();
    let entry = Jce.next(&mut walk).unwrap().unwrap();
    assert_eq!(entry.range(), 0..region.len());
    entry
}

#[test]
fn values_of_every_type_are_passed_over() {
    for (value, ty) in [
        (&b"\x00\x05"[..], Type::I8),
        (b"\x01\x00\x05", Type::I16),
        (b"\x02\x00\x00\x00\x05", Type::I32),
        (b"\x03\x00\x00\x00\x00\x00\x00\x00\x05", Type::I64),
        (b"\x04\x00\x00\x00\x00", Type::F32),
        (b"\x05\x00\x00\x00\x00\x00\x00\x00\x00", Type::F64),
        (b"\x06\x02ab", Type::String1),
        (b"\x07\x00\x00\x00\x02ab", Type::String4),
        (b"\x08\x0c", Type::Map),
        (b"\x08\x00\x01\x06\x01k\x16\x01v", Type::Map),
        (b"\x09\x01\x00\x02\x00\x01\x0c", Type::List),
        (b"\x0a\x0b", Type::StructBegin),
        (b"\x0a\x0c\x10\x01\x0b", Type::StructBegin),
        (b"\x0c", Type::Zero),
        (b"\x0d\x00\x00\x02ab", Type::SimpleList),
        (b"\x0d\x00\x02\x00\x00\x00\x02ab", Type::SimpleList),
        // Structs in a map in a list in a struct.
        (
            b"\x0a\x09\x00\x02\x08\x00\x01\x0a\x0b\x1a\x1c\x0b\x0c\x1c\x0b",
            Type::StructBegin,
        ),
    ] {
        // As the field 3, and as the field 200.
        let mut region = value.to_vec();
        region[0] |= 0x30;
        assert_eq!(fields(&region), Ok(vec![(3, ty)]), "{region:02x?}");
        let region = [&[value[0] | 0xf0, 200], &value[1..], b"\xfc\xff"].concat();
        assert_eq!(fields(&region), Ok(vec![(200, ty), (255, Type::Zero)]));
        for cut in 1..region.len() - 2 {
            assert!(fields(&region[..cut]).is_err(), "{region:02x?}, {cut}");
        }
    }
}

#[test]
fn what_is_no_field_is_refused_where_it_stands() {
    for (region, offset, got) in [
        (&b"\x0e"[..], 0, 14),
        (b"\x0c\x1f", 1, 15),
        // The end of a struct that has not begun, and one within a map.
        (b"\x0b", 0, 11),
        (b"\x0a\x08\x00\x01\x0c\x0b", 5, 11),
        // Counts with a tag, of another type, and bytes that are integers of two bytes.
        (b"\x09\x1c", 1, 1),
        (b"\x09\x06\x00", 1, 6),
        (b"\x09\x03\0\0\0\0\0\0\0\0", 1, 3),
        (b"\x0d\x01\x0c", 1, 1),
    ] {
        let error = unknown_at(offset, got);
        assert_eq!(fields(region), Err(error), "{region:02x?}");
    }
    for region in [&b"\x09\x00\xff"[..], b"\x08\x00\x80", b"\x0d\x00\x00\xff"] {
        let error = fields(region).unwrap_err();
        assert_eq!(error.1, Reason::NegativeLength, "{region:02x?}");
    }
}

#[test]
fn numbers_cost_nothing() {
    for region in [
        &b"\x09\x02\x7f\xff\xff\xff\x08\x02\x7f\xff\xff\xff"[..],
        b"\x0d\x00\x02\x7f\xff\xff\xff",
        b"\x07\xff\xff\xff\xff",
    ] {
        let error = fields(region).unwrap_err();
        assert!(matches!(error.1, Reason::Overrun { .. }), "{error:?}");
    }
}

#[test]
fn depth_is_limited_where_it_takes_room() {
    let deep = |depth: usize| [vec![0x0a; depth], vec![0x0b; depth]].concat();
    assert!(fields(&deep(MAX_DEPTH)).is_ok());
    let error = fields(&deep(MAX_DEPTH + 1)).unwrap_err();
    let max = MAX_DEPTH as u64;
    assert_eq!(error.1, Reason::TooDeep { max });
    // A chain of lists of one value each, and of counts that are lists again.
    let mut chain = b"\x09\x00\x01".repeat(300_000);
    chain.push(0x0c);
    assert!(fields(&chain).is_ok());
    assert_eq!(fields(&vec![0x09; 300_000]), Err(unknown_at(1, 9)));
}

#[test]
fn an_integer_is_as_narrow_as_it_can_be() {
    let wide = i64::from(i32::MAX) + 1;
    for (number, width) in [
        (0, 0),
        (1, 1),
        (-1, 1),
        (127, 1),
        (-128, 1),
        (128, 2),
        (-129, 2),
        (32_767, 2),
        (-32_768, 2),
        (32_768, 4),
        (-32_769, 4),
        (i64::from(i32::MAX), 4),
        (i64::from(i32::MIN), 4),
        (wide, 8),
        (-wide - 1, 8),
        (i64::MAX, 8),
        (i64::MIN, 8),
    ] {
        for (tag, head) in [(14, 1), (15, 2)] {
            let mut out = Vec::new();
            let value = Value::Int(unsigned(number));
            Jce.put(&row(tag, INT), value, None, &mut out).unwrap();
            assert_eq!(out.len(), head + width, "{number}");
            let entry = only(&out);
            assert!(matches!(entry.key, Name::Tag { tag: found, .. } if u32::from(found) == tag));
            assert_eq!(Jce.int(&out, &entry, &INT), Ok(unsigned(number)));
        }
    }
}

#[test]
fn an_integer_of_eight_bytes_is_one_of_a_wide_type() {
    let region = b"\x33\0\0\0\0\0\0\0\x05";
    let entry = only(region);
    let int = |bits, signed| Jce.int(region, &entry, &Ty::Int { bits, signed });
    let refused = Err(unknown_at(0, 3));
    for (bits, signed, expected) in [
        (64, true, Ok(5)),
        (64, false, Ok(5)),
        (32, false, Ok(5)),
        (32, true, refused),
        (16, false, refused),
    ] {
        assert_eq!(int(bits, signed).map_err(located), expected, "{bits}");
    }
    let region = b"\x31\x01\0";
    let entry = only(region);
    let (max, got) = (0xff, 0x100);
    let ty = Ty::Int {
        bits: 8,
        signed: false,
    };
    let error = Jce.int(region, &entry, &ty).map_err(located);
    assert_eq!(error, Err((0, Reason::OutOfRange { max, got })));
}

#[test]
fn strings_and_bytes_of_every_length_are_read_again() {
    for len in [0, 1, 127, 128, 255, 256, 32_767, 32_768, 70_000] {
        let text = vec![0xa5; len];
        let mut out = Vec::new();
        let put = |ty, tag, out: &mut Vec<u8>| {
            Jce.put(&row(tag, ty), Value::Bytes(&text), None, out)
                .unwrap();
        };
        put(Ty::Text, 3, &mut out);
        let entry = only(&out);
        assert_eq!(entry.form, Form::Text);
        assert_eq!(out[entry.value()], text);
        assert_eq!(out.len(), len + if len < 256 { 2 } else { 5 });
        out.clear();
        put(Ty::Bytes, 16, &mut out);
        let entry = only(&out);
        assert_eq!(entry.form, Form::Bytes);
        assert_eq!(out[entry.value()], text);
    }
}

#[test]
fn a_key_that_is_no_tag_has_no_place() {
    let error = Jce.put(&row(256, INT), Value::Int(1), None, &mut Vec::new());
    assert_eq!(error.map_err(located), Err((0, Reason::NoPlace)));
}
