//! `TApplicationException`: what a framework answers that could not make a call.
//!
//! Field 1 of it is a text for people, field 2 the kind of failure.

use meshwire::{Bytes, HostStatus};

/// The exception for a reason of the host, as the struct that is in an answer of type 3: what clients
/// raise. In the binary protocol: of each field the type, 11 of a text and 8 of an integer, then its number; 0 ends it.
pub fn exception(reason: HostStatus) -> Bytes {
    let text = reason.sentence();
    let len = (text.len() as u32).to_be_bytes();
    let kind = [8, 0, 2, 0, 0, 0, kind(reason), 0];
    // As a vector: to take one apart again, `Bytes` has more code than all of this.
    Bytes::from_owner([&[11, 0, 1], &len[..], text.as_bytes(), &kind].concat())
}

/// The kinds by which MOSN's codec for Dubbo's Thrift distinguishes its reasons: 7 an error in the protocol, 1 an unknown
/// method, 6 an internal error, 0 unknown.
pub(crate) const fn kind(reason: HostStatus) -> u8 {
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
}
