//! Tags: pairs after their number.

use meshwire::frame::{
    Action, FormatError, HeaderDiff, HeaderFormat, HeaderWriter, Headers, RegionReader,
    RegionWriter,
};

/// The type of a value that is text, which is the only one.
const TEXT: u8 = 1;

/// How many tags there are, in a byte; then of each a byte of length, the name, a byte of type, two bytes of
/// length, the value. Of another type than text, an unchanged value is kept.
pub struct Tags;

struct Tag<'r> {
    key: &'r [u8],
    kind: u8,
    value: &'r [u8],
}

impl HeaderFormat for Tags {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        walk(region, |tag| out.pair(tag.key, tag.value))
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[0], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut diff = HeaderDiff::new(headers.iter());
        let mut tags = Vec::new();
        // Nothing came with a frame that is made.
        let came = if came.is_empty() { &[0] } else { came };
        walk(came, |tag| {
            // A tag without a name is not a header.
            if tag.key.is_empty() {
                tags.push(tag);
                return;
            }
            match diff.action(tag.key, tag.value) {
                Action::Keep => tags.push(tag),
                Action::Replace(value) => tags.push(text(tag.key, value)),
                Action::Remove => {}
            }
        })?;
        tags.extend(diff.rest().map(|(key, value)| text(key, value)));
        let mut region = RegionWriter::new(out);
        region.int::<u8>(tags.len() as u64)?;
        for tag in tags {
            region.sized::<u8>(tag.key)?;
            region.int::<u8>(tag.kind.into())?;
            region.sized::<u16>(tag.value)?;
        }
        Ok(())
    }
}

const fn text<'t>(key: &'t [u8], value: &'t [u8]) -> Tag<'t> {
    Tag {
        key,
        kind: TEXT,
        value,
    }
}

/// Shows all tags of a region, in their order.
fn walk<'r>(region: &'r [u8], mut show: impl FnMut(Tag<'r>)) -> Result<(), FormatError> {
    let mut reader = RegionReader::new(region);
    for _ in 0..reader.int::<u8>()? {
        show(Tag {
            key: reader.sized::<u8>()?,
            kind: reader.int::<u8>()?,
            value: reader.sized::<u16>()?,
        });
    }
    reader.end()
}

#[cfg(test)]
mod tests {
    use meshwire::HeaderMap;
    use meshwire::wire::Reason;

    use super::*;

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
}
