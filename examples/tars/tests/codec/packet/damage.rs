//! Packets that are cut or damaged.

use meshwire::command::PayloadCodec;
use tars::Packet;

use super::{headers, id, packets, rewritten, with_body, with_headers, with_id};

/// Everything that is done with a packet. What can be read stays as it is unless it is changed, and holds
/// what it is changed to.
fn all(packet: &[u8]) {
    let (Ok(facts), Ok(came)) = (Packet::metadata(packet, ()), headers(packet)) else {
        // Whatever is wrong, it is wrong in the same way for the one who writes.
        let _ = with_id(packet, 1);
        return;
    };
    assert!(packet.get(facts.body).is_some(), "{packet:02x?}");
    let unchanged = rewritten(packet, &meshwire::command::MetadataEdits::default());
    assert_eq!(unchanged, Ok(packet.to_vec()));
    assert_eq!(with_headers(packet, &came), Ok(packet.to_vec()));
    let out = with_id(packet, 0x1234).unwrap();
    assert_eq!(id(&out), 0x1234);
    let mut wanted = came;
    wanted.push((b"x-added".to_vec(), b"1".to_vec()));
    let out = with_headers(packet, &wanted).unwrap();
    assert_eq!(headers(&out), Ok(wanted), "{packet:02x?}");
    let out = with_body(packet, b"another body").unwrap();
    assert_eq!(super::body(&out), b"another body", "{packet:02x?}");
}

#[test]
fn cut_packets_are_read_or_refused() {
    for (_, packet) in packets() {
        for cut in 0..packet.len() {
            all(&packet[..cut]);
        }
    }
}

#[test]
fn packets_with_a_flipped_bit_are_read_or_refused() {
    for (_, mut packet) in packets() {
        for bit in 0..8 * packet.len() {
            packet[bit / 8] ^= 1 << (bit % 8);
            all(&packet);
            packet[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn packets_of_one_byte_over_and_over_are_read_or_refused() {
    for byte in 0..=u8::MAX {
        for front in [
            &b""[..],
            b"\x10\x01\x2c\x3c\x4c",
            b"\x10\x01\x2c\x3c\x4c\x5c",
            b"\x10\x01\x2c\x3c\x4c\x56\x00\x98",
        ] {
            let mut packet = front.to_vec();
            packet.resize(front.len() + 3000, byte);
            all(&packet);
        }
    }
}
