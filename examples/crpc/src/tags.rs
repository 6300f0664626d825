//! Tags: pairs behind their number.

use meshwire::frame::{
    FormatError, HeaderFormat, HeaderWriter, Headers, RegionReader, RegionWriter,
};

/// The type of a value that is text, which is the only one.
const TEXT: u64 = 1;

/// How many tags there are, in a byte; then of each a byte of length, the name, a byte of type, two bytes of
/// length, the value.
pub struct Tags;

impl HeaderFormat for Tags {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let mut tags = RegionReader::new(region);
        for _ in 0..tags.int::<u8>()? {
            let key = tags.sized::<u8>()?;
            tags.int::<u8>()?;
            out.pair(key, tags.sized::<u16>()?);
        }
        tags.end()
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut tags = RegionWriter::new(out);
        tags.int::<u8>(headers.len() as u64)?;
        for (key, value) in headers.iter() {
            tags.sized::<u8>(key)?;
            tags.int::<u8>(TEXT)?;
            tags.sized::<u16>(value)?;
        }
        Ok(())
    }
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
