use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: [u8; 16],
    #[frame(id_copy)]
    again: u64,
}

fn main() {}
