//! Kafka: a request of a client.

use ::kafka::Kafka;
use meshwire::MessageKind;

use super::{Facts, array, pass_u32, word};
use crate::rows::{Row, Rows};

/// The largest frame, as in the declaration.
const MAX: usize = 0x640_0004;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Kafka>(&Row::new("kafka", "versions_v4"), parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<14>()?;
    let length = 4 + word(head, 0).filter(|length| (10..=MAX - 4).contains(length))?;
    let [0..=3, _] = head[4..6] else {
        return None;
    };
    let frame = bytes.get(..length)?;
    // A client without a name is null.
    let client = u16::from_be_bytes(array(head, 12)?);
    let body = 14
        + if client == u16::MAX {
            0
        } else {
            usize::from(client)
        };
    frame.get(body..)?;
    Some(Facts {
        length,
        kind: MessageKind::Request,
        id: u32::from_be_bytes(array(head, 8)?).into(),
        status: 0,
        body: body..length,
        id_at: 8..12,
    })
}
