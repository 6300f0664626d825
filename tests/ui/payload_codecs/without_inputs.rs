use meshwire::command::{MetadataEdits, PayloadCodec, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::{Bytes, Frame, Len};

#[derive(Clone, Copy)]
struct Head {
    codec: u8,
}

struct Said;

impl PayloadCodec for Said {
    type Inputs = Head;

    fn metadata(_: &[u8], _: Head) -> Result<PayloadMetadata, FormatError> {
        Ok(PayloadMetadata::default())
    }

    fn rewrite(
        region: &[u8],
        _: Head,
        _: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        out.extend_from_slice(region);
        Ok(())
    }

    fn template(_: Template, _: Head) -> Option<Vec<u8>> {
        None
    }
}

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    codec: u8,
    flags: u8,
    #[frame(len_of = said)]
    said_len: Len<u16>,
    #[frame(with = Said, body)]
    said: Bytes,
}

fn main() {}
