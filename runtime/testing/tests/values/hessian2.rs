//! hessian2 as dubbo's own library writes it.

use meshwire::frame::FormatError;
use meshwire::record::hessian2::{Classes, Reader};
use meshwire_testing::vectors::from_hex;

/// The runs of values in the file, each with the number of its values.
fn runs() -> Vec<(usize, Vec<u8>)> {
    let lines = include_str!("data/hessian_lite.txt").lines();
    let runs = lines.filter_map(|line| line.split_once(' ').filter(|(front, _)| *front != "#"));
    runs.map(|(values, hex)| (values.parse().unwrap(), from_hex(hex).unwrap()))
        .collect()
}

fn skip(bytes: &[u8], values: usize) -> Result<usize, FormatError> {
    let mut reader = Reader::new(bytes);
    let mut classes = Classes::default();
    for _ in 0..values {
        reader.skip(&mut classes)?;
    }
    Ok(reader.position())
}

#[test]
fn everything_that_java_writes_is_passed_over() {
    assert_eq!(runs().len(), 12);
    for (values, bytes) in runs() {
        assert_eq!(skip(&bytes, values), Ok(bytes.len()), "{bytes:02x?}");
        for cut in 0..bytes.len() {
            assert!(skip(&bytes[..cut], values).is_err(), "{bytes:02x?}, {cut}");
        }
    }
}

#[test]
fn no_flipped_bit_leads_out_of_the_region() {
    for (values, mut bytes) in runs() {
        for bit in 0..8 * bytes.len() {
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(end) = skip(&bytes, values) {
                assert!(end <= bytes.len());
            }
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
