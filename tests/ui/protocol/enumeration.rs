use meshwire::protocol;

#[protocol(name = "x-ping", frames(Ping, Pong), status(_ => 1))]
enum Pinger {}

fn main() {}
