//! How long a caller waits.

/// How long a caller waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeout {
    /// The frame does not say; the host's own timeout holds. On the wire: 0, or no such field.
    Unset,
    /// The caller waits without end. On the wire: a negative number.
    Never,
    /// Milliseconds, at least 1; longer than 2³¹ − 1 ms counts as that.
    Millis(u32),
}

impl Timeout {
    /// The longest timeout that hosts can be told, in milliseconds: 24 days.
    pub const MAX_MILLIS: u32 = i32::MAX as u32;

    /// The meaning of a timeout field in milliseconds.
    #[inline]
    pub const fn from_millis(millis: i64) -> Self {
        match millis {
            ..0 => Self::Never,
            0 => Self::Unset,
            1..=0x7fff_fffe => Self::Millis(millis as u32),
            _ => Self::Millis(Self::MAX_MILLIS),
        }
    }

    /// The number that stands for this timeout in a field of milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::Unset => 0,
            Self::Never => -1,
            Self::Millis(millis) => millis as i64,
        }
    }
}
