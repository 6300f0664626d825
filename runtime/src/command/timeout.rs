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
        match millis.unsigned_abs() {
            _ if millis < 0 => Self::Never,
            0 => Self::Unset,
            longer if longer > Self::MAX_MILLIS as u64 => Self::Millis(Self::MAX_MILLIS),
            millis => Self::Millis(millis as u32),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_milliseconds_has_three_meanings() {
        assert_eq!(Timeout::from_millis(-1), Timeout::Never);
        assert_eq!(Timeout::from_millis(i64::MIN), Timeout::Never);
        assert_eq!(Timeout::from_millis(0), Timeout::Unset);
        assert_eq!(Timeout::from_millis(3000), Timeout::Millis(3000));
        assert_eq!(
            Timeout::from_millis(0x7fff_ffff),
            Timeout::Millis(0x7fff_ffff)
        );
        assert_eq!(
            Timeout::from_millis(0x8000_0000),
            Timeout::Millis(0x7fff_ffff)
        );
    }
}
