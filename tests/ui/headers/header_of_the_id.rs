use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id, header = "id")]
    id: u32,
}

fn main() {}
