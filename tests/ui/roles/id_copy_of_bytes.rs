use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(id_copy)]
    again: [u8; 4],
}

fn main() {}
