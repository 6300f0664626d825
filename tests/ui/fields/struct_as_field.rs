use meshwire::Frame;

#[derive(Clone, Copy)]
struct Inner {
    version: u8,
}

#[derive(Frame)]
#[frame(request, oneway(inner = SECOND))]
struct Ping {
    #[frame(tag(FIRST, SECOND))]
    inner: Inner,
    #[frame(id)]
    id: u32,
}

const FIRST: Inner = Inner { version: 1 };
const SECOND: Inner = Inner { version: 2 };

fn main() {}
