use meshwire::{Frame, HeaderMap, Len};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(headers, format = String)]
    headers: HeaderMap,
}

fn main() {}
