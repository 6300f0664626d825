//! bolt frames put together by hand: what a test expects owes nothing to the codec that it tests.

/// Bytes before the parts of a request.
const REQUEST: usize = 22;
/// Bytes before the parts of a response.
const RESPONSE: usize = 20;

/// The same frame with another request id.
pub fn with_id(frame: &[u8], id: u32) -> Vec<u8> {
    let mut frame = frame.to_vec();
    frame[5..9].copy_from_slice(&id.to_be_bytes());
    frame
}

/// The same request with another timeout.
pub fn with_timeout(request: &[u8], millis: i32) -> Vec<u8> {
    let mut request = request.to_vec();
    request[10..14].copy_from_slice(&millis.to_be_bytes());
    request
}

/// The same frame with these headers instead of its own.
pub fn with_headers(frame: &[u8], headers: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for text in headers.iter().flat_map(|(key, value)| [key, value]) {
        block.extend_from_slice(&(text.len() as u32).to_be_bytes());
        block.extend_from_slice(text.as_bytes());
    }
    let (fixed, class, _, body) = parts(frame);
    join(fixed, class, &block, body)
}

/// The same frame with another body.
pub fn with_body(frame: &[u8], body: &[u8]) -> Vec<u8> {
    let (fixed, class, headers, _) = parts(frame);
    join(fixed, class, headers, body)
}

/// The body of a frame.
pub fn body(frame: &[u8]) -> &[u8] {
    parts(frame).3
}

/// A heartbeat with the values that bolt's declaration says.
pub fn heartbeat(id: u32) -> Vec<u8> {
    let start = [1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff];
    with_id(&[&start[..], &[0; 8]].concat(), id)
}

/// The answer to a heartbeat.
pub fn heartbeat_ack(id: u32) -> Vec<u8> {
    let start = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    with_id(&[&start[..], &[0; 10]].concat(), id)
}

/// A response without parts.
pub fn response(id: u32, status: u16) -> Vec<u8> {
    let start = [1, 0, 0, 2, 1, 0, 0, 0, 0, 1];
    with_id(
        &[&start[..], &status.to_be_bytes()[..], &[0; 8]].concat(),
        id,
    )
}

/// Fixed part, class, headers, body.
fn parts(frame: &[u8]) -> (&[u8], &[u8], &[u8], &[u8]) {
    let fixed = if frame[1] == 0 { RESPONSE } else { REQUEST };
    let lengths = &frame[fixed - 8..fixed];
    let class = usize::from(u16::from_be_bytes([lengths[0], lengths[1]]));
    let headers = usize::from(u16::from_be_bytes([lengths[2], lengths[3]]));
    let (fixed, rest) = frame.split_at(fixed);
    let (class, rest) = rest.split_at(class);
    let (headers, body) = rest.split_at(headers);
    (fixed, class, headers, body)
}

fn join(fixed: &[u8], class: &[u8], headers: &[u8], body: &[u8]) -> Vec<u8> {
    let (start, _) = fixed.split_at(fixed.len() - 8);
    let class_len = (class.len() as u16).to_be_bytes();
    let headers_len = (headers.len() as u16).to_be_bytes();
    let body_len = (body.len() as u32).to_be_bytes();
    [
        start,
        &class_len,
        &headers_len,
        &body_len,
        class,
        headers,
        body,
    ]
    .concat()
}
