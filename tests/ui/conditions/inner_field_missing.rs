use meshwire::{Record, Text};

#[derive(Record)]
#[record(json, response(outcome.cod), request)]
struct Call {
    #[record(id)]
    seq: u32,
    outcome: Option<Outcome>,
}

#[derive(Record)]
struct Outcome {
    #[record(status)]
    code: i32,
    text: Text,
}

fn main() {}
