//! Ranges of bit patterns, each with its first and its last one: what a tag allows.

/// Ranges, of which none need be in order.
pub type Ranges = [(u64, u64)];

/// Whether a value is in one of the ranges.
pub const fn contain(ranges: &Ranges, value: u64) -> bool {
    meet(ranges, value, value)
}

/// Whether one of the ranges has a value from one to another.
pub const fn meet(ranges: &Ranges, from: u64, to: u64) -> bool {
    let mut at = 0;
    while at < ranges.len() {
        let (first, last) = ranges[at];
        if first <= to && from <= last {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether one of the ranges has all values from one to another.
pub const fn cover(ranges: &Ranges, first: u64, last: u64) -> bool {
    let mut at = 0;
    while at < ranges.len() {
        if ranges[at].0 <= first && last <= ranges[at].1 {
            return true;
        }
        at += 1;
    }
    false
}

/// What some ranges leave of the numbers of so many bits, in order: at most one range more, and how many
/// there are.
pub const fn ranges_without<const N: usize, const M: usize>(
    ranges: [(u64, u64); N],
    bits: u32,
) -> ([(u64, u64); M], usize) {
    let largest = if bits < 64 { (1 << bits) - 1 } else { u64::MAX };
    let (mut left, mut count) = ([(0, 0); M], 0);
    let mut next = 0;
    loop {
        // The first range at or after `next`, which may begin before it.
        let mut found: Option<(u64, u64)> = None;
        let mut at = 0;
        while at < N {
            let (first, last) = ranges[at];
            let earlier = match found {
                Some((other, _)) => first < other,
                None => true,
            };
            if last >= next && earlier {
                found = Some((first, last));
            }
            at += 1;
        }
        let Some((first, last)) = found else {
            left[count] = (next, largest);
            return (left, count + 1);
        };
        if first > next {
            left[count] = (next, first - 1);
            count += 1;
        }
        if last >= largest {
            return (left, count);
        }
        next = last + 1;
    }
}

/// The ranges that there are.
pub const fn some_ranges<const M: usize>(
    left: &'static ([(u64, u64); M], usize),
) -> &'static Ranges {
    left.0.split_at(left.1).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ranges_leave_is_between_them() {
        fn without<const N: usize, const M: usize>(
            ranges: [(u64, u64); N],
            bits: u32,
        ) -> Vec<(u64, u64)> {
            let (left, count) = ranges_without::<N, M>(ranges, bits);
            left[..count].to_vec()
        }
        assert_eq!(without::<1, 2>([(4, 5)], 8), [(0, 3), (6, 255)]);
        assert_eq!(without::<2, 3>([(9, 9), (0, 2)], 4), [(3, 8), (10, 15)]);
        assert_eq!(without::<2, 3>([(0, 8), (2, 3)], 4), [(9, 15)]);
        assert_eq!(without::<1, 2>([(0, 255)], 8), []);
        assert_eq!(
            without::<1, 2>([(u64::MAX, u64::MAX)], 64),
            [(0, u64::MAX - 1)]
        );
    }
}
