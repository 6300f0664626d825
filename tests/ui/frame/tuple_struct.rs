use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping(u32);

fn main() {}
