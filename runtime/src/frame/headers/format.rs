//! Header maps that are not encoded as a header block.

use core::fmt;

use super::{HeaderWriter, Headers};
use crate::wire::{Decimal, Reason};

/// How a header map is encoded, for `#[frame(headers, format = …)]`. Without a format it is a
/// [header block](super::HeaderMap).
///
/// ```
/// use meshwire::frame::{FormatError, HeaderFormat, HeaderWriter, Headers};
///
/// /// One pair to a line: `key: value`.
/// struct Lines;
///
/// impl HeaderFormat for Lines {
///     fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
///         for line in region.split(|byte| *byte == b'\n') {
///             let colon = line.windows(2).position(|two| two == b": ");
///             if let Some(colon) = colon {
///                 out.pair(&line[..colon], &line[colon + 2..]);
///             }
///         }
///         Ok(())
///     }
///
///     fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
///         for (key, value) in headers.iter() {
///             out.extend([key, b": ", value, b"\n"].concat());
///         }
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a format of header maps",
    label = "not a header format",
    note = "use `TextPairs`, `FlatText`, `SizedPairs`, or implement `HeaderFormat`"
)]
pub trait HeaderFormat {
    /// Appends the pairs of a region to `out`, in their order. What is not a pair in this format is
    /// left out where the rest can still be read, and is an error where it cannot.
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError>;

    /// Appends a region that holds these pairs to `out`. A pair that the format cannot hold is an
    /// error: a cut or changed one would be another call's.
    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// The same in the place of a region that came, for a format that keeps what is not a pair in it. `came` is
    /// empty where nothing came.
    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let _ = came;
        Self::write(headers, out)
    }
}

/// What is wrong with a region, or with the pairs for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Bytes of the region before the place that is wrong.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("byte ")?;
        Decimal(self.offset as u64).fmt(f)?;
        f.write_str(" of the region: ")?;
        self.reason.fmt(f)
    }
}

impl core::error::Error for FormatError {}
