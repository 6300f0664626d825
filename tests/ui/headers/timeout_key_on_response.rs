use meshwire::{Frame, HeaderMap, Len};

#[derive(Frame)]
#[frame(response)]
struct Pong {
    #[frame(id)]
    id: u32,
    #[frame(len_of = map)]
    map_len: Len<u16>,
    #[frame(headers, timeout_key = "ms")]
    map: HeaderMap,
}

fn main() {}
