//! Bolt requests of four sizes, made of a captured one.

use meshwire_tests::vectors;

/// Bytes of the fixed part and the class name of the captured request.
const FRONT: usize = 22 + 44;

/// What a Java client sends beside `service`.
const MORE_HEADERS: [(&str, &str); 5] = [
    ("sofa_head_method_name", "echo"),
    ("sofa_head_target_app", "echo-server"),
    ("sofa_head_target_service", "com.example.EchoService:1.0"),
    (
        "rpc_trace_context.sofaTraceId",
        "0a0f0a1e1690000000000100100001",
    ),
    ("rpc_trace_context.sofaRpcId", "0.1"),
];

/// A request and the name of its size.
pub(crate) struct Sample {
    pub(crate) size: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// One request of each size, smallest first.
pub(crate) fn requests() -> [Sample; 4] {
    let captured = vectors::vector("bolt", "echo_request");
    let rich = with_more_headers(&captured);
    [
        Sample {
            size: "188 B",
            bytes: resized(&captured, 188),
        },
        Sample {
            size: "1.2 KiB",
            bytes: resized(&rich, 1228),
        },
        Sample {
            size: "16 KiB",
            bytes: resized(&rich, 16 * 1024),
        },
        Sample {
            size: "357 B, captured",
            bytes: captured,
        },
    ]
}

fn with_more_headers(frame: &[u8]) -> Vec<u8> {
    let headers = FRONT + usize::from(u16::from_be_bytes([frame[16], frame[17]]));
    let (front, body) = frame.split_at(headers);
    let mut rich = front.to_vec();
    for (key, value) in MORE_HEADERS {
        for text in [key, value] {
            rich.extend_from_slice(&(text.len() as u32).to_be_bytes());
            rich.extend_from_slice(text.as_bytes());
        }
    }
    let length = (rich.len() - FRONT) as u16;
    rich[16..18].copy_from_slice(&length.to_be_bytes());
    rich.extend_from_slice(body);
    rich
}

/// The frame with its body cut, or repeated, to make it this long.
fn resized(frame: &[u8], size: usize) -> Vec<u8> {
    let headers = usize::from(u16::from_be_bytes([frame[16], frame[17]]));
    let (front, body) = frame.split_at(FRONT + headers);
    let mut bytes = front.to_vec();
    bytes.extend(body.iter().cycle().take(size - front.len()));
    let length = (size - front.len()) as u32;
    bytes[18..22].copy_from_slice(&length.to_be_bytes());
    bytes
}
