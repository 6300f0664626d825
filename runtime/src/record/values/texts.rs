//! Values at places of their own that are headers.

use std::borrow::Cow;
use std::ops::Range;

use super::{Cursor, Serialization};
use crate::frame::{FormatError, HeaderWriter};
use crate::wire::Reason;

/// The first `N` values of a region, of which those that are strings are headers.
#[derive(Debug)]
pub struct Texts<'r, const N: usize> {
    region: &'r [u8],
    serialization: Serialization,
    /// None from the first value on that has no end.
    values: [Option<TextValue<'r>>; N],
}

/// A value that should be a string.
#[derive(Debug)]
pub struct TextValue<'r> {
    range: Range<usize>,
    /// What it says, of a null nothing; `None` if it is no string that can be read here.
    pub text: Option<Cow<'r, [u8]>>,
}

/// The header that a value is.
#[derive(Clone, Copy, Debug)]
pub struct TextName {
    /// Its name.
    pub name: &'static str,
    /// The value is a null if the header is removed; otherwise it cannot be removed.
    pub nullable: bool,
}

/// Headers that are yet to be written.
pub type Pairs<'w> = Vec<(&'w [u8], &'w [u8])>;

impl<'r> TextValue<'r> {
    /// The next value, if it has an end.
    pub fn read(values: &mut Cursor<'r>) -> Option<Self> {
        let start = values.position();
        let mut after = values.clone();
        let text = after.value(|value| {
            if value.is_null() {
                return value.skip().map(|()| Cow::Borrowed(&[][..]));
            }
            value.string()
        });
        if text.is_some() {
            *values = after;
        } else {
            values.pass()?;
        }
        let range = start..values.position();
        Some(Self { range, text })
    }
}

impl<'r, const N: usize> Texts<'r, N> {
    /// Reads the next values, as far as they have ends.
    pub fn read(values: &mut Cursor<'r>) -> Self {
        let (region, serialization) = (values.region(), values.serialization());
        let mut read = [const { None }; N];
        for place in &mut read {
            *place = TextValue::read(values);
            if place.is_none() {
                break;
            }
        }
        Self {
            region,
            serialization,
            values: read,
        }
    }

    /// Whether all of the values have ends, so that what follows can be read.
    #[must_use]
    pub fn are_there(&self) -> bool {
        self.values.iter().all(Option::is_some)
    }

    /// Whether all of them are strings that have been read, or nulls.
    #[must_use]
    pub fn are_read(&self) -> bool {
        self.values
            .iter()
            .all(|value| text(value.as_ref()).is_some())
    }

    /// Appends them to `out`, an empty text for a null.
    pub fn write_headers(&self, names: [TextName; N], out: &mut HeaderWriter<'_>) {
        for (TextName { name, .. }, value) in names.into_iter().zip(&self.values) {
            if let Some(text) = text(value.as_ref()) {
                out.pair(name.as_bytes(), text);
            }
        }
    }

    /// Appends the values to `out` with those headers of `wanted` that have their names, and takes these out of it: of
    /// each name the first one. Returns where the region goes on.
    ///
    /// # Errors
    /// If a header cannot be written, or one is absent that has to be there.
    pub fn rewrite(
        &self,
        names: [TextName; N],
        wanted: &mut Pairs<'_>,
        out: &mut Vec<u8>,
    ) -> Result<usize, FormatError> {
        let written = self.serialization;
        let mut end = 0;
        for (TextName { name, nullable }, value) in names.into_iter().zip(&self.values) {
            let Some(value) = value else {
                break;
            };
            let offset = value.range.start;
            end = value.range.end;
            let came = self.region.get(value.range.clone()).unwrap_or_default();
            let Some(text) = &value.text else {
                // It is not a header, so a header of that name is none of its own.
                out.extend_from_slice(came);
                continue;
            };
            match take_first(wanted, name.as_bytes()) {
                Some(wanted) if wanted == &**text => out.extend_from_slice(came),
                Some(wanted) => {
                    written
                        .put_value(offset, out, |out| written.put_string(wanted, offset, out))?;
                }
                None if nullable => written.put_value(offset, out, |out| {
                    out.push(written.null());
                    Ok(())
                })?,
                None => {
                    let reason = Reason::Missing;
                    return Err(FormatError { offset, reason });
                }
            }
        }
        Ok(end)
    }
}

fn text<'v>(value: Option<&'v TextValue<'_>>) -> Option<&'v [u8]> {
    value?.text.as_deref()
}

/// Takes out the first header of a name. `Vec::remove` would have a panic in the plugin, with all that it
/// says.
fn take_first<'h>(headers: &mut Pairs<'h>, name: &[u8]) -> Option<&'h [u8]> {
    let mut first = None;
    headers.retain(|(key, value)| {
        let found = first.is_none() && *key == name;
        if found {
            first = Some(*value);
        }
        !found
    });
    first
}
