//! The protocol's status in HTTP, and back: why a call was answered by somebody else than its server.

use super::hpack::Fields;
use super::http2::ErrorCode;
use crate::command::HostStatus;
use crate::protocol::Protocol;

/// The `:status` of an answer of a server. The reasons that a protocol does not distinguish from any other failure are
/// 500: a policy for busy servers must not retry those.
pub(super) fn of_answer<P: Protocol>(status: i64) -> &'static str {
    let reasons = [
        (HostStatus::TIMEOUT, "504"),
        (HostStatus::OVERFLOW, "503"),
        (HostStatus::NO_ROUTE, "404"),
        (HostStatus::PERMISSION_DENIED, "403"),
    ];
    if status == P::status(HostStatus::OK) {
        return "200";
    }
    let other = P::status(HostStatus::UNKNOWN);
    let known = reasons.iter().find(|(reason, _)| {
        let own = P::status(*reason);
        own == status && own != other
    });
    known.map_or("500", |(_, http)| http)
}

/// The reason for an answer that no server has given, by the flags of Envoy's `%RESPONSE_FLAGS%` where they are there,
/// else by `:status`.
pub(super) fn of_local(fields: &Fields, cause: &str) -> HostStatus {
    let flags = fields.get(cause).unwrap_or_default();
    let flagged = flags.split(|byte| *byte == b',').find_map(of_flag);
    flagged.unwrap_or_else(|| match fields.get(":status").unwrap_or_default() {
        b"401" | b"403" => HostStatus::PERMISSION_DENIED,
        b"404" => HostStatus::NO_ROUTE,
        b"408" | b"504" => HostStatus::TIMEOUT,
        b"429" => HostStatus::LIMIT_EXCEEDED,
        b"502" | b"503" => HostStatus::NO_HEALTHY_UPSTREAM,
        _ => HostStatus::UNKNOWN,
    })
}

/// Flags as the documentation of Envoy's access log lists them.
fn of_flag(flag: &[u8]) -> Option<HostStatus> {
    Some(match flag.trim_ascii() {
        b"UH" | b"UF" => HostStatus::NO_HEALTHY_UPSTREAM,
        b"UO" | b"OM" => HostStatus::OVERFLOW,
        b"UC" | b"UR" | b"LR" | b"UPE" => HostStatus::INTERNAL,
        b"UT" | b"SI" | b"DT" | b"UMSDR" => HostStatus::TIMEOUT,
        b"NR" | b"NC" => HostStatus::NO_ROUTE,
        b"RL" | b"RLSE" => HostStatus::LIMIT_EXCEEDED,
        b"UAEX" => HostStatus::PERMISSION_DENIED,
        _ => return None,
    })
}

/// The reason for a stream that was reset.
pub(super) const fn of_reset(code: ErrorCode) -> HostStatus {
    match code {
        ErrorCode::REFUSED_STREAM | ErrorCode::ENHANCE_YOUR_CALM => HostStatus::OVERFLOW,
        _ => HostStatus::INTERNAL,
    }
}
