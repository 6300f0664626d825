use meshwire::Frame;

#[derive(Frame)]
#[repr(u8)]
enum Codec<T> {
    Json = 12,
    #[frame(other)]
    Other(T),
}

fn main() {}
