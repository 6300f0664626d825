//! Timeouts of calls.

/// The timeout of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeout {
    /// Not in the frame: the host's own timeout applies. On the wire: 0, or no such field.
    Unset,
    /// No timeout. On the wire: a negative number in a field of a protocol that defines it
    /// so, as bolt does with −1. Elsewhere such a number is [`Timeout::Unset`].
    Never,
    /// Milliseconds, at least 1; longer than 2³¹ − 1 ms counts as that.
    Millis(u32),
}

impl Timeout {
    /// The longest timeout that hosts accept, in milliseconds: 24 days.
    pub const MAX_MILLIS: u32 = i32::MAX as u32;

    /// The meaning of a timeout field in milliseconds, of a protocol in which a negative number is "without
    /// end".
    #[inline]
    pub const fn from_millis(millis: i64) -> Self {
        match millis.unsigned_abs() {
            _ if millis < 0 => Self::Never,
            0 => Self::Unset,
            longer if longer > Self::MAX_MILLIS as u64 => Self::Millis(Self::MAX_MILLIS),
            millis => Self::Millis(millis as u32),
        }
    }

    /// The meaning of a number of milliseconds that says something only if it is positive: what headers and
    /// serialised timeouts are, to the servers that read them.
    #[inline]
    pub const fn from_positive_millis(millis: i64) -> Self {
        if millis < 0 {
            Self::Unset
        } else {
            Self::from_millis(millis)
        }
    }

    /// The number that represents this timeout in a field of milliseconds.
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
    fn elsewhere_a_number_that_is_not_positive_says_nothing() {
        for millis in [i64::MIN, -1, 0] {
            assert_eq!(Timeout::from_positive_millis(millis), Timeout::Unset);
        }
        assert_eq!(Timeout::from_positive_millis(3000), Timeout::Millis(3000));
    }

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
