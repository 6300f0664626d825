//! What generated code calls: one call per field. Not for use by hand, and not stable.

mod derived;
mod describe;
mod distinct;
mod fields;
mod frames;
mod header_field;
mod headers;
mod hex;
mod kept;
mod literal;
mod message;
mod optional;
mod other_headers;
mod overlap;
mod pass_on;
mod payload;
mod pin;
mod read;
mod rewrite;
mod status;
mod tail;
mod typed;
mod variable;
mod write;

pub use core::assert;
pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::convert::From;
pub use core::default::Default;
pub use core::fmt::{self, Debug};
pub use core::marker::Copy;
pub use core::mem::replace;
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, i32, i64, str, u8, u16, u32, u64, usize};
pub use core::result::Result::{Err, Ok};
pub use std::vec::Vec;

pub use bytes::Bytes;

pub use crate::command::{
    Command, HostStatus, Local, Message, MessageKind, PayloadCodec, Request, Response, Timeout,
};
pub use crate::command::{IdEdit, IdPlace as RecordIdPlace, MetadataEdits, PayloadMetadata};
#[cfg(not(target_family = "wasm"))]
pub use crate::command::{NoRegions, Region};
pub use crate::frame::FormatError;
pub use crate::frame::entry::{EntryLayout, EntryReader, EntryWriter};
pub use crate::frame::{
    Condition, Detection, Direction, Edits, Field, FieldRole, Frame, Front, Head, HeaderWriter,
    Headers, Layout, MAX_FRAME, Part, Place, Scan, Select, SelectWhole, Stop, Template, Verdict,
    View, opaque,
    ranges::{ranges_without, some_ranges},
};
pub use crate::frame::{check::Check, headers::HeaderMap, len::Len, text::Text};
pub use crate::protocol::{
    BodyMode, Callee, Codec, Hijacker, KeepAlive, Options, PoolMode, Protocol, ProtocolContext,
    RootContext,
};
pub use crate::record;
pub use crate::record::{
    Case, Condition as RecordCondition, Default as RecordDefault, Key, OwnedRecord, Record,
    RecordField, Role as RecordRole, Row, Table, Test, Ty,
    bitmap::{self, Bitmap},
    drawn::Drawn,
    jce::Jce,
    json::Json,
    protobuf::Protobuf,
    tlv::Tlv,
    xml::Xml,
};
pub use crate::wire::Reason;
pub use crate::wire::{Bits, Endian, Error, Fixed, Int, Keys, Slot};

pub use derived::{Derived, Underived};
pub use describe::{described, described_len};
pub use distinct::pin_distinct;
pub use fields::{fixed_field, later_field, part_field, varint_field};
pub use header_field::{
    Digits, HeaderField, bytes_from_header, code_from_header, code_to_header, from_header,
    set_from_header, set_text_from_header, text_from_header, text_to_header, timeout_in, to_header,
};
pub use headers::{Format, header_edit};
pub use kept::{deciding, ids_overlap, keep};
pub use literal::{Number, code_named, codes, decimal, exactly, listed, misfit, padded, pattern};
pub use optional::{
    Form, PartHeader, Wanted, field_from_header, flag_bytes, is_of_map, is_shown, part_from_header,
    part_or_null, part_region, part_to_header, region_or_null, run_after, together,
};
pub use other_headers::{no_other_headers, other_headers};
pub use overlap::{are_lean, equal_lengths, heads_overlap};
#[cfg(not(target_family = "wasm"))]
pub use pass_on::pass_on_varint;
pub use pass_on::{pass_on_bytes, pass_on_ids};
pub use payload::{Metadata, NoInputs, PartCodec, PayloadEdits};
pub use pin::{pin_at, pin_bits, pin_opaque, pin_size, pin_unit, pin_width};
pub use read::{bytes, get, headers, holds_digits, place_in, region, same_bytes};
pub use rewrite::{
    Check as CheckAt, Cover, IdPlace, Item, Length, Patch, Rewrite, Shape, opaque_bytes, padding,
};
pub use status::pin_status;
pub use tail::Tail;
pub use typed::{Coded, Summed, Wire};
pub use variable::{Varied, varint, varint_id, varint_kept, varint_len, varint_len_or_null};
pub use write::{
    Total, echo_add, echo_set, head, is_id_only, narrow_id, opaque_id, pass_on, put_len, set_opaque,
};

/// The result of what can fail, as nearly all of it does, with an [`Error`].
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Whether the size of the code counts more than its speed, as in a module for a host.
pub const IS_MODULE: bool = cfg!(target_family = "wasm");

/// What a frame is, from its direction and the constraints that it meets.
#[inline]
pub const fn kind(direction: Direction, heartbeat: bool, oneway: bool) -> MessageKind {
    match (direction, heartbeat, oneway) {
        (Direction::Request, true, _) => MessageKind::Heartbeat,
        (Direction::Request, false, true) => MessageKind::OneWay,
        (Direction::Request, false, false) => MessageKind::Request,
        (Direction::Response, true, _) => MessageKind::HeartbeatAck,
        (Direction::Response | Direction::Either, ..) => MessageKind::Response,
    }
}

/// What a frame of this layout is, from the constraints that it meets.
#[inline]
pub const fn kind_of<F: Frame>(heartbeat: bool, oneway: bool) -> MessageKind {
    kind(F::DIRECTION, heartbeat, oneway)
}

/// The half of a call that a frame of a layout for both is.
#[inline]
pub const fn half(response: bool, ack: bool) -> Direction {
    if response || ack {
        Direction::Response
    } else {
        Direction::Request
    }
}

/// That an edited frame is still of the kind that it came as; `slot` is that of the field which says so.
pub fn same_kind(
    came: &impl Command,
    edited: &impl Command,
    slot: &'static Slot,
) -> Result<(), Error> {
    if came.kind() == edited.kind() {
        Ok(())
    } else {
        Err(other_kind(slot))
    }
}

/// The refusal of an edit with which a frame would be of another kind.
pub const fn other_kind(slot: &'static Slot) -> Error {
    slot.error(Reason::OtherKind)
}

/// What becomes of a request, if it is one that the mesh answers itself.
#[inline]
pub const fn local(holds: bool, oneway: bool) -> Option<Local> {
    match (holds, oneway) {
        (false, _) => None,
        (true, false) => Some(Local::Answered),
        (true, true) => Some(Local::Dropped),
    }
}

/// Whether a frame of this layout can serve as `template`, and if so whether as a heartbeat.
pub const fn serves<F: Frame>(template: Template) -> Option<bool> {
    match (F::DIRECTION, template) {
        (Direction::Request, Template::Request) | (Direction::Response, Template::Response) => {
            Some(false)
        }
        (Direction::Request, Template::Heartbeat)
        | (Direction::Response, Template::HeartbeatAck)
            if F::HEARTBEAT =>
        {
            Some(true)
        }
        _ => None,
    }
}

/// The timeout in a field of milliseconds.
#[inline]
pub fn timeout<T: Int>(millis: T) -> Timeout {
    Timeout::from_millis(millis.signed())
}

/// The least of some numbers.
pub const fn least(numbers: &[u64]) -> u64 {
    let (mut least, mut at) = (u64::MAX, 0);
    while at < numbers.len() {
        if numbers[at] < least {
            least = numbers[at];
        }
        at += 1;
    }
    least
}

/// Whether frames of this layout start heartbeats.
pub const fn beats<F: Frame>() -> bool {
    F::HEARTBEAT && matches!(F::DIRECTION, Direction::Request | Direction::Either)
}

/// Whether frames of this layout answer requests, and are known by their bytes.
pub const fn answers<F: Frame>() -> bool {
    !F::LAYOUT.from_server && matches!(F::DIRECTION, Direction::Response | Direction::Either)
}

/// The first frame that one of these makes, tried from `own` on and then from the front.
pub fn first_from<M, T>(makes: &[M], own: usize, make: impl Fn(&M) -> Option<T>) -> Option<T> {
    let (before, from) = makes.split_at_checked(own).unwrap_or_default();
    from.iter().chain(before).find_map(make)
}
