use meshwire::{Bytes, Frame, Len, Record, Text};

#[derive(Frame)]
struct Call {
    #[frame(id)]
    id: u32,
    #[frame(len_of = fields)]
    len: Len<u16>,
    #[frame(with = Fields, kind, headers)]
    fields: Bytes,
}

#[derive(Record)]
#[record(tlv(tag = u8, len = u8))]
struct Fields {
    #[record(1, header)]
    service: Option<Text>,
}

fn main() {}
