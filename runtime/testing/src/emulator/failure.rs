//! What goes wrong in a call, in the plugin or in the host.

use core::fmt;

use super::{Status, Trap};

/// Why a call into the plugin has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The plugin returned this status.
    Refused(Status),
    /// The plugin trapped. The host continues to use the instance.
    Trapped(Trap),
    /// Both type bits of the flag are set, which is no kind of frame to the host.
    UnknownFlag(u8),
    /// The host panics over what the plugin has returned. It recovers by closing the connection or
    /// by leaving the caller without an answer.
    HostPanic(HostPanic),
    /// The host decodes the same bytes forever: the plugin reports that its frame takes none of the
    /// bytes from the connection, or more than there are.
    EndlessLoop {
        /// Bytes that the frame takes, as the plugin reports.
        drain: u32,
        /// Bytes that there are.
        available: usize,
    },
    /// The host waits for an instance that it has locked and never unlocks, because a hijack failed.
    InstanceLocked {
        /// Which instance, counted from 0.
        instance: usize,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status) => write!(f, "the plugin returned status {status}"),
            Self::Trapped(trap) => write!(f, "the plugin trapped: {trap}"),
            Self::UnknownFlag(flag) => write!(f, "the host knows no frame with flag {flag:#04x}"),
            Self::HostPanic(panic) => write!(f, "the host panics: {panic}"),
            Self::EndlessLoop { drain, available } => {
                write!(
                    f,
                    "the host loops forever: the frame consumes {drain} of {available} bytes"
                )
            }
            Self::InstanceLocked { instance } => {
                write!(
                    f,
                    "the host waits forever for instance {instance}, locked by a failed hijack"
                )
            }
        }
    }
}

impl core::error::Error for Failure {}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Self {
        Self::Trapped(trap)
    }
}

impl From<HostPanic> for Failure {
    fn from(panic: HostPanic) -> Self {
        Self::HostPanic(panic)
    }
}

/// A panic of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostPanic {
    /// The header parser has run on after the headers and wants a length where there are fewer than
    /// four bytes.
    HeaderParser {
        /// Where, counted from the end of the section's length.
        at: usize,
        /// Bytes that there are.
        left: usize,
    },
    /// The plugin has touched the result buffer and left it empty.
    EmptyResult,
    /// A result ends inside of this field.
    ShortResult(&'static str),
    /// The plugin reports an encoded frame, and has set no result.
    NoResult,
    /// The plugin makes no heartbeat, although it reported that it does.
    NoHeartbeat,
    /// A request came from the server.
    RequestFromServer,
}

impl fmt::Display for HostPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderParser { at, left } => {
                write!(
                    f,
                    "the header parser expects a length at byte {at}, {left} bytes are left"
                )
            }
            Self::EmptyResult => f.write_str("the result is empty"),
            Self::ShortResult(field) => write!(f, "the result ends inside `{field}`"),
            Self::NoResult => f.write_str("no result"),
            Self::NoHeartbeat => {
                f.write_str("no heartbeat, though the plugin reported that it makes them")
            }
            Self::RequestFromServer => f.write_str("a request came from the server"),
        }
    }
}

impl core::error::Error for HostPanic {}
