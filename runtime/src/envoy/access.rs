//! Lines of the host's log: one for each call, if the operator wants them.

use core::fmt;

use super::connection::Side;
use super::names::Name;
use super::rules::Cause;
use crate::protocol::front::Loss;

/// A call, or an answer that was refused, as a line of `key=value`.
pub(super) struct Line<'l> {
    /// The protocol.
    pub(super) protocol: &'l str,
    /// What became of it.
    pub(super) end: End,
    /// Who was called.
    pub(super) name: &'l Name,
    /// Its correlation id.
    pub(super) id: u64,
    /// Bytes of its frame.
    pub(super) request: usize,
}

/// What became of a call.
pub(super) enum End {
    /// It was answered.
    Answered {
        /// The protocol's own status.
        status: i64,
        /// From the whole request to the whole answer, in microseconds.
        micros: u64,
        /// Bytes of the answer.
        response: usize,
    },
    /// It has no response.
    OneWay,
    /// It was refused.
    Denied {
        /// Why.
        cause: Cause,
        /// What its sender gets.
        action: &'static str,
    },
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.end {
            End::Answered { .. } => "call",
            End::OneWay => "oneway",
            End::Denied { .. } => "denied",
        };
        let Name { service, method } = self.name;
        write!(
            f,
            "{} {word} service={service} method={method} id={} request={}",
            self.protocol, self.id, self.request
        )?;
        match self.end {
            End::Answered {
                status,
                micros,
                response,
            } => write!(
                f,
                " response={response} status={status} latency_us={micros}"
            ),
            End::OneWay => Ok(()),
            End::Denied { cause, action } => {
                write!(f, " cause={}", cause.name())?;
                if let Cause::Unknown(part) = cause {
                    write!(f, " part={part}")?;
                }
                write!(f, " action={action}")
            }
        }
    }
}

/// Why a connection is no longer followed.
pub(super) struct Lost<'l> {
    /// The protocol.
    pub(super) protocol: &'l str,
    /// Who sent the invalid frame.
    pub(super) side: Side,
    /// Why it is invalid.
    pub(super) loss: Loss,
    /// Whether the connection ends.
    pub(super) closes: bool,
}

impl fmt::Display for Lost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} invalid frame from {}: ",
            self.protocol,
            self.side.name()
        )?;
        match self.loss {
            Loss::Bad(error) => error.fmt(f)?,
            Loss::Large(bytes) => write!(f, "it has at least {bytes} bytes")?,
        }
        f.write_str(if self.closes {
            "; the connection is closed"
        } else {
            "; the connection is forwarded without inspection from now on"
        })
    }
}
