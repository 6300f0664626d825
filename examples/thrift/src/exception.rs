//! `TApplicationException`: what a framework answers that could not make a call.
//!
//! Field 1 of it is a text for people, field 2 the kind of failure.

#[cfg(feature = "plugin")]
use meshwire::wire::varint;
use meshwire::{Bytes, HostStatus};

/// After the last field of a struct, in both protocols.
const STOP: u8 = 0;

/// The exception for a reason of the host, as the struct that is in an answer of type 3: what clients
/// raise. In the binary protocol.
pub fn exception(reason: HostStatus) -> Bytes {
    // The types of the fields, each before its number.
    const TEXT: u8 = 11;
    const INT: u8 = 8;
    let text = text(reason);
    let mut exception = vec![TEXT, 0, 1];
    exception.extend_from_slice(&(text.len() as u32).to_be_bytes());
    exception.extend_from_slice(text.as_bytes());
    exception.extend_from_slice(&[INT, 0, 2]);
    exception.extend_from_slice(&u32::from(kind(reason)).to_be_bytes());
    exception.push(STOP);
    // As a vector: to take one apart again, `Bytes` has more code than all of this.
    Bytes::from_owner(exception)
}

/// The same exception in the compact protocol.
#[cfg(feature = "plugin")]
pub fn compact_exception(reason: HostStatus) -> Bytes {
    // The types of the fields, below the distance to the number of the field before.
    const TEXT: u8 = 8;
    const INT: u8 = 5;
    const NEXT: u8 = 1 << 4;
    let text = text(reason);
    let mut exception = vec![NEXT | TEXT];
    varint::write(text.len() as u64, &mut exception);
    exception.extend_from_slice(text.as_bytes());
    exception.push(NEXT | INT);
    varint::write(varint::zigzag(kind(reason).into()), &mut exception);
    exception.push(STOP);
    Bytes::from_owner(exception)
}

fn text(reason: HostStatus) -> String {
    let text = reason.text().unwrap_or("a filter's decision");
    ["the mesh has answered: ", text].concat()
}

/// The kinds by which MOSN's codec for Dubbo's Thrift distinguishes its reasons.
fn kind(reason: HostStatus) -> u8 {
    const UNKNOWN: u8 = 0;
    const UNKNOWN_METHOD: u8 = 1;
    const INTERNAL: u8 = 6;
    const PROTOCOL: u8 = 7;
    match reason {
        HostStatus::CODEC_EXCEPTION | HostStatus::DESERIALIZE_EXCEPTION => PROTOCOL,
        HostStatus::NO_ROUTE => UNKNOWN_METHOD,
        HostStatus::PERMISSION_DENIED | HostStatus::INTERNAL | HostStatus::TIMEOUT => INTERNAL,
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read by the grammar of the binary protocol.
    #[test]
    fn the_reason_is_told_in_words() {
        let answer = exception(HostStatus::TIMEOUT);
        let text = b"the mesh has answered: the upstream did not answer in time";
        let front = [&[11, 0, 1, 0, 0, 0, text.len() as u8][..], text].concat();
        assert_eq!(
            answer.strip_prefix(&front[..]),
            Some(&b"\x08\0\x02\0\0\0\x06\0"[..])
        );
    }

    #[test]
    fn a_filter_has_reasons_of_its_own() {
        let answer = exception(HostStatus(418));
        assert!(answer.ends_with(b"a filter's decision\x08\0\x02\0\0\0\0\0"));
    }

    /// Read by the grammar of the compact protocol: kind 6 is 12 as a zigzag number.
    #[cfg(feature = "plugin")]
    #[test]
    fn the_reason_is_told_in_either_protocol() {
        let answer = compact_exception(HostStatus::TIMEOUT);
        let text = b"the mesh has answered: the upstream did not answer in time";
        let front = [&[0x18, text.len() as u8][..], text].concat();
        assert_eq!(answer.strip_prefix(&front[..]), Some(&b"\x15\x0c\0"[..]));
    }
}
