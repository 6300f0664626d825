use meshwire::protocol;

#[protocol(name = "x-ping", frames(), status(_ => 1))]
struct Pinger;

fn main() {}
