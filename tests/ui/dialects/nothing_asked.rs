use meshwire::command::{Changes, Dialect, Facts};
use meshwire::frame::{FormatError, Template};
use meshwire::{Bytes, Frame, Len};

struct Said;

impl Dialect for Said {
    type Inputs = ();

    fn facts(_: &[u8], (): ()) -> Result<Facts, FormatError> {
        Ok(Facts::default())
    }

    fn rewrite(
        region: &[u8],
        (): (),
        _: &Changes<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        out.extend_from_slice(region);
        Ok(())
    }

    fn template(_: Template, (): ()) -> Option<Vec<u8>> {
        None
    }
}

#[derive(Frame)]
#[frame(request)]
struct Ping {
    #[frame(id)]
    id: u32,
    #[frame(len_of = said)]
    said_len: Len<u16>,
    #[frame(with = Said)]
    said: Bytes,
}

fn main() {}
