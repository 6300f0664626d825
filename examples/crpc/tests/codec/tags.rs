//! Tags: pairs after their number.

use meshwire::HeaderMap;
use meshwire::frame::{Counted, FormatError, HeaderFormat, HeaderWriter};
use meshwire::wire::Reason;

use crpc::Tag;

/// The tags of a call.
type Tags = Counted<u8, Tag>;

fn write(pairs: &[(&str, &str)]) -> Result<Vec<u8>, FormatError> {
    let map: HeaderMap = pairs.iter().copied().collect();
    let mut out = b"before".to_vec();
    Tags::write(map.as_headers(), &mut out)?;
    Ok(out.split_off(6))
}

fn read(region: &[u8]) -> Result<(), FormatError> {
    Tags::read(region, &mut HeaderWriter::new(&mut Vec::new()))
}

#[test]
fn tags_are_counted() {
    assert_eq!(write(&[]).unwrap(), [0]);
    let region = b"\x02\x01a\x01\0\x02bc\x01d\x01\0\0";
    assert_eq!(write(&[("a", "bc"), ("d", "")]).unwrap(), region);
    assert_eq!(read(region), Ok(()));
}

#[test]
fn tags_that_are_no_text_stay_what_they_are() {
    let came = b"\x03\x01a\x02\0\x01\x07\0\x01\0\x01x\x01b\x02\0\x01\x08";
    let wanted = HeaderMap::from([("a", "\x07"), ("b", "9"), ("c", "")]);
    let mut out = Vec::new();
    Tags::rewrite(came, wanted.as_headers(), &mut out).unwrap();
    let region = b"\x04\x01a\x02\0\x01\x07\0\x01\0\x01x\x01b\x01\0\x019\x01c\x01\0\0";
    assert_eq!(out, region);
}

#[test]
fn every_cut_is_refused() {
    let region = b"\x02\x01a\x01\0\x02bc\x01d\x01\0\0";
    for cut in 0..region.len() {
        let error = read(&region[..cut]).unwrap_err();
        assert!(error.offset <= cut, "cut at {cut}: {error:?}");
    }
}

#[test]
fn what_no_length_can_say_is_refused() {
    let error = write(&[("a", "b"), (&"k".repeat(256), "")]).unwrap_err();
    let too_long = Reason::TooLong { max: 255, got: 256 };
    assert_eq!((error.offset, error.reason), (7, too_long));
    let error = write(&[("a", &"v".repeat(65_536))]).unwrap_err();
    let (max, got) = (65_535, 65_536);
    assert_eq!(error.reason, Reason::TooLong { max, got });
    assert_eq!(write(&[("a", ""); 256]).unwrap_err().reason, too_long);
}
