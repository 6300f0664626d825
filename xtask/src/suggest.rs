//! "did you mean …?"

/// The candidate that a slip of the fingers would explain best.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(closest("blot", ["bolt", "dubbo"]), Some("bolt"));
        assert_eq!(closest("bol", ["bolt", "boltv2"]), Some("bolt"));
        assert_eq!(closest("dubo", ["bolt", "dubbo"]), Some("dubbo"));
    }

    #[test]
    fn another_word_finds_nothing() {
        assert_eq!(closest("thrift", ["bolt", "dubbo"]), None);
        assert_eq!(closest("", ["bolt"]), None);
        assert_eq!(closest("bolt", []), None);
    }
}
