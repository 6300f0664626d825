//! A packet that answers another one.

use meshwire::frame::FormatError;

use super::parts::{Parts, RESULT_CODE, RESULT_TEXT, tag};
use super::rewrite::{decimal, put_map};
use crate::jce::{put_bytes, put_int, put_string};

/// The packet of no attributes, which a caller of TUP wants to find in every answer.
const NO_ATTRIBUTES: &[u8] = b"\x08\x0c";

/// The answer to a request that has failed, or gone well without a result, in the version of the request:
/// of TUP a packet with the layout of the request, of all others a response, as servers write them
/// (`TarsCpp`, `Current::sendResponse`).
pub(crate) fn refusal(request: &[u8], code: i32, text: &[u8]) -> Result<Vec<u8>, FormatError> {
    let parts = Parts::of(request)?;
    let mut out = Vec::new();
    put_int(tag::VERSION, parts.int(tag::VERSION)?, &mut out);
    // An ordinary packet, not one-way.
    put_int(tag::PACKET_TYPE, 0, &mut out);
    // A type that cannot be read has no answer of its own, but the call has one.
    let message_type = parts.int(tag::MESSAGE_TYPE).unwrap_or(0);
    let id = parts.id()?.cast_signed();
    if parts.is_tup()? {
        put_int(tag::MESSAGE_TYPE, message_type, &mut out);
        put_int(tag::ID, id, &mut out);
        for name in [tag::SERVANT_OR_RET, tag::FUNCTION] {
            put_string(name, parts.text(name)?, &mut out)?;
        }
        put_bytes(tag::BUFFER, NO_ATTRIBUTES, &mut out)?;
        put_int(tag::TIMEOUT, 0, &mut out);
        put_map(tag::CONTEXT, None, &[], &mut out)?;
        let code = decimal(code.into());
        let result = [(RESULT_CODE, &code[..]), (RESULT_TEXT, text)];
        put_map(tag::STATUS, None, &result, &mut out)?;
    } else {
        put_int(tag::RESPONSE_ID, id, &mut out);
        put_int(tag::RESPONSE_MESSAGE_TYPE, message_type, &mut out);
        put_int(tag::SERVANT_OR_RET, code, &mut out);
        put_bytes(tag::RESPONSE_BUFFER, b"", &mut out)?;
        put_map(tag::RESPONSE_STATUS, None, &[], &mut out)?;
        put_string(tag::RESULT_DESC, text, &mut out)?;
        put_map(tag::CONTEXT, None, &[], &mut out)?;
    }
    Ok(out)
}
