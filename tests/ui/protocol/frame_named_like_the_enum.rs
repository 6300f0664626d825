use meshwire::protocol;

#[protocol(name = "x-ping", frames(PingerFrame), status(_ => 1))]
struct Pinger;

fn main() {}
