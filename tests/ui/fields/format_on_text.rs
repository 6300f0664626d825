use meshwire::frame::TextPairs;
use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    #[frame(format = TextPairs<'&', '='>)]
    name: Text,
}

fn main() {}
