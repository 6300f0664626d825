//! Frames to bytes, by one of two back ends.

mod contiguous;
mod kept;
mod kinds;
mod owned;
mod pieces;
mod segmented;
mod setters;

pub(super) use pieces::shape;

use proc_macro2::TokenStream;

use crate::check::Checked;
use crate::model::field::Shape;
use crate::model::frame::Frame;

/// How frames of a struct are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BackEnd {
    /// One run of fixed fields and the parts whose lengths they say: all that is fixed has its place in every
    /// frame, and nothing follows from other bytes but a length.
    Contiguous,
    /// Pieces, from which lengths, checksums and places are computed.
    Segmented,
}

impl BackEnd {
    pub(super) fn of(frame: &Frame) -> Self {
        let mut fields = 0..frame.fields.len();
        let id = frame.id().fixed();
        let number = id.is_some_and(|id| id.int.is_some() && id.bits.is_none());
        if number && fields.all(|index| in_place(frame, index)) {
            BackEnd::Contiguous
        } else {
            BackEnd::Segmented
        }
    }

    /// `Message` of the struct.
    pub(super) fn message(self, frame: &Checked<Frame>) -> TokenStream {
        match self {
            BackEnd::Contiguous => contiguous::message(frame),
            BackEnd::Segmented => segmented::message::message(frame),
        }
    }

    /// `View`: what came, written again with edits.
    pub(super) fn rewrite(self, frame: &Checked<Frame>) -> TokenStream {
        match self {
            BackEnd::Contiguous => contiguous::rewrite(frame),
            BackEnd::Segmented => segmented::rewrite::rewrite(frame),
        }
    }
}

/// Whether a field can be written where it stays.
fn in_place(frame: &Frame, index: usize) -> bool {
    let field = &frame.fields[index];
    let plain = match &field.shape {
        Shape::Fixed(fixed) => fixed.id_copy.is_none(),
        Shape::Length(length) => {
            let own = frame.fields[length.cover.first].part();
            own.is_some_and(|part| part.length == Some(index) && part.nullable.is_none())
        }
        Shape::Check(_) => false,
        Shape::Part(part) => part.length.is_some() && part.codec.is_none(),
    };
    let placed = field.part().is_some() || frame.plan.in_head(index);
    plain && placed && field.header.is_none()
}
