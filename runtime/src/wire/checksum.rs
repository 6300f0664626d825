//! Checksums over a part of a frame.

use super::Int;

/// An algorithm for `#[frame(over = …)] checksum: Check<Algorithm>`.
///
/// ```
/// use meshwire::wire::Checksum;
///
/// /// All bytes, added up.
/// struct Sum;
///
/// impl Checksum for Sum {
///     type Value = u16;
///
///     fn of(bytes: &[u8]) -> u16 {
///         bytes.iter().fold(0, |sum, byte| sum.wrapping_add(u16::from(*byte)))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a checksum",
    label = "not an algorithm",
    note = "use `Crc32`, another one of `meshwire::wire`, or implement `meshwire::wire::Checksum`"
)]
pub trait Checksum {
    /// How the checksum is encoded.
    type Value: Int;

    /// The checksum of the bytes. Where a checksum covers itself, its own bytes are zero here.
    fn of(bytes: &[u8]) -> Self::Value;
}

/// CRC-32 as in Ethernet, zlib and `java.util.zip.CRC32`: polynomial 0x04C11DB7, reflected, all ones
/// before and after.
#[derive(Clone, Copy, Debug)]
pub struct Crc32;

impl Checksum for Crc32 {
    type Value = u32;

    fn of(bytes: &[u8]) -> u32 {
        crc32fast::hash(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_crc_of_the_nine_digits_is_that_of_the_catalogue() {
        assert_eq!(Crc32::of(b"123456789"), 0xcbf4_3926);
        assert_eq!(Crc32::of(b""), 0);
    }
}
