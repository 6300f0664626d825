//! What generated code calls: one call per field. Not for use by hand, and not stable.

mod describe;
mod encode;
mod frames;
mod headers;
mod pin;
mod read;

pub use core::assert;
pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::default::Default;
pub use core::fmt::Debug;
pub use core::marker::Copy;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{bool, i32, i64, str, u8, u16, u32, u64, usize};
pub use core::result::Result::{self, Err, Ok};
pub use std::vec::Vec;

pub use bytes::Bytes;

pub use crate::command::{Command, HostStatus, Kind, Message, Request, Response, Timeout};
pub use crate::frame::{
    Edits, Field, FieldRole, Frame, HeaderMap, HeaderWriter, Headers, Layout, Len, MAX_FRAME, Part,
    Place, Recognition, Role, Scan, Select, Stop, Template, Text, Verdict, View,
};
pub use crate::protocol::{
    BodyMode, Codec, Hijacker, KeepAlive, Options, PoolMode, Protocol, ProtocolContext, RootContext,
};
pub use crate::wire::{Bits, Endian, Error, Fixed, Int, Slot};

pub use describe::{described, described_len};
pub use encode::{
    Piece, Rewrite, Tail, Total, head, header_edit, is_id_only, is_none_of, misfit, narrow_code,
    narrow_id, pass_on, patch_id, put, put_len, wrong_magic, wrong_tag,
};
pub use headers::Format;
pub use pin::{pin_at, pin_size};
pub use read::{code, fixed, get, headers, holds, is, known, region, same, text};

/// What a frame is, from its role and the constraints that it meets.
#[inline]
pub const fn kind(role: Role, heartbeat: bool, oneway: bool) -> Kind {
    match (role, heartbeat, oneway) {
        (Role::Request, true, _) => Kind::Heartbeat,
        (Role::Request, false, true) => Kind::OneWay,
        (Role::Request, false, false) => Kind::Request,
        (Role::Response, true, _) => Kind::HeartbeatAck,
        (Role::Response | Role::Either, ..) => Kind::Response,
    }
}

/// The half of a call that a frame of a layout for both is.
#[inline]
pub const fn half(response: bool, ack: bool) -> Role {
    if response || ack {
        Role::Response
    } else {
        Role::Request
    }
}

/// Whether a frame of this role can serve as `template`, and if so whether as a heartbeat.
pub const fn serves(role: Role, heartbeat: bool, template: Template) -> Option<bool> {
    match (role, template) {
        (Role::Request, Template::Request) | (Role::Response, Template::Response) => Some(false),
        (Role::Request, Template::Heartbeat) | (Role::Response, Template::HeartbeatAck)
            if heartbeat =>
        {
            Some(true)
        }
        _ => None,
    }
}

/// The timeout that a field of milliseconds tells.
#[inline]
pub fn timeout<T: Int>(millis: T) -> Timeout {
    Timeout::from_millis(millis.signed())
}

/// Whether frames of this layout start heartbeats.
pub const fn beats<F: Frame>() -> bool {
    F::HEARTBEAT && matches!(F::ROLE, Role::Request | Role::Either)
}

/// Whether frames of this layout answer requests.
pub const fn answers<F: Frame>() -> bool {
    matches!(F::ROLE, Role::Response | Role::Either)
}

/// The answer of a scan.
#[inline]
pub fn verdict<T>(scan: Result<T, Stop>) -> Verdict<T> {
    scan.into()
}
