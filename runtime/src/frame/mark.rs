//! The marks by which parts end.

/// Where a mark is in bytes; otherwise how many bytes are missing at least, for the last ones of these may be
/// the first ones of it.
pub fn find(bytes: &[u8], mark: &[u8]) -> Result<usize, usize> {
    if let [mark] = mark {
        return bytes.iter().position(|byte| byte == mark).ok_or(1);
    }
    let mut windows = bytes.windows(mark.len());
    windows.position(|bytes| bytes == mark).ok_or_else(|| {
        let mut begins = (0..mark.len()).rev();
        let begun = begins.find(|begun| bytes.ends_with(mark.get(..*begun).unwrap_or_default()));
        mark.len() - begun.unwrap_or(0)
    })
}

/// Whether bytes followed by a mark have the mark before their end: inside them, or made of their end and its start.
pub(crate) fn is_early(bytes: &[u8], mark: &[u8]) -> bool {
    (0..bytes.len()).any(|at| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.starts_with(mark)
            || mark
                .strip_prefix(rest)
                .is_some_and(|end| mark.starts_with(end))
    })
}
