//! `TApplicationException`: what a framework answers that could not make a call.
//!
//! Field 1 of it is a text for people, field 2 the kind of failure.

#[cfg(feature = "plugin")]
use meshwire::wire::varint;
use meshwire::{Bytes, HostStatus};

/// The exception for a reason of the host, as the struct that is in an answer of type 3: what clients
/// raise. In the binary protocol: of each field the type, 11 of a text and 8 of an integer, then its number; 0 ends it.
pub fn exception(reason: HostStatus) -> Bytes {
    let text = text(reason);
    let len = (text.len() as u32).to_be_bytes();
    let kind = [8, 0, 2, 0, 0, 0, kind(reason), 0];
    // As a vector: to take one apart again, `Bytes` has more code than all of this.
    Bytes::from_owner([&[11, 0, 1], &len[..], text.as_bytes(), &kind].concat())
}

/// The same exception in the compact protocol: of each field the distance to the number of the one before, and in the
/// low four bits the type, 8 of a text and 5 of an integer, which is a zigzag number; 0 ends it.
#[cfg(feature = "plugin")]
pub fn compact_exception(reason: HostStatus) -> Bytes {
    let text = text(reason);
    let mut exception = vec![0x18];
    varint::write(text.len() as u64, &mut exception);
    exception.extend_from_slice(text.as_bytes());
    exception.extend_from_slice(&[0x15, 2 * kind(reason), 0]);
    Bytes::from_owner(exception)
}

fn text(reason: HostStatus) -> String {
    let text = reason.text().unwrap_or("a filter's decision");
    ["the mesh has answered: ", text].concat()
}

/// The kinds by which MOSN's codec for Dubbo's Thrift distinguishes its reasons: 7 an error in the protocol, 1 an unknown
/// method, 6 an internal error, 0 unknown.
const fn kind(reason: HostStatus) -> u8 {
    match reason {
        HostStatus::CODEC_EXCEPTION | HostStatus::DESERIALIZE_EXCEPTION => 7,
        HostStatus::NO_ROUTE => 1,
        HostStatus::PERMISSION_DENIED | HostStatus::INTERNAL | HostStatus::TIMEOUT => 6,
        _ => 0,
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
