use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping<T> {
    #[frame(id)]
    id: T,
}

fn main() {}
