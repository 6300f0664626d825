use meshwire::protocol;

#[protocol(name = "x-ping", status(_ => 1))]
struct Pinger;

fn main() {}
