//! The fields of a frame, by its layout alone: which changes it has a place for.

use meshwire::frame::{Direction, FieldRole};
use meshwire::{Command, Plugin, View};
use meshwire_testing::dissect::{Dissection, Span};

use crate::edits::Change;

/// The fields of a frame.
pub struct Fields<'f> {
    raw: &'f [u8],
    dissection: Dissection,
    largest_id: u64,
    has_headers_in_body: bool,
    is_verbatim: bool,
}

impl<'f> Fields<'f> {
    /// Those of this frame.
    pub fn of<P: Plugin>(view: &'f P::View<'_>) -> Self {
        let direction = if view.kind().is_request() {
            Direction::Request
        } else {
            Direction::Response
        };
        let dissection = Dissection::of(P::LAYOUTS, view.raw(), Some(direction));
        Self {
            raw: view.raw(),
            largest_id: P::LARGEST_ID,
            has_headers_in_body: P::NAME == "x-dubbo",
            is_verbatim: view.is_verbatim(),
            dissection: dissection.expect("a layout has the frame"),
        }
    }

    /// What there is a place for of a change: nothing in a frame that hosts leave alone; a frame without a body stays without it, and where the headers are
    /// in the body, one of both is changed.
    pub fn possible(&self, mut change: Change) -> Change {
        if self.is_verbatim {
            return Change::default();
        }
        let both = change.headers.is_some() && self.has_headers_in_body;
        change.body.take_if(|_| both);
        change.headers.take_if(|_| !self.has(FieldRole::Headers));
        change.body.take_if(|_| !self.has(FieldRole::Body));
        change
    }

    fn has(&self, role: FieldRole) -> bool {
        self.dissection.spans.iter().any(|span| {
            let is_header = role == FieldRole::Headers && span.field.header.is_some();
            span.role == role || is_header || span.field.payload_roles.contains(&role)
        })
    }

    /// Whether a change must not be refused: another id, if its field is wide enough. One inside a part may be of
    /// decimals or digits.
    pub fn takes(&self, change: &Change) -> bool {
        let id = change
            .id
            .filter(|_| change.headers.is_none() && change.body.is_none());
        let field = self
            .dissection
            .role(FieldRole::Id)
            .filter(|field| field.is_number());
        let inside = self.largest_id.min(u64::from(u32::MAX >> 1));
        let widest = field.map_or(inside, Span::largest);
        id.is_some_and(|id| id <= widest)
    }

    /// Whether the copy of an id is another one: both are written anew.
    pub fn has_two_ids(&self) -> bool {
        let id = |role| {
            self.dissection
                .role(role)
                .and_then(|span| span.number(self.raw))
        };
        id(FieldRole::IdCopy).is_some_and(|copy| id(FieldRole::Id) != Some(copy))
    }

    /// Whether every varint outside of parts with a payload codec has as few bytes as it takes.
    pub fn is_shortest(&self) -> bool {
        self.dissection.is_shortest(self.raw)
    }
}
