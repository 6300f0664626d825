//! `TApplicationException`: what a framework answers that could not make a call.

use meshwire::{Bytes, HostStatus};

/// Types of a field in a struct.
const TEXT: u8 = 11;
const INT: u8 = 8;
/// Behind the last field of a struct.
const STOP: u8 = 0;

/// The exception for a reason of the host, as the struct that lies in an answer of type 3: what clients
/// raise. Field 1 is a text for people, field 2 the kind of failure.
pub fn exception(reason: HostStatus) -> Bytes {
    let text = reason.text().unwrap_or("a filter's decision");
    let text = ["the mesh has answered: ", text].concat();
    let mut exception = vec![TEXT, 0, 1];
    exception.extend_from_slice(&(text.len() as u32).to_be_bytes());
    exception.extend_from_slice(text.as_bytes());
    exception.extend_from_slice(&[INT, 0, 2]);
    exception.extend_from_slice(&kind(reason).to_be_bytes());
    exception.push(STOP);
    // As a vector: to take one apart again, `Bytes` has more code than all of this.
    Bytes::from_owner(exception)
}

/// The kinds by which MOSN's codec for Dubbo's Thrift tells its reasons apart.
fn kind(reason: HostStatus) -> u32 {
    const UNKNOWN: u32 = 0;
    const UNKNOWN_METHOD: u32 = 1;
    const INTERNAL: u32 = 6;
    const PROTOCOL: u32 = 7;
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
        let told = exception(HostStatus::TIMEOUT);
        let text = b"the mesh has answered: the upstream did not answer in time";
        let front = [&[11, 0, 1, 0, 0, 0, text.len() as u8][..], text].concat();
        assert_eq!(
            told.strip_prefix(&front[..]),
            Some(&b"\x08\0\x02\0\0\0\x06\0"[..])
        );
    }

    #[test]
    fn a_filter_has_reasons_of_its_own() {
        let told = exception(HostStatus(418));
        assert!(told.ends_with(b"a filter's decision\x08\0\x02\0\0\0\0\0"));
    }
}
