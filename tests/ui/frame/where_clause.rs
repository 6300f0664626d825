use meshwire::Frame;

#[derive(Frame)]
#[frame(request)]
struct Ping
where
{
    #[frame(id)]
    id: u32,
}

fn main() {}
