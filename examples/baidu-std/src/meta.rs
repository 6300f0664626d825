//! `RpcMeta`, the protobuf message at the front of each body.
//!
//! The fields are those of `baidu_rpc_meta.proto` of Apache brpc (2098dd3), the meaning of their presence that
//! of its `baidu_std.md`.

mod headers;
mod rewrite;
#[cfg(test)]
mod tests;

use meshwire::command::{MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, HeaderWriter, Template};
use meshwire::wire::Reason;
use meshwire::{MessageKind, Timeout};

use crate::protobuf::{Fields, Value, put_bytes, put_varint};

// Fields of `RpcMeta`.
const REQUEST: u32 = 1;
const RESPONSE: u32 = 2;
const CORRELATION_ID: u32 = 4;
const USER_FIELDS: u32 = 9;

// Fields of `RpcRequestMeta`.
const SERVICE_NAME: u32 = 1;
const METHOD_NAME: u32 = 2;
const LOG_ID: u32 = 3;
const REQUEST_ID: u32 = 7;
const TIMEOUT_MS: u32 = 8;

// Fields of `RpcResponseMeta`.
const ERROR_CODE: u32 = 1;
const ERROR_TEXT: u32 = 2;

/// The language of the meta region: an `RpcMeta` message.
///
/// - **Kind**: `response` there is an answer, else `request` there is a call; without either the frame is
///   refused. The specification has exactly one of them in each; of both, `response` wins, because a
///   request has no reason to hold one. There are no heartbeats and no one-way calls.
/// - **Id**: `correlation_id`, 0 if it is not there.
/// - **Timeout**: `timeout_ms` of the request, which brpc sends only if configured
///   (`-baidu_std_protocol_deliver_timeout_ms`); a number that is not positive says nothing.
/// - **Status**: `error_code` of the response, 0 is success.
/// - **Headers** of a request: `service`, `method`, `log_id` (decimal) and `request_id`; of a response:
///   `error_text`. After them the `user_fields` under their own keys, except those that one of
///   the names before hides.
///
/// An empty text is not a header. `service_name` and `method_name` are required in the message, so a header
/// that was taken away leaves an empty one there.
///
/// Of a field that is there twice the last one counts, as for any protobuf reader; `user_fields`
/// are all headers, in their order. Whatever is not changed stays as it came, unknown fields and unusual
/// encodings included.
#[derive(Debug)]
pub struct Meta;

impl PayloadCodec for Meta {
    type Inputs = ();

    fn metadata(region: &[u8], (): ()) -> Result<PayloadMetadata, FormatError> {
        let mut facts = PayloadMetadata::default();
        let mut kind = None;
        let mut fields = Fields::of(region);
        while let Some(field) = &fields.next() {
            let field = field.as_ref().map_err(|error| *error)?;
            match (field.number, field.value) {
                (REQUEST, Value::Bytes(request)) => {
                    kind = kind.or(Some(MessageKind::Request));
                    if let Some(millis) = last_int(request, field.range.end, TIMEOUT_MS)? {
                        facts.timeout = Timeout::from_positive_millis(millis.into());
                    }
                }
                (RESPONSE, Value::Bytes(response)) => {
                    kind = Some(MessageKind::Response);
                    if let Some(code) = last_int(response, field.range.end, ERROR_CODE)? {
                        facts.status = code.into();
                    }
                }
                (CORRELATION_ID, Value::Varint(id)) => facts.id = PayloadId::Number(id),
                _ => {}
            }
        }
        facts.kind = kind.ok_or(neither(region))?;
        if facts.kind == MessageKind::Response {
            facts.timeout = Timeout::Unset;
        }
        Ok(facts)
    }

    fn headers(region: &[u8], (): (), out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        headers::write(region, out)
    }

    fn rewrite(
        region: &[u8],
        (): (),
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        rewrite::rewrite(region, &Self::metadata(region, ())?, changes, out)
    }

    /// A request of no service and method, a response with error code 0.
    fn template(template: Template, (): ()) -> Option<Vec<u8>> {
        let mut message = Vec::new();
        let number = match template {
            Template::Request => {
                put_bytes(SERVICE_NAME, b"", &mut message);
                put_bytes(METHOD_NAME, b"", &mut message);
                REQUEST
            }
            Template::Response => {
                put_varint(ERROR_CODE, 0, &mut message);
                RESPONSE
            }
            Template::Heartbeat | Template::HeartbeatAck => return None,
        };
        let mut region = Vec::new();
        put_bytes(number, &message, &mut region);
        put_varint(CORRELATION_ID, 0, &mut region);
        Some(region)
    }
}

/// What to say of a meta that is neither a request nor a response.
const fn neither(region: &[u8]) -> FormatError {
    FormatError {
        offset: region.len(),
        reason: Reason::Missing,
    }
}

/// The last value of an `int32` field in a message that ends at `end` of the region.
fn last_int(message: &[u8], end: usize, number: u32) -> Result<Option<i32>, FormatError> {
    let mut last = None;
    let mut fields = Fields::ending_at(message, end);
    while let Some(field) = &fields.next() {
        let field = field.as_ref().map_err(|error| *error)?;
        match field.value {
            // Of a longer number readers take the low bits.
            Value::Varint(value) if field.number == number => {
                last = Some((value as u32).cast_signed());
            }
            _ => {}
        }
    }
    Ok(last)
}
