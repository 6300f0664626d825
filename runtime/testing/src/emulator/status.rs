//! The status codes of the ABI.

use core::fmt;

/// A status, as host and plugin return it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub i32);

macro_rules! statuses {
    ($($name:ident = $code:literal;)*) => {
        impl Status {
            $(#[doc = concat!("Status ", stringify!($code), ".")]
            pub const $name: Self = Self($code);)*

            /// The name of the status, as the ABI spells it; `None` for any other number.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($code => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

statuses! {
    OK = 0;
    NOT_FOUND = 1;
    BAD_ARGUMENT = 2;
    SERIALIZATION_FAILURE = 3;
    PARSE_FAILURE = 4;
    BAD_EXPRESSION = 5;
    INVALID_MEMORY_ACCESS = 6;
    EMPTY = 7;
    CAS_MISMATCH = 8;
    RESULT_MISMATCH = 9;
    INTERNAL_FAILURE = 10;
    BROKEN_CONNECTION = 11;
    UNIMPLEMENTED = 12;
    NEED_MORE = 99;
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(
                f,
                "{} ({})",
                self.0,
                name.to_ascii_lowercase().replace('_', " ")
            ),
            None => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
