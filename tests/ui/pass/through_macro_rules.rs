//! Types, values and names may come out of another macro.

#![deny(warnings)]

use meshwire::{Bytes, Frame, Len, Message};

macro_rules! frame {
    ($name:ident, $int:ty, $len:ty, $part:ident: $bytes:ty, $default:expr) => {
        #[derive(Frame, Clone, Debug, PartialEq)]
        #[frame(request, heartbeat(flag = $default))]
        pub struct $name {
            #[frame(default = $default + 1, at = 0)]
            pub flag: $int,
            #[frame(id)]
            pub id: $int,
            #[frame(len_of = $part)]
            part_len: $len,
            #[frame(body)]
            pub $part: $bytes,
        }
    };
}

frame!(Ping, u16, Len<u16>, data: Bytes, 3);

fn main() {
    let ping = Ping::default();
    assert_eq!(&ping.to_bytes().unwrap()[..], [0, 4, 0, 0, 0, 0]);
}
