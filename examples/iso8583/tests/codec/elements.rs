//! Elements that are changed, added and removed, with the bitmaps that list them.

use iso8583::Elements;
use meshwire::HeaderMap;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::wire::Reason;
use meshwire_testing::conformance::headers_of;
use meshwire_testing::vectors::Vector;

/// The elements of a vector.
fn elements(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    let bytes = Vector::read(format!("{folder}{name}.hex")).unwrap().bytes;
    String::from_utf8(bytes[11..].to_vec()).unwrap()
}

fn headers(region: &str) -> HeaderMap {
    headers_of::<Elements>(region.as_bytes(), ()).unwrap()
}

fn changed(region: &str, changes: &MetadataEdits<'_>) -> Result<String, Reason> {
    let mut out = Vec::new();
    match Elements::rewrite(region.as_bytes(), (), changes, &mut out) {
        Ok(()) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => Err(error.reason),
    }
}

/// With another header, or without it.
fn with(region: &str, name: &str, value: Option<&str>) -> Result<String, Reason> {
    let mut wanted = headers(region);
    match value {
        Some(value) => wanted.insert(name, value),
        None => assert!(wanted.remove(name)),
    }
    let changes = MetadataEdits {
        headers: Some(wanted.as_headers()),
        ..MetadataEdits::default()
    };
    let out = changed(region, &changes)?;
    assert_eq!(
        headers_of::<Elements>(out.as_bytes(), ())
            .unwrap()
            .iter()
            .count(),
        wanted.iter().count()
    );
    Ok(out)
}

#[test]
fn a_new_element_is_written_in_its_place_and_its_bit_set() {
    let region = "0020000000000000000017";
    let out = with(region, "merchant_type", Some("5411")).unwrap();
    assert_eq!(out, "00204000000000000000175411");
    let out = with(&out, "merchant_type", None).unwrap();
    assert_eq!(out, region);
    let out = with(region, "acquirer", Some("123456")).unwrap();
    assert_eq!(out, "002000010000000000001706123456");
    let out = with(&out, "acquirer", Some("99")).unwrap();
    assert_eq!(out, "00200001000000000000170299");
}

#[test]
fn the_secondary_bitmap_comes_and_goes_with_its_elements() {
    let region = "0020000000000000000017";
    let out = with(region, "management", Some("301")).unwrap();
    assert_eq!(out, "80200000000000000400000000000000000017301");
    assert_eq!(with(&out, "management", None).unwrap(), region);
    // One without bits stays.
    let empty = "80200000000000000000000000000000000017";
    let out = with(empty, "merchant_type", Some("5411")).unwrap();
    assert_eq!(out, "802040000000000000000000000000000000175411");
}

#[test]
fn texts_of_fixed_length_are_padded_and_numbers_have_zeros() {
    let region = elements("approved");
    assert_eq!(headers(&region).get("terminal"), Some(&b"TERM01"[..]));
    let out = with(&region, "terminal", Some("T2")).unwrap();
    assert_eq!(out, region.replace("TERM01  ", "T2      "));
    let id = |id| MetadataEdits {
        id: Some(IdEdit::Number(id)),
        ..MetadataEdits::default()
    };
    let out = changed(&region, &id(3)).unwrap();
    assert_eq!(out, region.replace("530000017152530", "530000003152530"));
    let status = |status| MetadataEdits {
        status: Some(status),
        ..MetadataEdits::default()
    };
    let out = changed(&region, &status(5)).unwrap();
    assert_eq!(out, region.replace("A12B3400TERM", "A12B3405TERM"));
    let too_long = |max, got| Err(Reason::TooLong { max, got });
    assert_eq!(changed(&region, &id(1_000_000)), too_long(6, 7));
    assert_eq!(changed(&region, &status(100)), too_long(2, 3));
    assert_eq!(with(&region, "terminal", Some("123456789")), too_long(8, 9));
    assert_eq!(with(&region, "terminal", Some("T ")), Err(Reason::Padding));
    let wrong = with(&region, "processing_code", Some("30"));
    assert_eq!(wrong, Err(Reason::LengthMismatch { said: 2, found: 6 }));
    let wrong = with(&region, "processing_code", Some("30000x"));
    assert_eq!(wrong, Err(Reason::NoPlace));
    let long = "1".repeat(100);
    assert_eq!(with(&region, "acquirer", Some(&long)), too_long(99, 100));
}

/// Where an element without a format ends nobody knows: what is before it can be changed, what is after it stays.
#[test]
fn an_element_without_a_format_ends_what_can_be_changed() {
    // Elements 11, 65 and 120.
    let region = "802000000000000080000000000001000000170123456789ABCDEF003abc";
    let out = with(region, "merchant_type", Some("5411")).unwrap();
    let expected = "802040000000000080000000000001000000175411\
                    0123456789ABCDEF003abc";
    assert_eq!(out, expected);
    assert_eq!(with(&out, "merchant_type", None).unwrap(), region);
    let refused = with(region, "management", Some("301"));
    assert_eq!(refused, Err(Reason::NoPlace));
}

#[test]
fn an_id_has_six_digits() {
    assert_eq!(Elements::LARGEST_ID, 999_999);
}
