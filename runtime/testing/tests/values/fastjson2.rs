//! fastjson2 as its own library writes it for dubbo.

use meshwire::frame::FormatError;
use meshwire::record::fastjson2::Reader;
use meshwire_testing::vectors::from_hex;

/// The runs of values in the file, each with the number of its values.
fn runs() -> Vec<(usize, Vec<u8>)> {
    let lines = include_str!("data/fastjson2.txt").lines();
    let runs = lines.filter_map(|line| line.split_once(' ').filter(|(front, _)| *front != "#"));
    runs.map(|(values, hex)| (values.parse().unwrap(), from_hex(hex).unwrap()))
        .collect()
}

/// Passes over values, each to the end that its length says.
fn skip(bytes: &[u8], values: usize) -> Result<usize, FormatError> {
    let mut run = Reader::new(bytes);
    for _ in 0..values {
        let mut value = run.value()?;
        value.skip()?;
        assert_eq!(value.position(), run.position(), "{bytes:02x?}");
    }
    Ok(run.position())
}

#[test]
fn everything_that_java_writes_is_passed_over() {
    assert_eq!(runs().len(), 11);
    for (values, bytes) in runs() {
        assert_eq!(skip(&bytes, values), Ok(bytes.len()), "{bytes:02x?}");
        for cut in 0..bytes.len() {
            assert!(skip(&bytes[..cut], values).is_err(), "{bytes:02x?}, {cut}");
        }
    }
}

#[test]
fn no_flipped_bit_leads_out_of_the_value() {
    for (values, mut bytes) in runs() {
        for bit in 0..8 * bytes.len() {
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut run = Reader::new(&bytes);
            for _ in 0..values {
                let Ok(mut value) = run.value() else { break };
                if value.skip().is_ok() {
                    assert!(value.position() <= run.position());
                }
            }
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}
