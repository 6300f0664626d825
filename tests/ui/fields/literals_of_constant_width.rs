use meshwire::{AsciiDecimal, FixedStr, Frame};

const WIDTH: usize = 2;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(tag(99, 100))]
    number: AsciiDecimal<WIDTH>,
    #[frame(magic = b"ABC")]
    mark: [u8; WIDTH],
    #[frame(default = "ABC")]
    area: FixedStr<WIDTH>,
}

fn main() {}
