use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping<'a> {
    #[frame(id)]
    id: u32,
    name: &'a str,
}

fn main() {}
