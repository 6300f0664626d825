use meshwire::Frame;

#[derive(Frame)]
#[frame(reqest, endian = middle)]
struct Ping {
    #[frame(idd)]
    id: u32,
    #[frame(defualt = -1)]
    timeout: i32,
}

fn main() {}
