//! The body of an answer that a mesh gives itself.

use meshwire::HostStatus;

use crate::hessian::put_string;

/// The body of an answer of any status but `OK`, which is one hessian2 string: the host's reason as
/// `code|text`, which MOSN's own codec sends too (`pkg/protocol/xprotocol/dubbo/types.go`).
pub fn refusal(reason: HostStatus) -> Vec<u8> {
    let mut text = decimal(reason.0);
    text.push(b'|');
    text.extend_from_slice(reason.text().unwrap_or("not defined").as_bytes());
    let mut body = Vec::with_capacity(text.len() + 2);
    // ASCII, so it can be written.
    let _ = put_string(&text, &mut body);
    body
}

/// A number in decimal digits. The formatting of `core` would be in the plugin for this alone.
fn decimal(mut number: u32) -> Vec<u8> {
    let mut digits = Vec::new();
    loop {
        digits.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.reverse();
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hessian::Reader;

    #[test]
    fn a_reason_is_a_code_and_a_text() {
        let body = refusal(HostStatus::TIMEOUT);
        assert_eq!(body, b"\x30\x27504|the upstream did not answer in time");
        for (reason, text) in [
            (0, &b"0|the codec failed"[..]),
            (502, b"502|no healthy upstream"),
            (999, b"999|not defined"),
            (u32::MAX, b"4294967295|not defined"),
        ] {
            let body = refusal(HostStatus(reason));
            assert_eq!(Reader::new(&body).string().unwrap(), text);
        }
    }
}
