//! Text as a part of a frame.

use core::fmt::{self, Write as _};
use core::ops::Deref;
use core::str::{self, Utf8Error};

use bytes::Bytes;

use crate::wire::shared;

/// Text that shares the memory of the frame it came in.
///
/// Most peers write UTF-8. Some write GBK, and a memcached key is whatever its client makes of it, so a
/// text is any bytes, as a string of Go is: a frame is never refused for its encoding. [`Text::to_str`] is
/// for those who need UTF-8.
///
/// ```
/// use meshwire::Text;
///
/// let name = Text::from("echo");
/// assert_eq!(name, "echo");
/// assert_eq!(name.to_str(), Ok("echo"));
/// let name = Text::from(&b"\xb2\xe9"[..]);
/// assert!(name.to_str().is_err());
/// assert_eq!(format!("{name:?}"), r#""\xb2\xe9""#);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Bytes);

impl Text {
    /// An empty text.
    pub const fn new() -> Self {
        Self(Bytes::new())
    }

    /// A text that lives as long as the program.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// The text as its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text as a string slice; fails if it is not UTF-8.
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(&self.0)
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Bytes> for Text {
    fn from(text: Bytes) -> Self {
        Self(text)
    }
}

impl From<&[u8]> for Text {
    fn from(text: &[u8]) -> Self {
        Self(shared(text.to_vec()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(shared(text.into_bytes()))
    }
}

impl PartialEq<[u8]> for Text {
    fn eq(&self, other: &[u8]) -> bool {
        self.0 == other
    }
}

impl PartialEq<&[u8]> for Text {
    fn eq(&self, other: &&[u8]) -> bool {
        self.0 == *other
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Debug for Text {
    /// A string literal; bytes that are not UTF-8 as `\xNN`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(text) = self.to_str() {
            return text.fmt(f);
        }
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            write!(f, "{}", chunk.valid().escape_debug())?;
            write!(f, "{}", chunk.invalid().escape_ascii())?;
        }
        f.write_char('"')
    }
}

impl fmt::Display for Text {
    /// The text; U+FFFD in the place of what is not UTF-8.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_encoding_are_kept_and_shown() {
        let mixed = Text::from(&b"a\"\n\xb2\xe9\xc3\xa4"[..]);
        assert_eq!(mixed.as_bytes(), b"a\"\n\xb2\xe9\xc3\xa4");
        assert_eq!(format!("{mixed:?}"), "\"a\\\"\\n\\xb2\\xe9\u{e4}\"");
        assert_eq!(mixed.to_string(), "a\"\n\u{fffd}\u{fffd}\u{e4}");
        assert_eq!(mixed.to_str().unwrap_err().valid_up_to(), 3);
        assert_eq!(format!("{:?}", Text::from("it's")), r#""it's""#);
        assert_eq!(Text::new(), "");
    }
}
