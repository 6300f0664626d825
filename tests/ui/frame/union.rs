use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
union Ping {
    id: u32,
}

fn main() {}
