//! Bit patterns as numbers with and without a sign.

/// The number with a sign that has these bits.
pub(super) const fn signed(bits: u64) -> i64 {
    i64::from_ne_bytes(bits.to_ne_bytes())
}

/// The bits of a number with a sign.
pub(super) const fn unsigned(number: i64) -> u64 {
    u64::from_ne_bytes(number.to_ne_bytes())
}

/// The low `width` bits, extended to 64 bits as the sign of the type wants it.
pub(super) const fn extended(bits: u64, width: u8, is_signed: bool) -> u64 {
    let unused = 64 - width as u32;
    let high = bits << unused;
    if is_signed {
        unsigned(signed(high) >> unused)
    } else {
        high >> unused
    }
}
