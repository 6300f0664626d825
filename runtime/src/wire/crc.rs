//! Checksums of 8, 16 and 32 bits other than [`Crc32`](super::Crc32), by their parameters.
//!
//! They are computed bit by bit: frames with them are short, and a table would be larger than the code.

use super::Checksum;

/// A CRC of 16 bits, by the parameters of the
/// [catalogue](https://reveng.sourceforge.io/crc-catalogue/16.htm) of parametrised CRC algorithms: polynomial, value
/// before the first byte, whether bits are reflected (on the way in and out), and what the result is combined with.
#[derive(Clone, Copy, Debug)]
pub struct Crc16<const POLY: u16, const INIT: u16, const REFLECTED: bool, const XOR: u16>;

/// CRC-16/ARC, as in LHA and many serial protocols.
pub type Crc16Arc = Crc16<0x8005, 0, true, 0>;
/// CRC-16/MODBUS.
pub type Crc16Modbus = Crc16<0x8005, 0xffff, true, 0>;
/// CRC-16/XMODEM, often named CCITT.
pub type Crc16Xmodem = Crc16<0x1021, 0, false, 0>;
/// CRC-16/IBM-3740, often named CCITT-FALSE.
pub type Crc16Ibm3740 = Crc16<0x1021, 0xffff, false, 0>;
/// CRC-16/IBM-SDLC, also X-25.
pub type Crc16X25 = Crc16<0x1021, 0xffff, true, 0xffff>;
/// CRC-16/KERMIT.
pub type Crc16Kermit = Crc16<0x1021, 0, true, 0>;

impl<const POLY: u16, const INIT: u16, const REFLECTED: bool, const XOR: u16> Checksum
    for Crc16<POLY, INIT, REFLECTED, XOR>
{
    type Value = u16;

    fn of(bytes: &[u8]) -> u16 {
        let crc = bytes.iter().fold(INIT, |crc, byte| {
            if REFLECTED {
                reflected(crc ^ u16::from(*byte), POLY.reverse_bits())
            } else {
                let crc = crc ^ u16::from(*byte) << 8;
                (0..8).fold(crc, |crc, _| {
                    crc << 1 ^ if crc >> 15 == 1 { POLY } else { 0 }
                })
            }
        });
        crc ^ XOR
    }
}

const fn reflected(crc: u16, poly: u16) -> u16 {
    let (mut crc, mut bit) = (crc, 0);
    while bit < 8 {
        crc = crc >> 1 ^ if crc & 1 == 1 { poly } else { 0 };
        bit += 1;
    }
    crc
}

/// CRC-32C (Castagnoli), CRC-32/ISCSI of the catalogue: as in iSCSI, SCTP and Kafka.
#[derive(Clone, Copy, Debug)]
pub struct Crc32c;

impl Checksum for Crc32c {
    type Value = u32;

    fn of(bytes: &[u8]) -> u32 {
        const POLY: u32 = 0x1edc_6f41_u32.reverse_bits();
        let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
            let crc = crc ^ u32::from(*byte);
            (0..8).fold(crc, |crc, _| crc >> 1 ^ if crc & 1 == 1 { POLY } else { 0 })
        });
        !crc
    }
}

/// Adler-32, as in zlib (RFC 1950, chapter 8).
#[derive(Clone, Copy, Debug)]
pub struct Adler32;

impl Checksum for Adler32 {
    type Value = u32;

    fn of(bytes: &[u8]) -> u32 {
        const BASE: u32 = 65_521;
        let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
            let low = (low + u32::from(*byte)) % BASE;
            (low, (high + low) % BASE)
        });
        high << 16 | low
    }
}

/// All bytes added up, in the low 8 bits.
#[derive(Clone, Copy, Debug)]
pub struct Sum8;

impl Checksum for Sum8 {
    type Value = u8;

    fn of(bytes: &[u8]) -> u8 {
        bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
    }
}

/// All bytes added up, in the low 16 bits.
#[derive(Clone, Copy, Debug)]
pub struct Sum16;

impl Checksum for Sum16 {
    type Value = u16;

    fn of(bytes: &[u8]) -> u16 {
        let bytes = bytes.iter();
        bytes.fold(0, |sum, byte| sum.wrapping_add(u16::from(*byte)))
    }
}

/// All bytes combined by exclusive or, as in NMEA 0183.
#[derive(Clone, Copy, Debug)]
pub struct Xor8;

impl Checksum for Xor8 {
    type Value = u8;

    fn of(bytes: &[u8]) -> u8 {
        bytes.iter().fold(0, |all, byte| all ^ byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &[u8] = b"123456789";

    /// The check values of the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_crcs_of_the_nine_digits_are_those_of_the_catalogue() {
        assert_eq!(Crc16Arc::of(DIGITS), 0xbb3d);
        assert_eq!(Crc16Modbus::of(DIGITS), 0x4b37);
        assert_eq!(Crc16Xmodem::of(DIGITS), 0x31c3);
        assert_eq!(Crc16Ibm3740::of(DIGITS), 0x29b1);
        assert_eq!(Crc16X25::of(DIGITS), 0x906e);
        assert_eq!(Crc16Kermit::of(DIGITS), 0x2189);
        assert_eq!(Crc32c::of(DIGITS), 0xe306_9283);
        assert_eq!((Crc16Modbus::of(b""), Crc32c::of(b"")), (0xffff, 0));
    }

    /// By hand: the sums of 0x31 to 0x39 and of the sums so far.
    #[test]
    fn sums_are_those_of_the_nine_digits() {
        assert_eq!(Adler32::of(DIGITS), 0x091e_01de);
        assert_eq!(Adler32::of(b""), 1);
        assert_eq!(Sum8::of(DIGITS), 0xdd);
        assert_eq!(Sum16::of(DIGITS), 0x01dd);
        assert_eq!(Xor8::of(DIGITS), 0x31);
    }

    /// The largest bytes, more of them than a sum that is reduced at its end alone has room for.
    #[test]
    fn a_long_sum_is_reduced_on_its_way() {
        // Both sums are multiples of 65,521, but for the 1 that the low one begins with.
        assert_eq!(Adler32::of(&vec![0xff; 65_521]), 1);
        assert_eq!(Sum16::of(&vec![0xff; 257]), 0xffff);
    }
}
