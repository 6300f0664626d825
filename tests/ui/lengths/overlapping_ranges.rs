use meshwire::{Frame, Len, Text};

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = name..=rest)]
    one: Len<u16>,
    #[frame(len_of = rest..)]
    two: Len<u16>,
    #[frame(len_of = name)]
    name_len: Len<u16>,
    #[frame(len_of = rest)]
    rest_len: Len<u16>,
    name: Text,
    rest: Text,
    last: Text,
}

fn main() {}
