//! Frames as pictures, drawn from their layouts: as text in the manner of RFCs, and as SVG for documents.
//!
//! ```
//! # use meshwire::{Bytes, Frame, Len};
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(request)]
//! # struct Ask {
//! #     #[frame(tag = 1)]
//! #     kind: u8,
//! #     #[frame(id)]
//! #     id: u16,
//! #     #[frame(len_of = body)]
//! #     body_len: Len<u8>,
//! #     #[frame(body)]
//! #     body: Bytes,
//! # }
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(response)]
//! # struct Answer { #[frame(tag = 2)] kind: u8, #[frame(id)] id: u16 }
//! # #[meshwire::protocol(name = "x-acme", frames(Ask, Answer), status(_ => 0), keep_alive = none)]
//! # struct Acme;
//! use meshwire::protocol::Codec;
//!
//! let text = meshwire_testing::diagram::text(&Acme::LAYOUTS[..1]);
//! assert_eq!(text, "\
//! Ask: request, 4 bytes and parts
//!
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |   kind = 1    |              id               |   body_len    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ~                             body                              ~
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!
//! offset  size  field
//!      0     1  kind      tag 1
//!      1     2  id        id
//!      3     1  body_len  length of body
//!      4     *  body      body, as long as body_len says
//! ");
//! ```
//!
//! Integers are big-endian if the list does not say otherwise. A field of several bits in a little-endian integer is drawn
//! where it is in the value, the highest bit first.

mod grid;
mod list;
mod svg;
mod text;

use core::fmt::Write as _;

use meshwire::frame::{Direction, Layout, MAX_FRAME};

use crate::drive::thousands;

/// Frames as text, at most 80 columns wide where their names are not longer.
pub fn text(layouts: &[Layout]) -> String {
    let frames: Vec<String> = layouts.iter().map(text::frame).collect();
    frames.join("\n")
}

/// Frames as one picture in SVG, which follows the colours of the page that it is on.
pub fn svg(protocol: &str, layouts: &[Layout]) -> String {
    svg::picture(protocol, layouts)
}

/// `Ask: request, 4 bytes and parts`
fn title(layout: &Layout) -> String {
    let role = match layout.direction {
        Direction::Request => "request",
        Direction::Response => "response",
        Direction::Either => "request or response",
    };
    let mut title = format!("{}: {role}", layout.frame);
    if layout.from_server {
        title += " of a server";
    }
    let plural = if layout.fixed == 1 { "" } else { "s" };
    let _ = write!(title, ", {} byte{plural}", layout.fixed);
    if grid::has_parts(layout) {
        title += " and parts";
    }
    if layout.max != MAX_FRAME {
        let _ = write!(title, ", at most {} in all", bytes(layout.max));
    }
    title
}

/// `16 MiB`, or the number where it is not a round one.
fn bytes(number: usize) -> String {
    for (unit, name) in [(1 << 20, "MiB"), (1 << 10, "KiB")] {
        if number >= unit && number % unit == 0 {
            return format!("{} {name}", number / unit);
        }
    }
    format!("{} bytes", thousands(number))
}

#[cfg(test)]
mod tests;
