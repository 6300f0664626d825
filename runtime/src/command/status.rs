//! Why a host answers instead of the upstream.

use core::fmt;

/// The reason for which a host ends a call itself, as MOSN numbers it (`mosn/api`, `xprotocol.go`).
/// Filters of the host may use other numbers too.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HostStatus(pub u32);

impl HostStatus {
    /// What an answer of the mesh says of its reason, in English: "the mesh has answered: no route".
    #[must_use]
    pub fn sentence(self) -> String {
        let text = self.text().unwrap_or("a filter's decision");
        ["the mesh has answered: ", text].concat()
    }
}

macro_rules! statuses {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        impl HostStatus {
            $(#[doc = concat!("`", stringify!($code), "`: ", $text, ".")]
            pub const $name: Self = Self($code);)*

            /// The reason in words; `None` for a number of a filter's own.
            pub const fn text(self) -> Option<&'static str> {
                match self.0 {
                    $($code => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

statuses! {
    CODEC_EXCEPTION = 0, "the codec failed";
    UNKNOWN = 2, "unknown";
    DESERIALIZE_EXCEPTION = 3, "the body could not be read";
    OK = 200, "success";
    PERMISSION_DENIED = 403, "permission denied";
    NO_ROUTE = 404, "no route";
    INTERNAL = 500, "internal error, or the upstream closed the connection";
    NO_HEALTHY_UPSTREAM = 502, "no healthy upstream";
    OVERFLOW = 503, "too many requests or connections";
    TIMEOUT = 504, "the upstream did not answer in time";
    LIMIT_EXCEEDED = 509, "rate limit exceeded";
}

impl fmt::Debug for HostStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Some(text) => write!(f, "{} ({text})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}
