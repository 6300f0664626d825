//! Frames in the compact protocol: a sequence id and a length of the name in as few bytes as they take.

use meshwire::{Bytes, Frame, HostStatus, Len, Text, Varint};

use crate::exception::kind;

/// A call, with or without an answer.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 4), size = 6)]
pub struct CompactCall {
    #[frame(len_of = protocol..)]
    pub(crate) frame_len: Len<u32>,
    /// The compact protocol.
    #[frame(magic = 0x82)]
    pub protocol: u8,
    /// 1 call, 4 one-way call.
    #[frame(bits = 3, tag(1, 4))]
    pub kind: u8,
    /// The first version, and the only one of Apache Thrift.
    #[frame(bits = 5, tag = 1)]
    pub version: u8,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: Varint<u32>,
    #[frame(len_of = method)]
    pub(crate) method_len: Len<Varint<u32>>,
    /// The method, before which a multiplexed service puts its name.
    #[frame(header = "method")]
    pub method: Text,
    /// The arguments as a struct.
    #[frame(body)]
    pub arguments: Bytes,
}

/// The answer to a call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 6)]
pub struct CompactAnswer {
    #[frame(len_of = protocol..)]
    pub(crate) frame_len: Len<u32>,
    /// The compact protocol.
    #[frame(magic = 0x82)]
    pub protocol: u8,
    /// 2 reply, 3 exception of the framework.
    #[frame(bits = 3, tag(2, 3), status)]
    pub kind: u8,
    /// The first version, and the only one of Apache Thrift.
    #[frame(bits = 5, tag = 1)]
    pub version: u8,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: Varint<u32>,
    #[frame(len_of = method)]
    pub(crate) method_len: Len<Varint<u32>>,
    /// The method of the call.
    #[frame(header = "method")]
    pub method: Text,
    /// The result, or the exception, as a struct.
    #[frame(body)]
    pub result: Bytes,
}

/// The [exception](crate::exception) in the compact protocol: of each field the distance to the number of the one before, and
/// in the low four bits the type, 8 of a text and 5 of an integer, which is a zigzag number; 0 ends it.
pub(crate) fn exception(reason: HostStatus) -> Bytes {
    let text = reason.sentence();
    let mut exception = vec![0x18];
    meshwire::wire::varint::write(text.len() as u64, &mut exception);
    exception.extend([text.as_bytes(), &[0x15, 2 * kind(reason), 0]].concat());
    Bytes::from_owner(exception)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read by the grammar of the compact protocol: kind 6 is 12 as a zigzag number.
    #[test]
    fn the_reason_is_told_in_either_protocol() {
        let answer = exception(HostStatus::TIMEOUT);
        let text = b"the mesh has answered: the upstream did not answer in time";
        let front = [&[0x18, text.len() as u8][..], text].concat();
        assert_eq!(answer.strip_prefix(&front[..]), Some(&b"\x15\x0c\0"[..]));
    }
}
