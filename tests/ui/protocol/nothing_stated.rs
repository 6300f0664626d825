use meshwire::protocol;

#[protocol()]
struct Pinger;

fn main() {}
