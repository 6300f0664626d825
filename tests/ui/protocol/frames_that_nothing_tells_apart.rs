use meshwire::{Bytes, Frame, Len, Text, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 14)]
struct Request {
    #[frame(len_of = api_key..)]
    size: Len<i32>,
    api_key: i16,
    api_version: i16,
    #[frame(id)]
    correlation_id: u32,
    #[frame(len_of = client_id)]
    client_len: Len<i16>,
    client_id: Text,
    #[frame(body)]
    body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 8)]
struct Response {
    #[frame(len_of = correlation_id..)]
    size: Len<i32>,
    #[frame(id)]
    correlation_id: u32,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-log", frames(Request, Response), keep_alive = none, status(_ => 1))]
struct Log;

fn main() {}
