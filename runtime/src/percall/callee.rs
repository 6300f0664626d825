//! A call as an HTTP request: path, authority, headers.

use super::hpack::{Block, index, is_connection_specific};
use super::{CALLEE, OWN};
use crate::command::{Command, Timeout};
use crate::frame::{HeaderMap, View};
use crate::protocol::{Callee, Unknown};

/// Who is called, by the headers of the call.
pub(super) struct Named<'h> {
    service: &'h [u8],
    method: &'h [u8],
    /// How far a server is sure to find the same names.
    certainty: &'static str,
}

impl<'h> Named<'h> {
    /// Of each list of keys the first one counts that is there, as in the L4 filter.
    pub(super) fn of<P: Callee>(view: &P::View<'_>, headers: &'h HeaderMap, keys: &Keys) -> Self {
        let (service, services) = first(headers, &keys.service);
        let (method, methods) = first(headers, &keys.method);
        let certainty = match P::unknown(view) {
            Some(Unknown::Callee(_) | Unknown::Method(_)) => "unknown",
            None if services > 1 || methods > 1 => "ambiguous",
            None if (services == 0 && !keys.service.is_empty())
                || (methods == 0 && !keys.method.is_empty()) =>
            {
                "unnamed"
            }
            None => "named",
        };
        Self {
            service,
            method,
            certainty,
        }
    }
}

/// The headers that name who is called.
#[derive(Debug)]
pub(super) struct Keys {
    service: Vec<String>,
    method: Vec<String>,
}

impl Keys {
    /// Those that are configured, else those of the protocol.
    pub(super) fn of<P: Callee>(service: Option<&[String]>, method: Option<&[String]>) -> Self {
        let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        Self {
            service: service.map_or_else(|| own(P::SERVICE), <[String]>::to_vec),
            method: method.map_or_else(|| own(P::METHOD), <[String]>::to_vec),
        }
    }
}

/// The value of the first key that is there, and how many different values the keys have. Servers may ignore the case
/// of keys.
fn first<'h>(headers: &'h HeaderMap, keys: &[impl AsRef<str>]) -> (&'h [u8], usize) {
    let (mut found, mut rank, mut others) = (&b""[..], keys.len(), 0);
    let mut seen: Option<&[u8]> = None;
    for (key, value) in headers.iter() {
        let value = value.trim_ascii();
        let mut names = keys.iter().map(|wanted| wanted.as_ref().as_bytes());
        if value.is_empty() || !names.any(|wanted| wanted.eq_ignore_ascii_case(key)) {
            continue;
        }
        others += usize::from(seen.is_some_and(|seen| seen != value));
        seen = Some(value);
        let exact = keys
            .iter()
            .position(|wanted| wanted.as_ref().as_bytes() == key);
        if let Some(at) = exact.filter(|at| *at < rank) {
            (found, rank) = (value, at);
        }
    }
    let is_named = rank < keys.len();
    (found, if others > 0 { 2 } else { usize::from(is_named) })
}

/// Writes the header list of a call.
pub(super) fn write(
    block: &mut Block<'_>,
    named: &Named<'_>,
    timeout: Timeout,
    headers: &HeaderMap,
    protocol: &str,
) {
    let mut path = Vec::with_capacity(named.service.len() + named.method.len() + 2);
    for part in [named.service, named.method] {
        path.push(b'/');
        segment(&mut path, if part.is_empty() { b"-" } else { part });
    }
    block.indexed(index::POST);
    block.indexed(index::HTTP);
    block.value(index::PATH, &path);
    let mut authority = Vec::new();
    let service = named.service;
    segment(
        &mut authority,
        if service.is_empty() {
            protocol.as_bytes()
        } else {
            service
        },
    );
    block.value(index::AUTHORITY, &authority);
    block.field(CALLEE.as_bytes(), named.certainty.as_bytes());
    if let Timeout::Millis(millis) = timeout {
        block.field(b"grpc-timeout", grpc_timeout(millis).as_bytes());
    }
    let mut lower = Vec::new();
    for (name, value) in headers.iter() {
        lower.clear();
        lower.extend(name.iter().map(u8::to_ascii_lowercase));
        let value = value.trim_ascii();
        if is_passed(&lower) && value.iter().copied().all(is_value) {
            block.field(&lower, value);
        }
    }
}

/// Bytes that the headers of a call have together, as HTTP counts them.
pub(super) fn size(headers: &HeaderMap) -> usize {
    let sizes = headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + 32);
    sizes.sum()
}

/// Whether a header of a frame is shown to Envoy: not what Envoy would take for its own or for that of the connection.
fn is_passed(name: &[u8]) -> bool {
    const OTHERS: [&[u8]; 5] = [
        b"host",
        b"te",
        b"content-length",
        b"grpc-timeout",
        b"expect",
    ];
    !name.is_empty()
        && name.iter().copied().all(is_token)
        && !is_connection_specific(name)
        && !OTHERS.contains(&name)
        && !name.starts_with(b"x-envoy-")
        && !name.starts_with(OWN.as_bytes())
}

const fn is_token(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'^' | b'`' | b'|' | b'~')
}

const fn is_value(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t')
}

/// Appends a name as a segment of a path: everything else than unreserved characters, `:` and `$` is escaped.
fn segment(out: &mut Vec<u8>, name: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    // Whole names of dots would be taken for steps in the path.
    let is_dots = name.iter().all(|byte| *byte == b'.');
    for byte in name {
        match byte {
            b'.' if is_dots => out.extend_from_slice(b"%2E"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'$' => {
                out.push(*byte);
            }
            _ => {
                let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
                out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
}

/// A timeout as gRPC writes it, in at most eight digits.
fn grpc_timeout(millis: u32) -> String {
    if millis < 100_000_000 {
        format!("{millis}m")
    } else {
        format!("{}S", millis.div_ceil(1000))
    }
}

/// The frame without its body, with which an answer can be made; `None` if it cannot be written.
pub(super) fn front<V: View + Command>(view: &V) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let edits = crate::frame::Edits {
        body: Some(&[]),
        ..crate::frame::Edits::default()
    };
    view.rewrite(&edits, &mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_segment() {
        for (name, escaped) in [
            ("com.example.Echo:1.0", "com.example.Echo:1.0"),
            ("a/b?c#d%e f", "a%2Fb%3Fc%23d%25e%20f"),
            ("..", "%2E%2E"),
            ("é", "%C3%A9"),
        ] {
            let mut out = Vec::new();
            segment(&mut out, name.as_bytes());
            assert_eq!(String::from_utf8(out).unwrap(), escaped);
        }
    }

    #[test]
    fn timeouts_have_eight_digits() {
        assert_eq!(grpc_timeout(1), "1m");
        assert_eq!(grpc_timeout(99_999_999), "99999999m");
        assert_eq!(grpc_timeout(Timeout::MAX_MILLIS), "2147484S");
    }

    #[test]
    fn headers_of_envoy_and_of_the_connection_are_not_passed() {
        for name in [
            "x-envoy-retry-on",
            "x-meshwire-frame",
            "te",
            "host",
            "connection",
            ":path",
            "a b",
            "",
        ] {
            assert!(!is_passed(name.as_bytes()), "{name}");
        }
        assert!(is_passed(b"traceparent") && is_passed(b"x-b3-traceid"));
    }

    #[test]
    fn several_names_are_ambiguous() {
        let keys = &["a", "b"];
        for (pairs, value, count) in [
            (&[("b", "1"), ("a", "2")][..], "2", 2),
            (&[("b", "1"), ("A", "1")], "1", 1),
            (&[("A", "1")], "", 0),
            (&[("a", ""), ("c", "2")], "", 0),
        ] {
            let headers: HeaderMap = pairs.iter().copied().collect();
            assert_eq!(
                first(&headers, keys),
                (value.as_bytes(), count),
                "{pairs:?}"
            );
        }
    }
}
