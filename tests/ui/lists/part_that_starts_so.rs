use meshwire::{Bytes, Frame, Len};

#[derive(Frame)]
#[frame(request, heartbeat(body = b""))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(body)]
    body: Bytes,
}

fn main() {}
