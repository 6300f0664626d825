use meshwire::Frame;

#[derive(Frame)]
#[frame(request, keep_alive = none)]
struct Ping {
    #[frame(id)]
    id: u32,
}

fn main() {}
