use meshwire::Frame;

#[derive(Frame)]
#[frame(request, heartbeat(again = 1))]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(id_copy)]
    again: u32,
}

fn main() {}
