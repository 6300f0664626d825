//! Fields may have the names that expansions use, and keywords; so may the author's own methods.

#![deny(warnings)]

use meshwire::{Bytes, Codec, Frame, Len, Message, Text, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(fixed = 1))]
pub struct Ping {
    pub fixed: u8,
    #[frame(tag = 1)]
    pub max: u8,
    pub raw: u16,
    pub at: u8,
    #[frame(id)]
    pub r#type: u32,
    #[frame(len_of = head)]
    limit_head: Len<u8>,
    #[frame(len_of = r#match)]
    region: Len<u8>,
    pub head: Text,
    pub r#match: Bytes,
}

impl Ping {
    fn encoded_len(&self) -> &'static str {
        "the author's own"
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(view = 1))]
pub struct Pong {
    pub view: u8,
    #[frame(tag = 2)]
    pub kind: u8,
    #[frame(id)]
    pub id: u64,
    #[frame(len_of = out)]
    total: Len<u8>,
    #[frame(len_of = edits)]
    slot: Len<u8>,
    #[frame(len_of = scan)]
    frame: Len<u8>,
    pub out: Bytes,
    pub edits: Bytes,
    pub scan: Bytes,
}

#[protocol(name = "x-ping", frames(Ping, Pong), status(_ => 1))]
pub struct Pinger;

fn main() {
    let ping = Ping {
        r#type: 7,
        head: "head".into(),
        r#match: Bytes::from_static(b"match"),
        ..Ping::default()
    };
    let bytes = ping.to_bytes().unwrap();
    assert_eq!(bytes.len(), 20);
    assert_eq!(ping.encoded_len(), "the author's own");
    let view = Pinger::parse(&bytes).frame();
    let Some(PingerView::Ping(view)) = view else {
        panic!("not a ping");
    };
    assert_eq!(view.r#type(), 7);
    assert_eq!((view.limit_head(), view.region()), (4, 5));
    assert_eq!(view.head(), b"head");
    assert_eq!(view.r#match(), b"match");
}
