//! `baidu_std`: a message of protobuf in front of the body, of which three fields say what the frame is.

use ::baidu_std::BaiduStd;
use meshwire::MessageKind;
use meshwire::wire::varint;

use super::{Facts, MAX, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<BaiduStd>(&Row::new("baidu-std", "request"), parse);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    if !bytes.starts_with(b"PRPC") {
        return None;
    }
    let length = 12 + word(bytes, 4).filter(|length| *length <= MAX - 12)?;
    let body = 12 + word(bytes, 8).filter(|meta| *meta <= length - 12)?;
    let frame = bytes.get(..length)?;
    let mut meta = &frame[12..body];
    let (mut request, mut response, mut id) = (false, false, 0);
    let mut groups = 0_u32;
    while !meta.is_empty() {
        let field = number(&mut meta)?;
        let value = match field & 7 {
            0 => number(&mut meta)?,
            1 => skip(&mut meta, 8)?,
            2 => {
                let length = number(&mut meta)?;
                skip(&mut meta, length)?
            }
            3 => {
                groups += 1;
                0
            }
            4 => {
                groups = groups.checked_sub(1)?;
                0
            }
            5 => skip(&mut meta, 4)?,
            _ => return None,
        };
        match field {
            _ if groups > 0 => {}
            // The request, the response, the correlation id.
            0x0a => request = true,
            0x12 => response = true,
            0x20 => id = value,
            _ => {}
        }
    }
    let kind = match (request, response) {
        (_, true) => MessageKind::Response,
        (true, false) => MessageKind::Request,
        (false, false) => return None,
    };
    Some(Facts {
        length,
        kind,
        id,
        body: body..length,
    })
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (number, length) = varint::read(rest).ok()?;
    *rest = rest.get(length..)?;
    Some(number)
}

fn skip(rest: &mut &[u8], length: u64) -> Option<u64> {
    *rest = rest.get(usize::try_from(length).ok()?..)?;
    Some(0)
}
